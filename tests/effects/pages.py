"""The pages of docs/effects: a campaign, and rows that change one thing in it and say what comes of that."""

import re
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "docs" / "effects"

_CODE = re.compile(r"`([^`]*)`")
_EFFECT = re.compile(r"(?P<what>.+) (?P<way>up|down|changes|later|earlier)")


@frozen
class Effect:
    """`what` goes `way` (up, down, changes, later, earlier), or the checker says the code `what` (way "said")."""

    what: str
    way: str


@frozen
class Change:
    """One row: each of `old` becomes its `new` in the campaign, which shows in `effect`; `subject`: what is swept."""

    page: str
    line: int
    subject: str
    old: tuple[str, ...]
    new: tuple[str, ...]
    effect: Effect

    @property
    def id(self) -> str:
        return f"{self.page}:{self.line}-{self.subject.replace(' ', '_')}"

    def made(self, campaign: str) -> str:
        """The campaign with the change."""
        for old, new in zip(self.old, self.new, strict=True):
            assert campaign.count(old) == 1, f"`{old}` stands there {campaign.count(old)} times"
            campaign = campaign.replace(old, new)
        return campaign


@frozen
class Page:
    name: str
    campaign: str
    changes: tuple[Change, ...]


def pages() -> tuple[Page, ...]:
    """All pages by name, but the list of them."""
    return tuple(page for path in sorted(PAGES.glob("[!R]*.md")) for page in _pages(path))


def _pages(path: Path) -> Iterator[Page]:
    """A page may have several campaigns; each goes with the tables that follow it."""
    campaign, changes, inside, body = "", list[Change](), False, list[str]()
    number = 0
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if line.startswith("```"):
            if inside:
                inside = False
                if campaign and changes:
                    yield Page(f"{path.stem}", campaign, tuple(changes))
                campaign, changes = "\n".join(body) + "\n", []
            elif line.startswith("```wake"):
                inside, body = True, []
        elif inside:
            body.append(line)
        elif line.startswith("| `"):
            changes.append(_change(path.stem, number, line))
    assert campaign, f"{path.name} has no campaign"
    assert changes, f"{path.name}: no table after the last campaign"
    yield Page(path.stem, campaign, tuple(changes))


def _change(page: str, number: int, line: str) -> Change:
    subject, old, new, effect = (cell.strip() for cell in line.strip().strip("|").split(" | "))
    subjects, before, after = (tuple(_CODE.findall(cell)) for cell in (subject, old, new))
    assert len(subjects) == 1, f"{page}.md:{number}: what is changed?"
    assert len(before) == len(after) > 0, f"{page}.md:{number}: {before} becomes {after}"
    said = re.fullmatch(r"the checker says (WK\d{4})", effect)
    found = _EFFECT.fullmatch(effect)
    assert said or found, f"{page}.md:{number}: `{effect}` says no effect"
    wanted = Effect(said[1], "said") if said else Effect(found["what"], found["way"]) if found else None
    assert wanted is not None
    return Change(page, number, subjects[0], before, after, wanted)
