"""Names are found where the checker finds them."""

import re
from pathlib import Path

import pytest
from tests.lsp.texts import CHINESE, ENGLISH, LIBRARY

from wakeup.compile import compile_project
from wakeup.diagnostics import Bag
from wakeup.lang import MemoryFiles, Module, Project, load
from wakeup.lang.names import Entity, Names
from wakeup.lsp.uses import Symbol, uses
from wakeup.syntax.nodes import Ref

CAMPAIGNS = sorted((Path(__file__).resolve().parents[2] / "campaigns").rglob("*.wake"))
FENCE = re.compile(r"^```wake\n(.*?)^```", re.MULTILINE | re.DOTALL)
TEXTS = {"english": ENGLISH, "chinese": CHINESE}


def project_of(text: str) -> Project:
    project, found = load("main.wake", MemoryFiles({"main.wake": text, "library.wake": LIBRARY}))
    assert project is not None
    assert found == ()
    return project


@pytest.fixture
def resolved(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Module, Ref, Entity]]:
    """What the checker looks up, with what it found."""
    found: list[tuple[Module, Ref, Entity]] = []
    resolve = Names.resolve

    def listened(self: Names, bag: Bag, module: Module, ref: Ref, namespace: str) -> Entity | None:
        entity = resolve(self, bag, module, ref, namespace)
        if entity is not None:
            found.append((module, ref, entity))
        return entity

    monkeypatch.setattr(Names, "resolve", listened)
    return found


def agree(project: Project, resolved: list[tuple[Module, Ref, Entity]]) -> int:
    compile_project(project)
    known = uses(project)
    for module, ref, entity in resolved:
        use = known.at(module.path, ref.parts[-1].span.start)
        assert use is not None, f"{ref.written} in {module.path}"
        declared = known.declaration(use.symbol)
        assert declared is not None
        assert (declared.path, declared.span) == (entity.module.path, entity.span), ref.written
    return len(resolved)


@pytest.mark.parametrize("path", CAMPAIGNS, ids=lambda path: path.stem.encode("ascii", "backslashreplace").decode())
def test_every_name_of_the_campaigns_means_what_the_checker_says(
    path: Path, resolved: list[tuple[Module, Ref, Entity]]
) -> None:
    project, _ = load(path)
    assert project is not None
    agree(project, resolved)


@pytest.mark.parametrize("name", TEXTS)
def test_every_name_means_what_the_checker_says(name: str, resolved: list[tuple[Module, Ref, Entity]]) -> None:
    assert agree(project_of(TEXTS[name]), resolved) > 5


def test_every_name_of_the_cases_means_what_the_checker_says(
    checkout: Path, resolved: list[tuple[Module, Ref, Entity]]
) -> None:
    pages = sorted((checkout / "tests" / "cases").glob("*.md"))
    blocks = [text for page in pages for text in FENCE.findall(page.read_text("utf-8"))]
    seen = 0
    for text in blocks:
        project, _ = load("main.wake", MemoryFiles({"main.wake": text, "library.wake": LIBRARY}))
        if project is not None and project.whole:
            resolved.clear()
            seen += agree(project, resolved)
    assert seen > 500


def counted(text: str) -> dict[tuple[str, ...], int]:
    """How often each name stands anywhere, its declaration counted."""
    known = uses(project_of(text))
    return {(symbol.sort, *symbol.name): len(list(known.of(symbol))) for symbol in known.declared}


def test_every_use_is_counted() -> None:
    found = counted(ENGLISH)
    assert found[("import", "lib")] == 4
    assert found[("segment", "vip")] == 2  # the tag of the same name is no segment
    assert found[("tag", "vip")] == 2
    assert found[("field", "skin")] == 3
    assert found[("category", "coats")] == 2
    assert found[("category", "evening dresses")] == 1
    assert found[("band", "reason", "rich")] == 1
    assert found[("incentive", "kit")] == 2
    assert found[("tier", "value")] == 4
    assert found[("band", "value", "high")] == 4
    assert found[("band", "value", "low")] == 2
    assert found[("line", "promotion")] == 4
    assert found[("incentive", "off")] == 3
    assert found[("message", "popup")] == 4
    assert found[("channel", "sms")] == 3
    assert found[("split", "wake", "way")] == 2
    assert found[("arm", "wake", "way", "weak")] == 1
    assert found[("journey", "wake")] == 1


def test_every_use_is_counted_in_chinese() -> None:
    found = counted(CHINESE)
    assert found[("import", "渠道")] == 3
    assert found[("segment", "贵宾")] == 2
    assert found[("band", "价值", "高")] == 3
    assert found[("line", "促销")] == 2
    assert found[("incentive", "立减")] == 3
    assert found[("message", "弹窗")] == 3


def test_names_are_found_while_the_file_is_broken() -> None:
    text = ENGLISH.replace("gap: 2d", "gap: 2d d d )").replace("limit: 1 per person", "limit:")
    project, found = load("main.wake", MemoryFiles({"main.wake": text, "library.wake": LIBRARY}))
    assert project is not None
    assert found
    known = uses(project)
    assert len(list(known.of(Symbol("message", "/main.wake", ("popup",))))) == 4


def test_a_budget_line_that_a_library_names_is_the_campaigns() -> None:
    library = f"{LIBRARY}coupon theirs {{ discount: 5 CNY off 50 CNY, valid: 7d, line: promotion }}\n"
    project, _ = load("main.wake", MemoryFiles({"main.wake": ENGLISH, "library.wake": library}))
    assert project is not None
    places = [use.path for use in uses(project).of(Symbol("line", "/main.wake", ("promotion",)))]
    assert sorted(places) == ["/library.wake", *["/main.wake"] * 4]


def test_a_budget_line_that_a_scenario_cuts_is_a_use_of_it() -> None:
    text = f"{ENGLISH}\nscenario cut {{ budget: 0.5x for promotion }}\n"
    project, _ = load("main.wake", MemoryFiles({"main.wake": text, "library.wake": LIBRARY}))
    assert project is not None
    assert len(list(uses(project).of(Symbol("line", "/main.wake", ("promotion",))))) == 5
