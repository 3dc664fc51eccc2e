"""Customers made after a shape: as those it was fitted to in every margin and together, and nobody of them."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from tests.customers.crowd import AS_OF, crowd
from tests.customers.same import assert_same
from tests.customers.samples import DAY, distance, energy_p, grid_p, joint, margins

from wakeup.behaviour import fit_organic
from wakeup.customers import (
    NEVER,
    YES,
    Field,
    History,
    Population,
    Shape,
    Snapshots,
    from_history,
    like,
    save,
    shape_of,
    sliced,
    synthetic,
)
from wakeup.customers.kept import merged
from wakeup.customers.shape import drawn, from_json, to_json
from wakeup.customers.shape.model import Choice, Margin
from wakeup.customers.slices import taken
from wakeup.customers.synthetic_parts import made_in_parts
from wakeup.diagnostics import Diagnostic
from wakeup.plan.model import Assumption

Refusal = Callable[[Callable[[], object]], Diagnostic]
NONE = Snapshots.none()
N = 2000
LEAST = 10
MARGIN_ERROR, JOINT_ERROR = 0.001, 0.01
"""Stated error rates: of each margin's test, and of the joint ones."""

LONGEST = 3
"""Column of the days from the first order to the last, which hangs on all others most."""


def fitted(people: Population, snapshots: Snapshots = NONE, least: int = LEAST) -> Shape:
    return shape_of(people, snapshots, currency="GBP", minor_digits=2, least=least)


def halves(people: Population) -> tuple[Population, Population]:
    """Rows are in the order of a hash of the id: either half is a random one."""
    middle = len(people) // 2
    return sliced(people, 0, middle), sliced(people, middle, len(people))


@pytest.fixture(scope="module")
def gift_shop(real_data: Path) -> History:
    return from_history(real_data / "online_retail_ii/orders.parquet", as_of="2011-12-01", zone="Europe/London")


@pytest.fixture(scope="module")
def cdnow(real_data: Path) -> History:
    return from_history(real_data / "cdnow/cdnow_master.csv.gz", as_of="1998-07-01", zone="America/New_York")


@pytest.fixture(scope="module", params=["gift shop", "cdnow", "made up"])
def shop(request: pytest.FixtureRequest) -> Population:
    if request.param == "made up":
        return synthetic(8000, seed=5, as_of=AS_OF)
    history: History = request.getfixturevalue(request.param.replace(" ", "_"))
    return history.population


def test_no_margin_can_be_told_from_that_of_a_half_that_was_held_out(shop: Population) -> None:
    seen, held = halves(shop)
    made, held = margins(like(fitted(seen), N, seed=3)), margins(sliced(held, 0, min(N, len(held))))
    for name, own in margins(seen).items():
        # Three samples scatter: the made one, the held one, and the half that the shape was fitted to.
        scatter = (1 / len(made[name]) + 1 / len(held[name]) + 1 / len(own)) ** 0.5
        assert distance(made[name], held[name]) < (-np.log(MARGIN_ERROR / 2) / 2) ** 0.5 * scatter, name


def test_together_they_cannot_be_told_from_the_half_that_was_held_out(shop: Population) -> None:
    seen, held = halves(shop)
    held = joint(sliced(held, 0, min(N, len(held))))
    made = joint(like(fitted(seen), N, seed=3))
    assert energy_p(made, held, seed=1) > JOINT_ERROR
    assert min(grid_p(made, held, len(seen))) > JOINT_ERROR / 6
    # What is broken is seen: any column that is somebody else's.
    rng = np.random.default_rng(1)
    for column in range(made.shape[1]):
        torn = made.copy()
        torn[:, column] = rng.permutation(torn[:, column])
        assert min(grid_p(torn, held, len(seen))) < 1e-3, column
        if column == LONGEST:
            assert energy_p(torn, held, seed=1) <= JOINT_ERROR


@pytest.mark.proof
def test_over_many_halves_they_are_told_apart_no_more_often_than_said(shop: Population) -> None:
    splits, told_apart = 20, 0
    for split in range(splits):
        order = np.random.default_rng(split).permutation(len(shop))
        middle = len(shop) // 2
        seen, held = (taken(shop, np.sort(rows)) for rows in (order[:middle], order[middle : middle + N]))
        made = joint(like(fitted(seen), N, seed=split))
        told_apart += energy_p(made, joint(held), seed=1, permutations=99) <= 0.05
    # The half that was fitted to scatters, too, so one in ten rather than one in twenty: more than five of twenty then
    # come once in ninety.
    assert told_apart <= 5


