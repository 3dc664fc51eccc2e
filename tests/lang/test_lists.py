"""The closed lists of the language are those that the run side computes."""

from wakeup.compile.rules import SENDS
from wakeup.decide import guards, promotion
from wakeup.figures import definitions
from wakeup.lang import claims, journeys
from wakeup.lang.attributes import ATTRIBUTES
from wakeup.lang.readers import READERS
from wakeup.lang.schema import KINDS
from wakeup.syntax.lexicon import lexicon
from wakeup.terms import attributes
from wakeup.terms.lists import FIGURES_GUARD


def test_figures() -> None:
    assert claims.COMPARED == definitions.COMPARED
    assert set(FIGURES_GUARD) == {*guards.COUNTS, *guards.MONEY, *guards.RATIOS}
    assert set(FIGURES_GUARD) > claims.CHANNEL_FIGURES
    assert {figure for figure in journeys.MEASURES if figure != "wake_rate"} <= set(promotion.OUTCOMES)


def test_attributes_have_the_units_of_the_plan() -> None:
    units = {"duration": "seconds", "money": "money", "count": "count"}
    for name, unit in attributes.ATTRIBUTES.items():
        assert units[ATTRIBUTES[name]] == unit


def test_every_type_of_the_table_can_be_read_and_every_key_be_written_in_chinese() -> None:
    types = {key.type for keys in KINDS.values() for key in keys.values()}
    assert types == set(READERS)
    known = set(lexicon().keys.values())
    assert {key for keys in KINDS.values() for key in keys} <= known
    assert SENDS == ("promotion", "促销")
