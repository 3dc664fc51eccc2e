"""The report: one HTML file that opens offline, asks for nothing and runs no script."""

from collections.abc import Iterator, Sequence
from itertools import islice

from wakeup.figures.result import Result
from wakeup.plan.model import Plan
from wakeup.report.charts import svgs
from wakeup.report.markup import Safe, element, join, void
from wakeup.report.opening import opening
from wakeup.report.parts import Section
from wakeup.report.sections import SECTIONS, footer, in_words
from wakeup.report.speech import Speech
from wakeup.terms.data import packaged_text
from wakeup.terms.language import Language


def html(result: Result, plan: Plan, plan_text: str = "", lang: Language = "en") -> bytes:
    """Return the report of a result as one UTF-8 HTML page in a language; equal arguments give equal bytes.

    `plan_text` is the plan in words, shown as it is (escaped).

    Raises:
        WakeupError: WK6009, the extra `wakeup[report]` is not installed.
    """
    s = Speech(lang)
    sections = [section for part in SECTIONS if (section := part(result, plan, s)) is not None]
    return framed(
        plan.title or plan.name,
        opening(result, plan, s),
        sections,
        join(in_words(plan_text, s)),
        footer(result, s),
        lang,
    )


def framed(
    title: str, first: Safe, sections: Sequence[Section], last: Safe, foot: Safe, lang: Language = "en"
) -> bytes:
    """Return a page as UTF-8 HTML: its first screen, its sections with their charts drawn, what comes last, and a foot.

    Raises:
        WakeupError: WK6009, the extra `wakeup[report]` is not installed.
    """
    drawn = iter(svgs([chart for section in sections for block in section.blocks for chart in block.charts]))
    body = [_laid_out(section, drawn) for section in sections]
    page = element(
        "html",
        _head(title),
        element("body", element("main", first, *body, last), foot),
        lang={"en": "en", "zh": "zh-CN"}[lang],
    )
    return f"<!doctype html>\n{page}\n".encode()


def _laid_out(section: Section, drawn: Iterator[Safe]) -> Safe:
    """Return a section, its charts taken from `drawn` in order."""
    note = [element("p", section.note, class_="note")] if section.note else []
    blocks = [block.laid_out(tuple(islice(drawn, len(block.charts)))) for block in section.blocks]
    return element("section", element("h2", section.title), *note, *blocks)


def _head(title: str) -> Safe:
    # The policy forbids what the page does not do: no script, no request, whatever a name in it may contain.
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return element(
        "head",
        void("meta", charset="utf-8"),
        void("meta", http_equiv="Content-Security-Policy", content=policy),
        void("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", join(title, " – wakeup")),
        element("style", Safe(packaged_text("report/page.css"))),
    )
