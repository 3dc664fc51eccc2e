"""A result as Markdown: what a pull request or a wiki page wants to know."""

from wakeup.figures.result import Result
from wakeup.plan.model import Plan
from wakeup.report import credit
from wakeup.report import markdown as md
from wakeup.report.numbers import bare
from wakeup.report.opening import certainty, conclusions
from wakeup.report.risks import bought_head, bought_rows, risk_head, risk_rows
from wakeup.report.shortfall import shortfalls
from wakeup.report.speech import Speech
from wakeup.report.words import FIGURES, GROUPS, OF_THE_WOKEN, OPTIONAL
from wakeup.terms.language import Language


def summary(result: Result, plan: Plan, lang: Language = "en") -> bytes:
    """Return the first screen of the report in words, the figures, goals and expectations, the budget, what channels
    add where that is known, the risks, and what counter-measures buy.

    Names that authors chose are escaped: they neither format anything nor call anybody.
    """
    s = Speech(lang)
    verdict, *more = conclusions(s, result)
    parts = [f"# {md.escaped(plan.title or plan.name)}", f"**{md.escaped(verdict)}**"]
    parts += [md.escaped(each) for each in more]
    parts += [_figures(result, s), _claims(result, s), *map(md.escaped, shortfalls(result, s)), _budget(result, s)]
    parts += [_added(result, s), _risks(result, s), _bought(result, s)]
    parts.append(md.escaped(certainty(result, s)))
    return ("\n\n".join(filter(None, parts)) + "\n").encode()


def _figures(result: Result, s: Speech) -> str:
    rows = []
    for name, words in FIGURES.items():
        figure = result.figures.get(name)
        if figure is None or (name in OPTIONAL and not (figure.value or figure.high)):
            continue
        caused = None if name in OF_THE_WOKEN else result.figures.get(f"incremental_{name}")
        label = s.told(words.label)
        if words.group == GROUPS[-1]:
            label = s.say("{figure}, after the run", figure=label)
        told = (s.quantity(figure.value, figure.unit), s.interval(figure.low, figure.high, figure.unit))
        more = ("", "") if caused is None else (
            s.quantity(caused.value, caused.unit, change=True),
            s.interval(caused.low, caused.high, caused.unit, change=True),
        )  # fmt: skip
        rows.append((label, *told, *more))
    within = s.say("90 % interval")
    return md.table((s.say("Figure"), s.say("Value"), within, s.say("Caused by the campaign"), within), rows)


def _claims(result: Result, s: Speech) -> str:
    rows = [(s.say("goal"), each.text, s.chance(each.probability), "", "") for each in result.goals]
    rows += [
        (
            s.say("expect"),
            each.text,
            s.chance(each.probability),
            s.say("always") if each.sure is None else s.chance(each.sure),
            s.status(each.status),
        )
        for each in result.expectations
    ]
    head = ("", s.say("What"), s.say("Holds"), s.say("Asked"), s.say("Status"))
    return md.table(head, rows, words=2) if rows else ""


def _budget(result: Result, s: Speech) -> str:
    rows = [
        (
            each.line or s.say("(no line)"),
            bare(each.spent, result.currency),
            bare(each.open, result.currency),
            bare(each.limit, result.currency),
        )
        for each in result.budget
    ]
    head = (s.say("Line"), s.say("Spent"), s.say("Open"), s.say("Limit"))
    return md.table(head, rows) if rows else ""


def _added(result: Result, s: Speech) -> str:
    rows = credit.added(result, s)
    return md.table(credit.added_head(result, s), rows) if rows else ""


def _risks(result: Result, s: Speech) -> str:
    return md.table(risk_head(result, s), risk_rows(result, s))


def _bought(result: Result, s: Speech) -> str:
    rows = bought_rows(result, s)
    return md.table(bought_head(result, s), rows, words=2) if rows else ""
