"""What comes back by mail: bounces (RFC 3464), complaints (RFC 5965) and mails that unsubscribe, each by the message
that it is about. Whoever does not know a message's ref, which only its mail carries, cannot write one."""

import hashlib
import mailbox
import re
from collections.abc import Iterator, Sequence
from email import message_from_bytes
from email.message import Message
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Final

from wakeup.channels.protocol import Answer, AnswerKind
from wakeup.channels.smtp.mail import Letterhead, Mailbox

LONGEST_MAIL: Final = 1024 * 1024
"""Bytes of a mail that are read; a bounce may carry what it is about."""
_MOST_PARTS: Final = 50
_HEADERS: Final = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Original-Mail-From", "Return-Path")
_STATUS: Final = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
_ACTIONS: Final = {"failed": AnswerKind.FAILED, "delivered": AnswerKind.DELIVERED}
_FEEDBACK: Final = {
    "abuse": AnswerKind.COMPLAINED,
    "fraud": AnswerKind.COMPLAINED,
    "virus": AnswerKind.COMPLAINED,
    "other": AnswerKind.COMPLAINED,
    "opt-out": AnswerKind.OPTED_OUT,
    "opt-out-list": AnswerKind.OPTED_OUT,
}


def read_mailbox(path: Path, head: Letterhead, source: str, since: int, now: int) -> list[Answer]:
    """Return what the mails of a Maildir folder or an mbox file tell; mails dated more than a day before `since` are
    left out. Nothing is deleted; the same mail is the same event again."""
    answers = []
    for data, arrived in _mails(path, now):
        if arrived >= since - 86_400:
            answers += answers_of(data, head, source, arrived)
    return answers


def answers_of(data: bytes, head: Letterhead, source: str, arrived: int) -> list[Answer]:
    """Return what one mail tells: nothing, if it is about no message of ours. arrived: seconds UTC."""
    message = message_from_bytes(data[:LONGEST_MAIL])
    parts = _parts(message)
    t = min(arrived, _dated(message) or arrived)
    digest = hashlib.sha256(data).hexdigest()[:16]

    def answer(ref: str, kind: AnswerKind, code: str = "") -> Answer:
        return Answer(source, f"{digest}:{kind}:{ref}", kind, t, ref=ref, code_of=code)

    ref = _ref(parts, head)
    if not ref:
        return []
    report = str(message.get_param("report-type") or "").lower()
    if message.get_content_type() == "multipart/report":
        found = _bounce(parts) if report == "delivery-status" else _complaint(parts)
        return [answer(ref, kind, code) for kind, code in found]
    if head.leaving is not None and _named(message, head.leaving) and _by_a_person(message):
        return [answer(ref, AnswerKind.OPTED_OUT)]
    return []


def _mails(path: Path, now: int) -> Iterator[tuple[bytes, int]]:
    if path.is_dir():
        for each in sorted((*(path / "new").glob("*"), *(path / "cur").glob("*"))):
            try:
                arrived = int(each.stat().st_mtime)
                with each.open("rb") as file:
                    data = file.read(LONGEST_MAIL)
            except OSError:
                continue
            yield data, min(arrived, now)
    elif path.is_file():
        box = mailbox.mbox(path, create=False)
        try:
            for key in box.iterkeys():
                data = box.get_bytes(key)
                yield data[:LONGEST_MAIL], min(now, _dated(message_from_bytes(data[:8_192])) or now)
        finally:
            box.close()


def _parts(message: "Message[Any, Any]") -> list["Message[Any, Any]"]:
    """The mail and its parts, in order, no more than a bounce has."""
    parts: list[Message[Any, Any]] = []
    for part in message.walk():
        parts.append(part)
        if len(parts) == _MOST_PARTS:
            break
    return parts


def _ref(parts: Sequence["Message[Any, Any]"], head: Letterhead) -> str:
    """The message that a mail is about: by where it came to, else by the Message-ID of what it brings back."""
    boxes = [each for each in (head.bounces, head.leaving) if each is not None]
    for part in parts:
        for box in boxes:
            if ref := _named(part, box):
                return ref
    ours = re.compile(rf"<([0-9a-f]{{32}})@{re.escape(head.sender.domain)}>")
    for part in parts[1:]:
        # What came back whole is a part with headers of its own; headers alone are the text of a part.
        texts = [_header(part, "Message-ID")]
        if part.get_content_type() == "text/rfc822-headers":
            texts.append(str(part.get_payload()))
        for text in texts:
            if found := ours.search(text):
                return found[1]
    return ""


def _named(part: "Message[Any, Any]", box: Mailbox) -> str:
    pattern = re.compile(rf"\b{re.escape(box.local)}\+([0-9a-f]{{32}})@{re.escape(box.domain)}\b", re.IGNORECASE)
    for name in _HEADERS:
        for value in part.get_all(name, []):
            if found := pattern.search(str(value)):
                return found[1].lower()
    return ""


def _bounce(parts: Sequence["Message[Any, Any]"]) -> list[tuple[AnswerKind, str]]:
    """Each recipient's last word; what is only delayed is nothing yet."""
    found = []
    for part in parts:
        kind = _ACTIONS.get(_header(part, "Action").strip().lower())
        if kind is not None:
            status = _STATUS.search(_header(part, "Status"))
            found.append((kind, status[0] if status else ""))
    return found[:1]


def _complaint(parts: Sequence["Message[Any, Any]"]) -> list[tuple[AnswerKind, str]]:
    for part in parts:
        for inner in (part, *_fields(part)):
            kind = _FEEDBACK.get(_header(inner, "Feedback-Type").strip().lower())
            if kind is not None:
                return [(kind, "")]
    return []


def _fields(part: "Message[Any, Any]") -> list["Message[Any, Any]"]:
    """The fields of a feedback report: its body has the form of headers."""
    if part.get_content_type() != "message/feedback-report":
        return []
    payload = part.get_payload()
    if isinstance(payload, list):
        return [each for each in payload if isinstance(each, Message)]
    return [message_from_bytes(str(payload).encode("utf-8", "replace"))]


def _by_a_person(message: "Message[Any, Any]") -> bool:
    return _header(message, "Auto-Submitted").strip().lower() in ("", "no")


def _header(part: "Message[Any, Any]", name: str) -> str:
    return str(part.get(name, ""))


def _dated(message: "Message[Any, Any]") -> int | None:
    try:
        return int(parsedate_to_datetime(_header(message, "Date")).timestamp())
    except (ValueError, TypeError, OverflowError):
        return None
