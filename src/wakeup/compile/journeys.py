"""Journeys: trees of steps become flat programs with forward jumps."""

from collections import Counter
from decimal import Decimal
from itertools import accumulate

from attrs import define, evolve, field

from wakeup.lang import checked as c
from wakeup.lang.checked import Checked
from wakeup.plan.model import (
    Arm,
    Branch,
    Elapsed,
    Exit,
    Grant,
    Instruction,
    Journey,
    Jump,
    Plan,
    Promotion,
    Send,
    Split,
    Wait,
    Wave,
)

EXPIRES = 259_200
"""Seconds after first due at which a held send expires unless the message says otherwise (3d)."""


def journeys(checked: Checked, plan: Plan) -> Plan:
    """Every journey, in file order: the first that matches takes the person."""
    return evolve(plan, journeys=tuple(_journey(checked, each) for each in checked.journeys))


def _journey(checked: Checked, journey: c.Journey) -> Journey:
    salt = f"{checked.campaign.name}/{journey.name}"
    entry = journey.entry
    return Journey(
        name=journey.name,
        match=journey.match,
        wave=Wave(checked.run.start) if entry is None else Wave(entry.first, entry.per_day),
        program=program(checked, journey, salt),
        goal=journey.goal,
        salt=salt,
    )


def program(checked: Checked, journey: c.Journey, salt: str) -> tuple[Instruction, ...]:
    """The flat program.

    if no order { send a } else { send b }    ->    0 branch not order, else 3
                                                    1 send a
                                                    2 jump 4
                                                    3 send b
    """
    writer = _Writer(checked, salt)
    writer.steps(journey.steps)
    return tuple(writer.code)


@define
class StepNames:
    """Names of the steps of one journey, asked for in the order of the text: a second one gets a number."""

    seen: Counter[str] = field(factory=Counter)

    def of(self, step: c.Send | c.Grant) -> str:
        """The message's name; `grant` and what is given, so that no message is called the same."""
        name = step.message if isinstance(step, c.Send) else f"grant {', '.join(step.incentives)}"
        self.seen[name] += 1
        number = self.seen[name]
        return name if number == 1 else f"{name}#{number}"


@define
class _Writer:
    checked: Checked
    salt: str
    code: list[Instruction] = field(factory=list)
    names: StepNames = field(factory=StepNames)

    def steps(self, steps: tuple[c.Step, ...]) -> None:
        for step in steps:
            match step:
                case c.Send():
                    self.code.append(self.send(step))
                case c.Grant():
                    self.code.append(Grant(self.names.of(step), step.incentives))
                case c.Wait():
                    self.code.append(Wait(step.length, step.outcomes))
                case c.If():
                    self.branch(step)
                case c.Split():
                    self.split(step)
                case c.Exit():
                    self.code.append(Exit())
                case c.Promote():
                    pass  # no step of a person's: it becomes a promotion of the plan

    def send(self, step: c.Send) -> Send:
        name = self.names.of(step)
        message = self.checked.one("message", step.message)
        expires = None if message is None else message.get("expires", Elapsed)
        return Send(name, step.message, step.incentives, EXPIRES if expires is None else expires.seconds)

    def branch(self, step: c.If) -> None:
        at = self.hold()
        self.steps(step.then)
        leave = self.hold() if step.otherwise else None
        self.code[at] = Branch(step.predicate, len(self.code))
        if leave is not None:
            self.steps(step.otherwise)
            self.code[leave] = Jump(len(self.code))

    def split(self, step: c.Split) -> None:
        at = self.hold()
        edges = [Decimal(0), *accumulate(arm.share for arm in step.arms)]
        arms: list[Arm] = []
        leaves: list[int] = []
        for arm, low, high in zip(step.arms, edges, edges[1:], strict=False):
            arms.append(Arm(arm.name, _exact(low), _exact(high), len(self.code)))
            self.steps(arm.body)
            if arm is not step.arms[-1]:
                leaves.append(self.hold())
        self.code[at] = Split(step.name, f"{self.salt}/{step.name}", tuple(arms))
        for leave in leaves:
            self.code[leave] = Jump(len(self.code))

    def hold(self) -> int:
        """Keep a place for an instruction whose target is not known yet."""
        self.code.append(Exit())
        return len(self.code) - 1


def _exact(share: Decimal) -> str:
    return "0" if share == 0 else f"{share.normalize():f}"


def promotions(checked: Checked, plan: Plan) -> Plan:
    """Promotions of winners, in file order."""
    found: list[Promotion] = []
    for journey in checked.journeys:
        steps = list(c.walk(journey.steps))
        splits = {step.name: step for step in steps if isinstance(step, c.Split)}
        for step in steps:
            if isinstance(step, c.Promote) and step.split in splits:
                split = splits[step.split]
                found.append(Promotion(journey.name, split.name, split.measuring, step.after, step.sure, split.within))
    return evolve(plan, promotions=tuple(found))
