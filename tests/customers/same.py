"""Whether two populations are equal in every column, type and label."""

from typing import Any

import numpy as np

from wakeup.customers import Population

_CORE = (
    "key", "ids", "first_order", "last_order", "last_interaction", "orders", "monetary", "average_order_value", "gap",
)  # fmt: skip


def columns_of(people: Population) -> dict[str, Any]:
    """Return every array of one row per customer, by name."""
    return {
        **{name: getattr(people, name) for name in _CORE},
        **{f"consent:{name}": each for name, each in people.consents.items()},
        **{f"tag:{name}": each for name, each in people.tags.items()},
        **{f"field:{name}": each.values for name, each in people.fields.items()},
        **{f"category:{name}": each for name, each in (people.categories or {}).items()},
        **({} if people.zones is None else {"zone": people.zones}),
    }


def assert_same(one: Population, other: Population) -> None:
    """Assert that two populations are equal."""
    mine, theirs = columns_of(one), columns_of(other)
    assert list(mine) == list(theirs)
    for name, column in mine.items():
        assert column.dtype == theirs[name].dtype, name
        assert np.array_equal(column, theirs[name], equal_nan=column.dtype.kind == "f"), name
    for name, field in one.fields.items():
        assert (field.kind, field.labels) == (other.fields[name].kind, other.fields[name].labels), name
    assert (one.as_of, one.zone_names) == (other.as_of, other.zone_names)
    assert (one.categories is None) == (other.categories is None)
    assert (one.touches is None) == (other.touches is None)
    if one.touches is not None and other.touches is not None:
        assert one.touches.channels == other.touches.channels
        for name in ("offset", "t", "channel"):
            mine, theirs = getattr(one.touches, name), getattr(other.touches, name)
            assert mine.dtype == theirs.dtype, name
            assert np.array_equal(mine, theirs), name
