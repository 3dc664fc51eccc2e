"""Texts whose variables exist, and that are sent with what they speak of."""

from collections.abc import Iterator

from wakeup.diagnostics import Diagnostic, Fix, Label, Listed, Noun, Say, Typed, diagnostic, suggest
from wakeup.lang.checked import Checked, Declared, Send, walk
from wakeup.lang.checks.gifts import offered
from wakeup.lang.names import Own
from wakeup.lang.reader import did_you_mean
from wakeup.lang.values import Wording
from wakeup.plan import template
from wakeup.plan.template import Variable
from wakeup.source import Span
from wakeup.terms.variables import ENGINE_VARIABLES, EVENT_VARIABLES, FIELD_VARIABLES, OFFER_VARIABLES


def variables(checked: Checked) -> Iterator[Diagnostic]:
    """Every variable of every text is one that can be filled."""
    for message in checked.of("message"):
        for text in message.texts():
            read = template.read(text.text)
            for at in read.broken[:1]:
                yield diagnostic("WK4004", _span(message, text, at, at + 2))
            for variable in read.variables:
                if not variable.known:
                    yield _unknown(message, text, variable)
                elif (own := checked.names.own) is not None and _undeclared(own, variable):
                    yield _no_field(message, text, variable, own.names("field"))


def _undeclared(own: Own, variable: Variable) -> bool:
    """Whether a variable reads an own field that the customers' block does not declare."""
    return variable.name.startswith(template.OWN) and own.field(variable.name.removeprefix(template.OWN)) is None


def _no_field(message: Declared, text: Wording, variable: Variable, fields: list[str]) -> Diagnostic:
    name = variable.name.removeprefix(template.OWN)
    near = suggest(name, fields)
    told = did_you_mean([f"{template.OWN}{each}" for each in near]) if near else None
    span = _span(message, text, variable.start, variable.end)
    return diagnostic("WK2130", span, help=told, kind=Noun("field"), name=name)


def _unknown(message: Declared, text: Wording, variable: Variable) -> Diagnostic:
    known = (*ENGINE_VARIABLES, *FIELD_VARIABLES)
    near = suggest(variable.name, known)
    span = _span(message, text, variable.start, variable.end)
    told = did_you_mean([Typed("{name}", name=each) for each in near]) if near else None
    exact = span.end - span.start == variable.end - variable.start
    fix = Fix(span, "{{ " + near[0] + " }}", Say("use")) if near and exact and variable.default is None else None
    return diagnostic(
        "WK4003",
        span,
        help=told,
        fix=fix,
        name=variable.name,
        known=Listed([Typed("{name}", name=each) for each in known]),
    )


def _span(message: Declared, text: Wording, start: int, end: int) -> Span:
    """The place inside the text, or the whole text where escapes have moved it."""
    whole = text.span
    source = message.entity.module.source
    if source.text_of(whole)[1:-1] != text.text:
        return whole
    return source.span(whole.start + 1 + start, whole.start + 1 + end)


def offers(checked: Checked) -> Iterator[Diagnostic]:
    """A text that names its offer, or when its event begins, is sent with one; so is every fallback."""
    for journey in checked.journeys:
        for step in walk(journey.steps):
            if isinstance(step, Send):
                if not step.incentives:
                    yield from _without(checked, step, "WK3319", OFFER_VARIABLES)
                if "event" not in offered(checked, [step]):
                    yield from _without(checked, step, "WK3335", EVENT_VARIABLES)


def _without(checked: Checked, send: Send, code: str, variables: frozenset[str]) -> Iterator[Diagnostic]:
    for message in checked.chain(send.message):
        for text in message.texts():
            used = template.read(text.text).uses(variables)
            if used is not None:
                label = Label(text.span, Say("the text"))
                yield diagnostic(code, send.span, labels=(label,), name=message.name, variable=used.name)
                return