def test_nobody_is_made_again(shop: Population) -> None:
    def triples(people: Population) -> list[tuple[int, ...]]:
        days = (people.as_of - people.last_order) // DAY
        return list(zip(days.tolist(), people.orders.tolist(), people.average_order_value.tolist(), strict=True))

    seen, held = (sliced(each, 0, len(shop) // 2) for each in halves(shop))
    made = triples(like(fitted(seen), 20_000, seed=3))
    known, unknown = set(triples(seen)), set(triples(held))
    again, chance = (sum(each in them for each in made) / len(made) for them in (known, unknown))
    # Had the shape remembered people, those it was fitted to would come again more often than those it never saw.
    assert again - chance < 4 * max((again + chance) / len(made), 1 / len(made) ** 2) ** 0.5


def test_customer_i_is_the_same_however_many_there_are() -> None:
    shape = fitted(crowd(3000))
    few, many = like(shape, 50, seed=4), like(shape, 5000, seed=4)
    assert_same(few, taken(many, np.flatnonzero(np.isin(many.key, few.key))))
    parts = made_in_parts(5000, 3, lambda ids, keys: drawn(shape, ids, keys, seed=4))
    begin = 0
    for part in parts:
        assert_same(part, sliced(many, begin, begin + len(part)))
        begin += len(part)
    assert begin == 5000
    other = like(shape, 5000, seed=5)
    assert not np.array_equal(other.last_order, many.last_order)


def test_another_date_moves_everybody(gift_shop: History) -> None:
    shape = fitted(gift_shop.population)
    one, other = like(shape, 500), like(shape, 500, as_of=AS_OF)
    moved = AS_OF - gift_shop.population.as_of
    for name in ("first_order", "last_order", "last_interaction"):
        assert np.array_equal(getattr(one, name) + moved, getattr(other, name))
    assert other.as_of == AS_OF


def test_a_made_population_obeys_what_every_population_obeys(shop: Population) -> None:
    made = like(fitted(shop), 20_000)
    assert bool((made.last_order < made.as_of).all())
    assert bool((made.first_order <= made.last_order).all())
    assert bool((made.last_interaction >= made.last_order).all())
    assert bool((made.last_interaction < made.as_of).all())
    assert bool((made.orders >= 1).all())
    assert bool((made.average_order_value >= 1).all())
    assert bool((np.isnan(made.gap) == (made.orders == 1)).all())
    assert bool((made.first_order[made.orders == 1] == made.last_order[made.orders == 1]).all())


# --- what else is known of customers


def lively(n: int) -> Population:
    """Customers whose tag, consent, points and last visit hang on recency, orders and value."""
    made, rng = synthetic(n, seed=11, as_of=AS_OF), np.random.default_rng(2)
    rich = made.average_order_value > np.quantile(made.average_order_value, 0.8)
    lately = made.last_order > np.quantile(made.last_order, 0.6)
    points = np.where(rng.random(n) < 0.25, np.nan, 100.0 * made.orders + rng.random(n))
    born = np.where(rng.random(n) < 0.5, NEVER, made.as_of - rng.integers(6000, 20_000, n) * DAY)
    care = np.where(rng.random(n) < 0.4, made.last_order, np.where(rng.random(n) < 0.3, made.first_order, NEVER))
    return evolve(
        made,
        consents={"sms": np.where(lately, YES, rng.integers(0, 3, n)).astype(np.uint8)},
        tags={"vip": rich & (rng.random(n) < 0.9), "rare": np.arange(n) < 4},
        fields={
            "skin": Field(
                "text", np.where(rich, 0, rng.integers(-1, 3, n)).astype(np.int32), ("dry", "oily", "normal")
            ),
            "note": Field("text", np.arange(n, dtype=np.int32), tuple(f"called about order {i}" for i in range(n))),
            "points": Field("number", points),
            "born": Field("date", born),
        },
        zones=np.where(rng.random(n) < 0.3, 0, -1).astype(np.int16),
        zone_names=("Asia/Tokyo",),
        categories={"care": care},
    )


def test_attributes_keep_their_shares_and_what_they_hang_on() -> None:
    people = lively(6000)
    shape = fitted(people)
    made = like(shape, 20_000, seed=9)

    dear, late = np.quantile(people.average_order_value, 0.8), np.quantile(people.last_order, 0.6)

    def shares(each: Population) -> dict[str, float]:
        rich, lately = each.average_order_value > dear, each.last_order > late
        vip, skin, sms = each.tags["vip"], each.fields["skin"].values, each.consents["sms"]
        care = (each.categories or {})["care"]
        return {
            "vip": vip.mean(),
            "vip of the rich": vip[rich].mean(),
            "vip of the others": vip[~rich].mean(),
            "dry of the rich": (skin[rich] == 0).mean(),
            "dry of the others": (skin[~rich] == 0).mean(),
            "blank": (skin == -1).mean(),
            "sms of late": (sms[lately] == YES).mean(),
            "sms of the others": (sms[~lately] == YES).mean(),
            "in Tokyo": (each.zones == 0).mean() if each.zones is not None else 0.0,
            "no points": np.isnan(each.fields["points"].values).mean(),
            "born": (each.fields["born"].values != NEVER).mean(),
            "care never": (care == NEVER).mean(),
            "care last": (care == each.last_order).mean(),
            "looked in": (each.last_interaction > each.last_order).mean(),
        }

    theirs, ours = shares(people), shares(made)
    for name, share in theirs.items():
        scatter = (share * (1 - share) * (1 / 1200 + 1 / 4000)) ** 0.5
        # Cells of the shape are fifths: a share at an edge between two of them may be a little washed out.
        assert abs(ours[name] - share) < 4 * scatter + 0.02, name
    points, orders = made.fields["points"].values, made.orders
    known = ~np.isnan(points)
    assert np.corrcoef(np.log(points[known]), np.log(orders[known]))[0, 1] > 0.8


def test_what_few_share_is_left_out() -> None:
    shape = fitted(lively(6000))
    text = to_json(shape).decode()
    assert "rare" not in shape.tags
    assert "note" not in shape.fields
    assert "called about" not in text
    assert shape.left_out == 6000 + 1 + 1


def numbers(value: Any, kind: type) -> Iterator[Any]:
    if isinstance(value, kind):
        yield value
    for each in getattr(value, "__attrs_attrs__", ()):
        yield from numbers(getattr(value, each.name), kind)
    if isinstance(value, (tuple, dict)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from numbers(each, kind)


def test_every_number_tells_of_many_people(gift_shop: History) -> None:
    shape = fitted(gift_shop.population, gift_shop.snapshots, least=25)
    for cell in shape.cells:
        runs = [*cell.values, *(cell.ages if cell.orders.x[0] > 1 else ())]
        for margin, people in [(cell.recency, cell.people)] + [
            (each, cell.people // len(cell.values)) for each in runs[: len(cell.values)]
        ]:
            inner = [p for p in margin.p if 0 < p < 1]
            # Beyond the first and last cut the edges of a tail follow from those below: they cut nobody off.
            first = np.diff([0.0, *inner[:3]]) * people
            assert bool((first >= 25 - 1.01).all())
    for choice in numbers(evolve(fitted(lively(6000), least=25), snapshots=None), Choice):
        for counts in choice.cells.values():
            assert all(count == 0 or count >= 25 for count in counts)
    assert shape.snapshots is not None
    assert min(shape.snapshots["n"]) >= 25


def test_a_wholesaler_cannot_be_seen() -> None:
    people = synthetic(3000, seed=8, as_of=AS_OF)

    def with_one(value: int, orders: int) -> Population:
        """The same customers, one of them so large."""
        values, counts = people.average_order_value.copy(), people.orders.copy()
        values[17], counts[17] = value, orders
        gap = people.gap.copy()
        gap[17] = 3.0
        return evolve(
            people,
            average_order_value=values,
            orders=counts,
            monetary=values * counts,
            gap=gap,
            first_order=np.where(np.arange(3000) == 17, people.last_order - 3 * DAY * 60, people.first_order),
        )

    large, huge = with_one(90_000_00, 200), with_one(9_000_000_00, 4000)
    assert huge.monetary[17] / huge.monetary.sum() > 0.4
    # A hundred times the value and twenty times the orders move no digit.
    assert to_json(fitted(large)) == to_json(fitted(huge))
    highest = max(max(margin.x) for cell in fitted(huge).cells for margin in cell.values)
    assert highest < 9_000_000_00 / 100


def test_snapshots_of_many_people_tell_the_same_about_coming_back(gift_shop: History) -> None:
    shots = merged(gift_shop.snapshots, LEAST)
    assert int(shots.n.min()) >= LEAST
    assert int(shots.late.n.min()) >= LEAST
    assert int(shots.n.sum()) >= 0.999 * int(gift_shop.snapshots.n.sum())
    exact, rough = ({row.parameter: row for row in fit_organic(each)} for each in (gift_shop.snapshots, shots))
    assert exact["organic_level"].source == rough["organic_level"].source
    for days, orders in ((100, 1), (100, 5), (200, 2), (200, 10), (400, 1), (400, 5)):

        def odds(rows: Mapping[str, Assumption], days: int = days, orders: int = orders) -> float:
            level, slope, more = (rows[f"organic_{each}"].median for each in ("level", "dormancy", "orders"))
            return level + slope * np.log(days) + more * np.log(orders)

        assert odds(rough) == pytest.approx(odds(exact), abs=0.05), (days, orders)
    for name, row in exact.items():
        assert rough[name].sd == pytest.approx(row.sd, rel=0.3), name


def test_few_people_of_an_origin_are_put_together_or_left_out() -> None:
    shots = Snapshots(
        origins=(0, 30 * DAY, 60 * DAY),
        origin=np.array([0, 0, 0, 1, 2, 2], np.int32),
        dormancy_days=np.array([10.0, 40.0, 90.0, 20.0, 30.0, 30.0]),
        orders=np.array([1, 1, 2, 1, 1, 30], np.int32),
        n=np.array([9, 3, 5, 9, 20, 2]),
        returned30=np.array([4, 1, 1, 2, 5, 2]),
        returned90=np.array([5, 2, 1, 3, 6, 2]),
        weekday_orders=np.array([9, 10, 11, 0, 50, 60, 70]),
    )
    found = merged(shots, LEAST)
    # At the first origin 9 and 3 make a group, the 5 left go to it; the second has too few; the 2 go to the 20.
    assert found.origin.tolist() == [0, 2]
    assert found.n.tolist() == [17, 22]
    assert found.returned90.tolist() == [8, 8]
    assert found.dormancy_days[0] == pytest.approx(np.exp((9 * np.log(10) + 3 * np.log(40) + 5 * np.log(90)) / 17))
    assert found.orders.tolist() == [1, 1]
    assert found.weekday_orders.tolist() == [0, 10, 11, 0, 50, 60, 70]
    assert found.origins == shots.origins


def test_written_and_read_it_is_the_same(tmp_path: Path, gift_shop: History) -> None:
    shape = fitted(lively(4000), gift_shop.snapshots)
    data = to_json(shape)
    assert from_json(data, "shape.json") == shape
    assert to_json(from_json(data, "shape.json")) == data
    save(like(shape, 300), tmp_path / "people.parquet")
    assert_same(like(shape, 300), from_history(tmp_path / "people.parquet").population)


@pytest.mark.parametrize("place", ["nothing", "version", "label", "falling", "count", "extra", "text"])
def test_what_is_no_shape_is_refused(place: str, refusal: Refusal) -> None:
    tree = json.loads(to_json(fitted(lively(1000))))
    match place:
        case "version":
            tree["wakeup_shape"] = 2
        case "label":
            tree["tags"]["vip"]["labels"] = []
        case "falling":
            tree["cells"][0]["recency"]["x"][0] = 1e9
        case "count":
            tree["cells"][0]["people"] = 0
        case "extra":
            tree["secret"] = 1
        case "text":
            tree["cells"] = "many"
    data = b"" if place == "nothing" else json.dumps(tree).encode()
    found = refusal(lambda: from_json(data, "shape.json"))
    assert found.code == "WK6053"
    assert "shape.json" in found.message


def test_too_few_customers_are_refused(refusal: Refusal) -> None:
    found = refusal(lambda: fitted(synthetic(29, as_of=AS_OF)))
    assert found.code == "WK6052"
    assert "29" in found.message
    assert "30" in found.message
    assert len(like(fitted(synthetic(30, as_of=AS_OF)), 100)) == 100


def test_who_never_ordered_stays_so() -> None:
    people = crowd(2000)
    silent = np.arange(2000) % 4 == 0
    none = np.where(silent, NEVER, people.last_order)
    shape = fitted(
        evolve(
            people,
            orders=np.where(silent, 0, people.orders).astype(np.int32),
            last_order=none,
            first_order=np.where(silent, NEVER, people.first_order),
            last_interaction=np.where(silent & (np.arange(2000) % 8 == 0), people.last_interaction, none),
            monetary=np.where(silent, 0, people.monetary),
            average_order_value=np.where(silent, 0, people.average_order_value),
            gap=np.where(silent, np.nan, people.gap).astype(np.float32),
            categories=None,
        )
    )
    made = like(shape, 8000)
    never = made.orders == 0
    assert abs(never.mean() - 0.25) < 0.02
    assert bool((made.last_order[never] == NEVER).all())
    assert bool((made.average_order_value[never] == 0).all())
    assert abs((made.last_interaction[never] != NEVER).mean() - 0.5) < 0.05


def test_a_margin_goes_on_beyond_its_last_cut() -> None:
    from wakeup.customers.shape.margins import draw, margin_of

    values = np.exp(np.random.default_rng(3).normal(0, 1, 5000))
    margin = margin_of(values, LEAST, low=0.0, heavy=True)
    assert isinstance(margin, Margin)
    made = draw(margin, (np.arange(200_000) + 0.5) / 200_000)
    assert distance(values, made) < 0.01
    assert np.quantile(made, 0.999) == pytest.approx(np.quantile(values, 0.999), rel=0.35)
    assert made.max() != values.max()
