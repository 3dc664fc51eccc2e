"""Small plans on both simulators: rules that random plans seldom touch, each computed by hand."""

from collections.abc import Callable
from importlib import import_module

import pytest
from attrs import evolve
from tests.sim.people import Person, population
from tests.sim.plans import DAY, ENTRY, HOUR, MINUTE, campaign, email, journey, letter, nudge, send, sms, wait
from tests.sim.recorder import Recorder
from tests.sim.reference.runs import ANN, BEN, Run
from tests.sim.scripted import Life, Reply, Scripted

from wakeup.plan.model import Activity, Branch, Channel, Elapsed, Gift, Guard, Message, Months, Plan, Wait
from wakeup.plan.predicates import Happened
from wakeup.sim.task import Task

Simulate = Callable[..., Run]

WEEK = Elapsed(7 * DAY)
EVENT = Activity("tea", "", "", 1, "", WEEK, at=ENTRY + 2 * DAY, kind="event")
SURVEY = Activity("how", "", "", 1, "", WEEK, kind="survey")
YEAR = Gift("year", "", 0, WEEK, bond=WEEK, kind="membership")
CLUB = Activity("club", "", "", 1, "", WEEK, bond=WEEK, kind="community")


@pytest.fixture(params=("reference", "array"))
def simulate(request: pytest.FixtureRequest) -> Simulate:
    """Run a plan over scripted lives on one of the simulators."""
    run = import_module(f"wakeup.sim.{request.param}").run

    def _simulate(plan: Plan, lives: dict[str, Life], *people: Person) -> Run:
        crowd, recorder = population(plan.start, people), Recorder()
        run(Task(plan, crowd, Scripted(lives), 1, 0, None), recorder)
        return Run(plan, crowd, recorder)

    return _simulate


def takes(*incentives: str, delay: int = HOUR) -> dict[tuple[str, int], Reply]:
    """The answer to the first `nudge`: claim or join after `delay`."""
    return {("nudge", 0): Reply(taken=dict.fromkeys(incentives, delay))}


# --- guards (rule 56) ------------------------------------------------------------------------------------------------


def _tripped(run: Run) -> tuple[tuple[str, str, int], ...]:
    assert run.recorder.closing is not None
    return run.recorder.closing.tripped


@pytest.mark.parametrize(
    ("figure", "count", "trips"),
    [
        ("completed", 1, ENTRY + HOUR + 15 * MINUTE),  # the survey, in the second of the join
        ("completed", 3, ENTRY + 2 * DAY + 15 * MINUTE),  # the survey and two seats
        ("completed", 4, None),
        ("attended", 1, ENTRY + 2 * DAY + 15 * MINUTE),
        ("attended", 2, ENTRY + 2 * DAY + 15 * MINUTE),
        ("attended", 3, None),  # the survey is no event
    ],
)
def test_a_guard_counts_completions_and_those_of_events(
    simulate: Simulate, figure: str, count: int, trips: int | None
) -> None:
    guard = Guard("full", figure, ">=", str(count), "count", "stop")
    plan = campaign(
        journey(send("nudge", "tea", "how"), wait(20), goal=""), incentives=(EVENT, SURVEY), guards=(guard,)
    )
    comes = frozenset({"tea"})
    lives = {
        "ann": Life(replies=takes("tea", "how"), completes=comes),
        "ben": Life(replies=takes("tea"), completes=comes),
    }
    run = simulate(plan, lives, ANN, BEN)
    assert _tripped(run) == (() if trips is None else (("full", "", trips),))


def test_a_completion_pauses_the_channel_of_its_message(simulate: Simulate) -> None:
    guard = Guard("full", "attended", ">=", "1", "count", "pause_channel")
    program = (send("nudge", "tea"), wait(3), send("nudge", step="a"), send("letter", step="b"))
    plan = campaign(journey(*program, goal=""), incentives=(EVENT,), guards=(guard,))
    run = simulate(plan, {"ann": Life(replies=takes("tea"), completes=frozenset({"tea"}))}, ANN)
    assert _tripped(run) == (("full", "sms", ENTRY + 2 * DAY + 15 * MINUTE),)
    assert [row for row in run.rows("ann") if "sent" in row or "refused" in row] == [
        "sent nudge", "refused nudge paused", "sent letter",
    ]  # fmt: skip


def test_a_guard_may_wait_for_attendances(simulate: Simulate) -> None:
    guard = Guard("idle", "orders", "<", "1", "count", "stop", after=1, after_figure="attended")
    plan = campaign(journey(send("nudge", "tea"), wait(20), goal=""), incentives=(EVENT,), guards=(guard,))
    come, away = (Life(replies=takes("tea"), completes=frozenset(those)) for those in ({"tea"}, ()))
    assert _tripped(simulate(plan, {"ann": come}, ANN)) == (("idle", "", ENTRY + 2 * DAY + 15 * MINUTE),)
    assert _tripped(simulate(plan, {"ann": away}, ANN)) == ()


