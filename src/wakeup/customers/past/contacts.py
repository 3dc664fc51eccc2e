"""Sends with what became of each: an answer belongs to the last send before it that it can be about."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.customers.files import Loaded
from wakeup.customers.imported import FIRST_ROWS
from wakeup.customers.past.events import SOURCES, shown_rows
from wakeup.customers.past.stage import Stage
from wakeup.customers.population import NEVER
from wakeup.customers.workspace import Workspace
from wakeup.diagnostics import Diagnostic, Listed, diagnostic

Instants = NDArray[np.int64]

ANSWERS: Final = ("delivered", "opened", "clicked", "opted_out", "complained")

_PERSONS = "CREATE TABLE persons AS SELECT id, row_number() OVER (ORDER BY id) - 1 AS person FROM events GROUP BY id"
_SENDS = """
CREATE TABLE sends AS
SELECT row_number() OVER (ORDER BY t, person, events.row) - 1 AS send, person, events.id, t,
       coalesce(events.channel, of_message.channel) AS channel, message, campaign, journey, step, incentive, valid_until
FROM events JOIN persons USING (id) LEFT JOIN of_message USING (message) WHERE kind = 'sent'
"""
# An answer names a message, else a channel, else nothing: it looks for the last send of that name.
_KEYS = """
CREATE TABLE send_keys AS
SELECT person, t, send, 'm:' || message AS key FROM sends WHERE message IS NOT NULL
UNION ALL SELECT person, t, send, 'c:' || channel FROM sends WHERE channel IS NOT NULL
UNION ALL SELECT person, t, send, '*' FROM sends
"""
_ANSWERS = """
CREATE TABLE answers AS
WITH asked AS (
    SELECT kind, person, t, row, source, CASE
        WHEN message IS NOT NULL AND (SELECT count(message) > 0 FROM sends) THEN 'm:' || message
        WHEN channel IS NOT NULL AND (SELECT count(channel) > 0 FROM sends) THEN 'c:' || channel
        ELSE '*' END AS key
    FROM events JOIN persons USING (id)
    WHERE kind IN ('delivered', 'opened', 'clicked', 'opted_out', 'complained')
)
SELECT asked.kind, asked.t, asked.row, asked.source, k.send
FROM asked ASOF LEFT JOIN send_keys k ON asked.person = k.person AND asked.key = k.key AND asked.t >= k.t
"""
_FIRST_ANSWERS = "SELECT send, min(t) AS t FROM answers WHERE kind = $kind AND send IS NOT NULL GROUP BY send"
# Names of several offers of one message stand in one cell: "c80 + sample".
_OFFERS = """
CREATE TABLE offers AS
WITH shown AS (
    SELECT send, person, t, trim(unnest(string_split_regex(incentive, '[;|+,、；，]'))) AS incentive FROM sends
    WHERE incentive IS NOT NULL
    UNION
    SELECT s.send, s.person, s.t, of_step.incentive FROM sends s
    JOIN of_step ON s.journey = of_step.journey AND s.step = of_step.step
    UNION
    SELECT s.send, s.person, s.t, e.incentive FROM events e JOIN sends s ON e.id = s.id AND e.t = s.t
    AND e.message IS NOT DISTINCT FROM s.message WHERE e.kind = 'granted' AND e.incentive IS NOT NULL
), taken AS (
    SELECT person, incentive, t FROM events JOIN persons USING (id)
    WHERE kind IN ('claimed', 'joined') AND incentive IS NOT NULL
)
SELECT shown.send AS send, shown.person AS person, shown.incentive AS incentive, shown.t AS t, taken.t AS taken,
    EXISTS (FROM taken earlier
    WHERE earlier.person = shown.person AND earlier.incentive = shown.incentive AND earlier.t < shown.t) AS had
