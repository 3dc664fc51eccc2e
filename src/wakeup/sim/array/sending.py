"""A step that sends: the decision with its fallbacks, what becomes of a refusal, the send itself (25-28, 68-72)."""

from collections.abc import Sequence

import numpy as np
from attrs import define

from wakeup.behaviour.protocol import Answers, Offer
from wakeup.plan.model import Send
from wakeup.sim.array.asking import STUCK, Asking, Some, ask, checks, takers
from wakeup.sim.array.block import Block
from wakeup.sim.array.book import Line
from wakeup.sim.array.codes import FAR, I16, I32, I64, U8, Bools, Index, Phase, State
from wakeup.sim.array.facts import holds
from wakeup.sim.array.found import Found, Shown
from wakeup.sim.array.grants import grant, live
from wakeup.sim.array.pieces import pieces
from wakeup.sim.array.slack import Pool
from wakeup.sim.array.wording import Wordings, price, some, variant, wordings
from wakeup.terms.lists import Outcome, Reason, Row


@define(eq=False)
class _Outcome:
    """What a step comes to for m people.

    held_until: FAR unless it is held. place: in the chain, of the message that is sent or held, -1 for a skip.
    reason: of the hold; CAPACITY: in the line at a desk. refused: (m, chain) reasons of rows REFUSED, 0 none.
    """

    sends: Bools
    held_until: I64
    place: I16
    reason: U8
    refused: U8

    def put(self, people: Index, other: "_Outcome", first: int = 0) -> None:
        """Take over what a step comes to for some people; its chain begins at place `first` of this one's."""
        self.sends[people] = other.sends
        self.held_until[people] = other.held_until
        self.place[people] = np.where(other.place >= 0, other.place + first, -1)
        self.reason[people] = other.reason
        self.refused[people, first:] = other.refused


def _nothing(count: int, chain: int) -> _Outcome:
    """Return the outcome of people who are neither sent anything nor held nor refused."""
    return _Outcome(
        sends=np.zeros(count, np.bool_),
        held_until=np.full(count, FAR, np.int64),
        place=np.full(count, -1, np.int16),
        reason=np.zeros(count, np.uint8),
        refused=np.zeros((count, chain), np.uint8),
    )


def send(block: Block, rows: Index, t: I64, line: Line, some_held: bool) -> tuple[Index, I64]:
    """Play a step that sends for people due at `t`, some of them perhaps held at it; return those who go on with the
    next instruction at once."""
    c, stage, each = block.columns, block.stage, line.instruction
    assert isinstance(each, Send)
    chain = stage.book.chain(stage.book.message[each.message])
    incentives = [stage.book.incentive[name] for name in each.incentives]
    held, first_due = (c.state.take(rows) == State.HELD).nonzero()[0] if some_held else rows[:0], t
    if len(held):
        first_due = t.copy()
        first_due[held] = c.first_due.take(rows.take(held))
        c.state[rows[held]] = State.INSIDE
    if isinstance(block.shared, Pool):
        before = c.take(rows) if stage.book.asks_order(chain) > 1 else None
        marks = [orders.asked.mark() for orders in block.shared.orders]
        onward = _step(block, rows, t, first_due, line, chain, incentives, wordings(block, rows, t, chain))
        if block.stuck.any():  # they stand before the step, and may be let on
            waits = block.stuck.take(rows)
            stuck = waits.nonzero()[0]
            if before is not None:
                c.put(rows[stuck], before.take(stuck))
                for mark, orders in zip(marks, block.shared.orders, strict=True):
                    orders.asked.ask_again(mark, block.numbers(rows[stuck]))
            c.pc[rows[stuck]] = line.number
            c.state[rows[held[waits[held]]]] = State.HELD
        return rows[onward], t[onward]
    order = np.argsort(t, kind="stable")
    rows, t, first_due = rows[order], t[order], first_due[order]
    worded = wordings(block, rows, t, chain)
    where, limits = block.at(rows, t, Phase.DUE), checks(block, rows, t, chain, incentives, worded)
    onward = np.zeros(len(rows), np.bool_)
    for part in pieces(where, limits, lambda: takers(block, rows, t, chain, incentives, worded)):
        places = _step(block, rows[part], t[part], first_due[part], line, chain, incentives, some(worded, part))
        onward[part][places] = True
    going = onward.nonzero()[0]
    going = going[np.argsort(rows[going])]
    return rows[going], t[going]


