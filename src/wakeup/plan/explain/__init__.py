"""A plan as text that a strategist can read: whom, when, what, under which rules, and what it rests on."""

from wakeup.plan.explain.journeys import Journeys
from wakeup.plan.explain.offers import Offers
from wakeup.plan.explain.people import People
from wakeup.plan.explain.rules import Rules
from wakeup.plan.model import Plan
from wakeup.plan.wording import Wording
from wakeup.terms.language import Language

__all__ = ["explain"]


def explain(plan: Plan, lang: Language = "en") -> str:
    """Return the plan as text in a language: sections under headings, journeys as indented steps; ends with a line end.

    Days are counted from a person's entry and are the latest possible: a wait for an event may end sooner.
    """
    words = Wording(plan, lang)
    people, journeys = People(plan, words), Journeys(plan, words)
    offers, rules = Offers(plan, words), Rules(plan, words)
    sections = (
        people.opening(),
        people.phases(),
        people.own_fields(),
        people.tiers(),
        *(journeys.journey(each) for each in plan.journeys),
        offers.incentives(),
        offers.messages(),
        rules.cadence(),
        rules.budget(),
        rules.scenarios(),
        rules.guards(),
        rules.claims(),
        rules.basis(),
    )
    blocks = ("\n".join(section) for section in sections)
    return "\n\n".join(block for block in blocks if block) + "\n"
