"""A change, and the closed list of its kinds."""

from enum import StrEnum

from attrs import frozen


class Kind(StrEnum):
    """What a change does; `--gate` names them."""

    AUDIENCE_WIDENED = "audience_widened"
    """People are reached who were not."""
    AUDIENCE_NARROWED = "audience_narrowed"
    """People are no longer reached who were."""
    AUDIENCE_CHANGED = "audience_changed"
    """Who is reached may be wider, narrower or both: it cannot be told without the people."""
    SPEND_RAISED = "spend_raised"
    """More may be spent: a limit, a price, a discount, a stock."""
    SPEND_LOWERED = "spend_lowered"
    """Less may be spent."""
    TIMING = "timing"
    """When something happens."""
    COPY_ONLY = "copy_only"
    """Words and nothing else."""
    OFFER = "offer"
    """What people are given, or on which terms."""
    CADENCE_LOOSENED = "cadence_loosened"
    """A person may be contacted more often: a cap, a gap, quiet hours, a further send."""
    CADENCE_TIGHTENED = "cadence_tightened"
    """A person may be contacted less often."""
    CHANNEL = "channel"
    """By which way people are reached, and how that way works."""
    EXPERIMENT = "experiment"
    """The control group, a split, a promotion."""
    ASSUMPTIONS = "assumptions"
    """What the forecast rests on; nothing that a customer gets."""
    GOALS = "goals"
    """What the campaign is held against, and how that is counted."""
    OTHER = "other"
    """None of these."""


Kinds = tuple[Kind, ...]


@frozen
class Change:
    """One difference. An edit may be of several kinds: a larger discount is another offer and raises the spend.

    `where` names the declaration ("journey high, send nudge"), `what` its part ("" for the whole of it). `old` and
    `new` are values in words; None where there was, or is, none.
    """

    kinds: Kinds
    where: str
    what: str
    old: str | None
    new: str | None
