import math
import tomllib
from typing import get_args

import pytest

from wakeup.terms.behaviour import WIDENING, Learnt, Parameter, parameters
from wakeup.terms.data import packaged_text
from wakeup.terms.lists import ChannelKind, Grade

MINI = (ChannelKind.MINI_PROGRAM, ChannelKind.MINI_SUBSCRIBE)
"""Kinds of channels that ask for permissions."""

CHANNEL = [own for own in parameters().values() if own.scope == "channel"]


@pytest.mark.parametrize("own", parameters().values(), ids=lambda own: str(own.name))
def test_every_parameter_is_told_and_graded(own: Parameter) -> None:
    assert own.meaning
    assert any("\u4e00" <= letter <= "\u9fff" for letter in own.meaning_zh)
    assert own.learnt in get_args(Learnt)
    assert own.priors
    assert len({prior.scope for prior in own.priors}) == len(own.priors)
    for prior in own.priors:
        assert prior.source
        assert prior.grade in set(Grade)
        assert own.holds(prior.median)
        assert prior.sd >= 0.0
        if prior.sd > 0.0 and own.link == "logit":
            assert 0.0 < prior.median < 1.0
        if prior.grade == Grade.GIVEN:
            assert prior.sd == 0.0
    links = {"probability": "logit", "log-odds": "identity", "slope": "identity", "score": "identity"}
    assert own.link == links.get(own.unit, "log")


@pytest.mark.parametrize("own", CHANNEL, ids=lambda own: str(own.name))
def test_every_kind_of_channel_has_every_channel_parameter(own: Parameter) -> None:
    scopes = {prior.scope for prior in own.priors}
    kinds = MINI if own.name == "subscribes" else ChannelKind
    assert "" in scopes or scopes == {f"kind:{kind}" for kind in kinds}


def test_the_rule_of_widening_is_applied_to_every_prior() -> None:
    """On the scale of the link: trial of the same kind x1, of another kind x1.5, observation x2, guess x3."""
    assert {grade: WIDENING[grade] for grade in ("rct", "rct_other", "observational", "none")} == {
        "rct": 1.0, "rct_other": 1.5, "observational": 2.0, "none": 3.0,
    }  # fmt: skip
    written = tomllib.loads(packaged_text("terms/behaviour.toml"))
    assert list(written) == list(parameters())
    for name, own in parameters().items():
        for row, prior in zip(written[name]["priors"], own.priors, strict=True):
            assert prior.sd == pytest.approx(row["sd"] * WIDENING[row["grade"]])
        assert {"meaning_zh", "learn"} <= written[name].keys()


def test_a_worse_grade_is_wider() -> None:
    fatigue = parameters()["fatigue"].priors[0]
    assert (fatigue.grade, fatigue.sd) == ("observational", pytest.approx(0.2 * 2))
    assert WIDENING[Grade.RCT] < WIDENING[Grade.RCT_OTHER] < WIDENING[Grade.OBSERVATIONAL] < WIDENING[Grade.NONE]


def test_kinds_are_those_that_have_the_parameter() -> None:
    assert parameters()["offer_response"].kinds() == {"coupon", "flash_price", "member_price", "points"}
    assert parameters()["keeps_up"].kinds() == {"challenge"}
    assert parameters()["click_delay"].kinds() == frozenset()


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("seen", (0.0, 0.5, 1.0), (-0.1, 1.1, math.nan)),
        ("advertising", (0.1, 3.0), (0.0, -1.0, math.inf)),
        ("organic_level", (-5.0, 0.0, 5.0), (math.inf, math.nan)),
        ("fatigue", (0.0, 2.0), (-0.1, math.inf, math.nan)),
    ],
)
def test_units_bound_values(name: str, good: tuple[float, ...], bad: tuple[float, ...]) -> None:
    own = parameters()[name]
    assert all(own.holds(value) for value in good)
    assert not any(own.holds(value) for value in bad)
