"""The decision to send: one function, first refusal wins (SEMANTICS 19; docs/semantics, rules 14-25)."""

from collections.abc import Callable, Collection, Mapping, Sequence
from enum import Enum

from attrs import frozen

from wakeup.decide.calendar import window_end
from wakeup.decide.caps import Contact, gap_end, refusing_cap
from wakeup.decide.incentives import fits
from wakeup.decide.ledger import Account, out_of_codes, out_of_stock, refuses_cost, refuses_grant
from wakeup.plan.model import Cadence, Channel, Coupon, Incentive, Message, Quiet, Scenario
from wakeup.terms.lists import DELAYS, FALLS_BACK, Reason


class Consent(Enum):
    """What the data say about a person and a channel; ABSENT: the data have no such column."""

    YES = "yes"
    NO = "no"
    BLANK = "blank"
    ABSENT = "absent"


@frozen
class Wanted:
    """An incentive of the send: whether the person holds a live grant, uses so far, stock, codes, money of its line.

    uses: by the person. open_grants, all_uses: by everybody, of a reusable coupon grants that were used and are closed.
    granted: grants ever made to anybody. face: micros a new grant reserves (0: none). line: its budget line, None
    without one.
    """

    incentive: Incentive
    live: bool = False
    uses: int = 0
    open_grants: int = 0
    all_uses: int = 0
    granted: int = 0
    face: int = 0
    line: Account | None = None


@frozen
class Asked:
    """Everything that the decision looks at, at instant `t`.

    reached: whether the person can be reached where the data do not say. opted_out: names of the channels.
    zone: the person's. bands: per tier at run start. history: sends so far, past touches included.
    permitted: whether the person has permitted one more send, where the channel needs that.
    place: first second >= t at which the channel's rate has room (t: it has now, or a place is held for this second).
    message: in the wording for the person. desk_opens: None where no staff are needed or somebody is free (or kept);
    else the first second >= t at which their desk is open. blank: the own fields that are blank for the person.
    """

    t: int
    message: Message
    channel: Channel
    cadence: Cadence
    zone: str
    consent: Consent = Consent.ABSENT
    reached: bool = True
    opted_out: Collection[str] = ()
    complained: bool = False
    stopped: bool = False
    paused: bool = False
    wanted: Sequence[Wanted] = ()
    bands: Mapping[str, str] = {}
    permitted: bool = True
    history: Sequence[Contact] = ()
    scenario: Scenario | None = None
    place: int = 0
    desk_opens: int | None = None
    line: Account | None = None
    total: Account | None = None
    blank: Collection[str] = ()


@frozen
class Verdict:
    """What the decision says: NONE sends, a delay names its release (CAPACITY: its earliest), anything else skips.

    falls_back: whether `else:` is tried. takes_place: whether a place in the channel's rate at `t` is spent.
    """

    reason: Reason
    until: int | None = None
    falls_back: bool = False
    takes_place: bool = False


Question = Callable[[Asked], Verdict | None]


def decide(asked: Asked) -> Verdict:
    """Return the first refusal, in the order of the rules, or leave to send."""
    for question in BEFORE_RATE:
        if (refusal := question(asked)) is not None:
            return refusal
    takes_place = asked.channel.rate > 0
    if asked.desk_opens is not None:
        return Verdict(Reason.CAPACITY, asked.desk_opens, takes_place=takes_place)
    reason = next((reason for reason, holds in AFTER_RATE if holds(asked)), Reason.NONE)
    return Verdict(reason, takes_place=takes_place)


def _refused(reason: Reason, until: int | None = None) -> Verdict:
    return Verdict(reason, until if reason in DELAYS else None, reason in FALLS_BACK)


def _consent(asked: Asked) -> Verdict | None:
    if asked.consent is Consent.NO:
        return _refused(Reason.NO_CONSENT)
    absent = asked.consent is Consent.ABSENT and not asked.reached
    return _refused(Reason.UNREACHABLE) if absent or asked.consent is Consent.BLANK else None