def _step(
    block: Block, rows: Index, t: I64, first_due: I64, line: Line, chain: Sequence[int], incentives: list[int],
    worded: Wordings,
) -> Some:  # fmt: skip
    """Decide, and do what was decided, for people who were first due at `first_due`; return the places of those who go
    on."""
    book, each = block.stage.book, line.instruction
    assert isinstance(each, Send)
    expiry = first_due + each.expires
    if any(book.serving[message] >= 0 for message in chain):
        block.columns.pc[rows] = line.number  # desks tell the sends of one second apart by it
        outcome = _decided(block, rows, t, expiry, chain, incentives, worded)
        _do(block, rows, t, first_due, line, chain, incentives, worded, outcome)
        _tell_desks(block, rows, t, chain, outcome)
        return np.flatnonzero((outcome.held_until == FAR) & (outcome.reason != STUCK))
    asked = ask(block, rows, t, expiry, chain[0], incentives, worded)
    if asked.clear:
        _send(block, rows, t, line, chain[0], incentives, worded, asked.new)
        return slice(None)
    onward = asked.reason != STUCK
    sent, rest = (asked.reason == 0).nonzero()[0], (onward & (asked.reason != 0)).nonzero()[0]
    fresh = {incentive: new.take(sent) for incentive, new in asked.new.items()}
    _send(block, rows.take(sent), t.take(sent), line, chain[0], incentives, some(worded, sent), fresh)
    if len(rest):
        outcome = _become(asked, rest, expiry, chain, incentives)
        _do(block, rows[rest], t[rest], first_due[rest], line, chain, incentives, some(worded, rest), outcome)
        onward[rest[(outcome.held_until < FAR) | (outcome.reason == STUCK)]] = False
    return slice(None) if onward.all() else onward.nonzero()[0]


def _do(
    block: Block, rows: Index, t: I64, first_due: I64, line: Line, chain: Sequence[int], incentives: list[int],
    worded: Wordings, outcome: _Outcome,
) -> None:  # fmt: skip
    """Write down refusals, send and hold as it was decided."""
    for place, message in enumerate(chain):
        refused = (outcome.refused[:, place] != 0).nonzero()[0]
        reasons = outcome.refused[refused, place]
        block.write(Row.REFUSED, rows[refused], t[refused], step=line.step, message=message, reason=reasons)
        mine = outcome.place == place
        sent = (mine & outcome.sends).nonzero()[0]
        _send(block, rows[sent], t[sent], line, message, incentives, some(worded, sent))
        held = (mine & ~outcome.sends).nonzero()[0]
        if len(held):
            block.columns.first_due[rows[held]] = first_due[held]
            _hold(block, rows, t, held, line, message, outcome)


def _hold(block: Block, rows: Index, t: I64, held: Index, line: Line, message: int, outcome: _Outcome) -> None:
    c, people = block.columns, rows[held]
    c.pc[people] = line.number
    c.state[people] = State.HELD
    c.held[people] = message
    c.when[block.stage.layout.due][people] = outcome.held_until[held]
    block.write(Row.DELAYED, people, t[held], step=line.step, message=message, reason=outcome.reason[held])
    if block.stage.book.serving[message] >= 0:
        lines_up = outcome.reason[held] == Reason.CAPACITY
        c.lined[0][people[lines_up]] = block.stage.book.serving[message]
        c.asked_at[0][people[lines_up]] = t[held[lines_up]]
        if isinstance(block.shared, Pool):
            _expect(block, people[lines_up], t[held[lines_up]], block.stage.book.serving[message])


def hold_for_place(block: Block, rows: Index, start: I64, rated: int) -> None:
    """Hold people, who stand before a send without fallbacks, for the places that they find in its channel's rate."""
    c, book, due = block.columns, block.stage.book, block.stage.layout.due
    t, lines = c.when[due].take(rows), c.pc.take(rows)
    fresh = (c.state.take(rows) != State.HELD).nonzero()[0]
    c.first_due[rows.take(fresh)] = t.take(fresh)
    c.state[rows], c.when[due][rows], c.place[rated][rows] = State.HELD, start, start
    for number in np.bincount(lines).nonzero()[0].tolist():
        mine, line = (lines == number).nonzero()[0], book.program[number]
        assert isinstance(line.instruction, Send)
        message, people = book.message[line.instruction.message], rows.take(mine)
        c.held[people] = message
        block.write(Row.DELAYED, people, t.take(mine), step=line.step, message=message, reason=int(Reason.RATE))


