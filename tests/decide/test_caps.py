import pytest
from tests.decide.tables import table
from tests.sim.plans import DAY, at, email, sms

from wakeup.decide.caps import Contact, gap_end, past_contact, refusing_cap
from wakeup.plan.model import Calendar, Cap, Rolling

PAGE = "caps.md"
CHANNELS = {"sms": sms(), "email": email()}


def when(text: str) -> int:
    day, time = text.split()
    return at(int(day), *map(int, time.split(":")))


def contacts(text: str) -> list[Contact]:
    if text == "none":
        return []
    return [Contact(when(each.rsplit(" ", 1)[0]), (each.split()[-1],)) for each in text.split(", ")]


def cap(text: str) -> Cap:
    words = text.split()
    length = words[2]
    over = words[words.index("over") + 1] if "over" in words else ""
    band = words[words.index("for") + 1] if "for" in words else ""
    if length in ("day", "week", "month"):
        return Cap(int(words[0]), Calendar(length), "value" if band else "", band, over)  # type: ignore[arg-type]
    return Cap(int(words[0]), Rolling(int(length[:-1]) * DAY), "value" if band else "", band, over)


@pytest.mark.parametrize("case", table(PAGE, "Caps"), ids=str)
def test_caps(case: dict[str, str]) -> None:
    rule, history = cap(case["cap"]), contacts(case["earlier contacts"])
    channel, bands = CHANNELS[case["channel"]], {"value": "regular"}
    found = refusing_cap((rule,), when(case["now"]), channel, bands, history, case["zone"])
    assert (found is rule) == (case["answer"] == "refused")
    assert case["answer"] in ("refused", "allowed")


@pytest.mark.parametrize("case", table(PAGE, "Gap"), ids=str)
def test_gap(case: dict[str, str]) -> None:
    expected = None if case["until"] == "free" else when(case["until"])
    assert gap_end(when(case["now"]), 3 * DAY, contacts(case["earlier contacts"])) == expected


def test_no_gap_declared_never_holds() -> None:
    now = when("10 10:00")
    assert gap_end(now, 0, [Contact(now, ("sms",))]) is None


def test_the_first_cap_in_file_order_answers() -> None:
    rules = (cap("5 per 7d"), cap("1 per 7d over sms"), cap("1 per 7d"))
    history = contacts("5 10:00 sms")
    assert refusing_cap(rules, when("6 10:00"), CHANNELS["sms"], {}, history, "UTC") is rules[1]


def test_a_past_touch_counts_for_the_channels_of_its_name_or_kind() -> None:
    channels = (sms(), sms(name="cn.sms"), email())
    assert past_contact(7, "sms", channels) == Contact(7, ("sms", "cn.sms"))
    assert past_contact(7, "cn.sms", channels).channels == ("cn.sms",)
    assert past_contact(7, "letter", channels).channels == ()