def _suppression(asked: Asked) -> Verdict | None:
    suppressed = asked.complained or asked.channel.name in asked.opted_out
    return _refused(Reason.SUPPRESSED) if suppressed else None


def _guard(asked: Asked) -> Verdict | None:
    if asked.stopped:
        return _refused(Reason.ENDED)
    return _refused(Reason.PAUSED) if asked.paused else None


def _incentives(asked: Asked) -> Verdict | None:
    reason = grant_refusal(asked.wanted, asked.bands, asked.t)
    return None if reason is None else _refused(reason)


def _permission(asked: Asked) -> Verdict | None:
    return None if asked.permitted else _refused(Reason.NO_GRANT)


def _cadence(asked: Asked) -> Verdict | None:
    cap = refusing_cap(asked.cadence.caps, asked.t, asked.channel, asked.bands, asked.history, asked.zone)
    if cap is not None:
        return Verdict(Reason.CAP, falls_back=bool(cap.channel))
    end = gap_end(asked.t, asked.cadence.gap, asked.history)
    return None if end is None else _refused(Reason.GAP, end)


def _quiet(asked: Asked) -> Verdict | None:
    own: tuple[Quiet, ...] = () if asked.channel.quiet is None else (asked.channel.quiet,)
    for quiet in (*asked.cadence.quiet, *own):
        end = window_end(asked.t, quiet.window, asked.zone)
        if end is not None:
            return Verdict(Reason.QUIET, end if quiet.delay else None)
    return None


def _outage(asked: Asked) -> Verdict | None:
    trouble = asked.scenario
    if trouble is None or asked.channel.name not in trouble.down or not trouble.start <= asked.t < trouble.end:
        return None
    return _refused(Reason.OUTAGE, trouble.end)


def _rate(asked: Asked) -> Verdict | None:
    full = asked.channel.rate > 0 and asked.place > asked.t
    return _refused(Reason.RATE, asked.place) if full else None


def _over_budget(asked: Asked) -> bool:
    return refuses_cost(asked.message.cost_micros, asked.line, asked.total) or no_money(asked.wanted, asked.total)


def _incomplete(asked: Asked) -> bool:
    return any(name in asked.blank for name in asked.message.fields)


BEFORE_RATE: tuple[Question, ...] = (
    _consent, _suppression, _guard, _incentives, _permission, _cadence, _quiet, _outage, _rate
)  # fmt: skip
"""The questions in order; those after the rate are asked of a send that has its place, and has somebody to serve it."""

AFTER_RATE: tuple[tuple[Reason, Callable[[Asked], bool]], ...] = (
    (Reason.BUDGET, _over_budget),
    (Reason.TEMPLATE, _incomplete),
)


def grant_refusal(wanted: Sequence[Wanted], bands: Mapping[str, str], t: int) -> Reason | None:
    """Return why the incentives cannot be granted at `t` (rules 17, 60, 62, 63), None if they can.

    A live grant may be shown.
    """
    new = [each for each in wanted if not each.live]
    if any(not fits(each.incentive, bands, t) or _used_up(each) for each in new):
        return Reason.INCENTIVE_INVALID
    if any(out_of_stock(each.incentive.stock, each.open_grants, each.all_uses) for each in new):
        return Reason.OUT_OF_STOCK
    if any(isinstance(each.incentive, Coupon) and out_of_codes(each.incentive.codes, each.granted) for each in new):
        return Reason.OUT_OF_STOCK
    return None


def no_money(wanted: Sequence[Wanted], total: Account | None) -> bool:
    """Return whether a new grant's line or the total is spent (rule 23)."""
    return any(refuses_grant(each.face, each.line, total) for each in wanted if not each.live)


def _used_up(wanted: Wanted) -> bool:
    return wanted.incentive.limit is not None and wanted.uses >= wanted.incentive.limit
