"""What customers share: budget lines, stock and codes, places of activities, the rate of channels."""

from collections import Counter
from collections.abc import Mapping

from attrs import define, field, frozen

from wakeup.decide.ledger import Account
from wakeup.decide.money import per_minor
from wakeup.plan.model import Budget, Channel


@frozen
class Debit:
    """A cost that fell due at `t`: micros of a figure ("send_cost"), the channel whose message caused it, if any."""

    t: int
    figure: str
    micros: int
    channel: int = -1


class Ledger:
    """Budget lines and the total, in micros. Without a budget there are no limits, but costs are still noted."""

    def __init__(self, budget: Budget | None, minor_digits: int) -> None:
        self.unit = per_minor(minor_digits)
        self._limits = {} if budget is None else {line.name: line.limit * self.unit for line in budget.lines}
        self._total = None if budget is None else budget.total * self.unit
        self._held_back: Counter[str] = Counter()
        self._spent_in_all = 0
        self._spent: Counter[str] = Counter()
        self._reserved: Counter[str] = Counter()
        self.debits: list[Debit] = []

    def line(self, name: str) -> Account | None:
        """Return the line, None if the budget declares none of that name."""
        if name not in self._limits:
            return None
        return Account(self._limits[name] - self._held_back[name], self._spent[name], self._reserved[name])

    def total(self) -> Account | None:
        """Return the total, None without a budget."""
        return None if self._total is None else Account(self._total - self._held_back[""], self._spent_in_all)

    def hold_back(self, micros: Mapping[str, int]) -> None:
        """Take away from the limits of lines, and of the total (""); nothing gives everything back (rule 82)."""
        self._held_back = Counter(micros)

    def spend(self, debit: Debit, line: str) -> None:
        """Take a cost from its line and the total; it may overdraw both."""
        self._spent[line] += debit.micros
        self._spent_in_all += debit.micros
        self.debits.append(debit)

    def reserve(self, line: str, micros: int) -> None:
        """Hold micros of a line for an open grant; negative gives them back."""
        self._reserved[line] += micros

    def reserved(self) -> tuple[tuple[str, int], ...]:
        """Return the minor units reserved per line, in the budget's order."""
        return tuple((name, self._reserved[name] // self.unit) for name in self._limits)


@define
class Shelf:
    """Per incentive, over everybody: grants that are open, uses, grants ever made, joins, draws won.

    uses: of a reusable coupon, grants that were used and are closed.
    """

    open_grants: Counter[int] = field(factory=Counter)
    uses: Counter[int] = field(factory=Counter)
    granted: Counter[int] = field(factory=Counter)
    joined: Counter[int] = field(factory=Counter)
    won: Counter[int] = field(factory=Counter)


class Rate:
    """Places of a channel: at most `rate` sends in each window of `rate_seconds`."""

    def __init__(self, channel: Channel) -> None:
        self._rate = channel.rate
        self._seconds = channel.rate_seconds
        self._taken: Counter[int] = Counter()
        self._first_with_room = 0

    def place(self, t: int) -> int:
        """Return the first second at or after `t` in a window that has room."""
        if not self._rate:
            return t
        window = max(t // self._seconds, self._first_with_room)
        while self._taken[window] >= self._rate:
            window += 1
        return max(t, window * self._seconds)

    def take(self, t: int) -> None:
        """Spend a place in the window of `t`, which is the first with room."""
        window = t // self._seconds
        self._taken[window] += 1
        if self._taken[window] >= self._rate:
            self._first_with_room = window + 1
