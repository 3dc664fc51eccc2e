"""A plan is the same wherever it is compiled, and runs where the text side is not installed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

WITHOUT_LARK = """
import importlib.abc, sys

class Gone(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "lark":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Gone())
from wakeup.cli import run
sys.exit(run(sys.argv[1:]))
"""

LIBRARY = """wakeup 1
channel push {{ kind: push, cost: 0 CNY per message }}
channel app {{ kind: push, cost: 0 CNY per message }}
coupon {coupon} {{ discount: 10 CNY off 100 CNY, valid: 7d }}
"""

CAMPAIGN = """campaign c {
  currency: CNY, timezone: "Asia/Shanghai", run: 2026-09-01 through 2026-09-30
  audience: days_since_order >= 90d and not tag(a) and not tag(b), holdout: 10%, margin: 50%
}
message one via second.push { text: "Hello {{ city }} {{ first_name }}" }
message two via first.app { text: "Hello" }
journey all { send one with first.c1; wait 3d; send two with second.c2 }
"""


SIMULATED = (0, 2)
"""Whether an expectation holds is a matter of how many are simulated."""


def python(*arguments: str, folder: Path, seed: str = "0", codes: tuple[int, ...] = (0,)) -> str:
    """Run Python in a folder, with a seed of hashes of its own."""
    env = {**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": "C.UTF-8"}
    found = subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    assert found.returncode in codes, found.stderr
    return found.stdout


def wakeup(*arguments: str, folder: Path, seed: str = "0", codes: tuple[int, ...] = (0,)) -> str:
    code = "import sys; from wakeup.cli import run; sys.exit(run(sys.argv[1:]))"
    return python("-c", code, *arguments, folder=folder, seed=seed, codes=codes)


@pytest.mark.parametrize("campaign", ["beauty_autumn", "gift_shop_winback"])
def test_the_plan_is_the_same_under_any_hash_seed(campaign: str, checkout: Path) -> None:
    told = {wakeup("plan", f"campaigns/{campaign}.wake", "--format", "json", folder=checkout, seed=s) for s in "0127"}
    assert len(told) == 1


def test_the_plan_does_not_depend_on_the_order_or_the_folder_of_files(tmp_path: Path) -> None:
    told = set()
    for number, order in enumerate((("first", "second"), ("second", "first"))):
        folder = tmp_path / f"project{number}" / "deep"[: 4 * number]
        folder.mkdir(parents=True)
        for name in order:
            (folder / f"{name}.wake").write_text(LIBRARY.format(coupon="c1" if name == "first" else "c2"), "utf-8")
        imports = "".join(f'import "{name}.wake" as {name}\n' for name in order)
        (folder / "c.wake").write_text(f"wakeup 1\n{imports}{CAMPAIGN}", "utf-8")
        told.add(wakeup("plan", "c.wake", "--format", "json", folder=folder))
    assert len(told) == 1
    assert str(tmp_path) not in told.pop()


def test_a_plan_runs_where_lark_is_not_installed(checkout: Path, tmp_path: Path) -> None:
    campaign = str(checkout / "campaigns" / "beauty_autumn.wake")
    wakeup("plan", campaign, "-o", "plan.json", folder=tmp_path)
    options = ("--synthetic", "200", "--replications", "2", "--json", "-")
    python("-c", WITHOUT_LARK, "check", campaign, folder=tmp_path)  # the parser's tables are shipped, too
    bare = json.loads(python("-c", WITHOUT_LARK, "simulate", "plan.json", *options, folder=tmp_path, codes=SIMULATED))
    full = json.loads(wakeup("simulate", campaign, *options, folder=tmp_path, codes=SIMULATED))
    assert bare["figures"]["sent"]["value"] > 0
    assert {**bare, "timing": 0} == {**full, "timing": 0}
    told = python("-c", WITHOUT_LARK, "plan", "plan.json", "--against", "plan.json", folder=tmp_path)
    assert told == "nothing changed\n"


def test_importing_wakeup_loads_nothing_heavy(tmp_path: Path) -> None:
    loaded = python("-c", "import sys, wakeup; print(*sys.modules)", folder=tmp_path).split()
    heavy = {"numpy", "lark", "simpy", "duckdb", "rich", "typer", "cattrs", "wakeup.face"}
    assert heavy & {*loaded} == set()


def test_comparing_plans_loads_neither_numpy_nor_lark(tmp_path: Path) -> None:
    code = "import sys, wakeup.plan.diff, wakeup.plan.mermaid, wakeup.plan.schema; print(*sys.modules)"
    assert {"numpy", "lark"} & {*python("-c", code, folder=tmp_path).split()} == set()