def _expect(block: Block, rows: Index, t: I64, desk: int) -> None:
    """Let those who live alone be released when they know that they are."""
    assert isinstance(block.shared, Pool)
    start, _ = block.shared.queues[desk].expected(block.at(rows, t, Phase.DUE))
    block.columns.when[block.stage.layout.releasing[desk]][rows] = start


def _tell_desks(block: Block, rows: Index, t: I64, chain: Sequence[int], outcome: _Outcome) -> None:
    """Tell the desks whom of those that they were asked for they serve, or have in their line."""
    c, book, decided = block.columns, block.stage.book, outcome.reason != STUCK
    serving = np.array([*(book.serving[message] for message in chain), -1], np.int64)
    goes = outcome.sends | (outcome.reason == Reason.CAPACITY) & (outcome.held_until < FAR)
    to = np.where(goes, serving[outcome.place], -1)
    for number in {desk for desk in serving.tolist() if desk >= 0}:
        kept = np.flatnonzero((c.kept[0][rows] == number) & decided)
        people = rows[kept]
        if isinstance(block.shared, Pool):
            block.shared.queues[number].failed(t[kept[to[kept] != number]])
            c.kept[0][people] = -1
            continue
        desk = block.shared.desks[number]
        desk.served(block.callers(rows[to == number]))
        desk.decide(c.asked_at[0][people], block.callers(people), c.pc[people], to[kept] == number)
        c.kept[0][people] = -1


def _decided(
    block: Block, rows: Index, t: I64, expiry: I64, chain: Sequence[int], incentives: list[int], worded: Wordings
) -> _Outcome:
    """Decide a step; for those whose time in a desk's line is up, what comes after the message that waited there."""
    lined = block.columns.lined[0][rows] >= 0
    if not lined.any():
        return _decide(block, rows, t, expiry, chain, incentives, worded)
    outcome = _nothing(len(rows), len(chain))
    others = np.flatnonzero(~lined)
    outcome.put(
        others, _decide(block, rows[others], t[others], expiry[others], chain, incentives, some(worded, others))
    )
    held = block.columns.held[rows]
    for place, message in enumerate(chain):
        mine = np.flatnonzero(lined & (held == message))
        expired = _nothing(len(mine), len(chain) - place)
        expired.reason[:] = expired.refused[:, 0] = Reason.EXPIRED
        rest = chain[place + 1 :]
        if rest and len(mine):
            some_worded = some(worded, mine)
            spare = _decide(block, rows[mine], t[mine], expiry[mine], rest, incentives, some_worded)
            _fall_back(expired, np.arange(len(mine)), spare)
        outcome.put(mine, expired, place)
    block.columns.lined[:, rows[lined]] = -1
    return outcome


def _decide(
    block: Block, rows: Index, t: I64, expiry: I64, chain: Sequence[int], incentives: list[int], worded: Wordings
) -> _Outcome:
    """Ask for the first message of a chain and, where the rules say so, for the rest of it."""
    asked = ask(block, rows, t, expiry, chain[0], incentives, worded)
    return _become(asked, np.arange(len(rows)), expiry, chain, incentives)


def _become(asked: Asking, places: Index, expiry: I64, chain: Sequence[int], incentives: list[int]) -> _Outcome:
    """Return what becomes of the answers to some of the asked (rules 26, 27)."""
    block, end, expiry = asked.block, asked.block.stage.plan.end, expiry[places]
    answer, until, queued = asked.reason[places], asked.until[places], asked.queued[places]
    reason, delayed = answer.copy(), (until < FAR) & ~queued
    reason[delayed & (until >= end)] = Reason.ENDED
    reason[delayed & (until < end) & (until >= expiry)] = Reason.EXPIRED
    held = queued | delayed & (until < end) & (until < expiry)
    refused = np.zeros((len(places), len(chain)), np.uint8)
    refused[:, 0] = np.where(held | (reason == STUCK), 0, reason)
    outcome = _Outcome(
        sends=answer == 0,
        held_until=np.where(held, until, FAR),
        place=np.where((answer == 0) | held, 0, -1).astype(np.int16),
        reason=reason,
        refused=refused,
    )
    if len(chain) == 1:
        return outcome
    tries = ((answer > 0) & (asked.falls_back[places] | (reason == Reason.EXPIRED))).nonzero()[0]
    if len(tries):
        them = places[tries]
        worded = some(asked.worded, them)
        spare = _decide(block, asked.rows[them], asked.t[them], expiry[tries], chain[1:], incentives, worded)
        waits = (outcome.held_until[tries] < FAR) & ~spare.sends
        if waits.any() and isinstance(block.shared, Pool):
            _stay_out(block, asked.rows[them[waits]], asked.t[them[waits]], chain[1:])
        _fall_back(outcome, tries, spare)
    return outcome


