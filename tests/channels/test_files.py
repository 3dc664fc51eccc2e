"""One list per wave, never changed once it is there; results come back by row."""

import csv
import io
import json
import os
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from wakeup.channels import files
from wakeup.channels.files import FileChannel, open_file
from wakeup.channels.kit import CHECKS, Check, Provider
from wakeup.channels.protocol import AnswerKind, Offered, Request, Secret, Setup, Verdict
from wakeup.channels.setting import SettingError

MONDAY = 1_772_416_800  # 2026-03-02 02:00 UTC


class Desk(Provider):
    """The people who carry the list."""

    def __init__(self, folder: Path) -> None:
        self.settings = {"wait": 0}
        self.folder = str(folder)
        self.lists = folder / "lists" / "shop"
        self.time = float(MONDAY)

    def now(self) -> float:
        return self.time

    def advance(self, seconds: float) -> None:
        self.time += seconds

    def address(self, number: int) -> str:
        return f"+86138{number:08}"

    def delivered(self) -> Mapping[str, int]:
        paths = [*self.lists.glob(".*.rows"), *self.lists.glob(".*.refs")]
        return Counter(json.loads(line)["ref"] for path in paths for line in path.read_text("utf-8").splitlines())

    def tell(self, ref: str) -> AnswerKind:
        (self.lists / "filled in by hand.csv").write_text(f"row,result\nr{ref},yes\n", "utf-8")
        return AnswerKind.SENT


APPLY = {
    "capabilities_are_sensible",
    "an_accepted_message_is_reported",
    "a_batch_is_reported_one_by_one",
    "nothing_in_a_text_breaks_it",
    "a_send_in_doubt_can_be_looked_up",
    "answers_are_polled",
    "many_threads_may_send",
    "nothing_personal_is_shown",
    "it_says_whether_it_can_work",
    "closing_twice_is_fine",
}
"""Nothing calls anybody here: what else the kit asks does not apply."""


@pytest.mark.parametrize("check", CHECKS, ids=str)
def test_it_conforms(check: Check, tmp_path: Path) -> None:
    left_out = bool(check(open_file, Desk(tmp_path)))
    assert left_out == (check.name not in APPLY)


class Now:
    at = float(MONDAY)

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def now() -> Now:
    return Now()


def opened(folder: Path, now: Now, **settings: Any) -> FileChannel:
    given = {"timezone": "Asia/Shanghai", **settings}
    return open_file(Setup("cn.community", given, now, str(folder)))


def request(number: int, **more: Any) -> Request:
    offers = (Offered("coupon", f"C-{number}", 0),)
    given = Request(
        f"{number:032x}", 1, "autumn", "hello", Secret(f"+86138{number:08}"), f"hello {number}", offers=offers
    )
    return evolve(given, deadline=MONDAY + 86_400, **more)


def the_list(folder: Path) -> Path:
    (path,) = (folder / "lists" / "cn.community").glob("*.csv")
    return path


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def kinds(answers: Any) -> list[tuple[str, AnswerKind]]:
    return [(each.ref[-2:], each.kind) for each in answers]


def test_a_wave_becomes_one_list_when_it_is_over(tmp_path: Path, now: Now) -> None:
    channel = opened(tmp_path, now)
    for start in (0, 2):
        assert {each.verdict for each in channel.send([request(start), request(start + 1)])} == {Verdict.HANDED_OVER}
    now.at += 59
    assert channel.poll(0) == []
    assert not list((tmp_path / "lists" / "cn.community").glob("*.csv"))
    now.at += 1
    channel.poll(0)
    path = the_list(tmp_path)
    assert path.name == "autumn-hello-20260302-1000-1.csv"
    assert [each["address"] for each in rows(path)] == [f"+8613800000{n:03}" for n in range(4)]
    assert rows(path)[0]["until"] == "2026-03-03 10:00"
    assert rows(path)[0]["codes"] == "C-0"
    assert path.stat().st_mode & 0o077 == 0 or path.parent.stat().st_mode & 0o077 == 0


def test_a_list_is_never_changed_again(tmp_path: Path, now: Now) -> None:
    channel = opened(tmp_path, now)
    channel.send([request(1)])
    (first,) = channel.hand_over(everything=True)
    before = first.read_bytes()
    channel.send([request(2)])
    (second,) = channel.hand_over(everything=True)
    assert first.read_bytes() == before
    assert second.name == "autumn-hello-20260302-1000-2.csv"
    assert [each["text"] for each in rows(second)] == ["hello 2"]


def test_a_long_wave_is_cut(tmp_path: Path, now: Now) -> None:
    channel = opened(tmp_path, now, rows=3)
    for number in range(7):
        channel.send([request(number)])
    lists = sorted((tmp_path / "lists" / "cn.community").glob("*.csv"))
    assert [len(rows(each)) for each in lists] == [3, 3]


