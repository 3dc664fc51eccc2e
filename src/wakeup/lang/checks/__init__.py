"""The checks, one module per family. Each takes the checked campaign and gives diagnostics.

`CHECKS` look for what is wrong; `REMARKS` for what is left over, and run only when nothing is wrong.
"""

from wakeup.lang.checks import (
    audience,
    cadence,
    figures,
    flow,
    leftovers,
    money,
    policy,
    splits,
    templates,
    tiers,
    time,
)

CHECKS = (
    time.entries,
    time.waits,
    time.costs,
    time.scenarios,
    tiers.bands,
    tiers.partition,
    money.budget,
    money.costs,
    money.depth,
    money.margin,
    money.validity,
    audience.nobody,
    audience.journeys,
    flow.after_exit,
    flow.goal_only,
    flow.conditions,
    flow.events,
    flow.fallbacks,
    flow.fallbacks_elsewhere,
    splits.arms,
    splits.promotions,
    cadence.caps,
    cadence.quiet,
    figures.gross,
    figures.guards,
    policy.control,
    policy.opt_out,
    policy.purpose,
    policy.hours,
    templates.variables,
    templates.offers,
)

REMARKS = (leftovers.messages, leftovers.incentives, leftovers.lines, leftovers.parts, leftovers.measures)