# --- bonds (rules 64-66) ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("second", "holds"), [(-1, True), (0, False)])
@pytest.mark.parametrize("incentive", [YEAR, CLUB], ids=lambda each: each.name)
def test_a_bond_holds_to_its_last_second(
    simulate: Simulate, incentive: Gift | Activity, second: int, holds: bool
) -> None:
    # Claimed or joined an hour after the entry; the letter comes in the last second of the week, or right after it.
    program = (send("nudge", incentive.name), Wait(Elapsed(HOUR + 7 * DAY + second)), send("letter", step="l"))
    plan = campaign(journey(*program, goal=""), incentives=(incentive,))
    replies = takes(incentive.name) | {("letter", 0): Reply(ordered=60)}
    run = simulate(plan, {"ann": Life(replies=replies, needs_bond=frozenset({"letter"}))}, ANN)
    assert ("ordered 10000" in run.rows("ann")) is holds


@pytest.mark.parametrize(("second", "holds"), [(-1, True), (0, False)])
def test_a_bond_in_months_ends_on_the_same_day(simulate: Simulate, second: int, holds: bool) -> None:
    # From 1 May 11:00 to 1 June 11:00; the week that begins an hour later neither shortens nor lengthens it.
    club = evolve(CLUB, bond=Months(1))
    program = (send("nudge", "club", "year"), Wait(Elapsed(HOUR + 31 * DAY + second)), send("letter", step="l"))
    plan = campaign(journey(*program, goal=""), incentives=(club, YEAR), end=ENTRY + 60 * DAY)
    replies = {("nudge", 0): Reply(taken={"club": HOUR, "year": 2 * HOUR}), ("letter", 0): Reply(ordered=60)}
    run = simulate(plan, {"ann": Life(replies=replies, needs_bond=frozenset({"letter"}))}, ANN)
    assert ("ordered 10000" in run.rows("ann")) is holds


# --- places (rule 65) ------------------------------------------------------------------------------------------------


def test_a_join_refused_for_places_spends_the_claim(simulate: Simulate) -> None:
    # Ann has the one place. Ben is shown the club again while his grant is live: he cannot try a second time.
    program = (send("nudge", "club"), wait(1), send("letter", "club", step="l"), wait(1))
    plan = campaign(journey(*program, goal=""), incentives=(evolve(CLUB, places=1),))
    again = {("letter", 0): Reply(taken={"club": HOUR})}
    lives = {"ann": Life(replies=takes("club")), "ben": Life(replies=takes("club", delay=2 * HOUR) | again)}
    run = simulate(plan, lives, ANN, BEN)
    assert "joined nudge club" in run.rows("ann")
    tries = [(t, row) for t, row in run.of("ben") if "club" in row and row.split()[0] in ("joined", "refused")]
    assert tries == [(ENTRY + 2 * HOUR, "refused nudge club out_of_stock")]
    assert (ENTRY + 7 * DAY, "lapsed club") in run.of("ben")  # the grant stays as it is


# --- the outcomes complete and attend (rule 67) ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("incentive", "outcome", "seen"),
    [
        (SURVEY, "complete", True),
        (SURVEY, "attend", False),
        (EVENT, "complete", True),
        (EVENT, "attend", True),
    ],
    ids=lambda value: str(getattr(value, "name", value)),
)
def test_a_branch_sees_what_was_completed(simulate: Simulate, incentive: Activity, outcome: str, seen: bool) -> None:
    program = (send("nudge", incentive.name), wait(3), Branch(Happened(outcome), 4), send("letter", step="l"))
    plan = campaign(journey(*program, goal=""), incentives=(incentive,))
    life = Life(replies=takes(incentive.name), completes=frozenset({incentive.name}))
    run = simulate(plan, {"ann": life}, ANN, BEN)
    assert ("sent letter" in run.rows("ann")) is seen
    assert "sent letter" not in run.rows("ben")  # who joined nothing has completed nothing


def test_a_branch_does_not_see_what_was_completed_before_the_last_message(simulate: Simulate) -> None:
    program = (
        send("nudge", "how"), wait(1), send("letter", step="l"),
        Branch(Happened("complete"), 5), send("letter", step="m"),
    )  # fmt: skip
    plan = campaign(journey(*program, goal=""), incentives=(SURVEY,))
    run = simulate(plan, {"ann": Life(replies=takes("how"))}, ANN)
    assert run.rows("ann").count("sent letter") == 1


# --- permissions (rule 71) -------------------------------------------------------------------------------------------

TEMPLATE = Channel("template", "mini_subscribe")
PROGRAM = Channel("program", "mini_program")
CARD = Message("card", "program", "Have a look")


