"""The Python face: check a campaign, load its plan, forecast it. The one place where text side and run side meet in a
program of the user's own; the command line calls the same functions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import nullcontext
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Literal, overload

from attrs import evolve, field, fields, frozen

from wakeup.arguments import check_arguments
from wakeup.diagnostics import Diagnostic, Language, Listed, Severity, WakeupError, diagnostic, in_language
from wakeup.figures.differences import Differences
from wakeup.figures.result import Result
from wakeup.figures.together import Together as Joint
from wakeup.files import read, write
from wakeup.plan.clash import clash
from wakeup.plan.model import Assumption, OwnField, Plan
from wakeup.plan.places import Places
from wakeup.plan.reading import tags_of
from wakeup.source import Source, SourceError

if TYPE_CHECKING:  # NumPy comes with them, and checking a campaign without people needs none
    from wakeup.behaviour.protocol import Behaviour
    from wakeup.customers import History, Population, Shards
    from wakeup.lang.allowances import Allowance
    from wakeup.sim.course import Progress

AnyPath = str | PathLike[str]
PLAN_SUFFIX = ".json"


@frozen
class Checked:
    """What checking a campaign gave: its plan (None with errors), the diagnostics, the texts that they point into.

    `sources` has the texts by the name that people are shown, `files` by the path in the project that the plan names.
    `languages` says which language each text is written in, by the name that people are shown, `lang` that of the
    campaign (None if it could not be read): the diagnostics are in the language of the file that they are about.
    `allowed` is what the author allows.
    """

    plan: Plan | None
    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, Source]
    files: Mapping[str, Source] = field(factory=dict)
    languages: Mapping[str, Language] = field(factory=dict)
    lang: Language | None = None
    allowed: tuple[Allowance, ...] = ()

    def told(self, found: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
        """Return diagnostics about this campaign, each in the language of its file."""
        langs = [self.languages.get(each.span.source, self.lang) if each.span else self.lang for each in found]
        return tuple(in_language(each, lang, lang) if lang else each for each, lang in zip(found, langs, strict=True))

    def meant(self, found: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
        """Return diagnostics about this campaign as `told` does, without those that its author allows."""
        return self.told([each for each in found if not any(one.covers(each) for one in self.allowed)])


@frozen
class Forecast(Result):
    """The result of `simulate`, with the plan it is about."""

    about: Plan | None = None

    def to_html(self, path: AnyPath, lang: Language = "en") -> None:
        """Write the report in a language, one page that opens offline; needs the extra `[report]`.

        Raises:
            WakeupError: the extra is not installed, or the file cannot be written.
        """
        write(Path(path), self.html(lang))

    def html(self, lang: Language = "en") -> bytes:
        """Return the report as one HTML page in a language.

        Raises:
            WakeupError: there is no report in that language (WK5205).
        """
        check_arguments(lang=lang)
        from wakeup.plan.explain import explain
        from wakeup.report import html

        assert self.about is not None
        return html(self, self.about, explain(self.about, lang), lang)


@frozen
class Comparison(Differences):
    """The result of `compare`."""

    def markdown(self, lang: Language = "en") -> str:
        """Return the comparison as a comment under a change: Markdown in a language.

        Raises:
            WakeupError: there are no words in that language (WK5205).
        """
        check_arguments(lang=lang)
        from wakeup.report.compare import markdown

        return markdown(self, lang)


@frozen
class Together(Joint):
    """The result of `together`, with the plans it is about and what must be said of how they agree."""

    about: tuple[Plan, ...] = ()
    remarks: tuple[Diagnostic, ...] = ()

    def to_html(self, path: AnyPath, lang: Language = "en") -> None:
        """Write the report in a language, one page that opens offline; needs the extra `[report]`.

        Raises:
            WakeupError: the extra is not installed, or the file cannot be written.
        """
        write(Path(path), self.html(lang))

    def html(self, lang: Language = "en") -> bytes:
        """Return the report as one HTML page in a language.

        Raises:
            WakeupError: there is no report in that language (WK5205).
        """
        check_arguments(lang=lang)
        from wakeup.report.together import html

        return html(self, self.about, lang)


def examine(origin: AnyPath | Source) -> Checked:
    """Check a campaign (a path or a text) and compile it if it has no errors; never raises for a wrong campaign."""
    from wakeup.compile import compile_project
    from wakeup.lang import load as load_project
    from wakeup.lang.allowances import allowances
    from wakeup.syntax.language import language

    project, found = load_project(origin if isinstance(origin, Source) else Path(origin))
    if project is None:
        texts = _texts(origin)
        languages = {name: language(text, None) for name, text in texts.items()}
        checked = Checked(None, (), texts, languages=languages, lang=next(iter(languages.values()), None))
        return evolve(checked, diagnostics=checked.told(found))
    plan, more = compile_project(project)
    languages = dict(project.languages)
    checked = Checked(plan, (), project.sources, project.files, languages, languages[project.main.source.name])
    return evolve(checked, diagnostics=checked.told((*found, *more)), allowed=allowances(project))


def check(origin: AnyPath | Source, people: Population | History | None = None) -> tuple[Diagnostic, ...]:
    """Return what is wrong with a campaign: errors, warnings and notes, in the order of the file.

    With people, and if the campaign has no errors by itself, also what only they can show (docs/preflight.md).

    Raises:
        WakeupError: WK6005, the people are as of a time after the run's first instant.
    """
    checked = examine(origin)
    return checked.diagnostics if people is None else (*checked.diagnostics, *preflight(checked, people))


def preflight(checked: Checked, people: Population | History) -> tuple[Diagnostic, ...]:
    """Return what only people can show about a checked campaign; nothing where it has no plan.

    Raises:
        WakeupError: WK6005, the people are as of a time after the run's first instant.
    """
    from wakeup.preflight import check as run

    if checked.plan is None:
        return ()
    found = run(*prepared(checked.plan, people), checked.files)
    return checked.meant(found)


def beside(checked: Checked, others: Sequence[Plan]) -> tuple[Diagnostic, ...]:
    """Return which of some other campaigns may be after the same people at the same time; nothing without a plan."""
    plan = checked.plan
    found = [] if plan is None else [other.name for other in others if clash(plan, other)]
    if plan is None or not found:
        return ()
    where = Places.of(plan, checked.files).at("campaign/audience", "campaign")
    return checked.meant([diagnostic("WK3940", where, others=Listed(found))])


def load(origin: AnyPath | Source) -> Plan:
    """Return the plan of a campaign file, or of a `.json` file that `wakeup plan -o` wrote.

    Raises:
        WakeupError: the file cannot be read or has errors; carries all diagnostics.
    """
    if not isinstance(origin, Source) and Path(origin).suffix == PLAN_SUFFIX:
        return _saved(Path(origin))
    checked = examine(origin)
    if checked.plan is None:
        raise WakeupError(each for each in checked.diagnostics if each.severity is Severity.ERROR)
    return checked.plan


def simulate(
    plan: Plan,
    people: Population | History | Shards,
    *,
    seed: int = 1,
    replications: int | None = None,
    engine: Literal["array", "reference"] = "array",
    workers: int = 1,
    executor: Executor | None = None,
    precision: Mapping[str, float] | None = None,
    resume: AnyPath | None = None,
    scenarios: Sequence[str] = (),
    by_channel: bool = False,
    sensitivity: bool = False,
    assume: Sequence[Assumption] = (),
    behaviour: Behaviour | None = None,
) -> Forecast:
    """Forecast a plan on people; equal arguments give equal results.

    People from a log bring what their history says about coming back: the organic part of the behaviour is fitted to
    it, unless the plan or `assume` says otherwise. `resume` is a folder in which finished replications are kept until
    the run is complete; those that an interrupted run has left there are not played again. `scenarios` are names, or
    "all" of the plan. The other arguments: `wakeup.sim.replications.simulate`.

    Raises:
        WakeupError: the data lack what the plan looks at, nobody is eligible, an argument is of a wrong kind (WK5205)
            or out of range.
        Interrupted: Ctrl-C after at least one replication; `result` has the forecast from those that are done.
    """
    from wakeup.sim.kept import Kept
    from wakeup.sim.replications import Interrupted
    from wakeup.sim.replications import simulate as run

    check_arguments(
        seed=seed, replications=replications, engine=engine, workers=workers, executor=executor, precision=precision,
        assume=assume, behaviour=behaviour,
    )  # fmt: skip
    plan, population = prepared(plan, people, assume)
    with nullcontext() if resume is None else Kept(Path(resume)) as kept:
        try:
            result = run(
                plan,
                population,
                behaviour=behaviour,
                seed=seed,
                replications=replications,
                engine=engine,
                workers=workers,
                executor=executor,
                precision=precision,
                scenarios=_names(scenarios, plan),
                by_channel=by_channel,
                sensitivity=sensitivity,
                kept=kept,
            )
        except Interrupted as stop:
            raise Interrupted(forecast(stop.result, plan)) from None
        if kept is not None:
            kept.discard()
    return forecast(result, plan)


def compare(
    old: Plan,
    new: Plan,
    people: Population | History | Shards,
    *,
    seed: int = 1,
    replications: int | None = None,
    engine: Literal["array", "reference"] = "array",
    workers: int = 1,
    executor: Executor | None = None,
    scenarios: Sequence[str] = (),
    assume: Sequence[Assumption] = (),
    behaviour: Behaviour | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Forecast two plans on the same people with the same luck, and return by how much each figure differs.

    Made-up people are as of the earlier of the two runs. The arguments are those of `simulate`; `scenarios` must be in
    both plans, and "all" are those that are. `progress` is called with (done, all) after each replication.

    Raises:
        WakeupError: the plans have another currency or time zone (WK6061), or what `simulate` raises of either.
    """
    from wakeup.sim.pairs import Staged, comparable
    from wakeup.sim.pairs import compare as run

    check_arguments(
        old=old, new=new, people=people, seed=seed, replications=replications, engine=engine, workers=workers,
        executor=executor, assume=assume, behaviour=behaviour,
    )  # fmt: skip
    comparable(old, new)
    learnt, at = fitted(people), min(old.start, new.start)
    pair = [Staged(assuming(each, learnt, assume), _as_of_the_run(each, people, at)) for each in (old, new)]
    found = run(
        *pair,
        behaviour=behaviour,
        seed=seed,
        replications=replications,
        engine=engine,
        workers=workers,
        executor=executor,
        scenarios=_names(scenarios, old, new),
        progress=progress,
    )
    # What was edited is what the files say, not what history or `assume` adds to both.
    held = {each.name: getattr(found, each.name) for each in fields(type(found))}
    return Comparison(**{**held, "plans": (old, new)})


