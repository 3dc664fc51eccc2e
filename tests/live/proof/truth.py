"""What really happened, as the provider saw it: the only thing that a judge believes."""

from collections.abc import Sequence

from attrs import define, field, frozen


@frozen
class Effect:
    """A message that a customer got. called: instant at which our bytes left; landed: when it had its effect.

    after: number of the last durable change of the store before the bytes left.
    """

    ref: str
    customer: int
    channel: str
    message: str
    called: int
    landed: int
    after: int = 0
    codes: tuple[str, ...] = ()


@frozen
class Word:
    """Something ordered from outside: that from the durable change `since` on nothing may go to the customer (None:
    nobody) over the channel ("": any), until the change `until`."""

    since: int
    customer: int | None = None
    channel: str = ""
    until: int = 1 << 62


@define(eq=False)
class Truth:
    """The provider's own log, and what was forbidden when."""

    effects: list[Effect] = field(factory=list)
    words: list[Word] = field(factory=list)
    calls: int = 0

    def of(self, ref: str, by: int) -> Sequence[Effect]:
        """The effects of a key that had landed by an instant."""
        return [each for each in self.effects if each.ref == ref and each.landed <= by]
