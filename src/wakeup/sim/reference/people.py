"""The population as it is now: the columns of the data, brought forward by every order (docs/semantics, rule 41)."""

import math
from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
from attrs import evolve

from wakeup.customers.attributes import attribute, attribute_names
from wakeup.customers.population import BLANK, NEVER, YES, Field, Population
from wakeup.decide.predicates import Value
from wakeup.decide.send import Consent
from wakeup.plan.model import Channel, Plan
from wakeup.terms.attributes import ATTRIBUTES

SCORES: Final = tuple(name for name in ATTRIBUTES if name.endswith("_score"))
"""Attributes that rank a customer among all: settled at the start."""

_MOVED: Final = ("first_order", "last_order", "last_interaction", "orders", "monetary", "average_order_value")


class People:
    """Who the customers are at the present second.

    Of several campaigns over the same people, each sees them with its own fields and tags; `like` is who they are to
    another one, and what moves is the same for both.
    """

    def __init__(self, population: Population, plan: Plan, like: "People | None" = None) -> None:
        moved = (
            {name: getattr(population, name).copy() for name in _MOVED}
            if like is None
            else {name: getattr(like.now, name) for name in _MOVED}
        )
        self.now: Population = evolve(population, **moved)
        self._plan = plan
        self._scores: dict[str, list[int | None]] = {}

    def score(self) -> None:
        """Settle the scores among everybody, as they are now: they stay so."""
        for name in SCORES:
            values, known = attribute(self.now, name, 0)
            self._scores[name] = [int(value) if sure else None for value, sure in zip(values, known, strict=True)]

    def ordered(self, who: int, t: int, paid: int) -> None:
        """Bring a customer's history forward by an order at `t` for which `paid` minor units were paid."""
        now = self.now
        if now.first_order[who] == NEVER:
            now.first_order[who] = t
        now.last_order[who] = now.last_interaction[who] = t
        now.orders[who] += 1
        now.monetary[who] += paid
        orders, monetary = int(now.orders[who]), int(now.monetary[who])
        now.average_order_value[who] = (2 * monetary + orders) // (2 * orders)

    def attributes(self, who: int, t: int) -> "Attributes":
        """Return the customer's attributes at `t`."""
        scores = {name: values[who] for name, values in self._scores.items()}
        return Attributes(_row(self.now, who), t, scores)

    def tags(self, who: int) -> set[str]:
        """Return the customer's tags."""
        return {tag for tag, column in self.now.tags.items() if column[who]}

    def bought(self, who: int) -> dict[str, int] | None:
        """Return the instant of the last order before the data's end per category, None if they have no categories."""
        if self.now.categories is None:
            return None
        return {name: int(last[who]) for name, last in self.now.categories.items() if last[who] != NEVER}

    def number(self, who: int, name: str) -> int | None:
        """Return the whole part of an own field of numbers, at least 0 and 0 where blank; None without such a field."""
        own = self.now.fields.get(name)
        if own is None or own.kind != "number":
            return None
        value = float(own.values[who])
        return 0 if math.isnan(value) else max(0, int(value))

    def zone(self, who: int) -> str:
        """Return the customer's zone: the campaign's where the data have none."""
        code = -1 if self.now.zones is None else int(self.now.zones[who])
        return self.now.zone_names[code] if code >= 0 else self._plan.zone

    def consent(self, who: int, channel: Channel) -> Consent:
        """Return what the data say: the column of the channel's name, else of its kind."""
        consents = self.now.consents
        column = consents.get(channel.name, consents.get(channel.channel_kind))
        if column is None:
            return Consent.ABSENT
        code = int(column[who])
        return Consent.YES if code == YES else Consent.BLANK if code == BLANK else Consent.NO

    def blank(self, who: int, names: tuple[str, ...]) -> set[str]:
        """Return which of these own fields are blank; a column that the data do not have is taken as filled."""
        attributes = self.attributes(who, 0)
        return {name for name in names if name in self.now.fields and attributes.get(name) is None}

    def touches(self, who: int) -> list[tuple[int, str]]:
        """Return the past touches of the data: instant and label of the channel."""
        past = self.now.touches
        if past is None:
            return []
        rows = range(int(past.offset[who]), int(past.offset[who + 1]))
        return [(int(past.t[row]), past.channels[int(past.channel[row])]) for row in rows]


class Attributes(Mapping[str, Value]):
    """A customer's attributes at an instant, looked up when asked for; a missing value or column is a missing key."""

    def __init__(self, row: Population, t: int, scores: Mapping[str, Value]) -> None:
        self._row = row
        self._t = t
        self._scores = scores

    def __getitem__(self, name: str) -> Value:
        if self._scores.get(name) is not None:
            return self._scores[name]
        values, known = attribute(self._row, name, self._t)
        if name in SCORES or not known[0]:
            raise KeyError(name)
        own = self._row.fields.get(name)
        if own is not None and own.kind == "text":
            return own.labels[int(values[0])]
        return float(values[0]) if values.dtype == np.float64 else int(values[0])

    def __iter__(self) -> Iterator[str]:
        return (name for name in attribute_names(self._row) if self.get(name) is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _row(people: Population, who: int) -> Population:
    """Return the population of this one customer."""
    one = slice(who, who + 1)
    return evolve(
        people,
        key=people.key[one],
        ids=people.ids[one],
        gap=people.gap[one],
        consents={},
        tags={},
        fields={name: Field(each.kind, each.values[one], each.labels) for name, each in people.fields.items()},
        categories=None,
        touches=None,
        zones=None,
        **{name: getattr(people, name)[one] for name in _MOVED},
    )
