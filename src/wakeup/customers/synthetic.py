"""Made-up customers with realistic joint distributions: the frequent slept less, spend a little more, wait less.

Customer i is the same whatever n: every draw is keyed by (seed, id). The shapes are those of real shops (geometric
orders, log-normal order values, a long dormant tail); the numbers below are choices, not measurements.
"""

from collections.abc import Iterable
from typing import Final

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from wakeup.customers.identity import customer_keys, key_order
from wakeup.customers.population import Field, Population
from wakeup.diagnostics import WakeupError, diagnostic
from wakeup.draws import normal, uniform

UNANCHORED: Final = 0
"""As-of of made-up customers that belong to no date yet; see `anchored`."""

MOST: Final = 100_000_000
"""Made-up customers at once: some 40 GB of columns."""

DAY: Final = 86_400
LONGEST_SLEEP: Final = 720
"""Days since the last order lie between 1 and this."""

MEDIAN_VALUE, VALUE_SPREAD = 200.0, 0.885
"""Average order value in major units of CNY: 50 % below 200, 35 % in 200-500, 15 % from 500 up."""

MEAN_EXTRA_ORDERS: Final = 1.6
MEDIAN_GAP, GAP_SPREAD = 55.0, 0.7
"""Mean days between own orders: log-normal."""

TAGS: Final = {"employee": 0.01, "fitness": 0.15, "new_mother": 0.08, "office_worker": 0.35}
NAMES: Final = (
    "Alex", "Anna", "Bo", "Chen", "Clara", "Daisy", "Emma", "Fang", "Grace", "Hui", "Iris", "Jia", "Jing", "Kate",
    "Lan", "Lily", "Mei", "Mia", "Na", "Nora", "Olivia", "Ping", "Qing", "Rose", "Sofia", "Tao", "Wei", "Xin", "Yan",
    "Zoe",
)  # fmt: skip
ITEMS: Final = (
    ("amber perfume", "perfume"), ("calming serum", "skincare"), ("citrus perfume", "perfume"),
    ("clay mask", "skincare"), ("day cream", "skincare"), ("eye cream", "skincare"), ("hand cream", "bodycare"),
    ("lip balm", "makeup"), ("matte lipstick", "makeup"), ("night cream", "skincare"), ("rose perfume", "perfume"),
    ("rose toner", "skincare"), ("shower oil", "bodycare"), ("soft blush", "makeup"), ("sun lotion", "skincare"),
)  # fmt: skip
SKIN_TYPES: Final = ("combination", "dry", "normal", "oily", "sensitive")


def synthetic(
    n: int, *, seed: int = 1, as_of: int = UNANCHORED, minor_digits: int = 2, currency_scale: float = 1.0
) -> Population:
    """Make n customers "S0000001"...; no consents and no addresses, so reach is drawn (SEMANTICS 29).

    Args:
        n: how many.
        seed: >= 0.
        as_of: seconds UTC; by default the customers belong to no date and `anchored` moves them to one.
        minor_digits: decimal digits of the currency.
        currency_scale: major units of the currency that buy what 1 CNY does.

    Raises:
        WakeupError: WK6004, n is not from 1 to `MOST`.
    """
    check_number(n)
    ids = customer_ids(range(1, n + 1))
    keys = customer_keys(ids)
    order = key_order(keys)
    return made(
        ids[order], keys[order], seed=seed, as_of=as_of, minor_digits=minor_digits, currency_scale=currency_scale
    )


def check_number(n: int) -> None:
    """Refuse a number of customers that is not from 1 to `MOST`.

    Raises:
        WakeupError: WK6004.
    """
    if not 1 <= n <= MOST:
        raise WakeupError([diagnostic("WK6004", option="--synthetic", least=1, most=MOST, value=n)])


def customer_ids(numbers: Iterable[int]) -> NDArray[np.object_]:
    """Return the ids of the made-up customers of these numbers, from 1."""
    return np.array([f"S{i:07d}" for i in numbers], dtype=object)