def together(
    plans: Sequence[Plan],
    people: Population | History | Shards,
    *,
    seed: int = 1,
    replications: int | None = None,
    engine: Literal["array", "reference"] = "array",
    workers: int = 1,
    executor: Executor | None = None,
    scenarios: Sequence[str] = (),
    assume: Sequence[Assumption] = (),
    behaviour: Behaviour | None = None,
    progress: Progress | None = None,
) -> Together:
    """Forecast several campaigns over the same people on one clock, the first before the next wherever both ask, and
    what each does to the others.

    Made-up people are as of the earliest of the runs. The arguments are those of `simulate`; each of `scenarios` must
    be in one of the plans, and "all" are those of any. `progress` is called with (done, all) after each replication.

    Raises:
        WakeupError: the campaigns cannot run together (WK5124, WK5125, WK5131), or what `simulate` raises of any.
    """
    from wakeup.sim.pairs import Staged
    from wakeup.sim.together.agreement import agree, remarks
    from wakeup.sim.together.run import simulate as run

    check_arguments(
        plans=plans, people=people, seed=seed, replications=replications, engine=engine, workers=workers,
        executor=executor, assume=assume, behaviour=behaviour,
    )  # fmt: skip
    names = _known(scenarios, plans)
    agree(plans, names)
    learnt, at = fitted(people), min(plan.start for plan in plans)
    own = _declared_together(plans) if _made_up(people) else ()
    tags = [tag for plan in plans for tag in tags_of(plan)]
    found = run(
        [Staged(assuming(each, learnt, assume), _as_of(each, people, at, own, tags)) for each in plans],
        behaviour=behaviour,
        seed=seed,
        replications=replications,
        engine=engine,
        workers=workers,
        executor=executor,
        scenarios=names,
        progress=progress,
    )
    held = {each.name: getattr(found, each.name) for each in fields(type(found))}
    return Together(**held, about=tuple(plans), remarks=tuple(remarks(plans)))


