"""Who took part in past campaigns, contacted or held out, with what was known of them then and what they did after."""

from typing import Any, Final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.customers.past.contacts import Contacts
from wakeup.customers.population import NEVER
from wakeup.customers.workspace import Workspace
from wakeup.diagnostics import Diagnostic, diagnostic

Instants = NDArray[np.int64]

LEAST_HELD: Final = 20
"""People held out below which a campaign tells nothing about what would have happened without it."""


PER_PERSON: Final = ("campaign", "held_out", "origin", "orders", "last_order", "basket", "ordered", "until")
"""Columns of `Units` that have a row a person."""


@frozen(eq=False)
class Assigned:
    """Who a campaign was for, as its own rules say; every array has shape (n,).

    ids: str. held_out: bool. origin: int64, when the person's turn came. terms: per coupon the (amount, threshold,
    valid) of each person: int64 minor units and seconds. bands: per band of a tier ("value=high") who is in it, bool.
    """

    ids: NDArray[np.object_]
    held_out: NDArray[np.bool_]
    origin: Instants
    terms: dict[str, tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]]
    bands: dict[str, NDArray[np.bool_]]


@frozen(eq=False)
class Units:
    """u people, each in one campaign; every array has shape (u,) unless said.

    campaign: int64 code. held_out: bool. origin: instant from which they are watched. orders: int32 before it;
    last_order: instant, NEVER without; basket: float64 mean value in minor units, 0 without. ordered: instant of the
    first order at or after the origin, NEVER without; until: instant up to which orders are known.
    unit, send: int64 (c,), the contacts: which unit each of these sends is to, in order of unit and time; contacts
    after the first order are left out. terms, bands: see `Assigned`, of the units; empty where only the log is known.
    value: int64 (c,), what the log says an offer takes off, minor units, 0 where it says nothing.
    """

    campaign: NDArray[np.int64]
    held_out: NDArray[np.bool_]
    origin: Instants
    orders: NDArray[np.int32]
    last_order: Instants
    basket: NDArray[np.float64]
    ordered: Instants
    until: Instants
    unit: NDArray[np.int64]
    send: NDArray[np.int64]
    value: NDArray[np.int64]
    terms: dict[str, tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]]
    bands: dict[str, NDArray[np.bool_]]


_MARKED = """
CREATE TABLE marked AS
SELECT id, coalesce(campaign, '') AS campaign, min(t) FILTER (kind = 'held_out') AS held,
       min(t) FILTER (kind IN ('sent', 'entered')) AS treated
FROM events GROUP BY ALL
"""
_FROM_LOG = """
CREATE TABLE units AS
SELECT row_number() OVER (ORDER BY campaign, id) - 1 AS unit, id, campaign, held IS NOT NULL AS held_out,
       coalesce(held, treated) AS origin, CAST(-1 AS BIGINT) AS place
FROM marked WHERE (held IS NULL) <> (treated IS NULL) AND campaign IN (
    SELECT campaign FROM marked GROUP BY campaign
    HAVING count(*) FILTER (held IS NOT NULL AND treated IS NULL) >= $least
       AND count(*) FILTER (treated IS NOT NULL AND held IS NULL) >= $least)
"""
_FROM_PLAN = """
CREATE TABLE units AS
SELECT row_number() OVER (ORDER BY id) - 1 AS unit, id, '' AS campaign, held_out, origin, place FROM assigned
"""
# Orders stand in the order log, and in the log of outcomes where that goes on for longer.
_ORDERS = """
CREATE TABLE all_orders AS
SELECT id, t, max(amount) AS amount FROM (
    SELECT id, t, amount FROM log WHERE kind = 'order'
    UNION ALL SELECT id, t, value FROM events WHERE kind = 'ordered'
) GROUP BY id, t
"""
_PEOPLE = """
SELECT u.unit, u.campaign, u.held_out, u.origin, u.place,
       CAST(count(o.t) FILTER (o.t < u.origin) AS INTEGER) AS orders, max(o.t) FILTER (o.t < u.origin) AS last_order,
       avg(o.amount) FILTER (o.t < u.origin AND o.amount > 0) AS basket, min(o.t) FILTER (o.t >= u.origin) AS ordered
FROM units u LEFT JOIN all_orders o USING (id) GROUP BY ALL ORDER BY u.unit
"""
_CONTACTS = """
SELECT u.unit AS unit, s.send AS send, coalesce(e.value, 0) AS value
FROM units u JOIN sends s ON u.id = s.id AND s.t >= u.origin AND (u.place >= 0 OR coalesce(s.campaign, '') = u.campaign)
LEFT JOIN (SELECT id, t, message, max(value) AS value FROM events WHERE kind = 'sent' GROUP BY ALL) e
ON e.id = s.id AND e.t = s.t AND e.message IS NOT DISTINCT FROM s.message
ORDER BY u.unit, s.t, s.send
"""


