"""The live rules give the trace of the reference, row by row: examples, motifs, generated plans."""

from collections import Counter

import pytest
from attrs import evolve
from tests.live.rehearse.direct import directly
from tests.sim.cases import Case
from tests.sim.comparing import difference, told_by
from tests.sim.encounters import encounters
from tests.sim.examples import PAGES, read
from tests.sim.motifs.every import MOTIFS
from tests.sim.motifs.motif import Motif
from tests.sim.recorder import Recorder
from tests.sim.scripted import Scripted
from tests.sim.strategies import trial_of
from tests.sim.test_equivalence import some_case
from tests.sim.trials import Trial
from tests.sim.watching import watched

from wakeup.sim import reference
from wakeup.sim.task import Task

EXAMPLES = {page.name: read(page) for page in sorted(PAGES.glob("*.md")) if page.name != "README.md"}
CALM = sorted(name for name, example in EXAMPLES.items() if not example.scenario)
"""Pages in which nothing comes from outside: what a scenario assumes is no part of a live run."""


def calm(trial: Trial) -> Trial:
    return evolve(trial, scenario=None)


def differs(task: Task, met: Counter[str] | None = None, *, durable: bool = True) -> str:
    """Play a task on the reference and on the live rules; return where they differ, "" if nowhere."""
    recorder = Recorder()
    with watched() as seen:
        reference.run(task, recorder)
    expected = told_by(task, recorder)
    if met is not None:
        met += encounters(task, seen, expected)
    found = difference(expected, directly(task, durable=durable))
    return "" if found is None else found.text


@pytest.mark.parametrize("page", CALM)
def test_a_worked_example(page: str) -> None:
    example = EXAMPLES[page]
    assert differs(Task(example.plan, example.people, Scripted(example.lives), 1, 0, None)) == ""


def small(seed: int) -> Case:
    """A case of few people: what they share binds all the same."""
    return evolve(some_case(seed), people=3 + seed % 7)


def test_generated_plans_and_what_they_meet() -> None:
    """What was never met was never compared."""
    met: Counter[str] = Counter()
    for seed in range(60):
        assert differs(calm(trial_of(small(seed))).task(), met, durable=seed % 2 == 0) == "", seed
    wanted = {
        "sent", "delayed", "refused", "granted", "redeemed", "lapsed", "claimed", "joined", "completed", "served",
        "gifted", "rated", "assigned", "entered", "not_entered", "exited", "ended", "opened", "clicked", "opted_out",
        "complained", "ordered", "refused cap", "refused suppressed", "refused out_of_stock", "sent by staff",
        "sent variant", "redeemed by an organic order", "redeemed by an induced order", "granted without message",
    }  # fmt: skip
    assert {name: met[name] for name in wanted if met[name] < 3} == {}


def test_a_score_belongs_to_the_message_that_brought_the_survey() -> None:
    """Somebody takes a survey up by two messages in one second; the second time is in vain."""
    case = Case(2007, 17, frozenset({"activities", "bonds", "gifts", "prices", "staff", "tiers"}))
    assert differs(calm(trial_of(case)).task()) == ""


@pytest.mark.parametrize("motif", MOTIFS[::9], ids=lambda each: each.name)
def test_some_motifs(motif: Motif) -> None:
    assert differs(calm(motif.drawn(0)).task(), durable=False) == ""


@pytest.mark.proof
@pytest.mark.parametrize("motif", MOTIFS, ids=lambda each: each.name)
def test_every_motif_for_long(motif: Motif) -> None:
    for number in range(6):
        assert differs(calm(motif.drawn(number)).task()) == "", number


@pytest.mark.proof
@pytest.mark.parametrize("hundred", range(5))
def test_a_long_row_of_generated_plans(hundred: int) -> None:
    for seed in range(1_000 + 100 * hundred, 1_100 + 100 * hundred):
        assert differs(calm(trial_of(some_case(seed))).task()) == "", seed
