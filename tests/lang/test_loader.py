from pathlib import Path

import pytest
from tests.lang.texts import CAMPAIGN, JOURNEY, PUSH, campaign, compiled

from wakeup.compile import compile_project
from wakeup.lang import MemoryFiles, check, load
from wakeup.lang.loader import MAX_FILES
from wakeup.source import MAX_SOURCE_BYTES, Source

LIBRARY = "wakeup 1\nchannel push { kind: push, cost: 0 CNY per message }\n"
USER = f'wakeup 1\nimport "{{path}}" as x\n{CAMPAIGN}message hello via x.push {{{{ text: "Hello" }}}}\n{JOURNEY}'


def using(path: str) -> str:
    return USER.replace("{path}", path).replace("{{", "{").replace("}}", "}")


def codes(root: Path, name: str = "campaign.wake") -> list[str]:
    project, found = load(root / name)
    more = () if project is None else check(project)[1]
    return [each.code for each in (*found, *more)]


def test_imports_are_read_from_the_root_of_the_project(tmp_path: Path) -> None:
    (tmp_path / "wakeup.toml").write_text("")
    (tmp_path / "shared").mkdir()
    (tmp_path / "spring" / "may").mkdir(parents=True)
    (tmp_path / "shared" / "x.wake").write_text(LIBRARY)
    (tmp_path / "spring" / "may" / "campaign.wake").write_text(using("shared/x.wake"))
    project, found = load(tmp_path / "spring" / "may" / "campaign.wake")
    assert found == ()
    assert project is not None
    assert project.root == tmp_path.resolve().as_posix()
    assert [module.prefix for module in project] == ["", "x."]
    assert check(project)[1] == ()


def test_imports_are_read_from_the_folder_of_the_file_where_the_root_has_none(tmp_path: Path) -> None:
    (tmp_path / "wakeup.toml").write_text("")
    (tmp_path / "spring" / "shared").mkdir(parents=True)
    (tmp_path / "spring" / "shared" / "x.wake").write_text(LIBRARY)
    (tmp_path / "spring" / "campaign.wake").write_text(using("shared/x.wake"))
    assert codes(tmp_path / "spring") == []


@pytest.mark.parametrize("path", ["../x.wake", "/etc/passwd", "a/../../x.wake", "c:\\\\x.wake", "~/../x.wake"])
def test_imports_cannot_leave_the_project(tmp_path: Path, path: str) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "x.wake").write_text(LIBRARY)
    (inside / "campaign.wake").write_text(using(path))
    assert "WK2004" in codes(inside)


def test_a_path_that_goes_up_inside_the_project_is_told_with_the_right_one_and_followed(tmp_path: Path) -> None:
    (tmp_path / "wakeup.toml").write_text("")
    (tmp_path / "shared").mkdir()
    (tmp_path / "spring").mkdir()
    (tmp_path / "shared" / "x.wake").write_text(LIBRARY)
    (tmp_path / "spring" / "campaign.wake").write_text(using("../shared/x.wake"))
    _, found = load(tmp_path / "spring" / "campaign.wake")
    (told,) = [each for each in found if each.severity.value == "error"]
    assert told.code == "WK2011"
    assert told.fix is not None
    assert told.fix.replacement == '"shared/x.wake"'
    assert codes(tmp_path / "spring") == ["WK2011"]


def test_a_link_cannot_lead_out_of_the_project(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "x.wake").write_text(LIBRARY)
    (inside / "x.wake").symlink_to(tmp_path / "x.wake")
    (inside / "campaign.wake").write_text(using("x.wake"))
    assert codes(inside) == ["WK2004"]


def test_links_that_go_round_in_a_circle_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "x.wake").symlink_to(tmp_path / "x.wake")
    (tmp_path / "campaign.wake").write_text(using("x.wake"))
    assert codes(tmp_path) == ["WK2003"]
    _, (told,) = load(tmp_path / "x.wake")
    assert told.code == "WK1008"


def test_an_import_that_is_a_folder_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "x.wake").mkdir()
    (tmp_path / "campaign.wake").write_text(using("x.wake"))
    assert codes(tmp_path) == ["WK2003"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (None, "WK1001"),
        (b"", "WK1002"),
        (b"  \n\n", "WK1002"),
        ("活动 唤醒".encode("gb18030"), "WK1003"),
        (b"wakeup 1\n\0\0", "WK1004"),
        (b"# x\n" * MAX_SOURCE_BYTES, "WK1005"),
    ],
)
@pytest.mark.parametrize("imported", [False, True])
def test_a_file_that_cannot_be_read_is_said_to_be_so(
    tmp_path: Path, data: bytes | None, code: str, imported: bool
) -> None:
    if data is not None:
        (tmp_path / ("x.wake" if imported else "campaign.wake")).write_bytes(data)
    if imported:
        (tmp_path / "campaign.wake").write_text(using("x.wake"))
        code = "WK2003" if data is None else code
    assert codes(tmp_path) == [code]


def test_a_folder_is_no_campaign_and_is_not_called_absent(tmp_path: Path) -> None:
    (tmp_path / "campaign.wake").mkdir()
    _, (told,) = load(tmp_path / "campaign.wake")
    assert told.code == "WK1008"
    assert "folder" in told.message.lower()


def test_too_many_files_are_refused() -> None:
    texts = {f"f{n}.wake": f'wakeup 1\nimport "f{n + 1}.wake" as x\n' for n in range(MAX_FILES + 5)}
    project, found = load("f0.wake", MemoryFiles(texts))
    assert [each.code for each in found] == ["WK2007"]
    assert project is not None
    assert not project.whole


def test_a_file_imported_by_two_is_one_with_the_shortest_name() -> None:
    imports = 'import "lib.wake" as lib\nimport "base.wake" as cn\n'
    texts = {
        "campaign.wake": f"wakeup 1\n{imports}{CAMPAIGN}{JOURNEY.replace('hello', 'lib.hello')}",
        "lib.wake": 'wakeup 1\nimport "base.wake" as b\nmessage hello via b.push { text: "Hello" }\n',
        "base.wake": LIBRARY,
    }
    project, _ = load("campaign.wake", MemoryFiles(texts))
    assert project is not None
    plan, found = compile_project(project)
    assert found == ()
    assert plan is not None
    assert [(each.name, each.channel) for each in plan.messages] == [("lib.hello", "cn.push")]


def test_a_library_is_checked_by_itself_and_is_no_campaign() -> None:
    project, _ = load("x.wake", MemoryFiles({"x.wake": LIBRARY + "gift kit { cost: 18 }\n"}))
    assert project is not None
    assert [each.code for each in check(project)[1]] == ["WK2104"]
    project, _ = load("x.wake", MemoryFiles({"x.wake": LIBRARY}))
    assert project is not None
    assert check(project) == (None, ())
    assert [each.code for each in compile_project(project)[1]] == ["WK2010"]


def test_a_text_in_memory_needs_no_file() -> None:
    project, found = load(Source("campaign.wake", campaign()), MemoryFiles({}))
    assert found == ()
    assert project is not None
    assert check(project)[1] == ()


def test_what_a_library_declares_and_nobody_uses_stays_out_of_the_plan() -> None:
    text = campaign('message bye via cn.sms { text: "Bye" }', push=PUSH).replace(
        "wakeup 1\n", 'wakeup 1\nimport "cn.wake" as cn\n'
    )
    plan = compiled(text, cn="wakeup 1\nchannel sms { kind: push, cost: 0 CNY per message }\n")
    assert [each.name for each in plan.channels] == ["push"]
    assert [each.name for each in plan.messages] == ["hello"]