def _known(scenarios: Sequence[str], plans: Sequence[Plan]) -> Sequence[str]:
    """Return scenarios by name; "all" are those that any plan has."""
    if scenarios == "all":
        return tuple(dict.fromkeys(each.name for plan in plans for each in plan.scenarios))
    return _names(scenarios)


def _made_up(people: Population | History | Shards) -> bool:
    """Return whether people are made up, so that what is declared of them has yet to be."""
    from wakeup.customers import UNANCHORED, History

    return not isinstance(people, History) and people.as_of == UNANCHORED


def _declared_together(plans: Sequence[Plan]) -> tuple[OwnField, ...]:
    """Return what campaigns declare of their customers, each thing once.

    Raises:
        WakeupError: two of them declare one thing in two ways (WK5131).
    """
    found: dict[str, tuple[Plan, OwnField]] = {}
    for plan in plans:
        for each in plan.own:
            first, other = found.setdefault(each.name, (plan, each))
            if other != each:
                raise WakeupError([diagnostic("WK5131", first=first.name, second=plan.name, field=each.name)])
    return tuple(each for _, each in found.values())


@overload
def prepared(
    plan: Plan, people: Population | History, assume: Sequence[Assumption] = ()
) -> tuple[Plan, Population]: ...


@overload
def prepared(
    plan: Plan, people: Population | History | Shards, assume: Sequence[Assumption] = ()
) -> tuple[Plan, Population | Shards]: ...


