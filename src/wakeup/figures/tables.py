"""What the sums look up in a plan, made once for all parts of a replication."""

from collections.abc import Iterator
from typing import Final

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from wakeup.figures.periods import day_edges, local_days, month_edges
from wakeup.plan.model import Coupon, Journey, Plan, Scenario, Split

_DAY: Final = 86_400


@frozen(eq=False)
class Tables:
    """Of a plan, and of the scenario that was played (None: nothing happened).

    price: int64 (messages, most variants + 1), micros of a send, the message's own text last (-1). channel_of: intp
    (messages,). on_channel: int64 (messages, channels), 1 where a message goes. is_event, is_rebate: bool
    (incentives,). windows: the seconds of `touches_per_person` that are looked at. days, months: first instants of the
    local days of the run, and of the local months that begin up to the end of its follow-up, int64.
    """

    plan: Plan
    scenario: Scenario | None = None
    price: NDArray[np.int64] = field(init=False)
    channel_of: NDArray[np.intp] = field(init=False)
    on_channel: NDArray[np.int64] = field(init=False)
    is_event: NDArray[np.bool_] = field(init=False)
    is_rebate: NDArray[np.bool_] = field(init=False)
    windows: tuple[int, ...] = field(init=False)
    days: NDArray[np.int64] = field(init=False)
    months: NDArray[np.int64] = field(init=False)

    @price.default
    def _price(self) -> NDArray[np.int64]:
        return prices(self.plan)

    @channel_of.default
    def _channel_of(self) -> NDArray[np.intp]:
        channel = {each.name: index for index, each in enumerate(self.plan.channels)}
        return np.array([channel[each.channel] for each in self.plan.messages], np.intp)

    @on_channel.default
    def _on_channel(self) -> NDArray[np.int64]:
        return np.eye(len(self.plan.channels), dtype=np.int64)[self.channel_of]

    @is_event.default
    def _is_event(self) -> NDArray[np.bool_]:
        return np.array([each.kind == "event" for each in self.plan.incentives], np.bool_)

    @is_rebate.default
    def _is_rebate(self) -> NDArray[np.bool_]:
        return np.array(
            [isinstance(each, Coupon) and each.rebate for each in self.plan.incentives],
            np.bool_,
        )

    @windows.default
    def _windows(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys(each.per for each in self.plan.expectations if each.per > 0))

    @days.default
    def _days(self) -> NDArray[np.int64]:
        return day_edges(local_days(self.plan.start, self.plan.end, self.plan.zone), self.plan.zone)

    @months.default
    def _months(self) -> NDArray[np.int64]:
        return month_edges(self.plan.start, self.plan.end + self.plan.follow_up, self.plan.zone)

    def day(self, t: NDArray[np.int64]) -> NDArray[np.integer]:
        """Return the local day of the run of instants inside it: integers (m,)."""
        if (np.diff(self.days) == _DAY).all():  # no clock change: a division is far cheaper than a search
            return np.asarray((t - self.days[0]).astype(np.int32) // np.int32(_DAY))
        return np.searchsorted(self.days, t, side="right") - 1

    def markup(self, t: NDArray[np.int64], value: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return by how much a scenario's prices put baskets (m,) at `t` (m,) above usual, minor units: int64 (m,)."""
        scenario = self.scenario
        if scenario is None or scenario.prices == "1":
            return np.zeros(len(value), np.int64)
        usual = np.floor(value / float(scenario.prices) + 0.5).astype(np.int64)
        return np.where((t >= scenario.start) & (t < scenario.end), value - usual, 0)

    def splits(self) -> Iterator[tuple[int, Journey, int, Split]]:
        """Give every split: number of its journey, the journey, its step, the split."""
        for number, journey in enumerate(self.plan.journeys):
            for step, instruction in enumerate(journey.program):
                if isinstance(instruction, Split):
                    yield number, journey, step, instruction


def prices(plan: Plan) -> NDArray[np.int64]:
    """Return what a send costs in micros: int64 (messages, most variants + 1), the message's own text last (-1)."""
    most = max((len(each.variants) for each in plan.messages), default=0)
    table = np.zeros((len(plan.messages), most + 1), np.int64)
    for number, message in enumerate(plan.messages):
        table[number, : len(message.variants)] = [variant.cost_micros for variant in message.variants]
        table[number, -1] = message.cost_micros
    return table
