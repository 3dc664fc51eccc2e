"""`wakeup explain`: the page of a code."""

from wakeup.cli import exits
from wakeup.cli.messages import language
from wakeup.diagnostics import Language, WakeupError, diagnostic, registry, suggest
from wakeup.diagnostics.page import page


def run(code: str, lang: Language | None) -> int:
    """Print the page of `code`.

    Raises:
        WakeupError: WK5020, there is no such code.
    """
    entry = registry().get(code.upper())
    if entry is None:
        near = ", ".join(suggest(code.upper(), registry()))
        raise WakeupError([diagnostic("WK5020", name=code, help=f"did you mean {near}?" if near else None)])
    spoken = lang or language()
    print(page(entry, spoken))
    return exits.FINE
