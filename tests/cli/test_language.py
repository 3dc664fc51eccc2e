"""Which language the command line speaks: the one asked for, else the file's, else the environment's."""

import json
import re
from pathlib import Path

import pytest

from wakeup.cli import run

CHINESE = """wakeup 1

活动 春季 {
  货币: CNY, 时区: "Asia/Shanghai", 日期: 2026-03-02 至 2026-04-30
  人群: 距上次下单 >= 90, 对照组: 10%, 毛利率: 50%
}
渠道 短信渠道 { 类型: 短信, 成本: 每条 0.05元 }
消息 问候 通过 短信渠道 { 文本: "好久不见。拒收请回复R" }
旅程 全部 { 发送 问候 }
"""
ENGLISH = """wakeup 1

campaign spring {
  currency: CNY, timezone: "Asia/Shanghai", run: 2026-03-02 through 2026-04-30
  audience: days_since_order >= 90, holdout: 10%, margin: 50%
}
channel post { kind: email, cost: 0.05 CNY per message }
message hello via post { text: "Hello" }
journey all { send hello }
"""

STARTER = Path(__file__).resolve().parents[2] / "campaigns" / "starter" / "老客召回.wake"


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    Path("zh.wake").write_text(CHINESE, "utf-8")
    Path("en.wake").write_text(ENGLISH, "utf-8")
    return tmp_path


