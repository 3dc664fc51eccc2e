"""Texts whose variables exist, and that are sent with what they speak of."""

from collections.abc import Iterator

from wakeup.diagnostics import Diagnostic, Fix, Label, diagnostic, suggest
from wakeup.lang import template
from wakeup.lang.attributes import ENGINE_VARIABLES, FIELD_VARIABLES, OFFER_VARIABLES
from wakeup.lang.checked import Checked, Declared, Send, walk
from wakeup.lang.reader import examples
from wakeup.lang.template import Template, Variable
from wakeup.source import Span


def variables(checked: Checked) -> Iterator[Diagnostic]:
    """Every variable of every text is one that can be filled."""
    for message in checked.of("message"):
        text = message.get("text", str)
        if text is None:
            continue
        read = template.read(text)
        for at in read.broken[:1]:
            yield diagnostic("WK4004", _span(message, read, at, at + 2))
        for variable in read.variables:
            if not variable.known:
                yield _unknown(message, read, variable)


def _unknown(message: Declared, read: Template, variable: Variable) -> Diagnostic:
    known = (*ENGINE_VARIABLES, *FIELD_VARIABLES)
    near = suggest(variable.name, known)
    span = _span(message, read, variable.start, variable.end)
    told = f"did you mean {examples(near)}?" if near else None
    exact = span.end - span.start == variable.end - variable.start
    fix = Fix(span, "{{ " + near[0] + " }}", "use") if near and exact and variable.default is None else None
    return diagnostic("WK4003", span, help=told, fix=fix, name=variable.name, known=examples(known))


def _span(message: Declared, read: Template, start: int, end: int) -> Span:
    """The place inside the text, or the whole text where escapes have moved it."""
    whole = message.span("text")
    source = message.entity.module.source
    if source.text_of(whole)[1:-1] != read.text:
        return whole
    return source.span(whole.start + 1 + start, whole.start + 1 + end)


def offers(checked: Checked) -> Iterator[Diagnostic]:
    """A text that names its offer is sent with one; so is every fallback."""
    for journey in checked.journeys:
        for step in walk(journey.steps):
            if isinstance(step, Send) and not step.incentives:
                yield from _without_offer(checked, step)


def _without_offer(checked: Checked, send: Send) -> Iterator[Diagnostic]:
    for message in checked.chain(send.message):
        used = template.read(message.get("text", str) or "").uses(OFFER_VARIABLES)
        if used is not None:
            label = Label(message.span("text"), "the text")
            yield diagnostic("WK3319", send.span, labels=(label,), name=message.name, variable=used.name)
            return