def _permitting(*program: object) -> Plan:
    """A campaign whose `nudge` goes by subscribe message, its `card` by mini program."""
    return campaign(
        journey(*program, goal=""),  # type: ignore[arg-type]
        channels=(sms(), email(), TEMPLATE, PROGRAM),
        messages=(nudge(channel="template"), letter(), CARD),
    )


def _nudges(run: Run, person: str = "ann") -> list[str]:
    return [row for row in run.rows(person) if row in ("sent nudge", "refused nudge no_grant")]


THRICE = (send(), wait(1), send(step="b"), wait(1), send(step="c"))


@pytest.mark.parametrize(
    ("told", "sends"), [(3.0, 3), (2.9, 2), (1.5, 1), (0.9, 0), (0.0, 0), (-0.5, 0), (-1.0, 0), (-2.5, 0), (None, 0)]
)
def test_permissions_are_whole_and_never_negative(simulate: Simulate, told: float | None, sends: int) -> None:
    ann = ANN if told is None else evolve(ANN, numbers={"template_permissions": told})
    run = simulate(_permitting(*THRICE), {}, ann, evolve(BEN, numbers={"template_permissions": 3}))
    assert _nudges(run) == ["sent nudge"] * sends + ["refused nudge no_grant"] * (3 - sends)


@pytest.mark.parametrize(
    ("numbers", "sends"),
    [
        ({"mini_subscribe_permissions": 2}, 2),
        ({"template_permissions": 1, "mini_subscribe_permissions": 2}, 1),
        ({}, 1),
    ],
)
def test_the_channel_says_more_than_its_kind(simulate: Simulate, numbers: dict[str, float], sends: int) -> None:
    assert _nudges(simulate(_permitting(*THRICE), {}, evolve(ANN, numbers=numbers))).count("sent nudge") == sends


def test_a_debt_of_permissions_does_not_eat_a_click(simulate: Simulate) -> None:
    ann = evolve(ANN, numbers={"template_permissions": -3})
    life = Life(replies={("card", 0): Reply(opened=60, clicked=HOUR)}, subscribes=frozenset({("card", 0)}))
    plan = _permitting(send("card"), wait(1), send(step="b"), wait(1), send(step="c"))
    assert _nudges(simulate(plan, {"ann": life}, ann)) == ["sent nudge", "refused nudge no_grant"]


@pytest.mark.parametrize("message", ["nudge", "card", "letter"])
@pytest.mark.parametrize("subscribes", [True, False])
def test_a_click_that_subscribes_brings_one_more_send(simulate: Simulate, message: str, subscribes: bool) -> None:
    # Ann has two permissions. The click on a mini program or a subscribe message brings a third, that on a letter none.
    program = (send(message), wait(1), send(step="b"), wait(1), send(step="c"), wait(1), send(step="d"))
    life = Life(
        replies={(message, 0): Reply(opened=60, clicked=HOUR)},
        subscribes=frozenset({(message, 0)} if subscribes else ()),
    )
    run = simulate(_permitting(*program), {"ann": life}, evolve(ANN, numbers={"template_permissions": 2}))
    sends = 3 if subscribes and message != "letter" else 2
    assert _nudges(run).count("sent nudge") == sends
    assert _nudges(run)[sends:] == ["refused nudge no_grant"] * ((4 if message == "nudge" else 3) - sends)


@pytest.mark.parametrize(("clicked", "sends"), [(DAY, 1), (DAY + 1, 0)])
def test_a_click_counts_from_its_own_second(simulate: Simulate, clicked: int, sends: int) -> None:
    life = Life(replies={("card", 0): Reply(opened=60, clicked=clicked)}, subscribes=frozenset({("card", 0)}))
    ann = evolve(ANN, numbers={"template_permissions": 0})
    run = simulate(_permitting(send("card"), wait(1), send(step="b")), {"ann": life}, ann)
    assert _nudges(run).count("sent nudge") == sends


def test_a_click_brings_one_send_on_every_such_channel(simulate: Simulate) -> None:
    other = Channel("other", "mini_subscribe")
    plan = campaign(
        journey(send("card"), wait(1), send(step="b"), send("hint", step="c"), goal=""),
        channels=(sms(), email(), TEMPLATE, PROGRAM, other),
        messages=(nudge(channel="template"), letter(), CARD, Message("hint", "other", "Look")),
    )
    ann = evolve(ANN, numbers={"template_permissions": 0, "other_permissions": 0})
    life = Life(replies={("card", 0): Reply(opened=60, clicked=HOUR)}, subscribes=frozenset({("card", 0)}))
    rows = simulate(plan, {"ann": life}, ann).rows("ann")
    assert [row for row in rows if row.startswith("sent")] == ["sent card", "sent nudge", "sent hint"]