def err(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    run(arguments)
    return capsys.readouterr().err


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(
    ("arguments", "environment", "begins", "ends"),
    [
        (["zh.wake"], "en_GB.UTF-8", "错误[WK2104]: “90”没有单位", "已检查 1 个文件：1 个错误\n"),
        (["en.wake"], "zh_CN.UTF-8", "error[WK2104]: `90` has no unit", "1 file checked: 1 error\n"),
        (["zh.wake", "--lang", "en"], "zh_CN.UTF-8", "error[WK2104]: `90` has no unit", "1 file checked: 1 error\n"),
        (["en.wake", "--lang", "zh"], "en_GB.UTF-8", "错误[WK2104]: “90”没有单位", "已检查 1 个文件：1 个错误\n"),
        (["en.wake", "zh.wake"], "zh_CN.UTF-8", "error[WK2104]", "已检查 2 个文件：2 个错误\n"),
    ],
)
def test_a_message_is_in_the_language_of_its_file_unless_another_is_asked_for(
    arguments: list[str],
    environment: str,
    begins: str,
    ends: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("LANG", environment)
    told = err(["check", *arguments], capsys)
    assert told.startswith(begins)
    assert told.endswith(ends)


@pytest.mark.usefixtures("files")
def test_a_fix_is_written_in_the_language_of_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert "= fix: write: 90天\n" in err(["check", "zh.wake", "--lang", "en"], capsys)
    assert "= 改法：写成：90d\n" in err(["check", "en.wake", "--lang", "zh"], capsys)


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(("environment", "told"), [("zh_CN.UTF-8", "找不到文件"), ("en_GB.UTF-8", "there is no file")])
def test_what_is_about_no_file_is_in_the_language_of_the_environment(
    environment: str, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LANG", environment)
    assert told in err(["check", "nowhere"], capsys)
    assert "找不到文件" in err(["check", "nowhere", "--lang", "zh"], capsys)


@pytest.mark.usefixtures("files")
def test_what_a_campaign_lacks_is_told_in_its_language(capsys: pytest.CaptureFixture[str]) -> None:
    Path("zh.wake").write_text(CHINESE.replace(">= 90,", ">= 90天,"), "utf-8")
    assert "需要指定客户数据：--synthetic 和 --customers 都没有给" in err(["simulate", "zh.wake"], capsys)


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize("format", ["json", "sarif", "github", "junit"])
def test_machines_get_each_message_in_the_language_of_its_file(format: str, capsys: pytest.CaptureFixture[str]) -> None:
    run(["check", "--format", format, "zh.wake", "en.wake"])
    out = capsys.readouterr().out
    assert "“90”没有单位" in out
    assert "`90` has no unit" in out
    if format == "json":
        assert [each["lang"] for each in json.loads(out)["diagnostics"]] == ["en", "zh"]


SLIPS = (
    ("chek en.wake", "there is no command chek", "没有命令 chek"),
    ("chek en.wake", "did you mean `check`?", "是否想写“check”？"),
    ("customers bake", "known: `synth`, `shape`, `import`", "可用的有：“synth”、“shape”、“import”"),
    ("check en.wake --strct", "there is no option --strct", "没有选项 --strct"),
    ("check en.wake --strct", "did you mean `--strict`?", "是否想写“--strict”？"),
    ("check", "PATHS is missing", "缺少 PATHS"),
    ("audience en.wake", "--sql is missing", "缺少 --sql"),
    ("audience en.wake", "--sql takes `duckdb` or `postgres`", "--sql 应当是“duckdb”或“postgres”"),
    ("check en.wake --format", "--format is given without a value", "--format 后面缺少值"),
    ("check en.wake --format pdf", "`github` or `junit`, not `pdf`\n", "“github”或“junit”，不能是“pdf”\n"),
    ("check en.wake --synthetic many", "--synthetic takes a whole number\n", "--synthetic 应当是整数\n"),
    ("simulate en.wake --seed -1", "--seed takes a whole number from 0\n", "--seed 应当是不小于 0 的整数\n"),
    ("check en.wake --strict=very", "--strict takes no value", "--strict 不带值"),
    ("plan en.wake zh.wake other", "too much is given: zh.wake other\n", "多了这些：zh.wake other\n"),
    ("customers synth", "N takes a whole number", "N 应当是整数"),
    ("check", "help: wakeup check --help shows what it takes", "帮助：wakeup check --help 会列出可用的参数"),
)


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(("typed", "en", "zh"), SLIPS, ids=[f"{typed}: {en.split()[0]}" for typed, en, _ in SLIPS])
def test_what_is_no_command_is_told_in_the_language_of_the_environment(
    typed: str, en: str, zh: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for lang, told in (("en", en), ("zh", zh)):
        monkeypatch.setenv("LANG", f"{lang}_GB.UTF-8")
        assert run(typed.split()) == 1
        out = capsys.readouterr().err
        assert told in out
        assert out.startswith({"en": "error: ", "zh": "错误："}[lang])


@pytest.mark.usefixtures("files")
def test_what_is_no_command_is_told_in_the_language_that_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert "缺少 PATHS" in err(["check", "--lang", "zh"], capsys)
    assert "缺少 PATHS" in err(["check", "--lang=zh"], capsys)
    assert "PATHS is missing" in err(["check", "--lang", "en"], capsys)
    assert "--lang takes `en` or `zh`" in err(["check", "en.wake", "--lang", "fr"], capsys)
    assert err(["customers"], capsys).startswith("Usage: wakeup customers")


# --- plans, tables and reports ---------------------------------------------------------------------------------------

OWN = re.compile(
    r"\{\{.*?\}\}|渠道\.\w+|Asia/Shanghai|wakeup|[\w./-]+\.(?:json|wake|html)|回复R|WK\d{4}|j\d+(?:s\d+|start|end)"
)
MERMAID = {"flowchart", "TD", "subgraph", "end", "br"}


def english(text: str) -> set[str]:
    return set(re.findall(r"[A-Za-z][A-Za-z_]+", OWN.sub(" ", text)))


@pytest.fixture
def starter(files: Path) -> str:
    library = STARTER.parents[1] / "shared"
    (files / "shared").mkdir()
    for each in library.glob("*.wake"):
        (files / "shared" / each.name).write_bytes(each.read_bytes())
    (files / "campaign.wake").write_bytes(STARTER.read_bytes())
    return "campaign.wake"


def test_a_chinese_plan_has_no_english_word(starter: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plan", starter]) == 0
    assert english(capsys.readouterr().out) == set()
    assert run(["plan", starter, "--format", "mermaid"]) == 0
    assert english(capsys.readouterr().out) <= MERMAID


def test_a_chinese_forecast_has_no_english_word(starter: str, capsys: pytest.CaptureFixture[str]) -> None:
    run(["simulate", starter, "--synthetic", "300", "--replications", "2"])
    told = capsys.readouterr()
    assert english(told.out + told.err) == set()


def test_a_plan_by_itself_is_told_in_the_language_that_is_asked_for(
    starter: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["plan", starter, "-o", "plan.json"]) == 0
    capsys.readouterr()
    assert run(["plan", "plan.json", "--lang", "zh"]) == 0
    assert english(capsys.readouterr().out) == set()
    assert run(["plan", "plan.json"]) == 0
    assert "What it rests on" in capsys.readouterr().out


def test_changes_of_a_chinese_campaign_have_no_english_word(
    starter: str, files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (files / starter).read_text("utf-8")
    (files / "newer.wake").write_text(re.sub(r"(\d)天", r"\g<1>1天", text), "utf-8")
    assert run(["plan", "newer.wake", "--against", starter]) == 0
    told = capsys.readouterr().out
    assert " 处变化：" in told
    assert english(re.sub(r"（[a-z_]+）", "", told)) == set()


def test_a_chinese_report_has_no_english_word(starter: str, files: Path) -> None:
    run(["simulate", starter, "--synthetic", "300", "--replications", "2", "--report", "r.html"])
    page = (files / "r.html").read_text("utf-8")
    assert '<html lang="zh-CN">' in page
    body = re.sub(r"(?s)<style>.*?</style>|<svg.*?</svg>", " ", page)
    # A command and a function are called what they are called.
    assert english(re.sub(r"<[^>]*>|&\w+;|\b[0-9a-f]{16,}\b", " ", body)) == {"calibrate", "exp"}
