"""All motifs, and everything that they must meet together."""

from typing import Final

from attrs import evolve
from tests.sim.motifs import cadence, dry, holds, offers, rules, surges, texts, trouble
from tests.sim.motifs.motif import Motif

from wakeup.terms.lists import Reason, Row

ALSO: Final = {
    "promotion": {"assigned", "does Split", "entered", "exited"},
    "same second": {"complained", "opted_out", "clicked", "opened"},
    "offer survey": {"does Grant", "granted", "lapsed", "joined"},
    "offer gift": {"claimed", "gifted"},
    "offer challenge": {"completed"},
    "offer coupon": {"redeemed"},
    "gap sent": {"held GAP", "delayed"},
    "quiet sent": {"held QUIET"},
    "outage sent": {"held OUTAGE"},
    "rate sent": {"held RATE"},
    "capacity sent": {"held CAPACITY", "does Send", "sent", "delivered"},
    "dry line of faces": {"refused budget"},
    "cap month": {"refused cap"},
    "quiet stopped": {"refused ended", "ended"},
    "capacity exited": {"refused exited"},
    "gap expired": {"refused expired"},
    "dry stock": {"refused out_of_stock"},
    "offer flash_price": {"refused incentive_invalid"},
    "outage fallback at once": {"refused outage", "refused"},
    "rate fallback at once": {"refused rate"},
    "outcome order": {"ordered"},
}
"""What motifs meet that are made for something else."""

MOTIFS: Final[tuple[Motif, ...]] = tuple(
    evolve(each, meets=each.meets | ALSO.get(each.name, set()))
    for each in (
        *holds.pairs(),
        *dry.motifs(),
        *cadence.motifs(),
        *rules.motifs(),
        *offers.motifs(),
        *texts.motifs(),
        *surges.motifs(),
        *trouble.motifs(),
    )
)

ROWS: Final = frozenset(row.name.lower() for row in Row)
NO_REFUSAL: Final = {
    Reason.NONE: "no refusal",
    Reason.CONTROL: "rules 3, 42: held-out people are never asked",
    Reason.NOT_ENTERED: "rule 58: the reason of rows NOT_ENTERED, not REFUSED",
    **dict.fromkeys(
        (Reason.GAP, Reason.CAPACITY), "rules 18, 26, 27: a delay without fallback; it is held, or EXPIRED"
    ),
}
"""Reasons that no row REFUSED can have, with the rule that says so."""

REASONS: Final = frozenset(f"refused {reason.name.lower()}" for reason in Reason if reason not in NO_REFUSAL)

DELAYS: Final = frozenset(f"held {name}" for name in holds.DELAYS)

PAIRS: Final = frozenset(
    f"{delay}: {ending}" for delay in holds.DELAYS for ending in holds.ENDS if (delay, ending) not in holds.IMPOSSIBLE
)

INSTRUCTIONS: Final = frozenset(f"does {name}" for name in ("Send", "Wait", "Branch", "Jump", "Split", "Grant", "Exit"))

KINDS: Final = (
    frozenset(f"granted {kind}" for kind in (*offers.COUPONS, *offers.GIFTS, *offers.ACTIVITIES, "service"))
    | frozenset(f"redeemed {kind}" for kind in offers.COUPONS)
    | frozenset(f"gifted {kind}" for kind in offers.GIFTS)
    | frozenset(f"{what} {kind}" for what in ("joined", "completed") for kind in offers.ACTIVITIES)
)

OUTCOMES: Final = frozenset(f"{what} {outcome}" for what in ("woken by", "goal") for outcome in offers.OUTCOMES)

DRY: Final = frozenset(f"dry in mid-second: {resource}" for resource in dry.RESOURCES)

WANTED: Final = ROWS | REASONS | DELAYS | PAIRS | INSTRUCTIONS | KINDS | OUTCOMES | DRY
"""What the lists of the product demand. What else motifs promise (caps, quiet hours, guards …) they name themselves."""
