from typing import Any

import pytest
from attrs import evolve
from tests.decide.tables import table
from tests.sim.plans import DAY, at, coupon, letter, nudge, sms, window

from wakeup.decide.caps import Contact
from wakeup.decide.ledger import Account
from wakeup.decide.refusal import settle
from wakeup.decide.send import Asked, Consent, Verdict, Wanted, decide
from wakeup.plan.model import Cadence, Cap, Message, Quiet, Rolling, Scenario
from wakeup.terms.lists import Reason

PAGE = "send.md"
NOW = at(1, 10)
FREE = Account(100, 0)
SPENT = Account(100, 100)
COUPON = coupon(limit=1, stock=5, codes=9)
OVER = evolve(COUPON, kind="flash_price", opens=NOW - DAY, closes=NOW)
NO_RUNG = evolve(COUPON, rungs=(evolve(COUPON.rungs[0], tier="value", band="high"),))
MESSAGE = nudge(cost_micros=10, fields=("first_name",))


def asked(facts: set[str]) -> Asked:
    """The question with exactly these obstacles."""
    caps = (Cap(1, Rolling(DAY)),) if "cap" in facts else ()
    caps += (Cap(1, Rolling(DAY), channel="sms"),) if "cap of sms" in facts else ()
    contacts: list[Contact] = [Contact(NOW - 60, ("sms",))] if caps else []
    contacts += [Contact(NOW - 2 * DAY, ("sms",))] if "gap" in facts else []
    quiet: tuple[Quiet, ...] = ()
    if facts & {"quiet", "quiet, skipped"}:
        quiet = (Quiet(window(9, 12), delay="skipped" not in facts),)
    wanted = Wanted(
        NO_RUNG if "no rung" in facts else OVER if "price over" in facts else COUPON,
        live="live" in facts,
        uses=int("used up" in facts),
        open_grants=4,
        all_uses=int("out of stock" in facts),
        granted=9 if "out of codes" in facts else 8,
        line=SPENT if "coupon line spent" in facts else FREE,
    )
    return Asked(
        t=NOW,
        message=MESSAGE,
        channel=sms(rate=1, quiet=Quiet(window(8, 13)) if "quiet of the channel" in facts else None),
        cadence=Cadence(caps, 3 * DAY if "gap" in facts else 0, quiet),
        zone="UTC",
        consent=consent(facts),
        reached="not reached" not in facts,
        opted_out={fact.removeprefix("opted out of ") for fact in facts if fact.startswith("opted")},
        complained="complained" in facts,
        stopped="stopped" in facts,
        paused="paused" in facts,
        wanted=(wanted,),
        permitted="no permission" not in facts,
        history=contacts,
        scenario=Scenario("trouble", NOW - 60, at(1, 16), down=("sms",) if "outage" in facts else ("email",)),
        place=at(1, 11) if "no room" in facts else NOW,
        desk_opens=at(1, 14) if "desk closed" in facts else NOW if "all staff busy" in facts else None,
        line=Account(100, 95) if "line spent" in facts else FREE,
        total=Account(100, 95) if "total spent" in facts else Account(1_000, 0),
        blank={"first_name"} if "blank name" in facts else (),
    )


def consent(facts: set[str]) -> Consent:
    for each in Consent:
        if f"consent {each.value}" in facts:
            return each
    return Consent.ABSENT


@pytest.mark.parametrize("case", table(PAGE, "First refusal wins"), ids=str)
def test_first_refusal_wins(case: dict[str, str]) -> None:
    verdict = decide(asked(set(case["facts"].split(", "))))
    until = f"{(verdict.until - at(1)) // DAY + 1:02} {verdict.until % DAY // 3600:02}:00" if verdict.until else ""
    falls_back = "yes" if verdict.falls_back else "no"
    assert (verdict.reason.name.lower(), until, falls_back) == (case["reason"], case["until"], case["else"])


@pytest.mark.parametrize(
    ("facts", "takes"),
    [
        ({"nothing"}, True),
        ({"all staff busy"}, True),
        ({"line spent"}, True),
        ({"blank name"}, True),
        ({"outage"}, False),
        ({"no room"}, False),
    ],
)
def test_a_place_in_the_rate_is_spent_from_the_staff_on(facts: set[str], takes: bool) -> None:
    assert decide(asked(facts)).takes_place is takes


def test_a_channel_without_a_rate_has_no_places() -> None:
    assert not decide(evolve(asked({"nothing"}), channel=sms())).takes_place


def verdict(text: str, tried: bool = False) -> Verdict:
    name, _, day = text.partition(" day ")
    if name == "sends":
        return Verdict(Reason.NONE)
    return Verdict(Reason[name.upper()], NOW + int(day) * DAY if day else None, tried)


@pytest.mark.parametrize("case", table(PAGE, "What becomes of a refusal"), ids=str)
def test_refusals(case: dict[str, str]) -> None:
    first, second = nudge(name="first", fallback="second"), letter(name="second")
    verdicts = {"first": verdict(case["first"], case["asked"] == "yes"), "second": verdict(case["fallback"])}

    def ask(message: Message) -> Verdict:
        return verdicts[message.name]

    found = settle(first, {"first": first, "second": second}, ask, end=NOW + 10 * DAY, expiry=NOW + 3 * DAY)
    refused = ", ".join(f"{name} {reason.name.lower()}" for name, reason in found.refused)
    hold = f" {found.message} day {(found.until - NOW) // DAY}" if found.until else ""
    says = f"send {found.message}" if found.does == "send" else f"{found.does}{hold}"
    assert (says, refused) == (case["comes to"], case["refused"])


def test_a_fallback_has_its_own_fallback() -> None:
    names: dict[str, Any] = {
        "a": nudge(name="a", fallback="b"),
        "b": nudge(name="b", fallback="c"),
        "c": nudge(name="c"),
    }
    refusals = {"a": Verdict(Reason.NO_CONSENT, falls_back=True), "b": Verdict(Reason.UNREACHABLE, falls_back=True)}
    found = settle(names["a"], names, lambda m: refusals.get(m.name, Verdict(Reason.NONE)), NOW + 10 * DAY, NOW + DAY)
    assert (found.does, found.message) == ("send", "c")
    assert found.refused == (("a", Reason.NO_CONSENT), ("b", Reason.UNREACHABLE))
