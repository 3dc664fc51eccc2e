"""What predicates see of people in their journey: present history, tiers, outcomes (rules 9, 10, 67)."""

import numpy as np

from wakeup.plan.predicates import Predicate
from wakeup.sim.array.block import Block
from wakeup.sim.array.codes import I64, Bools, Index
from wakeup.sim.array.truth import Seen, names, some_of, yes
from wakeup.terms.lists import Outcome


def holds(block: Block, rows: Index, t: I64, predicate: Predicate) -> Bools:
    """Return for whom a predicate is yes at `t`, with the person's present history."""
    stage = block.stage
    people = some_of(stage.people, block.who(rows).astype(np.intp), names(predicate))
    seen = Seen(
        plan=stage.plan,
        people=block.present(people, rows),
        instant=t,
        zone=stage.zone,
        bands={tier: bands[block.index[rows]] for tier, bands in stage.bands.items()},
        happened=has_happened(block, rows, t),
        scores={name: (v[block.index[rows]], k[block.index[rows]]) for name, (v, k) in stage.scores.items()},
    )
    return yes(predicate, seen)


def has_happened(block: Block, rows: Index, t: I64) -> dict[str, Bools]:
    """Return which outcomes the journey may see at `t`."""
    c = block.columns
    sent = c.message_at[rows]
    found: dict[str, Bools] = {
        Outcome.ORDER: c.ordered_at[rows] > c.entered[rows],
        Outcome.OPEN: c.opened_at[rows] <= t,
        Outcome.CLICK: c.clicked_at[rows] <= t,
        Outcome.CLAIM: c.claimed_at[rows] > sent,
        Outcome.JOIN: c.joined_at[rows] > sent,
    }
    activities = bool(block.stage.book.activities)
    for place, outcome in enumerate((Outcome.COMPLETE, Outcome.ATTEND)):
        found[outcome] = c.finished_at[place][rows] > sent if activities else np.zeros(len(rows), np.bool_)
    return found
