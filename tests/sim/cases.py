"""Cases of the generator: a seed and a set of features.

Each feature draws from a stream of its own, so that taking one away leaves the rest as it was.
"""

from random import Random

from attrs import frozen

from wakeup.plan.predicates import And, Bought, Compare, Happened, HasTag, InTier, Not, Or, Predicate

MINUTE, HOUR, DAY = 60, 3_600, 86_400

FEATURES = (
    "caps", "gap", "quiet", "rate", "stock", "budget", "face", "split", "promotion", "guards", "scenario", "staff",
    "gifts", "challenge", "consent", "touches", "zones", "fallback", "fields", "holdout", "waves", "earlier", "goals",
    "costs", "tiers", "branches", "prices", "codes", "bonds", "activities", "grants", "permissions", "capacity",
    "variants", "rules", "bought",
)  # fmt: skip

STARTS = {  # local midnights near a change of clocks, and far from one
    "Europe/Berlin": (1_774_566_000, 1_792_879_200),
    "America/New_York": (1_772_773_200, 1_793_419_200),
    "Australia/Lord_Howe": (1_775_048_400, 1_790_951_400),
    "Asia/Shanghai": (1_788_192_000,),
    "UTC": (1_777_593_600,),
}


@frozen
class Case:
    """A seed, how many people, which features."""

    seed: int
    people: int
    features: frozenset[str]

    def stream(self, name: str) -> Random:
        """A stream of random numbers for one purpose."""
        return Random(f"{self.seed}:{name}")


CATEGORIES = ("coats", "shoes")


def predicate(case: Case, r: Random, depth: int = 0) -> Predicate:
    leaves: list[Predicate] = [
        Happened(r.choice(("order", "open", "click", "claim", "join", "complete", "attend"))),
        Happened(r.choice(("open", "click"))),
        HasTag("vip"),
        InTier("value", r.choice(("high", "middle", "low"))),
        Compare("average_order_value", r.choice((">=", "<")), 6_000, "money"),
        Compare("orders", ">", r.randrange(4), "count"),
        Compare("days_since_order", "<", r.randrange(1, 90) * DAY, "seconds"),
        Compare("days_since_interaction", ">=", r.randrange(1, 6), "months"),
        Compare("skin", "==", "dry", "text"),
        Compare(r.choice(("recency_score", "frequency_score", "monetary_score")), ">=", r.randrange(2, 6), "count"),
    ]
    if "bought" in case.features:
        within, months = r.choice(((None, False), (30 * DAY, False), (2, True)))
        leaves += [Bought(r.choice((*CATEGORIES, "hats")), within, months)] * 2
        leaves.append(Compare("top_category", r.choice(("==", "!=")), r.choice(CATEGORIES), "text"))
    if "activities" in case.features:
        leaves += [Happened("complete"), Happened("complete"), Happened("attend")]
    if "rules" in case.features:
        leaves.append(InTier("cause", r.choice(("lost", "choosy"))))
    if depth < 2 and r.random() < 0.4:
        inner = tuple(predicate(case, r, depth + 1) for _ in range(2))
        return r.choice((And(inner), Or(inner), Not(inner[0])))
    return r.choice(leaves)


def few(case: Case, r: Random) -> int | None:
    """So many of something that it may run out, or no limit."""
    return r.choice((None, None, 1, 3, 8, case.people // 2 + 1))