def test_results_come_back_by_row(tmp_path: Path, now: Now) -> None:
    channel = opened(tmp_path, now)
    channel.send([request(number) for number in range(5)])
    (path,) = channel.hand_over(everything=True)
    filled = rows(path)
    told = ("是", "no", "退订", "", "call back")
    for row, result in zip(filled, told, strict=True):
        row["result"] = result
    filled[0]["when"] = "2026-03-02 11:00"
    out = io.StringIO()
    writer = csv.DictWriter(out, filled[0])
    writer.writeheader()
    writer.writerows(reversed(filled))
    path.write_bytes(out.getvalue().encode("gb18030"))
    now.at += 7_200
    answers = sorted(channel.poll(0), key=lambda each: each.ref)
    assert kinds(answers) == [
        ("00", AnswerKind.SENT),
        ("01", AnswerKind.NOT_SENT),
        ("02", AnswerKind.OPTED_OUT),
    ]
    assert [each.t for each in answers] == [MONDAY + 3_600, *[MONDAY + 7_200] * (len(answers) - 1)]  # none to come
    assert sorted(channel.poll(0), key=lambda each: each.ref) == answers
    assert channel.problems() == []


def test_rows_of_nobody_and_rows_not_understood_do_no_harm(tmp_path: Path, now: Now) -> None:
    channel = opened(tmp_path, now)
    channel.send([request(1)])
    (path,) = channel.hand_over(everything=True)
    (path.parent / "other.csv").write_text(f"row,result\nr{'f' * 32},done\nr{1:032x},dunno\n", "utf-8")
    assert channel.poll(0) == []
    assert [each.code for each in channel.problems()] == ["WK7073"]


def test_posts_are_one_row_per_text(tmp_path: Path, now: Now) -> None:
    channel = opened(tmp_path, now, posts=True, language="zh")
    nobody = Secret("")
    channel.send([request(n, text="new" if n < 3 else "old", address=nobody, offers=()) for n in range(4)])
    (path,) = channel.hand_over(everything=True)
    assert [(each["内容"], each["人数"]) for each in rows(path)] == [("new", "3"), ("old", "1")]
    (path.parent / "back.csv").write_text(f"行号,结果\n{rows(path)[0]['行号']},已发\n", "utf-8")
    assert kinds(channel.poll(0)) == [(f"0{n}", AnswerKind.SENT) for n in range(3)]


def test_a_crash_in_the_middle_of_a_line_loses_only_what_was_not_reported(tmp_path: Path, now: Now) -> None:
    channel = opened(tmp_path, now)
    channel.send([request(1)])
    (journal,) = (tmp_path / "lists" / "cn.community").glob(".*.rows")
    with journal.open("ab") as file:
        file.write(b'{"ref": "half of a')
    again = opened(tmp_path, now)
    assert [each.sent for each in again.look_up([request(1), request(9)])] == [True, False]
    again.send([request(2)])
    (path,) = again.hand_over(everything=True)
    assert [each["text"] for each in rows(path)] == ["hello 1", "hello 2"]


@pytest.mark.parametrize("nth", range(3))
def test_a_crash_while_a_list_is_written_is_gone_on_with(
    nth: int, tmp_path: Path, now: Now, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = opened(tmp_path, now)
    channel.send([request(1), request(2)])
    with monkeypatch.context() as crash:
        if nth < 2:
            steps = iter([*[files._replace] * nth, None])

            def step(goal: Path, data: bytes) -> None:
                done = next(steps)
                if done is None:
                    raise KeyboardInterrupt
                done(goal, data)

            crash.setattr(files, "_replace", step)
        else:
            really = Path.unlink

            def unlink(path: Path, missing_ok: bool = False) -> None:
                if path.suffix == ".rows":
                    raise KeyboardInterrupt
                really(path, missing_ok)

            crash.setattr(Path, "unlink", unlink)
        with pytest.raises(KeyboardInterrupt):
            channel.hand_over(everything=True)
    if nth == 2:
        the_list(tmp_path).write_text(f"row,result\nr{1:032x},done\n", "utf-8")  # filled in before the next start
    again = opened(tmp_path, now)
    again.hand_over(everything=True)
    assert len(rows(the_list(tmp_path))) == (1 if nth == 2 else 2)
    assert [each.sent for each in again.look_up([request(1), request(2), request(3)])] == [True, True, False]
    assert not list((tmp_path / "lists" / "cn.community").glob(".*.rows"))


def test_a_full_disk_leaves_nothing_half_done(tmp_path: Path, now: Now, monkeypatch: pytest.MonkeyPatch) -> None:
    channel = opened(tmp_path, now)
    channel.send([request(1)])
    really = os.write

    def full(handle: int, data: memoryview) -> int:
        really(handle, data[: bytes(data).index(b"\n") + 10])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(os, "write", full)
        reports = channel.send([request(2), request(3)])
        assert {(each.verdict, each.code) for each in reports} == {(Verdict.NOT_LEFT, "disk")}
    assert [each.sent for each in channel.look_up([request(1), request(2)])] == [True, False]
    channel.send([request(2), request(3)])
    (path,) = channel.hand_over(everything=True)
    assert len(rows(path)) == 3


def test_names_never_leave_the_folder(tmp_path: Path, now: Now) -> None:
    channel = opened(tmp_path, now)
    channel.send([request(1, campaign="../../etc", message="a/b")])
    (path,) = channel.hand_over(everything=True)
    assert path.parent == tmp_path / "lists" / "cn.community"


def test_without_a_folder_it_does_not_open() -> None:
    with pytest.raises(SettingError):
        open_file(Setup("shop", {}, lambda: 0.0))
