"""What is believed of a parameter by now: what was learnt, else what is assumed."""

from collections.abc import Iterable, Mapping

from attrs import field, frozen

from wakeup.behaviour.calibration.learnt import Learnt, prior_of
from wakeup.terms.behaviour import parameters


@frozen
class Believed:
    """Rows that were learnt, by (parameter, scope)."""

    rows: Mapping[tuple[str, str], tuple[float, float]] = field(factory=dict)

    @classmethod
    def of(cls, learnt: Iterable[Learnt]) -> "Believed":
        """Return what is believed after some rows were learnt."""
        return cls({(each.row.parameter, each.row.scope): (each.row.median, each.row.sd) for each in learnt})

    def __call__(self, parameter: str, *scopes: str) -> tuple[float, float]:
        """Return median and sd (on the link's scale) for the first scope that has a row, everybody last.

        Raises:
            KeyError: nothing is assumed for any of them.
        """
        for scope in (*scopes, ""):
            if (parameter, scope) in self.rows:
                return self.rows[(parameter, scope)]
        prior = prior_of(parameters()[parameter], *scopes)
        if prior is None:
            raise KeyError(f"{parameter} for {scopes}")
        return prior.median, prior.sd