def read_units(
    work: Workspace, contacts: Contacts, assigned: Assigned | None, *, known_until: int, watched: int
) -> tuple[Units | None, tuple[Diagnostic, ...]]:
    """Return who took part, None where nobody was held out.

    Args:
        work: with tables `log`, `events`, `sends`.
        contacts: what was read of the sends.
        assigned: who was held out by the rules of the campaign; None: the log says so with rows `held_out`.
        known_until: instant up to which orders are known.
        watched: seconds after the last send of a campaign for which its people are watched.
    """
    told: list[Diagnostic] = []
    if assigned is None:
        work.run(_MARKED)
        (both,) = work.row("SELECT count(*) FROM marked WHERE held IS NOT NULL AND treated IS NOT NULL")
        if both:
            told.append(diagnostic("WK6108", count=both))
        work.run(_FROM_LOG, {"least": LEAST_HELD})
    else:
        _register(work, assigned)
        work.run(_FROM_PLAN)
    (held,) = work.row("SELECT count(*) FROM units WHERE held_out")
    if held < LEAST_HELD:
        return None, tuple(told)
    work.run(_ORDERS)
    return _units(work, contacts, assigned, known_until, watched), tuple(told)


def _register(work: Workspace, assigned: Assigned) -> None:
    columns = {
        "id": np.asarray(assigned.ids, dtype=object),
        "held_out": assigned.held_out,
        "origin": assigned.origin,
        "place": np.arange(len(assigned.ids)),
    }
    work.connection.register("assigned_columns", columns)
    work.run("CREATE TABLE assigned AS SELECT CAST(id AS VARCHAR) AS id, held_out, origin, place FROM assigned_columns")


def _units(work: Workspace, contacts: Contacts, assigned: Assigned | None, known_until: int, watched: int) -> Units:
    people, touched = work.arrays(_PEOPLE), work.arrays(_CONTACTS)
    names, campaign = np.unique(np.asarray(people["campaign"]).astype(str), return_inverse=True)
    unit, send = np.asarray(touched["unit"], np.int64), np.asarray(touched["send"], np.int64)
    t = contacts.sends.t[send]
    last = np.full(len(names), NEVER)
    np.maximum.at(last, campaign[unit], t)
    ordered = _instants(people["ordered"])
    place = np.asarray(people["place"], np.int64)
    terms = {} if assigned is None else assigned.terms
    before = (ordered[unit] == NEVER) | (t < ordered[unit])
    until = np.minimum(np.maximum(last, 0)[campaign] + watched, known_until)
    return Units(
        campaign=campaign,
        held_out=np.asarray(people["held_out"], np.bool_),
        origin=np.asarray(people["origin"], np.int64),
        orders=np.asarray(people["orders"], np.int32),
        last_order=_instants(people["last_order"]),
        basket=np.asarray(np.ma.filled(np.ma.asarray(people["basket"]).astype(np.float64), 0.0)),
        ordered=ordered,
        until=until,
        unit=unit[before],
        send=send[before],
        value=np.asarray(touched["value"], np.int64)[before],
        terms={name: (each[0][place], each[1][place], each[2][place]) for name, each in terms.items()},
        bands={} if assigned is None else {name: each[place] for name, each in assigned.bands.items()},
    )


def _instants(column: Any) -> Instants:
    return np.asarray(np.ma.filled(np.ma.asarray(column).astype(np.int64), NEVER), np.int64)
