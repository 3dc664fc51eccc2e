"""Tune a campaign: its open numbers tried on people, the best ones written into its file."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from wakeup.arguments import check_arguments
from wakeup.diagnostics import Diagnostic, Severity, WakeupError, diagnostic
from wakeup.face import PLAN_SUFFIX, Checked, assuming, examine, fitted, prepared
from wakeup.plan.model import Assumption, Plan
from wakeup.source import Source

if TYPE_CHECKING:  # NumPy comes with them
    from wakeup.behaviour.protocol import Behaviour
    from wakeup.customers import History, Population, Shards
    from wakeup.lang.tuned import Tuned
    from wakeup.sim.course import Progress
    from wakeup.sim.tuning import Found, Open


@frozen(eq=False)
class Tuning:
    """What tuning a campaign found. `text` is the file with the best values; `numbers`: what was open, in file order,
    as `found.best.picks` counts; `plan` is that of the first values."""

    plan: Plan
    numbers: tuple[Open, ...]
    found: Found
    text: str

    @property
    def chosen(self) -> tuple[str, ...]:
        """The best values, as the file says them, in the order of `numbers`."""
        from wakeup.sim.tuning import told

        return told(self.numbers, self.found.best.picks)

    def to_json(self) -> bytes:
        """Return the tuning as UTF-8 JSON (docs/schema/tuning.schema.json), without the file."""
        from wakeup.report.tuning import record

        return record(self.found, self.numbers, self.plan)


def tune(
    origin: str | PathLike[str] | Source,
    people: Population | History | Shards,
    *,
    seed: int = 1,
    replications: int | None = None,
    workers: int = 1,
    executor: Executor | None = None,
    assume: Sequence[Assumption] = (),
    behaviour: Behaviour | None = None,
    progress: Progress | None = None,
) -> Tuning:
    """Try the numbers that a campaign marks with `tune(…)` and return the best: of those variants that fail the fewest
    expectations, the one of most incremental profit.

    The arguments are those of `wakeup.simulate`. All variants meet the same people with the same luck; the best is
    played again with draws that the search never saw.

    Raises:
        WakeupError: the campaign has errors, nothing to tune (WK5123), no valid variant (WK5122), or what `simulate`
            raises.
    """
    from wakeup.sim.tuning import Space, search

    check_arguments(
        people=people, seed=seed, replications=replications, workers=workers, executor=executor, assume=assume,
        behaviour=behaviour,
    )  # fmt: skip
    variants = _Variants.of(origin)
    plan, population = prepared(variants.plan, people, assume)
    learnt = fitted(people)

    def plan_of(picks: Sequence[int]) -> Plan | None:
        variant = examine(variants.source(picks)).plan
        return None if variant is None else assuming(variant, learnt, assume)

    found = search(
        Space(tuple(len(each.values) for each in variants.open)),
        plan_of,
        population,
        behaviour=behaviour,
        seed=seed,
        replications=replications,
        workers=workers,
        executor=executor,
        progress=progress,
    )
    return Tuning(plan, variants.numbers(), found, variants.source(found.best.picks).text)


def still_open(main: Source) -> tuple[str, ...]:
    """Return the numbers of a campaign, by their labels, that nobody has picked: `tune(…)`. Its plan has the first
    value of each."""
    from wakeup.lang.tuned import tuned
    from wakeup.syntax import parse

    tree, _ = parse(main)
    return () if tree is None else tuple(each.label for each in tuned(tree))


@frozen(eq=False)
class _Variants:
    """A campaign with open numbers."""

    checked: Checked
    plan: Plan
    main: Source
    open: tuple[Tuned, ...]

    @staticmethod
    def of(origin: str | PathLike[str] | Source) -> _Variants:
        """Read a campaign.

        Raises:
            WakeupError: it has errors, or no open number.
        """
        from wakeup.lang.tuned import tuned
        from wakeup.syntax import parse

        name = origin.name if isinstance(origin, Source) else Path(origin).as_posix()
        if name.endswith(PLAN_SUFFIX):  # a plan has no open numbers
            raise WakeupError([diagnostic("WK5123", file=name)])
        checked = examine(origin)
        if checked.plan is None:
            raise WakeupError(_errors(checked.diagnostics))
        main = checked.sources[name]
        file, _ = parse(main)
        numbers = tuned(file) if file is not None else ()
        if not numbers:
            raise WakeupError([diagnostic("WK5123", file=name)])
        return _Variants(checked, checked.plan, main, numbers)

    def source(self, picks: Sequence[int]) -> Source:
        """Return the campaign's file with the values of a choice."""
        from wakeup.format.variants import rewritten

        changes = [(each.span, each.values[pick]) for each, pick in zip(self.open, picks, strict=True)]
        return rewritten(self.main, changes, self.checked.lang or "en")

    def numbers(self) -> tuple[Open, ...]:
        """Return what is open, in words."""
        from wakeup.format.literals import literal
        from wakeup.format.words import Words
        from wakeup.sim.tuning import Open

        words = Words(self.checked.lang or "en")
        return tuple(Open(each.label, tuple(literal(words, value) for value in each.values)) for each in self.open)


def _errors(found: Sequence[Diagnostic]) -> list[Diagnostic]:
    return [each for each in found if each.severity is Severity.ERROR]