def _stay_out(block: Block, rows: Index, t: I64, chain: Sequence[int]) -> None:
    """Let people whose first message is held leave at once the lines that its fallbacks would wait in."""
    assert isinstance(block.shared, Pool)
    for desk in {block.stage.book.serving[message] for message in chain} - {-1}:
        block.shared.queues[desk].leave(block.at(rows, t, Phase.DUE), t)
    gone = np.zeros(len(block.index), np.bool_)
    gone[rows] = True
    block.in_line = [
        (people[stays], since[stays], desk) for people, since, desk in block.in_line for stays in [~gone[people]]
    ]


def _fall_back(outcome: _Outcome, tries: Index, spare: _Outcome) -> None:
    """Let the fallback's outcome stand, unless the first is held and the fallback does not send; of whom nothing is
    known, nothing is."""
    stuck = spare.reason == STUCK
    stands = (spare.sends | stuck | (outcome.held_until[tries] == FAR)).nonzero()[0]
    places = tries[stands]
    outcome.refused[places, 0] = outcome.reason[places]
    outcome.refused[places, 1:] = spare.refused[stands]
    outcome.sends[places] = spare.sends[stands]
    outcome.held_until[places] = spare.held_until[stands]
    outcome.place[places] = np.where(spare.place[stands] >= 0, spare.place[stands] + 1, -1)
    outcome.reason[places] = spare.reason[stands]
    outcome.refused[tries[stuck]] = 0


