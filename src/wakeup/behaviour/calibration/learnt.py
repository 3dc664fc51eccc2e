"""What calibration gives: parameters that were learnt, with sample sizes, and those that stay as assumed, with why."""

from attrs import frozen

from wakeup.diagnostics import Count, Diagnostic, Piece
from wakeup.plan.model import Assumption
from wakeup.terms.behaviour import Parameter, Prior, parameters
from wakeup.terms.lists import Grade


@frozen
class Learnt:
    """A parameter learnt from logs: its `row` (grade `fitted`), and how many of what it was learnt from.

    `kind`: of the channel or incentive that the row is about, "" where it is about everybody.
    """

    row: Assumption
    sample: Count
    kind: str = ""


@frozen
class Kept:
    """Parameters that stay as assumed: their names in the order of the list of parameters, and why."""

    parameters: tuple[str, ...]
    why: Piece


@frozen
class Calibration:
    """All that logs say about behaviour: rows in a fixed order (parameter, then scope), what they do not tell, and what
    else there is to say."""

    learnt: tuple[Learnt, ...]
    kept: tuple[Kept, ...]
    told: tuple[Diagnostic, ...] = ()

    @property
    def rows(self) -> tuple[Assumption, ...]:
        """The rows alone, as a plan takes them."""
        return tuple(each.row for each in self.learnt)


def fitted(parameter: str, scope: str, median: float, sd: float, source: str) -> Assumption:
    """Return a row of grade `fitted`; `sd` is on the link's scale."""
    return Assumption(parameter, scope, median, sd, parameters()[parameter].link, source, Grade.FITTED)


def prior_of(parameter: Parameter, *scopes: str) -> Prior | None:
    """Return what is assumed by itself for the first of the scopes that has a row, everybody last."""
    for scope in (*scopes, ""):
        for prior in parameter.priors:
            if prior.scope == scope:
                return prior
    return None


def in_order(learnt: list[Learnt]) -> tuple[Learnt, ...]:
    """Sort by parameter as listed, then everybody, kinds and names in that order."""
    places = {name: place for place, name in enumerate(parameters())}
    return tuple(sorted(learnt, key=lambda each: (places[each.row.parameter], _rank(each.row.scope), each.row.scope)))


def _rank(scope: str) -> int:
    return 0 if not scope else 1 if scope.startswith("kind:") else 2
