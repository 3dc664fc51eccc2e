"""A text for one person: what is filled in, what is cleaned, what is refused."""

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import wakeup
from wakeup.channels.protocol import Offered
from wakeup.live.texts import LONGEST, Filling, UnfilledError, clean, fill

DAY = 86_400
PLAN = wakeup.load("campaigns/beauty_autumn.wake")
COUPON = next(each for each in PLAN.incentives if each.kind == "coupon")
ABOUT = Filling(
    plan=PLAN,
    t=PLAN.start,
    zone="Asia/Shanghai",
    last_order=PLAN.start - 180 * DAY - 5,
    orders=3,
    fields={"first_name": "Ann", "skin_type": "dry"},
    bands={COUPON.rungs[0].tier: COUPON.rungs[0].band},
    offers=(Offered(COUPON.name, "K7", PLAN.start + 7 * DAY),),
)


def test_variables_are_filled_in_from_the_person_the_clock_and_the_offer():
    text = "{{ first_name }}: {{ days_since_order }} days, {{ orders }} orders, {{ field.skin_type }}"
    assert fill(text, ABOUT) == "Ann: 180 days, 3 orders, dry"
    # a grant that ends at midnight is good up to the day before
    midnight = evolve(ABOUT, offers=(Offered(COUPON.name, "K7", 1_790_784_000),))  # 2026-10-01 00:00 in Shanghai
    assert fill("{{ offer_ends }}", midnight) == "2026-09-30"


def test_a_code_is_the_persons_own_and_without_an_offer_there_is_none():
    assert fill("Your code: {{ code }}", ABOUT) == "Your code: K7"
    with pytest.raises(UnfilledError):
        fill("{{ code }}", evolve(ABOUT, offers=()))


def test_an_offer_is_worded_in_the_language_of_the_text():
    untitled = evolve(PLAN, incentives=tuple(evolve(each, title="") for each in PLAN.incentives))
    about = evolve(ABOUT, plan=untitled)
    assert " off " in fill("Take {{ offer }}", about)
    assert fill("{{ offer }}已到账", about).startswith("满")


def test_a_title_is_the_name_of_an_offer():
    titled = evolve(PLAN, incentives=tuple(evolve(each, title="Autumn gift") for each in PLAN.incentives))
    assert fill("{{ offer }}", evolve(ABOUT, plan=titled)) == "Autumn gift"


def test_a_blank_takes_the_default_and_without_one_nothing_is_sent():
    nameless = evolve(ABOUT, fields={})
    assert fill('{{ first_name | default: "friend" }}', nameless) == "friend"
    with pytest.raises(UnfilledError) as refused:
        fill("{{ first_name }}", nameless)
    assert refused.value.name == "first_name"


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("Ann\r\nBcc: all@x.example", "Ann Bcc: all@x.example"),
        ("see https://evil.example/x now", "see  now"),
        ("WWW.evil.example", ""),
        ("{{ orders }}", "{{ orders }}"),
        ("a\u202ebc", "a bc"),
        ("x" * 500, "x" * LONGEST),
    ],
)
def test_data_cannot_change_the_message_around_them(value, told):
    assert fill('{{ first_name | default: "" }}', evolve(ABOUT, fields={"first_name": value})) == told


def test_values_are_escaped_in_markup_and_the_text_around_is_not():
    about = evolve(ABOUT, fields={"first_name": "<b>&"})
    assert fill("<p>{{ first_name }}</p>", about, markup=True) == "<p>&lt;b&gt;&amp;</p>"


@given(st.text())
def test_a_cleaned_value_is_one_short_line_and_cleaning_it_again_changes_nothing_dangerous(value):
    told = clean(value)
    assert len(told) <= LONGEST
    assert not any(ord(each) < 32 or each in "\u2028\u2029\u0085" for each in told)
    assert "http://" not in told.lower()
