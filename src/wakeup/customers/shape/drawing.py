"""Customers drawn from a shape: every draw keyed by (seed, id), so customer i is the same however many there are."""

from typing import Final

import numpy as np
from attrs import define, evolve
from numpy.typing import NDArray

from wakeup.customers.identity import customer_keys, key_order
from wakeup.customers.population import BLANK, NEVER, NO, YES, Field, Population
from wakeup.customers.shape.choices import chosen, drawn_amounts, drawn_part
from wakeup.customers.shape.margins import Floats, draw
from wakeup.customers.shape.model import Bought, Cell, Choice, Margin, Own, Shape
from wakeup.customers.shape.places import DAY, Places, places_of
from wakeup.customers.synthetic import check_number, customer_ids
from wakeup.draws import uniform

Whole = NDArray[np.int64]

_CONSENTS: Final = np.array([YES, NO, BLANK], np.uint8)


def like(shape: Shape, n: int, *, seed: int = 1, as_of: int | None = None) -> Population:
    """Make n customers "S0000001"... as those of a shape; see `drawn`.

    Raises:
        WakeupError: WK6004, n is not from 1 to `synthetic.MOST`.
    """
    check_number(n)
    ids = customer_ids(range(1, n + 1))
    keys = customer_keys(ids)
    order = key_order(keys)
    return drawn(shape, ids[order], keys[order], seed=seed, as_of=as_of)


def drawn(
    shape: Shape, ids: NDArray[np.object_], keys: NDArray[np.uint64], *, seed: int, as_of: int | None = None
) -> Population:
    """Make the customers of these ids, keys ascending.

    as_of: seconds UTC: they are then what the shape's were at its own as-of, days since every event the same.
    """
    at = shape.as_of if as_of is None else as_of
    u = _Draw(seed, keys)
    core = _core(shape, u, at)
    people = Population(
        key=keys, ids=ids, as_of=at, consents={}, tags={}, fields={},
        first_order=core.first_order, last_order=core.last_order, last_interaction=core.last_interaction,
        orders=core.orders, monetary=core.monetary, average_order_value=core.value, gap=core.gap,
    )  # fmt: skip
    return _with_attributes(shape, people, places_of(people, shape.edges), u)


class _Draw:
    """Uniforms of the customers, by purpose."""

    def __init__(self, seed: int, keys: NDArray[np.uint64]) -> None:
        self._seed, self._keys = seed, keys

    def __len__(self) -> int:
        return len(self._keys)

    def __call__(self, purpose: str) -> Floats:
        return uniform(self._seed, 0, self._keys, f"shape:{purpose}")


@define(eq=False)
class _Core:
    """Columns about orders, filled cell by cell."""

    first_order: Whole
    last_order: Whole
    last_interaction: Whole
    orders: NDArray[np.int32]
    monetary: Whole
    value: Whole
    gap: NDArray[np.float32]


def _core(shape: Shape, u: _Draw, at: int) -> _Core:
    n = len(u)
    core = _Core(
        first_order=np.full(n, NEVER, np.int64),
        last_order=np.full(n, NEVER, np.int64),
        last_interaction=np.full(n, NEVER, np.int64),
        orders=np.zeros(n, np.int32),
        monetary=np.zeros(n, np.int64),
        value=np.zeros(n, np.int64),
        gap=np.full(n, np.nan, np.float32),
    )
    draws = {
        each: u(each)
        for each in ("orders", "recency", "value", "age", "looked_in", "looked_in_when", "returned", "kept")
    }
    counts = np.array([cell.people for cell in shape.cells] + [shape.never], np.float64)
    cell_of = np.searchsorted(np.cumsum(counts) / counts.sum(), u("cell"), side="right")
    for number, cell in enumerate(shape.cells):
        rows = np.flatnonzero(cell_of == number)
        _fill(core, cell, rows, {name: each[rows] for name, each in draws.items()}, at, shape.days)
    never = np.flatnonzero(cell_of == len(shape.cells))
    ago = drawn_part(shape.looked_in_never, draws["looked_in"][never], draws["looked_in_when"][never])
    core.last_interaction[never] = np.where(np.isnan(ago), NEVER, at - 1 - np.floor(np.nan_to_num(ago) * DAY)).astype(
        np.int64
    )
    return core


