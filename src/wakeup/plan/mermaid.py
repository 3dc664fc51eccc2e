"""A plan drawn: each journey as a flowchart in Mermaid's text form (flowchart, mermaid.js.org), which Git hosts show.

Shapes: round ends, boxes for sends and grants, hexagons for waits, diamonds for conditions and splits; a dotted
arrow leads to the message that is sent where the first one cannot be.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from attrs import frozen

from wakeup.plan.model import (
    Branch,
    Elapsed,
    Exit,
    Grant,
    Journey,
    Jump,
    Message,
    Plan,
    Promotion,
    Send,
    Split,
    Until,
    Wait,
)
from wakeup.plan.predicates import EVERYONE
from wakeup.plan.wording import Wording, share, waited
from wakeup.terms.language import Language

_INDENT = "    "
_ESCAPED = {"#": "#35;", '"': "#quot;", "&": "#amp;", "<": "#lt;", ">": "#gt;", "`": "#96;"}
"""Characters that mean something inside a quoted label; Mermaid reads entities between `#` and `;`."""


def mermaid(plan: Plan, lang: Language = "en") -> str:
    """Return one flowchart with a subgraph a journey, in a language; ends with a line end."""
    messages = {message.name: message for message in plan.messages}
    promotions = {(each.journey, each.split): each for each in plan.promotions}
    lines = ["flowchart TD"]
    for index, journey in enumerate(plan.journeys):
        lines += _Drawing(f"j{index}", journey, Wording(plan, lang), messages, promotions).lines()
    return "\n".join(lines) + "\n"


@frozen
class _Drawing:
    """One journey; `prefix` keeps its nodes apart from those of the others."""

    prefix: str
    journey: Journey
    words: Wording
    messages: Mapping[str, Message]
    promotions: Mapping[tuple[str, str], Promotion]

    def lines(self) -> Iterator[str]:
        program = self.journey.program
        title = self.words.say("Journey {name}", name=self.journey.name)
        yield f"{_INDENT}subgraph {self.prefix} [{_quoted(title)}]"
        body = [f"{self.prefix}start([{_quoted(*self._entry())}])", *self._edge(f"{self.prefix}start", 0)]
        for at, instruction in enumerate(program):
            if not isinstance(instruction, Jump):
                body += self._step(at, instruction)
        body.append(f"{self._node(len(program))}([{_quoted(self.words.say('end of the journey'))}])")
        yield from (f"{_INDENT * 2}{line}" for line in body)
        yield f"{_INDENT}end"

    def _entry(self) -> Iterator[str]:
        journey, wave = self.journey, self.journey.wave
        words, first = self.words, self.words.moment(wave.first)
        yield words.say("everybody else") if journey.match == EVERYONE else words.condition(journey.match)
        if wave.per_day is None:
            yield words.say("all enter at {moment}", moment=first)
        else:
            yield words.say("{number} a day from {moment}", number=f"{wave.per_day:,}", moment=first)
        if journey.goal:
            yield words.say("leave at once with: {event}", event=words.word(journey.goal))
        else:
            yield words.say("stay to the last step")

    def _step(self, at: int, instruction: Send | Wait | Branch | Split | Grant | Exit) -> Iterator[str]:
        node = self._node(at)
        match instruction:
            case Send():
                yield from self._send(node, instruction)
                yield from self._edge(node, at + 1)
                yield from self._fallbacks(node, instruction, at + 1)
            case Grant(incentives=incentives):
                given = self.words.say("grant {incentives}", incentives=self.words.listed(incentives))
                yield f"{node}[{_quoted(given)}]"
                yield from self._edge(node, at + 1)
            case Wait():
                yield f"{node}{{{{{_quoted(self._wait(instruction))}}}}}"
                yield from self._edge(node, at + 1)
            case Branch():
                yield f"{node}{{{_quoted(f'{self.words.condition(instruction.predicate)}?')}}}"
                yield from self._edge(node, at + 1, self.words.say("yes"))
                yield from self._edge(node, instruction.otherwise, self.words.say("no"))
            case Split():
                yield f"{node}{{{_quoted(*self._split(instruction))}}}"
                for arm in instruction.arms:
                    label = f"{share(str(Decimal(arm.high) - Decimal(arm.low)))} {arm.name}"
                    yield from self._edge(node, arm.target, label)
            case Exit():
                yield f"{node}([{_quoted(self.words.say('leave'))}])"

    def _send(self, node: str, send: Send) -> Iterator[str]:
        channel = self.messages[send.message].channel
        lines = [self.words.say("send {step}", step=send.step), self.words.say("by {channel}", channel=channel)]
        if send.incentives:
            lines.append(self.words.say("offering {incentives}", incentives=self.words.listed(send.incentives)))
        yield f"{node}[{_quoted(*lines)}]"

    def _fallbacks(self, node: str, send: Send, after: int) -> Iterator[str]:
        message = self.messages[send.message]
        seen = {message.name}
        while message.fallback and message.fallback not in seen:
            message = self.messages[message.fallback]
            seen.add(message.name)
            other = f"{node}else{len(seen) - 1}"
            told = self.words.say("else {message}", message=message.name)
            via = self.words.say("by {channel}", channel=message.channel)
            yield f"{other}[{_quoted(told, via)}]"
            yield f"{node} -.-> {other}"
            yield from self._edge(other, after)
            node = other

    def _wait(self, wait: Wait) -> str:
        length = waited(wait.length, self.words)
        if not wait.outcomes:
            return self.words.say("wait {length}", length=length)
        events = self.words.listed(map(self.words.word, wait.outcomes), "or")
        if isinstance(wait.length, Until):
            return self.words.say("wait {length} for: {events}", length=length, events=events)
        return self.words.say("wait up to {length} for: {events}", length=length, events=events)

    def _split(self, split: Split) -> Iterator[str]:
        words = self.words
        yield words.say("split {name}", name=split.name)
        promotion = self.promotions.get((self.journey.name, split.name))
        if promotion is not None:
            after = words.lasting(Elapsed(promotion.after))
            yield words.say("the better {figure} takes all newcomers", figure=words.word(promotion.figure))
            yield words.say("after {length} if {share} sure", length=after, share=share(promotion.sure))

    def _edge(self, node: str, target: int, label: str = "") -> Iterator[str]:
        """An arrow to an instruction; a jump is no node, the arrow leads where it leads."""
        program = self.journey.program
        while target < len(program) and isinstance(jump := program[target], Jump):
            target = jump.target
        yield f"{node} -->{f'|{_quoted(label)}|' if label else ''} {self._node(target)}"

    def _node(self, at: int) -> str:
        return f"{self.prefix}s{at}" if at < len(self.journey.program) else f"{self.prefix}end"


def _quoted(*lines: str) -> str:
    return f'"{"<br/>".join(map(_escaped, lines))}"'


def _escaped(text: str) -> str:
    return "".join(_ESCAPED.get(character, character) for character in " ".join(text.split()))
