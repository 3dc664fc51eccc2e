"""What a campaign declares of its customers, made up. Bounds of shares: five standard errors at 20,000 people."""

import numpy as np
import pytest

from wakeup.customers import NEVER, Population, synthetic, with_declared
from wakeup.plan.model import Label, OwnField

AS_OF = 1788192000
PEOPLE = synthetic(20_000, as_of=AS_OF)


def made(*own: OwnField, tags: tuple[str, ...] = ()) -> Population:
    return with_declared(PEOPLE, own, tags)


def share(flags: object) -> float:
    return float(np.mean(np.asarray(flags)))


def near(expected: float) -> object:
    return pytest.approx(expected, abs=5 * (expected * (1 - expected) / len(PEOPLE)) ** 0.5)


def test_labels_have_their_shares_and_the_rest_is_blank() -> None:
    people = made(OwnField("skin", "text", (Label("dry", "0.5"), Label("oily", "0.3"))))
    field = people.fields["skin"]
    assert field.labels == ("dry", "oily")
    assert [share(field.values == code) for code in (0, 1, -1)] == [near(0.5), near(0.3), near(0.2)]


def test_labels_without_shares_are_equally_likely() -> None:
    field = made(OwnField("skin", "text", tuple(map(Label, "abcd")))).fields["skin"]
    assert [share(field.values == code) for code in range(4)] == [near(0.25)] * 4


def test_numbers_lie_between_their_bounds_and_are_whole_where_these_are() -> None:
    stars = made(OwnField("stars", "number", low="1", high="5")).fields["stars"].values
    assert sorted(set(stars.tolist())) == [1, 2, 3, 4, 5]
    assert share(stars == 5) == near(0.2)
    rate = made(OwnField("rate", "number", low="0.5", high="2")).fields["rate"].values
    assert 0.5 <= rate.min() < 0.6
    assert 1.9 < rate.max() <= 2
    assert share(rate < 1.25) == near(0.5)


def test_dates_lie_between_their_bounds() -> None:
    born = made(OwnField("born", "date", low="2000-01-01", high="2000-01-02")).fields["born"]
    assert born.kind == "date"
    assert sorted(set(born.values.tolist())) == [946684800, 946771200]


def test_a_declared_tag_has_its_share_and_an_undeclared_one_nobody() -> None:
    people = made(OwnField("vip", "tag", (Label("vip", "0.2"),)), OwnField("fitness", "tag"), tags=("员工", "vip"))
    assert share(people.tags["vip"]) == near(0.2)
    assert not people.tags["员工"].any()
    assert np.array_equal(people.tags["fitness"], PEOPLE.tags["fitness"])


def test_categories_are_orders_of_the_person() -> None:
    people = made(OwnField("coat", "category", (Label("coat", "0.4"),)), OwnField("shoe", "category"))
    assert people.categories is not None
    coat, shoe = people.categories["coat"], people.categories["shoe"]
    assert share(coat != NEVER) == near(0.4)
    assert share(shoe != NEVER) == near(0.5)
    has = coat != NEVER
    assert (coat[has] >= people.first_order[has]).all()
    assert (coat[has] <= people.last_order[has]).all()
    top = people.fields["top_category"]
    latest = np.where((coat == NEVER) & (shoe == NEVER), -1, np.where(shoe > coat, 1, 0))
    assert np.array_equal(top.values, latest)


def test_a_value_hangs_on_the_customer_alone() -> None:
    own = OwnField("skin", "text", (Label("dry", "0.5"), Label("oily", "0.3")))
    few = with_declared(synthetic(300, seed=9, as_of=AS_OF), (own,), ())
    many = dict(zip(PEOPLE.ids, made(own).fields["skin"].values, strict=True))
    assert [many[each] for each in few.ids] == few.fields["skin"].values.tolist()
