"""What the values of properties may name: which names of the file, which words of the language.

The checker's table gives each property a type; this one says what an author can be offered for it, and where a name
stands for something that is declared.
"""

from collections.abc import Mapping
from typing import Final

from attrs import frozen

from wakeup.lang.attributes import ATTRIBUTES
from wakeup.lang.predicates import EVENTS
from wakeup.terms.currencies import MINOR_DIGITS
from wakeup.terms.lists import FIGURES_GUARD, ChannelKind, Grade

CONDITION: Final = ("segment", "band")
"""Sorts of names that a condition about people may be."""

SCOPE: Final = ("segment", "band", "channel", "incentive")
"""Sorts of names that `for` may be followed by."""


@frozen
class Takes:
    """What a value may be: names of these sorts, these words and nouns of the language, these texts as they are."""

    names: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    nouns: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()


NOTHING: Final = Takes()
"""A literal: nothing to offer, no name in it."""

CREDITS: Final = ("last_touch", "first_touch", "linear", "time_decay", "position", "shapley")
CALLS: Final[Mapping[str, str]] = {"tag": "tag", "field": "field", "bought": "category"}
"""What is asked with brackets -> the sort of the customers' own names that stands in them."""

KINDS_OF_CHANNEL: Final = tuple(str(kind) for kind in ChannelKind)
PEOPLE: Final = Takes(names=CONDITION, words=(*ATTRIBUTES, *CALLS))

TYPES: Final[Mapping[str, Takes]] = {
    "alarm": Takes(words=FIGURES_GUARD),
    "cap": NOTHING,
    "chance": NOTHING,
    "channel_kind": Takes(words=KINDS_OF_CHANNEL),
    "count": NOTHING,
    "credit": Takes(words=CREDITS),
    "cut": NOTHING,
    "currency": Takes(texts=tuple(MINOR_DIGITS)),
    "duties": NOTHING,
    "elapsed": NOTHING,
    "entry": NOTHING,
    "events": Takes(words=EVENTS),
    "face": Takes(words=("face",)),
    "factor": NOTHING,
    "goal": Takes(words=(*EVENTS, "none")),
    "headcount": NOTHING,
    "holdout": Takes(words=("none",)),
    "hours": NOTHING,
    "items": Takes(names=("incentive",)),
    "line": Takes(names=("line",)),
    "message": Takes(names=("message",)),
    "moment": NOTHING,
    "money": NOTHING,
    "multiplier": NOTHING,
    "offer": NOTHING,
    "optout": Takes(words=("required", "none")),
    "outage": Takes(names=("channel",)),
    "people": PEOPLE,
    "per_person": NOTHING,
    "percent": NOTHING,
    "period": NOTHING,
    "price": NOTHING,
    "prize": Takes(names=("incentive",)),
    "quiet": NOTHING,
    "rate": NOTHING,
    "reaction": Takes(words=("stop",)),
    "reward": Takes(names=("incentive",)),
    "run": NOTHING,
    "staff": Takes(names=("staff",)),
    "task": Takes(words=("check_in",)),
    "texts": NOTHING,
    "unit_cost": NOTHING,
    "window": NOTHING,
    "zone": NOTHING,
}
"""Type of a property, as the checker's table names it -> what it may be."""

LISTS: Final = ("items",)
"""Types whose values are lists of names."""

TAILS: Final[Mapping[str, Takes]] = {
    "via": Takes(names=("channel",)),
    "of": Takes(names=("split",), words=("budget",)),
    "for": Takes(names=(*SCOPE, "line")),
    "grade": Takes(words=tuple(str(grade) for grade in Grade)),
    "otherwise": Takes(words=("delay", "skip")),
}
"""Preposition -> what may stand behind it."""
