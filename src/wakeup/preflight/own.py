"""The customers' block against the data: columns that are not there, values that nobody declared."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

import numpy as np

from wakeup.customers import Field
from wakeup.customers.population import NEVER
from wakeup.diagnostics import Diagnostic, Noun, diagnostic
from wakeup.plan.model import OwnField
from wakeup.preflight.conditions import count
from wakeup.preflight.facts import Facts
from wakeup.source import Span

_FIELDS: Final = ("text", "number", "date")


def missing(facts: Facts) -> Iterator[Diagnostic]:
    """Declared fields, tags and categories that the data do not have."""
    people = facts.population
    for own in facts.plan.own:
        sort = "field" if own.sort in _FIELDS else own.sort
        there = {"field": people.fields, "tag": people.tags, "category": people.categories or {}}[sort]
        if own.name not in there:
            yield diagnostic("WK3918", _place(facts, own), kind=Noun(sort), name=own.name)


def strange(facts: Facts) -> Iterator[Diagnostic]:
    """Values of a field of the data that its declaration does not allow, or of another type altogether."""
    for own in facts.plan.own:
        field = facts.population.fields.get(own.name) if own.sort in _FIELDS else None
        if field is None:
            continue
        if field.kind != own.sort:
            where = _place(facts, own)
            yield diagnostic("WK3919", where, name=own.name, declared=Noun(own.sort), found=Noun(field.kind))
            continue
        out = _outside(own, field)
        if out:
            customers = count(len(facts.population))
            yield diagnostic("WK3924", _place(facts, own), name=own.name, count=count(out), customers=customers)


def _outside(own: OwnField, field: Field) -> int:
    """How many have a value that is none of the declared ones."""
    values = field.values
    match own.sort:
        case "text":
            allowed = np.array([label in {each.name for each in own.labels} for label in field.labels], np.bool_)
            known = values >= 0
            return int((known & ~allowed[np.where(known, values, 0).astype(np.intp)]).sum()) if len(allowed) else 0
        case "number":
            low, high = float(Decimal(own.low)), float(Decimal(own.high))
            return int((~np.isnan(values) & ((values < low) | (values > high))).sum())
        case _:
            low_day, high_day = np.datetime64(own.low, "s").astype(np.int64), np.datetime64(own.high, "s")
            end = high_day.astype(np.int64) + 2 * 86_400  # the zone of the data may be a day ahead
            return int(((values != NEVER) & ((values < low_day - 86_400) | (values >= end))).sum())


def _place(facts: Facts, own: OwnField) -> Span | None:
    return facts.places.at(f"customers/{own.name}", "campaign")