def _send(
    block: Block, rows: Index, t: I64, line: Line, message: int, incentives: list[int], worded: Wordings,
    fresh: dict[int, Bools] | None = None,
) -> None:  # fmt: skip
    """Send: cost, grants, answers, cap history (rule 25); fresh: who has no live grant, per incentive, if known."""
    if not len(rows):
        return
    c, stage, step = block.columns, block.stage, line.step
    channel = stage.book.channel_of[message]
    micros, minor = price(block, worded, message), stage.book.minor
    arm = variant(block, worded, message)
    who = block.who(rows)
    block.note(Row.SENT, who, t, step=step, message=message, arm=arm, amount=(2 * micros + minor) // (2 * minor))
    if channel in stage.book.permitted:
        c.permits[stage.book.permitted[channel]][rows] -= 1
    if micros if isinstance(micros, int) else micros.any():
        block.spend("send_cost", stage.book.line_of_message(message), rows, t, micros, Phase.DUE, channel)
    was_live = [~fresh[i] if fresh is not None else live(block, rows, i, t) for i in incentives]
    offers = [
        _granted(block, rows, incentive, t, step, message, old)
        for incentive, old in zip(incentives, was_live, strict=True)
    ]
    mood = Found.of(block, rows, t, _matched(block, rows, t, message, incentives, worded))
    occurrence = np.zeros(len(rows), np.int32)
    if message in stage.book.counted_sends:
        sent = c.sent[stage.book.counted_sends[message]]
        occurrence[:] = sent.take(rows)
        sent[rows] += 1
    answers = stage.model.touch(who, t, message, offers, occurrence, mood)
    later = stage.book.sends_after(line)
    if later or stage.book.prompting:
        c.pressure[rows] = mood.pressure + 1.0
        c.pressed_at[rows] = t
    if later and stage.book.gaps:
        c.last_send[rows] = t
    for each in block.campaigns if later else ():
        _remember(each, rows, t, stage.book.carried.beside[channel])
    _answer(block, rows, who, t, step, message, answers)
    if message in stage.book.permitting:
        _permit(block, rows, message, occurrence)
    for incentive, old, taken in zip(incentives, was_live, answers.taken, strict=True):
        known = c.known[incentive]
        known[rows] = answers.delivered | old & known[rows] if old.any() else answers.delivered
        if incentive in stage.layout.taking:
            _take(block, rows, step, message, incentive, answers.delivered, taken)


def _granted(block: Block, rows: Index, incentive: int, t: I64, step: int, message: int, old: Bools) -> Offer:
    """Grant an incentive to those who have no live grant of it; return what everybody is shown."""
    if old.any():
        new = (~old).nonzero()[0]
        grant(block, rows.take(new), incentive, t.take(new), Phase.DUE, step, message)
        end = block.columns.end[incentive].take(rows)
    else:
        end = grant(block, rows, incentive, t, Phase.DUE, step, message)
    return Shown.to(block, rows, incentive, end, old)


def _remember(block: Block, rows: Index, t: I64, channels: Sequence[str]) -> None:
    """Put a send that counts on some channels into what a campaign's caps look at (rules 18, T4)."""
    recent = block.columns.recent
    for name, (first, columns) in block.stage.rings.items():
        if not name or name in channels:
            for place in range(first + columns - 1, first, -1):
                recent[place][rows] = recent[place - 1].take(rows)
            recent[first][rows] = t


def _matched(block: Block, rows: Index, t: I64, message: int, incentives: list[int], worded: Wordings) -> Bools | None:
    """Return for whom a wording or a content shown is made (rule 68); None where nothing could be."""
    scenes = [getattr(block.stage.plan.incentives[each], "scene", None) for each in incentives]
    found = [holds(block, rows, t, scene) for scene in scenes if scene is not None]
    if message in worded:
        found.append(worded[message] != message)
    return np.logical_or.reduce(found) if found else None


def _permit(block: Block, rows: Index, message: int, occurrence: I32) -> None:
    """Keep the instants of the clicks that bring a permission (rule 71)."""
    c = block.columns
    clicks = (c.clicked_at.take(rows) < FAR).nonzero()[0]
    says = block.stage.model.subscribes(block.who(rows.take(clicks)), message, occurrence.take(clicks))
    people = rows.take(clicks[says])
    c.brought[(c.brought[:, people] == FAR).argmax(axis=0), people] = c.clicked_at[people]


def _answer(block: Block, rows: Index, who: I32, t: I64, step: int, message: int, answers: Answers) -> None:
    """Write down what the touched will do; their rows come with instants ahead."""
    c, book, end = block.columns, block.stage.book, block.stage.plan.end
    got = answers.delivered.nonzero()[0]
    block.note(Row.DELIVERED, who.take(got), t.take(got), step=step, message=message)
    at: dict[Row, tuple[Index, I64]] = {}
    for row, when in (
        (Row.OPENED, answers.opened),
        (Row.CLICKED, answers.clicked),
        (Row.OPTED_OUT, answers.opted_out),
        (Row.COMPLAINED, answers.complained),
    ):
        seen = (when < end).nonzero()[0]
        at[row] = seen, when.take(seen)
        block.note(row, who.take(seen), at[row][1], step=step, message=message)
    for outcome, row, column in (
        (Outcome.OPEN, Row.OPENED, c.opened_at),
        (Outcome.CLICK, Row.CLICKED, c.clicked_at),
    ):
        if book.looks_at(outcome):
            column[rows] = FAR
            places, instants = at[row]
            column[rows.take(places)] = instants
            _aim(block, rows, outcome, column)
    if book.counts_from_message:
        c.message_at[rows] = t
    # Who opts out at or after the end is not asked any more.
    for heard in book.carried.reached[book.channel_of[message]]:
        _sooner(c.silenced[heard], rows, *at[Row.OPTED_OUT])
    for silenced in c.silenced:
        _sooner(silenced, rows, *at[Row.COMPLAINED])
    orders = (answers.ordered < FAR).nonzero()[0]
    _sooner(c.when[block.stage.layout.induced], rows, orders, answers.ordered.take(orders))


def _sooner(column: I64, rows: Index, places: Index, t: I64) -> None:
    """Let the earlier of what stands in a column and `t` stand for the people at some places of `rows`."""
    if len(places):
        people = rows.take(places)
        column[people] = np.minimum(column.take(people), t)


def _aim(block: Block, rows: Index, outcome: Outcome, at: I64) -> None:
    """Let an open or click that is the goal of a person's journey come as an event."""
    goals = block.stage.book.goals[outcome]
    if goals.any():
        mine = goals.take(block.stage.journey.take(block.places(rows))).nonzero()[0]
        _sooner(block.columns.when[block.stage.layout.goal], rows, mine, at.take(rows.take(mine)))


def _take(block: Block, rows: Index, step: int, message: int, incentive: int, delivered: Bools, taken: I64) -> None:
    """Keep the earliest claim or join that a grant will get."""
    c, layout, place = block.columns, block.stage.layout, block.stage.book.claims[incentive]
    coming = (delivered & (taken < block.stage.plan.end)).nonzero()[0]
    people, at = rows.take(coming), taken.take(coming)
    pending = c.when[layout.taking[incentive]]
    earlier = (at < c.end[incentive].take(people)) & (at < pending.take(people)) & ~c.claimed[place].take(people)
    people, at = people[earlier], at[earlier]
    pending[people] = at
    c.origin[place, 0][people], c.origin[place, 1][people] = step, message
