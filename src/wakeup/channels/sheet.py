"""Lists that people read, carry out and fill in: CSV that a spreadsheet opens and saves again.

A row is known by its key, which begins with a letter so that no spreadsheet takes it for a number. What a spreadsheet
would take for a formula is written with an apostrophe before it.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from attrs import frozen

from wakeup.channels.setting import Setting, SettingError
from wakeup.diagnostics import Diagnostic, Listed, Piece, Say, diagnostic

LONGEST_LIST: Final = 32 * 1024 * 1024
"""Bytes; a longer file was not written here."""

LANGUAGE: Final = Setting("language", "Language of the list's head.", default="en", choices=("en", "zh"))
TIMEZONE: Final = Setting("timezone", "Zone of the times in the list, such as `Asia/Shanghai`.", default="UTC")

HEADS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "row": "row",
        "campaign": "campaign",
        "message": "message",
        "address": "address",
        "people": "people",
        "subject": "subject",
        "text": "text",
        "codes": "codes",
        "until": "until",
        "tries": "tries",
        "result": "result",
        "when": "when",
        "note": "note",
    },
    "zh": {
        "row": "行号",
        "campaign": "活动",
        "message": "消息",
        "address": "地址",
        "people": "人数",
        "subject": "标题",
        "text": "内容",
        "codes": "券码",
        "until": "截止",
        "tries": "次数",
        "result": "结果",
        "when": "时间",
        "note": "备注",
    },
}
"""Names of the columns in both languages; a list is read with either."""


class Result(StrEnum):
    """What somebody may write into the column `result`."""

    DONE = "done"
    NOT_DONE = "not done"
    OPTED_OUT = "opted out"
    NO_ANSWER = "no answer"
    CALL_BACK = "call back"


WORDS: Final[Mapping[Result, tuple[str, ...]]] = {
    Result.DONE: (
        "done",
        "sent",
        "yes",
        "y",
        "ok",
        "x",
        "1",
        "true",
        "✓",
        "√",
        "是",
        "已发",
        "已发送",
        "完成",
        "成功",
        "已接通",
    ),
    Result.NOT_DONE: (
        "not done",
        "not sent",
        "no",
        "n",
        "failed",
        "0",
        "false",
        "否",
        "未发",
        "没发",
        "未发送",
        "失败",
    ),
    Result.OPTED_OUT: ("opted out", "opt out", "stop", "do not contact", "do not call", "退订", "拒绝", "勿扰"),
    Result.NO_ANSWER: ("no answer", "busy", "未接", "未接通", "占线"),
    Result.CALL_BACK: ("call back", "later", "回拨", "稍后", "改天"),
}
"""What is understood, the first being what our own pages say."""

_WORD: Final = {word: result for result, words in WORDS.items() for word in words}
_FORMULA: Final = "=+-@\t\r＝＋－＠"
_NUMBER: Final = re.compile(r"\+[0-9]+")
_KEY: Final = re.compile(r"[rp][0-9a-f]{32}")
_TIMES: Final = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d")


@frozen
class Filled:
    """A row that somebody filled in. when: seconds UTC, None where nothing is written; line: of the file, from 1."""

    key: str
    result: Result
    when: int | None
    line: int


def zone(name: str) -> tzinfo:
    """Return the zone of a list.

    Raises:
        SettingError: there is none of that name.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise SettingError(TIMEZONE.name, Say("there is no such time zone")) from None


def told(instant: int, place: tzinfo) -> str:
    """Return an instant as it stands in a list: minutes, local."""
    return f"{datetime.fromtimestamp(instant, place):%Y-%m-%d %H:%M}"


def written(columns: Sequence[str], rows: Iterable[Mapping[str, str]], language: str) -> bytes:
    """Return a list: UTF-8 with the mark that spreadsheets look for, CRLF, every cell harmless."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADS[language][each] for each in columns)
    writer.writerows([harmless(row.get(each, "")) for each in columns] for row in rows)
    return out.getvalue().encode("utf-8-sig", "replace")


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet runs: an apostrophe stands before what would be a formula. A phone number with
    its plus is none."""
    cell = cell.replace("\0", "")
    return f"'{cell}" if cell[:1] and cell[0] in _FORMULA and _NUMBER.fullmatch(cell) is None else cell


def read_filled(data: bytes, file: str, place: tzinfo) -> tuple[list[Filled], list[Diagnostic]]:
    """Read what people filled into a list, however their spreadsheet saved it: UTF-8, UTF-16 or GB 18030, with commas,
    semicolons or tabs. Rows without a result are left out; what is wrong is told and never stops the rest: WK7071 it
    is no list, WK7072 a column is missing, WK7073 a row cannot be understood.
    """
    try:
        return _rows(_decoded(data), file, place)
    except (UnicodeDecodeError, csv.Error):
        return [], [diagnostic("WK7071", file=file)]


def _rows(text: str, file: str, place: tzinfo) -> tuple[list[Filled], list[Diagnostic]]:
    head, _, _ = text.partition("\n")
    reader = csv.reader(io.StringIO(text), delimiter=max(",;\t", key=head.count))
    places = _places(next(reader, []))
    missing = [each for each in ("row", "result") if each not in places]
    if missing:
        return [], [diagnostic("WK7072", file=file, columns=Listed(missing, "and"))]
    found: list[Filled] = []
    problems: list[Diagnostic] = []
    for cells in reader:
        row = {name: cells[at].strip() if at < len(cells) else "" for name, at in places.items()}
        if row["result"]:
            each = _filled(row, reader.line_num, place)
            if isinstance(each, Filled):
                found.append(each)
            else:
                problems.append(diagnostic("WK7073", file=file, row=reader.line_num, problem=each))
    return found, problems


def _filled(row: Mapping[str, str], line: int, place: tzinfo) -> Filled | Piece:
    result = _WORD.get(row["result"].lower().removeprefix("'"))
    if result is None:
        return Say("the result is none of {words}", words=Listed([words[0] for words in WORDS.values()]))
    if _KEY.fullmatch(row["row"]) is None:
        return Say("the key in the first column is damaged")
    when = row.get("when", "")
    instant = _instant(when, place) if when else None
    if when and instant is None:
        return Say("the time is none, such as {example}", example="2026-03-02 14:30")
    return Filled(row["row"], result, instant, line)


def _instant(text: str, place: tzinfo) -> int | None:
    for each in _TIMES:
        try:
            return int(datetime.strptime(text, each).replace(tzinfo=place).astimezone(UTC).timestamp())
        except (ValueError, OverflowError):
            continue
    return None


def _places(head: Sequence[str]) -> dict[str, int]:
    names = {told.lower(): name for heads in HEADS.values() for name, told in heads.items()}
    words = [cell.strip().lower() for cell in head]
    return {names[word]: at for at, word in reversed(list(enumerate(words))) if word in names}


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What a spreadsheet in China saves as plain CSV.
        return data.decode("gb18030")
