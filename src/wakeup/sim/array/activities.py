"""Activities: joining, completing, and what the completion brings (rules 31, 50-52, 65)."""

import numpy as np

from wakeup.plan.model import Gift
from wakeup.sim.array.answers import happened, put_first_free
from wakeup.sim.array.block import Block
from wakeup.sim.array.codes import DAY, FAR, I16, I64, Bools, Index, Phase
from wakeup.sim.array.grants import bind, grant, granting, hand_over, live, offer, prompt, refusals, use
from wakeup.sim.array.pieces import Check, pieces
from wakeup.terms.lists import Outcome, Reason, Row


def join(block: Block, rows: Index, t: I64, incentive: int) -> None:
    """Let people join an activity that they hold, while it has places."""
    c, layout = block.columns, block.stage.layout
    c.when[layout.taking[incentive]][rows] = FAR
    c.claimed[block.stage.book.claims[incentive]][rows] = True
    places = block.shared.places.get(incentive)
    if places is None:
        _join(block, rows, t, incentive)
        return
    order = np.argsort(t, kind="stable")
    rows, t = rows[order], t[order]
    where, one = block.at(rows, t, Phase.ANSWERS), np.ones(len(rows), np.int64)
    for part in pieces(where, [Check(places, one, one)], lambda: np.ones(len(rows), np.bool_)):
        fits = places.fits(where[part], 1)
        places.change(where[part][fits], 1)
        full = rows[part][~fits]
        step, message = c.origin[block.stage.book.claims[incentive]][:, full]
        block.write(
            Row.REFUSED, full, t[part][~fits], step=step, message=message, incentive=incentive,
            reason=int(Reason.OUT_OF_STOCK),
        )  # fmt: skip
        _join(block, rows[part][fits], t[part][fits], incentive)


def complete(block: Block, rows: Index, t: I64, incentive: int, column: int) -> None:
    """Let people complete an activity, while a draw has prizes, and receive what it brings."""
    c, stage = block.columns, block.stage
    each = stage.book.activities[incentive]
    c.when[column][rows] = FAR
    order = np.argsort(t, kind="stable")
    rows, t = rows[order], t[order]
    origin = c.rewarded[stage.layout.reward[column]][:, rows]
    where = block.at(rows, t, Phase.ANSWERS)
    for part in pieces(where, _checks(block, rows, t, incentive), lambda: np.ones(len(rows), np.bool_)):
        some, at, source = rows[part], t[part], origin[:, part]
        wins = block.shared.wins.get(incentive)
        if wins is not None:
            won = wins.fits(where[part], 1)
            wins.change(where[part][won], 1)
            some, at, source = some[won], at[won], source[:, won]
        _complete(block, some, at, incentive, source)
        if each.reward:
            _reward(block, some, at, stage.book.incentive[each.reward], source[0], source[1])
        else:
            prompt(block, some, incentive, at, None)


def _join(block: Block, rows: Index, t: I64, incentive: int) -> None:
    c, stage = block.columns, block.stage
    origin, joins = c.origin[stage.book.claims[incentive]][:, rows], c.joins[stage.book.joining[incentive]]
    block.write(Row.JOINED, rows, t, step=origin[0], message=origin[1], incentive=incentive)
    use(block, rows, incentive, t, Phase.ANSWERS)
    if stage.book.counts_from_message:
        c.joined_at[rows] = t
    kept, done = _outcome(block, rows, t, incentive)
    columns = stage.layout.completing[incentive]
    places = put_first_free(block, rows[kept], columns, done[kept])
    place = places - columns[0] + stage.layout.reward[columns[0]]
    c.rewarded[place, 0, rows[kept]], c.rewarded[place, 1, rows[kept]] = origin[:, kept]
    c.rewarded[place, 2, rows[kept]] = joins[rows[kept]]
    joins[rows] += 1
    happened(block, rows, t, Outcome.JOIN)


def _outcome(block: Block, rows: Index, t: I64, incentive: int) -> tuple[Bools, I64]:
    """Return who completes what they join at `t`, and when."""
    each, model = block.stage.book.activities[incentive], block.stage.model
    joins = block.columns.joins[block.stage.book.joining[incentive]]
    who, occurrence = block.who(rows), joins[rows].astype(np.int32)
    match each.kind:
        case "challenge":
            return model.completes(who, incentive, occurrence), t + (each.days - 1) * DAY
        case "event":
            return model.completes(who, incentive, occurrence), np.full(len(t), FAR if each.at is None else each.at)
        case "draw":
            return model.wins(who, incentive, occurrence), t
        case _:
            return np.ones(len(rows), np.bool_), t


def _complete(block: Block, rows: Index, t: I64, incentive: int, origin: I16) -> None:
    """Write down the completion, its cost, score and bond; the outcome happens."""
    c, stage = block.columns, block.stage
    each = stage.book.activities[incentive]
    source = {"step": origin[0], "message": origin[1], "incentive": incentive}
    block.write(Row.COMPLETED, rows, t, amount=each.cost, **source)
    if each.cost:
        block.spend("gift_cost", each.line, rows, t, each.cost * stage.book.minor, Phase.ANSWERS)
    if each.kind == "survey":
        score = stage.model.score(block.who(rows), incentive, origin[2].astype(np.int32))
        block.write(Row.RATED, rows, t, amount=score, **source)
    bind(block, rows, t, each.bond)
    c.finished_at[0][rows] = t
    happened(block, rows, t, Outcome.COMPLETE)
    if each.kind == "event":
        c.finished_at[1][rows] = t
        happened(block, rows, t, Outcome.ATTEND)


def _checks(block: Block, rows: Index, t: I64, incentive: int) -> list[Check]:
    """Return the limits that a completion may ask."""
    stage, shared = block.stage, block.shared
    each, one = stage.book.activities[incentive], np.ones(len(rows), np.int64)
    found = [Check(shared.wins[incentive], one, one)] if incentive in shared.wins else []
    if each.reward:
        reward = stage.book.incentive[each.reward]
        gift = stage.plan.incentives[reward]
        before = each.line, each.cost * stage.book.minor
        after = gift.cost * stage.book.minor if isinstance(gift, Gift) else 0
        found += granting(block, rows, t, reward, before, after)
    return found


def _reward(block: Block, rows: Index, t: I64, reward: int, step: I16, message: I16) -> None:
    """Grant a reward, or refuse it for want of a rung, uses, stock, codes or money."""
    c, stage = block.columns, block.stage
    was_live = live(block, rows, reward, t)
    reason = refusals(block, rows, t, reward, Phase.ANSWERS)
    refused = np.flatnonzero(reason)
    block.write(
        Row.REFUSED, rows[refused], t[refused], step=step[refused], message=message[refused],
        incentive=reward, reason=reason[refused],
    )  # fmt: skip
    new = np.flatnonzero(~was_live & (reason == 0))
    grant(block, rows[new], reward, t[new], Phase.ANSWERS, step[new], message[new])
    has = np.flatnonzero(reason == 0)
    c.known[reward][rows[has]] = True
    shown = offer(block, rows[has], reward, was_live[has])
    if isinstance(stage.plan.incentives[reward], Gift):
        hand_over(block, rows[has], reward, t[has], Phase.ANSWERS, step[has], message[has])
    prompt(block, rows[has], reward, t[has], shown)
