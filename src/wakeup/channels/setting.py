"""A setting of an adapter, as data: what `wakeup.toml` is checked against and what the page of channels shows.

An adapter's module has `SETTINGS` (of its channel) and, where messages have some of their own, `MESSAGE_SETTINGS`:
tuples of these. A module without them takes whatever is written.
"""

from typing import Final, Literal

from attrs import frozen

from wakeup.diagnostics import Text, tell

Kind = Literal["text", "number", "flag", "list", "table"]
"""What stands behind the equals sign: a text, a number, true or false, a list of texts, a table."""


@frozen
class Setting:
    """One setting.

    meaning: one sentence for the page of channels. secret: given by reference only (`env:NAME`, `file:PATH`); the
    adapter gets a `Secret`, or a tuple of them where `kind` is "list". default: what holds without it, as it would be
    written; "" for nothing. choices: the texts that may stand there, empty for any.
    """

    name: str
    meaning: str
    required: bool = False
    secret: bool = False
    default: str | float | bool = ""
    kind: Kind = "text"
    choices: tuple[str, ...] = ()


TIMEOUT: Final = Setting(
    "timeout", "Seconds after which a call without an answer is in doubt.", default=15, kind="number"
)
"""The time limit, the same for all adapters that call somebody."""


class SettingError(ValueError):
    """A setting that has the right form and cannot be: raised by an adapter when it is opened.

    name: the setting. problem: what is wrong with it, without its value.
    """

    def __init__(self, name: str, problem: Text) -> None:
        super().__init__(f"{name}: {tell(problem, 'en')}")
        self.name = name
        self.problem = problem
