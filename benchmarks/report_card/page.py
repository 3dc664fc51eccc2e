"""The card as Markdown and pictures."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.report_card import calls, coupons, logs
from benchmarks.report_card.card import Check, Section, Source, holding, source

PAGE = "docs/report-card.md"
PICTURES = "docs/pictures/report-card"


def files(folder: Path) -> Mapping[str, str]:
    """Compute everything from the data in `folder`; return path below the checkout -> content."""
    sections = (logs.organic(folder), coupons.redeemed(folder), calls.called(folder))
    names = [file for _, file, _ in logs.SHOPS]
    names += [*coupons.FILES.values(), calls.FILE]
    made = {PAGE: _page(sections, [source(folder, name) for name in names])}
    for section in sections:
        made |= {f"{PICTURES}/{each.name}.svg": each.svg for each in section.pictures}
    return made


OPENING = (
    "What wakeup assumes and forecasts, held against real data. Written by `make card`; every number is computed from"
    " the data when the page is made, and a test makes it again. A check that fails is printed as such."
)
UNJUDGED = """\
* **The effect of a campaign**: no campaign among the data was drawn by lot. `wakeup backtest --campaign` judges one of
  your own ([how](backtest-campaign.md)); it is proven on made-up campaigns of known truth.
* Channels of Chinese platforms, opt-outs, complaints, activities: [defaults](defaults.md) says which are guesses."""


def _page(sections: Sequence[Section], sources: Sequence[Source]) -> str:
    checks = [each for section in sections for each in section.checks]
    held = sum(each.holds for each in checks)
    lines = ["# Report card", "", OPENING, "", f"**{held} of {len(checks)} checks hold.**", "", "What fails:", ""]
    failing = [each for each in checks if not each.holds]
    lines += [f"* **{each.data}**: {each.claim}. Found: {each.found}. Why: {each.cause}." for each in failing]
    lines += ["* nothing."] * (not failing)
    for section in sections:
        lines += ["", f"## {section.title}", ""]
        for paragraph in section.text:
            lines += [paragraph, ""]
        lines += [*_table(section.table), ""]
        lines += [f"![{each.says}](pictures/report-card/{each.name}.svg)" for each in section.pictures]
        lines += ["", *_table([("claim", "data", "found", ""), *map(_row, section.checks)])]
    read = [(each.name, f"{each.rows:,}", f"`{each.digest}…`") for each in sources]
    lines += ["", "## What no data here can judge", "", UNJUDGED]
    lines += ["", "## The data", "", *_table([("file", "rows", "SHA-256"), *read]), ""]
    return "\n".join(lines)


def _row(check: Check) -> tuple[str, ...]:
    return check.claim, check.data, check.found, holding(check.holds)


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    head, *body = rows
    return [_line(head), _line(["---"] * len(head)), *map(_line, body)]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
