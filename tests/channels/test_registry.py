"""Adapters are found by name; one that does not fit is told, with what to do."""

import importlib
import sys
from pathlib import Path

import pytest

from wakeup.channels.protocol import Setup
from wakeup.channels.registry import installed, load, open_channel
from wakeup.diagnostics import Diagnostic, WakeupError

METADATA = """Metadata-Version: 2.1
Name: shop-channels
Version: 1.0
Requires-Dist: attrs
Requires-Dist: pigeon_post>=2; extra == "pigeons"
"""
POINTS = """[wakeup.channels]
pigeon = shop_pigeon:open_pigeon
old = shop_old:open_old
strict = shop_strict:open_strict
console = shop_strict:open_strict
gone = shop_strict:not_there
"""
MODULES = {
    "shop_pigeon": "import pigeon_post.wings\n",
    "shop_old": """
from wakeup.channels.console import ConsoleChannel
from wakeup.channels.protocol import Capabilities

def open_old(setup):
    opened = ConsoleChannel(setup.channel, True)
    opened.capabilities = Capabilities(protocol=0)
    return opened
""",
    "shop_strict": "def open_strict(setup):\n    raise ValueError('url: must begin with https')\n",
}


@pytest.fixture(params=["found first", "found last"])
def other_package(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package of somebody else with adapters that do not fit."""
    folder = tmp_path / "shop_channels-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(METADATA, "utf-8")
    (folder / "entry_points.txt").write_text(POINTS, "utf-8")
    for name, text in MODULES.items():
        (tmp_path / f"{name}.py").write_text(text, "utf-8")
        monkeypatch.delitem(sys.modules, name, raising=False)
    folders = [str(tmp_path), *sys.path] if request.param == "found first" else [*sys.path, str(tmp_path)]
    monkeypatch.setattr(sys, "path", folders)
    importlib.invalidate_caches()


def setup() -> Setup:
    return Setup("sms", {}, lambda: 0.0)


def refused(name: str) -> Diagnostic:
    with pytest.raises(WakeupError) as raised:
        open_channel(load(name), setup())
    (found,) = raised.value.diagnostics
    return found


def test_shipped_adapters_are_found_and_open() -> None:
    assert "console" in installed()
    loaded = load("console")
    assert loaded.package == "wakeup"
    assert [each.name for each in loaded.settings or ()] == ["quiet"]
    assert open_channel(loaded, setup()).capabilities.batch > 1


@pytest.mark.usefixtures("other_package")
def test_an_adapter_of_another_package_is_found_by_name() -> None:
    assert installed()["pigeon"].package == "shop-channels"
    assert load("old").settings is None


@pytest.mark.usefixtures("other_package")
def test_the_name_of_a_shipped_adapter_cannot_be_taken_over() -> None:
    assert installed()["console"].package == "wakeup"


@pytest.mark.usefixtures("other_package")
def test_what_an_adapter_needs_is_told_with_its_extra() -> None:
    found = refused("pigeon")
    assert found.code == "WK7068"
    assert "pigeon_post" in found.message
    assert found.help == "run: pip install 'shop-channels[pigeons]'"
    assert refused("gone").code == "WK7068"


@pytest.mark.usefixtures("other_package")
def test_another_version_of_the_protocol_is_refused() -> None:
    found = refused("old")
    assert (found.code, "version 0" in found.message) == ("WK7070", True)


@pytest.mark.usefixtures("other_package")
def test_settings_that_an_adapter_refuses_are_told() -> None:
    found = refused("strict")
    assert (found.code, "url: must begin with https" in found.message) == ("WK7069", True)
