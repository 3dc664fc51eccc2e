"""What is known of a log's names besides the log: kinds of channels and incentives, the channel of a message, what a
step of a journey shows."""

from collections.abc import Mapping
from functools import cache

from attrs import field, frozen

from wakeup.customers.workspace import Workspace
from wakeup.terms.behaviour import parameters
from wakeup.terms.language import THINGS, WORDS, chinese
from wakeup.terms.lists import ChannelKind


@cache
def incentive_kinds() -> tuple[str, ...]:
    """Return the kinds of incentives: what is used in an order, and what is handed over or joined."""
    return tuple(sorted(parameters()["redemption_decay"].kinds() | parameters()["take_up"].kinds()))


@frozen
class Stage:
    """The names of a past campaign. channels, incentives: name -> kind. messages: message -> channel.

    steps: (journey, step) -> names of the incentives that its message shows. Without a campaign all are empty, and a
    name tells its kind itself: "sms", "cn.sms", "短信".
    """

    channels: Mapping[str, str] = field(factory=dict)
    incentives: Mapping[str, str] = field(factory=dict)
    messages: Mapping[str, str] = field(factory=dict)
    steps: Mapping[tuple[str, str], tuple[str, ...]] = field(factory=dict)

    def channel_kind(self, name: str) -> str | None:
        """Return the kind of a channel, None if nothing tells it."""
        return self.channels.get(name) or _told(name, tuple(map(str, ChannelKind)))

    def incentive_kind(self, name: str) -> str | None:
        """Return the kind of an incentive, None if nothing tells it."""
        return self.incentives.get(name) or _told(name, incentive_kinds())

    def put(self, work: Workspace) -> None:
        """Create tables `of_message` (message, channel) and `of_step` (journey, step, incentive)."""
        work.run("CREATE TABLE of_message (message VARCHAR, channel VARCHAR)")
        work.run("CREATE TABLE of_step (journey VARCHAR, step VARCHAR, incentive VARCHAR)")
        for message, channel in self.messages.items():
            work.run("INSERT INTO of_message VALUES (?, ?)", [message, channel])
        for (journey, step), shown in self.steps.items():
            for incentive in shown:
                work.run("INSERT INTO of_step VALUES (?, ?, ?)", [journey, step, incentive])


def _told(name: str, kinds: tuple[str, ...]) -> str | None:
    last = name.rpartition(".")[2].strip().lower().replace("-", "_").replace(" ", "_")
    for kind in kinds:
        if last in (kind, kind.replace("_", ""), chinese(kind, WORDS), chinese(kind, THINGS)):
            return kind
    return None
