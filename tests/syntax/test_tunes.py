"""`tune(…)`: what a number may be."""

from decimal import Decimal

import pytest

from wakeup.format.printer import print_file
from wakeup.source import Source
from wakeup.syntax import nodes as n
from wakeup.syntax import parse
from wakeup.syntax.tunes import choices


def _head(text: str) -> tuple[n.Value, tuple[str, ...]]:
    file, found = parse(Source("a.wake", f"wakeup 1\ncoupon tune {{ discount: {text} off 300 CNY }}\n"))
    assert file is not None
    discount = file.decls[0].props[0].value.head
    assert isinstance(discount, n.Discount)
    return discount.amount, tuple(each.code for each in found)


def test_the_first_value_stands_until_it_is_tuned() -> None:
    amount, found = _head("tune(40 CNY..120 CNY step 40 CNY)")
    assert found == ()
    assert isinstance(amount, n.Money)
    assert amount.amount == 40
    assert amount.tune is not None
    assert [each.amount for each in choices(amount.tune) if isinstance(each, n.Money)] == [40, 80, 120]
    assert amount.span.end - amount.span.start == len("tune(40 CNY..120 CNY step 40 CNY)")


def test_steps_may_be_fractions() -> None:
    amount, found = _head("tune(0.1%..0.3% step 0.1%)")
    assert found == ()
    assert isinstance(amount, n.Percent)
    assert amount.tune is not None
    sizes = [each.value for each in choices(amount.tune) if isinstance(each, n.Percent)]
    assert sizes == [Decimal("0.1"), Decimal("0.2"), Decimal("0.3")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("tune(40 CNY..120 USD step 40 CNY)", "WK1053"),
        ("tune(40 CNY..120 CNY step 40)", "WK1053"),
        ("tune(40 CNY..40 CNY step 40 CNY)", "WK1054"),
        ("tune(120 CNY..40 CNY step 40 CNY)", "WK1054"),
        ("tune(40 CNY..120 CNY step 0 CNY)", "WK1054"),
        ("tune(40 CNY..130 CNY step 40 CNY)", "WK1055"),
        ("tune(1 CNY..1_001 CNY step 1 CNY)", "WK1056"),
    ],
)
def test_what_is_wrong_is_said(text: str, code: str) -> None:
    assert _head(text)[1] == (code,)


def test_a_thousand_values_are_tried() -> None:
    amount, found = _head("tune(1 CNY..1_000 CNY step 1 CNY)")
    assert found == ()
    assert isinstance(amount, n.Money)
    assert amount.tune is not None
    assert len(choices(amount.tune)) == 1_000


def test_both_languages_say_the_same() -> None:
    source = Source("a.wake", "wakeup 1\n\ngift kit { stock: tune(5_000..20_000 step 5_000) }\n")
    file, _ = parse(source)
    assert file is not None
    chinese = print_file(source, file, "zh")
    assert "调优(5000..2万 步长 5000)" in chinese
    again, found = parse(Source("a.wake", chinese))
    assert found == ()
    assert again == file


def test_a_thing_may_be_called_tune() -> None:
    text = "wakeup 1\ncoupon tune { discount: 5 CNY off 30 CNY }\njourney a { send m with tune }\n"
    file, found = parse(Source("a.wake", text))
    assert file is not None
    assert found == ()
