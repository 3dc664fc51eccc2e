import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_requirement_is_pinned_and_names_no_host(checkout: Path) -> None:
    lines = (checkout / "requirements" / "dev.txt").read_text("utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", pin) for pin in pins)


def test_the_pins_satisfy_what_the_project_declares(checkout: Path) -> None:
    pins = dict(
        line.split("==")
        for line in (checkout / "requirements" / "dev.txt").read_text("utf-8").splitlines()
        if "==" in line
    )
    project = tomllib.loads((checkout / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    named = ("data", "report", "lsp", "sql", "cluster", "calibrate")
    for line in [*project["dependencies"], *(line for name in named for line in extras[name])]:
        wanted = Requirement(line)
        assert wanted.specifier.contains(pins[canonical(wanted.name)]), line
