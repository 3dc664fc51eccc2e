"""Rows and people of a live run as columns: names become places, answers without a message find theirs."""

from attrs import evolve
from tests.sim.plans import ENTRY, campaign, email, journey, letter, nudge, send, sms

from wakeup.figures.tally import Tally
from wakeup.live.core.person import About, Person
from wakeup.live.core.shared import read
from wakeup.live.figures import Places, closing_of, held, part_of
from wakeup.live.rows import Entry
from wakeup.live.standing import known_names
from wakeup.terms.lists import Reason, Row

ANN, BEN = 5, 9
PLAN = campaign(
    journey(send("nudge"), send("letter", step="l")), channels=(sms(), email()), messages=(nudge(), letter())
)
NAME = PLAN.journeys[0].name


def row(who: int, t: int, kind: Row, message: str = "", channel: str = "", step: str = "") -> Entry:
    return Entry(PLAN.name, who, t, kind, NAME, step, message, channel)


SENT = row(ANN, ENTRY, Row.SENT, "nudge", "sms", "nudge")
LATER = row(ANN, ENTRY + 60, Row.SENT, "letter", "email", "l")


def person(key: int, *, held_out: bool = False) -> Person:
    return Person(PLAN.name, key, 0, "v", NAME, held_out, ENTRY, About(started=(2, 7_000)), "UTC", wave=3)


def test_an_answer_without_a_message_is_of_the_last_over_its_channel() -> None:
    stop = row(ANN, ENTRY + 90, Row.OPTED_OUT, channel="sms")
    spam = row(ANN, ENTRY + 99, Row.COMPLAINED)
    found = list(held([SENT, LATER, stop, spam]))
    assert [(each.row, each.message, each.step) for each in found[2:]] == [
        (Row.OPTED_OUT, "nudge", "nudge"),
        (Row.COMPLAINED, "letter", "l"),
    ]


def test_a_send_that_was_never_made_is_none() -> None:
    granted = evolve(row(ANN, ENTRY, Row.GRANTED, "nudge", "sms", "nudge"), incentive="off")
    absent = evolve(row(ANN, ENTRY + 90, Row.REFUSED, "nudge", "sms", "nudge"), reason=Reason.OUTAGE)
    assert list(held([SENT, granted, LATER, absent])) == [LATER, absent]
    no_places = evolve(absent, incentive="tea", reason=Reason.OUT_OF_STOCK)
    assert list(held([SENT, granted, no_places])) == [SENT, granted, no_places]
    assert list(held([absent, SENT])) == [absent, SENT]


def test_an_answer_of_somebody_to_whom_nothing_was_sent_counts_in_no_figure() -> None:
    assert list(held([SENT, row(BEN, ENTRY + 1, Row.OPTED_OUT, channel="sms")])) == [SENT]


def test_people_and_rows_become_columns_in_order_of_key() -> None:
    places = Places(PLAN)
    members = [places.member(person(ANN)), places.member(person(BEN, held_out=True))]
    refused = evolve(row(ANN, ENTRY + 5, Row.REFUSED, "letter", "email", "l"), reason=Reason.CAP)
    part = part_of(places, members, [SENT, refused, row(ANN, ENTRY + 9, Row.OPTED_OUT, channel="sms")], 2, 0)
    assert part.key.tolist() == [ANN, BEN]
    assert (part.membership.held_out.tolist(), part.membership.wave.tolist()) == ([False, True], [3, 3])
    assert (part.membership.orders.tolist(), part.membership.monetary.tolist()) == ([2, 2], [7_000, 7_000])
    by_row = {batch.row: batch for batch in part.batches}
    assert by_row[Row.REFUSED].reason.tolist() == [Reason.CAP]
    assert (by_row[Row.REFUSED].step.tolist(), by_row[Row.REFUSED].message.tolist()) == ([1], [1])
    tally = Tally(PLAN)
    tally.add(part)
    tally.close(closing_of(PLAN, read("", PLAN)))
    totals = tally.totals()
    assert [totals.total(name) for name in ("people", "sent", "opted_out")] == [1, 1, 1]
    assert totals.reasons == {"cap": 1}


def test_rows_may_name_what_only_an_older_version_has() -> None:
    older = evolve(PLAN, messages=(*PLAN.messages, nudge(name="first")))
    known = known_names([older, PLAN])
    assert [each.name for each in known.messages] == ["nudge", "letter", "first"]
    assert known_names([PLAN]) == PLAN