def _fill(core: _Core, cell: Cell, rows: NDArray[np.intp], u: dict[str, Floats], at: int, days: float) -> None:
    orders = np.floor(draw(cell.orders, u["orders"]) + 0.5)
    # A row at as-of is never read: the last order lies at least a second before it.
    recency = np.maximum(np.rint(draw(cell.recency, u["recency"]) * DAY), 1.0)
    value = np.maximum(np.floor(_by_recency(cell.values, u["recency"], u["value"]) + 0.5), 1.0)
    age = _by_recency(cell.ages, u["recency"], u["age"])
    last = at - recency
    span = np.where(orders > 1, np.rint(age * np.maximum(days * DAY - recency, 0.0)), 0.0)
    back = drawn_part(cell.looked_in, u["looked_in"], u["looked_in_when"])
    since = np.minimum(np.rint(np.nan_to_num(back) * recency), recency - 1)
    kept = drawn_part(cell.returned, u["returned"], u["kept"])
    core.orders[rows] = orders
    core.last_order[rows] = last
    core.first_order[rows] = last - span
    core.last_interaction[rows] = last + since
    core.value[rows] = value
    core.monetary[rows] = np.rint(value * orders * np.where(np.isnan(kept), 1.0, kept))
    core.gap[rows] = np.where(orders > 1, span / DAY / np.maximum(orders - 1, 1), np.nan)


def _by_recency(runs: tuple[Margin, ...], recency: Floats, u: Floats) -> Floats:
    """Return values drawn from the run of people that a share of recency is in; without runs `u` itself."""
    values = u.copy()
    run_of = (recency * len(runs)).astype(np.int64)
    for number, run in enumerate(runs):
        inside = run_of == number
        values[inside] = draw(run, u[inside])
    return values


def _with_attributes(shape: Shape, people: Population, places: Places, u: _Draw) -> Population:
    def choose(choice: Choice | None, purpose: str) -> Whole:
        return chosen(choice, places, u(purpose))

    fields = {name: _field(own, people.as_of, places, u, name) for name, own in shape.fields.items()}
    zones = None
    if shape.zones is not None:
        zones = choose(shape.zones, "zone").astype(np.int16)
    return evolve(
        people,
        consents={name: _CONSENTS[choose(each, f"consent:{name}")] for name, each in shape.consents.items()},
        tags={name: choose(each, f"tag:{name}") == 0 for name, each in shape.tags.items()},
        fields=fields,
        zones=zones,
        zone_names=() if shape.zones is None else shape.zones.labels,
        categories=_categories(shape, people, fields.get("top_category"), places, u),
    )


def _field(own: Own, as_of: int, places: Places, u: _Draw, name: str) -> Field:
    if own.kind == "text":
        labels = () if own.choice is None else own.choice.labels
        return Field("text", chosen(own.choice, places, u(f"field:{name}")).astype(np.int32), labels)
    values = drawn_amounts(own.amounts, places, u(f"known:{name}"), u(f"field:{name}"))
    if own.kind == "date":
        return Field(
            "date", np.where(np.isnan(values), NEVER, as_of - np.rint(np.nan_to_num(values)) * DAY).astype(np.int64)
        )
    return Field("number", values)


def _categories(
    shape: Shape, people: Population, top: Field | None, places: Places, u: _Draw
) -> dict[str, Whole] | None:
    if shape.categories is None:
        return None
    return {name: _bought(name, each, people, top, places, u) for name, each in shape.categories.items()}


def _bought(name: str, each: Bought, people: Population, top: Field | None, places: Places, u: _Draw) -> Whole:
    """Return the last order of a category; whose favourite it is has bought it."""
    draws = u(f"bought:{name}")
    codes = chosen(each.bought, places, draws)
    if top is not None and name in top.labels:
        favourite = top.values == top.labels.index(name)
        codes = np.where(favourite, chosen(each.favourite or each.bought, places, draws), codes)
    span = (people.last_order - people.first_order).astype(np.float64)
    back = np.zeros(len(draws)) if each.back is None else np.rint(draw(each.back, u(f"back:{name}")) * span)
    # Who never ordered has bought nothing.
    codes = np.where(people.orders > 0, codes, -1)
    return np.where(codes < 0, NEVER, people.last_order - np.where(codes == 1, 0, back).astype(np.int64))
