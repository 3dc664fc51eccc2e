"""The page on behaviour lists every parameter as it is."""

from collections.abc import Iterator
from pathlib import Path

from wakeup.terms.behaviour import Prior, parameters


def rows() -> Iterator[str]:
    yield "| parameter | what it is | unit | median (sd, grade) |"
    yield "|---|---|---|---|"
    for own in parameters().values():
        yield f"| `{own.name}` | {own.meaning} | {own.unit} | {'; '.join(map(told, own.priors))} |"


def told(prior: Prior) -> str:
    scope = f"{prior.scope.removeprefix('kind:')} " if prior.scope else ""
    return f"{scope}{prior.median:g} ({prior.sd:g}, {prior.grade})"


def test_the_page_lists_every_parameter(checkout: Path) -> None:
    page = (checkout / "docs" / "semantics" / "behaviour.md").read_text("utf-8")
    assert page.split("## All parameters", 1)[1].split("\n\n", 2)[2] == "\n".join(rows()) + "\n"
