"""What several campaigns come to, as one HTML page that opens offline."""

from collections.abc import Sequence

from wakeup.figures.together import Together
from wakeup.plan.model import Plan
from wakeup.report import charts
from wakeup.report.markup import Safe, element, join
from wakeup.report.page import framed
from wakeup.report.parts import Block, Section
from wakeup.report.speech import Speech
from wakeup.report.tables import table
from wakeup.report.together.sentences import PROFIT, findings, headline, notes
from wakeup.report.together.sheets import sheets
from wakeup.terms.language import Language


def html(found: Together, plans: Sequence[Plan], lang: Language = "en") -> bytes:
    """Return the report of several campaigns as one UTF-8 HTML page in a language; equal arguments give equal bytes.

    Raises:
        WakeupError: WK6009, the extra `wakeup[report]` is not installed.
    """
    s = Speech(lang)
    title = s.say(" + ").join(plan.title or plan.name for plan in plans)
    first = join(
        element("h1", title),
        element("p", element("strong", headline(found, s)), class_="verdict"),
        element("ul", *(element("li", each) for each in findings(found, s) if each), class_="findings"),
    )
    sections = []
    for number, sheet in enumerate(each for each in sheets(found, s) if each.rows):
        drawn = (_profits(found, s),) if number == 1 else ()
        sections.append(Section(sheet.title, "", (Block(table(sheet.head, sheet.rows, words=sheet.words), drawn),)))
    last = element(
        "section", element("h2", s.say("How to read this")), *(element("p", each) for each in notes(found, s))
    )
    return framed(title, first, sections, last, _footer(found, s), lang)


def _profits(found: Together, s: Speech) -> charts.Drawing:
    """Return the way from the profit of each campaign alone to that of all side by side."""
    overlap = found.overlap[PROFIT].change or 0.0
    between = s.say("lost side by side") if overlap < 0 else s.say("won side by side")
    return charts.waterfall(
        [
            *((each.campaign, each.adds[PROFIT].old or 0.0, False) for each in found.presence),
            (between, overlap, False),
            (s.say("All"), found.figures[PROFIT].value or 0.0, True),
        ]
    )


def _footer(found: Together, s: Speech) -> Safe:
    """Return what identifies the run; no path, no machine, no time."""
    pairs = [
        pair
        for each in found.campaigns
        for pair in (
            (s.say("campaign"), each.plan["name"]),
            (s.say("conduct"), each.plan["behaviour_id"]),
            (s.say("forecast"), each.plan["forecast_id"]),
        )
    ]
    pairs += [
        (s.say("seed"), str(found.seed)),
        (s.say("replications"), str(found.replications)),
        (s.say("customers"), f"{found.customers:,}"),
    ]
    return element(
        "footer", *(join(f"{name} ", element("code", value), " · ") for name, value in pairs), s.say("made by wakeup")
    )