FROM shown ASOF LEFT JOIN taken
ON shown.person = taken.person AND shown.incentive = taken.incentive AND shown.t <= taken.t
WHERE shown.incentive <> ''
"""


@frozen(eq=False)
class Sends:
    """m sends in order of time; every array has shape (m,).

    person: int64 number of the customer in the logs. t: int64 seconds UTC. channel: int64 code into the channels of the
    log, -1 none. answers: per name of `ANSWERS` the instant of the first such answer to the send, NEVER without.
    """

    person: NDArray[np.int64]
    t: Instants
    channel: NDArray[np.int64]
    answers: dict[str, Instants]


@frozen(eq=False)
class Offers:
    """k showings of an incentive; every array has shape (k,).

    send: index of the send. incentive: code into the incentives of the log. taken: instant of the first claim or join
    at or after the send, NEVER without. had: whether it had been taken before the send.
    """

    send: NDArray[np.int64]
    incentive: NDArray[np.int64]
    taken: Instants
    had: NDArray[np.bool_]


@frozen(eq=False)
class Joins:
    """j joins of activities: incentive code, instant, instant of the first completion after it (NEVER without)."""

    incentive: NDArray[np.int64]
    t: Instants
    completed: Instants


@frozen(eq=False)
class Redemptions:
    """r first uses of a coupon: incentive code; when it was seen, when it was used, when it ended (all instants)."""

    incentive: NDArray[np.int64]
    seen: Instants
    used: Instants
    end: Instants


@frozen(eq=False)
class Contacts:
    """All of the past contacts. end: seconds UTC, the instant of which the logs know no contact or answer any more;
    known_until: likewise of anything, orders and uses of coupons too.

    kinds: channel -> kind; incentive_kinds: incentive -> kind; names of no known kind are missing.
    recorded: kinds of answers that the log holds at all.
    """

    channels: tuple[str, ...]
    incentives: tuple[str, ...]
    kinds: dict[str, str]
    incentive_kinds: dict[str, str]
    campaigns: int
    end: int
    known_until: int
    recorded: frozenset[str]
    sends: Sends
    offers: Offers
    joins: Joins
    redemptions: Redemptions
    reached: dict[str, tuple[int, int]]


def read_contacts(
    work: Workspace, stage: Stage, loaded: Mapping[str, Loaded]
) -> tuple[Contacts, tuple[Diagnostic, ...]]:
    """Read table `events` into columns; `stage` knows kinds of channels and incentives and which step shows what."""
    stage.put(work)
    for statement in (_PERSONS, _SENDS, _KEYS, _ANSWERS, _OFFERS):
        work.run(statement)
    channels = _names(work, "SELECT DISTINCT channel FROM sends WHERE channel IS NOT NULL ORDER BY 1")
    incentives = _names(work, "SELECT DISTINCT incentive FROM offers ORDER BY 1")
    last, latest = work.row("SELECT max(t) FILTER (kind NOT IN ('ordered', 'redeemed', 'lapsed')), max(t) FROM events")
    (campaigns,) = work.row("SELECT count(DISTINCT coalesce(campaign, '')) FROM sends")
    kinds = {name: kind for name in channels if (kind := stage.channel_kind(name))}
    contacts = Contacts(
        channels=channels,
        incentives=incentives,
        kinds=kinds,
        incentive_kinds={name: kind for name in incentives if (kind := stage.incentive_kind(name))},
        campaigns=int(campaigns),
        end=int(last or 0) + 1,
        known_until=int(latest or 0) + 1,
        recorded=frozenset(str(kind) for (kind,) in work.rows("SELECT DISTINCT kind FROM events")),
        sends=_sends(work, channels),
        offers=_offers(work, incentives),
        joins=_joins(work, incentives),
        redemptions=_redemptions(work, incentives),
        reached=_reached(work, channels),
    )
    return contacts, _told(work, contacts, loaded)


_ORPHANS = """
SELECT source, count(*), min(row, $first) FROM answers WHERE send IS NULL GROUP BY source ORDER BY source
"""


def _told(work: Workspace, contacts: Contacts, loaded: Mapping[str, Loaded]) -> tuple[Diagnostic, ...]:
    told = [
        diagnostic("WK6105", source=SOURCES[source], count=count, rows=shown_rows(loaded[source], rows, count))
        for source, count, rows in work.rows(_ORPHANS, {"first": FIRST_ROWS})
    ]
    nameless = [name for name in contacts.channels if name not in contacts.kinds]
    nameless += [name for name in contacts.incentives if name not in contacts.incentive_kinds]
    if nameless:
        told.append(diagnostic("WK6106", names=Listed(nameless)))
    return tuple(told)


def _names(work: Workspace, sql: str) -> tuple[str, ...]:
    return tuple(str(name) for (name,) in work.rows(sql))


def _sends(work: Workspace, channels: tuple[str, ...]) -> Sends:
    found = work.arrays("SELECT person, t, channel FROM sends ORDER BY send")
    count = len(found["t"])
    answers = {kind: np.full(count, NEVER) for kind in ANSWERS}
    for kind, instants in answers.items():
        heard = work.arrays(_FIRST_ANSWERS, {"kind": kind})
        instants[np.asarray(heard["send"], np.int64)] = np.asarray(heard["t"], np.int64)
    return Sends(
        person=np.asarray(found["person"], np.int64),
        t=np.asarray(found["t"], np.int64),
        channel=_codes(found["channel"], channels),
        answers=answers,
    )


def _offers(work: Workspace, incentives: tuple[str, ...]) -> Offers:
    found = work.arrays("SELECT send, incentive, taken, had FROM offers ORDER BY send, incentive")
    return Offers(
        send=np.asarray(found["send"], np.int64),
        incentive=_codes(found["incentive"], incentives),
        taken=_instants(found["taken"]),
        had=np.asarray(found["had"], np.bool_),
    )


_JOINS = """
WITH done AS (
    SELECT person, incentive, t FROM events JOIN persons USING (id) WHERE kind = 'completed' AND incentive IS NOT NULL
), begun AS (
    SELECT person, incentive, t FROM events JOIN persons USING (id) WHERE kind = 'joined' AND incentive IS NOT NULL
)
SELECT begun.incentive AS incentive, begun.t AS t, done.t AS completed
FROM begun ASOF LEFT JOIN done ON begun.person = done.person AND begun.incentive = done.incentive AND begun.t <= done.t
ORDER BY begun.incentive, begun.t, begun.person
"""


def _joins(work: Workspace, incentives: tuple[str, ...]) -> Joins:
    found = work.arrays(_JOINS)
    codes = _codes(found["incentive"], incentives)
    known = codes >= 0
    return Joins(codes[known], np.asarray(found["t"], np.int64)[known], _instants(found["completed"])[known])


# How long a coupon holds: what its row says, else the plan, else what grants took to lapse unused.
_REDEMPTIONS = """
WITH used AS (
    SELECT person, incentive, min(t) AS t FROM events JOIN persons USING (id)
    WHERE kind = 'redeemed' AND incentive IS NOT NULL GROUP BY ALL
), granted AS (
    SELECT person, incentive, t, valid_until FROM events JOIN persons USING (id)
    WHERE kind = 'granted' AND incentive IS NOT NULL
    UNION ALL
    SELECT o.person, o.incentive, o.t, s.valid_until FROM offers o JOIN sends s USING (send)
    WHERE NOT EXISTS (FROM events WHERE kind = 'granted')
), lapsed AS (
    SELECT l.incentive, median(l.t - g.t) AS lasts FROM (
        SELECT person, incentive, t FROM events JOIN persons USING (id) WHERE kind = 'lapsed'
    ) l ASOF JOIN granted g ON l.person = g.person AND l.incentive = g.incentive AND l.t > g.t GROUP BY l.incentive
), opened AS (
    SELECT o.person, o.incentive, a.t AS t FROM offers o JOIN answers a ON o.send = a.send AND a.kind = 'opened'
), begun AS (
    SELECT used.*, granted.t AS granted, coalesce(granted.valid_until, granted.t + CAST(lapsed.lasts AS BIGINT)) AS ends
    FROM used ASOF JOIN granted ON used.person = granted.person AND used.incentive = granted.incentive
    AND used.t >= granted.t LEFT JOIN lapsed ON used.incentive = lapsed.incentive
)
SELECT begun.incentive AS incentive, coalesce(opened.t, begun.granted) AS seen, begun.t AS used, begun.ends AS ends
FROM begun ASOF LEFT JOIN opened
ON begun.person = opened.person AND begun.incentive = opened.incentive AND begun.t >= opened.t
WHERE begun.ends IS NOT NULL ORDER BY begun.incentive, begun.t, begun.person
"""


def _redemptions(work: Workspace, incentives: tuple[str, ...]) -> Redemptions:
    found = work.arrays(_REDEMPTIONS)
    codes = _codes(found["incentive"], incentives)
    seen, used, end = (np.asarray(found[name], np.int64) for name in ("seen", "used", "ends"))
    good = (codes >= 0) & (seen <= used) & (used < end)
    return Redemptions(codes[good], seen[good], used[good], end[good])


_REACHED = """
SELECT coalesce(e.channel, of_message.channel) AS channel,
       count(DISTINCT id) FILTER (kind = 'sent') AS reached,
       count(DISTINCT id) FILTER (kind = 'sent' OR lower(reason) = 'unreachable') AS tried
FROM events e LEFT JOIN of_message USING (message) WHERE kind IN ('sent', 'refused') GROUP BY 1
HAVING count(*) FILTER (lower(reason) = 'unreachable') > 0 ORDER BY 1
"""


def _reached(work: Workspace, channels: tuple[str, ...]) -> dict[str, tuple[int, int]]:
    rows = work.rows(_REACHED)
    return {str(name): (int(reached), int(tried)) for name, reached, tried in rows if name in channels}


def _codes(column: Any, names: tuple[str, ...]) -> NDArray[np.int64]:
    """Return the places of names in a sorted tuple: int64, -1 for none or another."""
    code = {name: place for place, name in enumerate(names)}
    mask = np.ma.getmaskarray(column)
    return np.array(
        [-1 if gone else code.get(name, -1) for name, gone in zip(np.ma.getdata(column), mask, strict=True)], np.int64
    )


def _instants(column: Any) -> Instants:
    return np.asarray(np.ma.filled(np.ma.asarray(column).astype(np.int64), NEVER), np.int64)
