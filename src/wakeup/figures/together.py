"""What several campaigns over the same people come to: each beside the others, all as one, and what they do to each
other.

`Together.to_json` gives the documented form (docs/together.md, docs/schema/together.schema.json). Money is in major
units, shares are 0 to 1, a figure that has no value is null.
"""

from collections.abc import Mapping
from typing import Any, Final

from attrs import asdict, field, frozen

from wakeup.figures.differences import Clock, Difference, Differences
from wakeup.figures.result import Figure, Figures, Result
from wakeup.forms import as_json, rounded

FORMAT_VERSION: Final = "1"


@frozen
class Presence:
    """What the other campaigns do to one of them, with the same draws.

    beside: from the campaign alone (old) to the campaign with all others (new), all its figures. adds: by figure, what
    the campaign brings where there is no other (old) and what all campaigns have more with it than without it (new).
    """

    campaign: str
    beside: Differences
    adds: Mapping[str, Difference]


@frozen
class Together:
    """Everything that was found of several campaigns on one clock.

    campaigns: the result of each beside the others, in the order of priority. figures: of all together, people and
    orders counted once. people: "targeted_by_several", "touched_by_several" and "most_sent": people whom two campaigns
    or more target, or send something; the most messages that one person got within 30 days. overlap: by figure, the sum
    of what each brings where there is no other (old) and what all bring together (new). presence: per campaign.
    scenarios: figures of all together under each scenario that was simulated.
    """

    currency: str
    seed: int
    replications: int
    customers: int
    campaigns: tuple[Result, ...]
    figures: Figures
    people: Mapping[str, Figure]
    overlap: Mapping[str, Difference]
    presence: tuple[Presence, ...]
    scenarios: Mapping[str, Figures]
    timing: Clock = field(factory=Clock)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the campaigns, in the order of priority."""
        return tuple(each.plan["name"] for each in self.campaigns)

    @property
    def failed(self) -> bool:
        """Whether an expectation of any campaign failed beside the others."""
        return any(each.failed for each in self.campaigns)

    def to_dict(self) -> dict[str, Any]:
        """Return the documented form as plain dicts, lists, texts and numbers."""
        tree = {
            "format_version": FORMAT_VERSION,
            **{name: getattr(self, name) for name in ("currency", "seed", "replications", "customers")},
            "campaigns": [each.to_dict() for each in self.campaigns],
            "together": {"figures": _plain(self.figures), "people": _plain(self.people)},
            "overlap": _plain(self.overlap),
            "presence": [_presence(each) for each in self.presence],
            "scenarios": {name: {"figures": _plain(each)} for name, each in self.scenarios.items()},
            "timing": asdict(self.timing),
        }
        form: dict[str, Any] = rounded(tree)
        return form

    def to_json(self) -> bytes:
        """Return the documented form as UTF-8 JSON, as `Result.to_json` does."""
        return as_json(self.to_dict())


def _presence(each: Presence) -> dict[str, Any]:
    beside = each.beside
    return {
        "campaign": each.campaign,
        "figures": _plain(beside.figures),
        "reasons": _plain(beside.reasons),
        "delays": _plain(beside.delays),
        "people": asdict(beside.people),
        "adds": _plain(each.adds),
    }


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: asdict(each) for name, each in values.items()}