def prepared(
    plan: Plan, people: Population | History | Shards, assume: Sequence[Assumption] = ()
) -> tuple[Plan, Population | Shards]:
    """Return the plan with its assumptions in order of trust (history, then the plan's own, then `assume`: of two for
    the same parameter and scope the later holds), and the people as of the run.

    Raises:
        WakeupError: WK6005, the people are as of a time after the run's first instant; WK5205, plan, people or
            assumptions are something else.
    """
    check_arguments(plan=plan, people=people, assume=assume)
    return assuming(plan, fitted(people), assume), _as_of_the_run(plan, people, plan.start)


def _names(scenarios: Sequence[str], *plans: Plan) -> Sequence[str]:
    """Return scenarios by name. A text is one name, not a list of letters; "all" are those that every plan has."""
    if scenarios == "all":
        return [one.name for one in plans[0].scenarios if all(one.name in {s.name for s in p.scenarios} for p in plans)]
    names = (scenarios,) if isinstance(scenarios, str) else scenarios
    check_arguments(scenarios=names)
    return names


def fitted(people: Population | History | Shards) -> Sequence[Assumption]:
    """Return what the people's own history says about coming back."""
    from wakeup.behaviour import fit_organic
    from wakeup.customers import History, Shards

    return fit_organic(people.snapshots) if isinstance(people, (History, Shards)) and len(people.snapshots.n) else ()


def assuming(plan: Plan, learnt: Sequence[Assumption], assume: Sequence[Assumption]) -> Plan:
    """Return a plan with its assumptions in order of trust; see `prepared`."""
    held = {(row.parameter, row.scope): row for row in (*learnt, *plan.assumptions, *assume)}
    return evolve(plan, assumptions=tuple(held.values()))


def _as_of_the_run(plan: Plan, people: Population | History | Shards, at: int) -> Population | Shards:
    """Return the people as a plan takes them; made-up ones are made as of `at`."""
    return _as_of(plan, people, at, plan.own, tags_of(plan))


def _as_of(
    plan: Plan, people: Population | History | Shards, at: int, own: Sequence[OwnField], tags: Collection[str]
) -> Population | Shards:
    """Return the people as a plan takes them; made-up ones are made as of `at`, with what is declared of them."""
    from wakeup.customers import UNANCHORED, History, Shards, anchored, with_declared

    population = people.population if isinstance(people, History) else people
    if isinstance(population, Shards):
        population = population.at(at, own, tags)
    elif population.as_of == UNANCHORED:
        population = with_declared(anchored(population, at), own, tags)
    if population.as_of > plan.start:
        raise WakeupError([diagnostic("WK6005")])
    return population


def forecast(result: Result, plan: Plan) -> Forecast:
    """Return the result together with its plan."""
    return Forecast(**{each.name: getattr(result, each.name) for each in fields(Result)}, about=plan)


def _saved(path: Path) -> Plan:
    from wakeup.plan.json import plan_from_json

    return plan_from_json(read(path), str(path))


def _texts(origin: AnyPath | Source) -> dict[str, Source]:
    """The campaign's text, if it can be read at all."""
    if isinstance(origin, Source):
        return {origin.name: origin}
    name = Path(origin).as_posix()
    try:
        return {name: Source.from_bytes(name, read(Path(origin)))}
    except (WakeupError, SourceError):
        return {}