def made(
    ids: NDArray[np.object_],
    keys: NDArray[np.uint64],
    *,
    seed: int,
    as_of: int = UNANCHORED,
    minor_digits: int = 2,
    currency_scale: float = 1.0,
) -> Population:
    """Make the customers of these ids, keys ascending, each as among any others; the arguments of `synthetic`."""
    draw = _Draw(seed, keys)

    frequent = draw("orders")
    liking = normal(frequent)
    orders = (1 + np.floor(-np.log1p(-frequent) * MEAN_EXTRA_ORDERS)).astype(np.int32)
    drowsy = _mixed(liking, normal(draw("recency")), -0.35)
    asleep = 1 + (LONGEST_SLEEP - 1) / (1 + np.exp(0.2 - 1.5 * drowsy))
    last_order = as_of - np.ceil(asleep * DAY).astype(np.int64)
    gap = np.ceil(MEDIAN_GAP * np.exp(GAP_SPREAD * _mixed(liking, normal(draw("gap")), -0.4)) * DAY).astype(np.int64)
    richness = _mixed(liking, normal(draw("value")), 0.2)
    unit = currency_scale * 10.0**minor_digits
    average = np.maximum(1, np.floor(MEDIAN_VALUE * unit * np.exp(VALUE_SPREAD * richness) + 0.5)).astype(np.int64)
    # Three in ten have looked in since their last order.
    looked, when = draw("looked_in"), draw("looked_in_when")
    since = np.where(looked < 0.3, np.floor((as_of - last_order) * when), 0).astype(np.int64)
    return Population(
        key=keys,
        ids=ids,
        as_of=as_of,
        first_order=last_order - gap * (orders - 1),
        last_order=last_order,
        last_interaction=last_order + since,
        orders=orders,
        monetary=average * orders,
        average_order_value=average,
        gap=np.where(orders > 1, gap / DAY, np.nan).astype(np.float32),
        consents={},
        tags={tag: draw(f"tag:{tag}") < share for tag, share in TAGS.items()},
        fields=_fields(draw),
    )


def anchored(population: Population, as_of: int) -> Population:
    """Return made-up customers of no date as they are at `as_of`; any other population unchanged."""
    if population.as_of != UNANCHORED:
        return population
    # Everybody made up has ordered, so no instant is NEVER.
    return evolve(
        population,
        as_of=as_of,
        first_order=population.first_order + as_of,
        last_order=population.last_order + as_of,
        last_interaction=population.last_interaction + as_of,
    )


class _Draw:
    """Uniforms of the customers, by purpose."""

    def __init__(self, seed: int, keys: NDArray[np.uint64]) -> None:
        self._seed, self._keys = seed, keys

    def __call__(self, purpose: str) -> NDArray[np.float64]:
        return uniform(self._seed, 0, self._keys, f"synthetic:{purpose}")

    def code(self, purpose: str, size: int) -> NDArray[np.int32]:
        """Draw codes below `size`; the first ones are drawn more often."""
        return (size * self(purpose) ** 1.3).astype(np.int32)


def _mixed(first: NDArray[np.float64], second: NDArray[np.float64], correlation: float) -> NDArray[np.float64]:
    """Return standard normals that correlate with `first` as said."""
    mixed: NDArray[np.float64] = correlation * first + (1 - correlation**2) ** 0.5 * second
    return mixed


def _fields(draw: _Draw) -> dict[str, Field]:
    categories = tuple(sorted({category for _, category in ITEMS}))
    item = draw.code("last_item", len(ITEMS))
    category_of = np.array([categories.index(category) for _, category in ITEMS], np.int32)
    return {
        "first_name": Field("text", draw.code("first_name", len(NAMES)), NAMES),
        "last_category": Field("text", category_of[item], categories),
        "last_item": Field("text", item, tuple(name for name, _ in ITEMS)),
        "skin_type": Field("text", draw.code("skin_type", len(SKIN_TYPES)), SKIN_TYPES),
    }
