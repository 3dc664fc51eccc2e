"""The wheel alone, in an empty environment, away from the checkout."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("wheel")]


@pytest.fixture(scope="module")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout."""
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(checkout), cwd=out)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The binaries of an environment whose wakeup is the wheel.

    Its dependencies are those of the running environment, added by a path file: such a path does not bring the editable
    install's own path file into force, so that the checkout stays out of sight.
    """
    folder = tmp_path_factory.mktemp("env") / "venv"
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index", str(wheel))
    (site,) = folder.glob("lib/python*/site-packages")
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return folder / "bin"


@pytest.fixture(scope="module")
def project(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's folder with the campaigns, outside the checkout."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(checkout / "campaigns", folder / "campaigns")
    return folder


def run(*command: str, cwd: Path | None = None, codes: tuple[int, ...] = (0,)) -> str:
    env = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))}
    result = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert result.returncode in codes, f"{command}\n{result.stdout}\n{result.stderr}"
    return result.stdout


def test_the_wheel_holds_code_data_and_licence(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {
        "wakeup/py.typed",
        "wakeup/_grammars/campaign.lark",
        "wakeup/_grammars/campaign.tables.json",
        "wakeup/_grammars/lexicon.toml",
        "wakeup/diagnostics/codes/wk1_syntax.toml",
        "wakeup/lsp/words.toml",
        "wakeup/_docs/properties.toml",
        "wakeup/_library/wakeup.toml",
        "wakeup/_library/shared/cn_channels.wake",
        "wakeup/_library/shared/intl_channels.wake",
        "wakeup/_library/starter/winback.wake",
        "wakeup/_library/starter/老客召回.wake",
    } <= names
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
    assert not any(name.startswith(("tests/", "campaigns/")) for name in names)


def test_the_code_comes_from_the_wheel(installed: Path, project: Path) -> None:
    where = run(str(installed / "python"), "-c", "import wakeup; print(wakeup.__file__)", cwd=project)
    assert where.startswith(str(installed.parent))


def test_the_tables_in_the_wheel_fit_its_grammar(installed: Path, project: Path) -> None:
    """Without Lark a campaign can be read only with tables made before."""
    code = "import sys; sys.modules['lark'] = None; import wakeup; print(wakeup.check('campaigns/beauty_autumn.wake'))"
    assert run(str(installed / "python"), "-c", code, cwd=project).strip() == "()"


def test_check_runs(installed: Path, project: Path) -> None:
    told = run(str(installed / "wakeup"), "check", "--strict", "campaigns/beauty_autumn.wake", cwd=project)
    assert told == "", "a diagnostic"


def test_simulate_runs(installed: Path, project: Path) -> None:
    told = run(
        *(str(installed / "wakeup"), "simulate", "campaigns/beauty_autumn.wake"),
        *("--synthetic", "2000", "--seed", "7", "--replications", "2", "--json", "-"),
        cwd=project,
        codes=(0, 2),  # so few customers do not earn the campaign's fixed costs: an expectation fails
    )
    result = json.loads(told)
    assert result["customers"] == 2000
    assert result["figures"]["targeted"]["value"] > 0


@pytest.mark.parametrize(("lang", "campaign"), [("en", "winback.wake"), ("zh", "老客召回.wake")])
def test_a_new_project_checks_and_simulates(installed: Path, tmp_path: Path, lang: str, campaign: str) -> None:
    wakeup = str(installed / "wakeup")
    run(wakeup, "init", "project", "--lang", lang, cwd=tmp_path)
    run(wakeup, "check", "--strict", "project", cwd=tmp_path)
    told = run(wakeup, "simulate", f"project/{campaign}", "--synthetic", "1000", "--json", "-", cwd=tmp_path)
    assert json.loads(told)["figures"]["touched"]["value"] > 0
