"""What happened to one person of a run, from the rows of its store: as `figures.story` reads it from a file."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from wakeup.customers.identity import customer_key
from wakeup.figures.eventfile import about
from wakeup.figures.story import LIVE, Event, Story
from wakeup.live.figures import Places
from wakeup.live.rows import Entry
from wakeup.live.store.protocol import Reader
from wakeup.plan.json import plan_from_json
from wakeup.terms.lists import Row

_NOWHERE: Final = -1


def story_of(reader: Reader, campaign: str, customer: str) -> tuple[Story, int | None] | None:
    """Return what happened to a person, in order, and when their journey goes on by itself (None: it does not).

    customer: the person's id. None: nobody of that id takes part.
    """
    enrolled = reader.person(campaign, customer_key(customer))
    versions = {each.version: each.plan for each in reader.versions(campaign)}
    if enrolled is None or enrolled.version not in versions:
        return None
    plan = plan_from_json(versions[enrolled.version].encode())
    entries = reader.entries_of(campaign, enrolled.customer)
    story = Story(customer, plan, {**about(plan), LIVE: True}, enrolled.held_out, _events(entries, Places(plan)))
    return story, enrolled.due


def _events(entries: Sequence[Entry], places: Places) -> tuple[Event, ...]:
    """Return rows as events, in the order of the trace: (t, Row, step, message, incentive)."""
    ordered = sorted(entries, key=lambda each: _place(each, places))
    second: Counter[int] = Counter()
    kind: Counter[tuple[Row, str, str]] = Counter()
    found = []
    for each in ordered:
        what = each.row, each.message, each.incentive
        found.append(_event(each, second[each.t], kind[what]))
        second[each.t] += 1
        kind[what] += 1
    return tuple(found)


def _place(entry: Entry, places: Places) -> tuple[int, ...]:
    steps = places.split if entry.row is Row.ASSIGNED else places.step
    return (
        entry.t,
        entry.row,
        steps.get((entry.journey, entry.step), _NOWHERE),
        places.message.get(entry.message, _NOWHERE),
        places.incentive.get(entry.incentive, _NOWHERE),
    )


def _event(entry: Entry, seq: int, occurrence: int) -> Event:
    wording = entry.row is Row.SENT and entry.arm  # people count wordings from 1
    return Event(
        t=entry.t,
        seq=seq,
        kind=entry.row.name.lower(),
        journey=entry.journey,
        step=entry.step,
        message=entry.message,
        channel=entry.channel,
        incentive=entry.incentive,
        occurrence=occurrence,
        reason=entry.reason.name.lower() if entry.reason else "",
        amount_minor=entry.amount,
        arm=str(int(entry.arm) + 1) if wording else entry.arm,
        subsidised=entry.subsidised,
    )
