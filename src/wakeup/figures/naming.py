"""The rows of a trace in words: the columns of `--events`."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from wakeup.plan.model import Grant, Instruction, Plan, Send, Split
from wakeup.terms.lists import Reason, Row

Columns = dict[str, NDArray[Any]]

EVENT_COLUMNS: Final[dict[str, type]] = {
    "customer_id": object, "t": np.int64, "seq": np.int64, "kind": object, "journey": object, "step": object,
    "message": object, "channel": object, "incentive": object, "occurrence": np.int64, "reason": object,
    "amount_minor": np.int64, "arm": object, "subsidised": np.bool_,
}  # fmt: skip
"""Columns of the events, in order, and their types: texts are objects, "" for none."""


@frozen(eq=False)
class Names:
    """What the numbers of a trace mean in a plan; each table ends with "", so that -1 finds it."""

    plan: Plan
    _channel_of: NDArray[np.int64] = field(init=False)
    _steps: NDArray[np.object_] = field(init=False)
    _arms: NDArray[np.object_] = field(init=False)

    @_channel_of.default
    def _channels(self) -> NDArray[np.int64]:
        channel = {each.name: index for index, each in enumerate(self.plan.channels)}
        return np.array([*(channel[each.channel] for each in self.plan.messages), -1], np.int64)

    @_steps.default
    def _named_steps(self) -> NDArray[np.object_]:
        return _steps(self.plan)

    @_arms.default
    def _named_arms(self) -> NDArray[np.object_]:
        return _arms(self.plan)

    def named(self, rows: Mapping[str, NDArray[Any]]) -> Columns:
        """Return rows as `EVENT_COLUMNS` from `wakeup.figures.trace.NUMBERS`, seq, and customer_id: object (m,)."""
        plan, journey, step, message = self.plan, rows["journey"], rows["step"], rows["message"]
        return {
            "customer_id": rows["customer_id"],
            "t": rows["t"],
            "seq": rows["seq"],
            "kind": _names([kind.name.lower() for kind in sorted(Row)])[rows["row"] - 1],
            "journey": _names([each.name for each in plan.journeys])[journey],
            "step": self._steps[journey, step],
            "message": _names([each.name for each in plan.messages])[message],
            "channel": _names([each.name for each in plan.channels])[self._channel_of[message]],
            "incentive": _names([each.name for each in plan.incentives])[rows["incentive"]],
            "occurrence": rows["occurrence"].astype(np.int64),
            "reason": _names(["" if not each else each.name.lower() for each in Reason])[rows["reason"]],
            "amount_minor": rows["amount"],
            "arm": self._arms[journey, step, rows["arm"]],
            "subsidised": rows["subsidised"],
        }


def _names(names: Sequence[str]) -> NDArray[np.object_]:
    """Return the names and "" at the end, so that -1 finds it."""
    return np.array([*names, ""], dtype=object)


def _steps(plan: Plan) -> NDArray[np.object_]:
    """Return the name of each instruction: object (journeys + 1, longest program + 1), "" at the ends."""
    longest = max((len(journey.program) for journey in plan.journeys), default=0)
    table = np.full((len(plan.journeys) + 1, longest + 1), "", dtype=object)
    for number, journey in enumerate(plan.journeys):
        for index, instruction in enumerate(journey.program):
            table[number, index] = _step(index, instruction)
    return table


def _step(index: int, instruction: Instruction) -> str:
    match instruction:
        case Send(step=step) | Grant(step=step):
            return step
        case Split(name=name):
            return name
        case _:
            return str(index)


def _arms(plan: Plan) -> NDArray[np.object_]:
    """Return the name of each arm of a split, the number of each variant of a send (from 1).

    object (journeys + 1, longest program + 1, most of them + 1), "" at the ends.
    """
    variants = tuple(str(n + 1) for n in range(max((len(each.variants) for each in plan.messages), default=0)))
    names = {
        (number, index): tuple(arm.name for arm in instruction.arms) if isinstance(instruction, Split) else variants
        for number, journey in enumerate(plan.journeys)
        for index, instruction in enumerate(journey.program)
        if isinstance(instruction, Split | Send)
    }
    table = np.full((*_steps(plan).shape, max(map(len, names.values()), default=0) + 1), "", dtype=object)
    for (number, index), each in names.items():
        table[number, index, : len(each)] = each
    return table
