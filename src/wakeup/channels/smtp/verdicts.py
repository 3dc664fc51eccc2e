"""What a mail server's reply means: RFC 5321 codes, RFC 3463 enhanced codes."""

import re
from collections.abc import Mapping
from enum import Enum
from typing import Final

from attrs import frozen

from wakeup.channels.protocol import Report, Verdict


class Stage(Enum):
    """How far a message had come when the server replied."""

    GREETING = "greeting"  # connecting, EHLO, STARTTLS, AUTH
    SENDER = "sender"
    RECIPIENT = "recipient"
    BEGIN = "begin"  # DATA, before the first byte of the message
    END = "end"  # after the final dot: the server may have taken it


@frozen
class Reply:
    """A reply: its code (-1 if it was none), its text."""

    code: int
    text: bytes


_ENHANCED: Final = re.compile(rb"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_WAITS: Final[Mapping[int, int]] = {421: 60, 452: 900}
_WAIT: Final = 300
"""Seconds until a message that was refused for now is tried again; greylists of today let it pass then."""

_BY_SUBJECT: Final[Mapping[str, Verdict]] = {
    "1": Verdict.BAD_ADDRESS,
    "2": Verdict.BAD_ADDRESS,
    "4": Verdict.BAD_ADDRESS,
    "6": Verdict.BAD_CONTENT,
    "7": Verdict.POLICY,
}
_BY_DETAIL: Final[Mapping[str, Verdict]] = {
    "1.7": Verdict.POLICY,  # it is the sender's address that is wrong
    "1.8": Verdict.POLICY,
    "2.3": Verdict.BAD_CONTENT,  # too long
    "3.4": Verdict.BAD_CONTENT,
}
_BY_STAGE: Final[Mapping[Stage, Mapping[int, Verdict]]] = {
    Stage.RECIPIENT: dict.fromkeys((550, 551, 552, 553, 556), Verdict.BAD_ADDRESS),
    Stage.BEGIN: dict.fromkeys((550, 552, 554), Verdict.BAD_CONTENT),
    Stage.END: dict.fromkeys((550, 552, 554), Verdict.BAD_CONTENT),
}


def report_of(ref: str, stage: Stage, reply: Reply) -> Report:
    """Return what a reply that is no yes means for a message.

    4xx at any stage is a refusal for now: the server has not taken the message, also after the final dot. What is no
    reply at all is in doubt after the final dot and has never left before it.
    """
    if 400 <= reply.code < 500:
        wait = _WAITS.get(reply.code, _WAIT)
        return Report(ref, Verdict.THROTTLED, code=code_of(reply), retry_after=wait)
    if 500 <= reply.code < 600:
        return Report(ref, _for_good(stage, reply), code=code_of(reply))
    verdict = Verdict.DOUBT if stage is Stage.END else Verdict.NOT_LEFT
    return Report(ref, verdict, code="no_reply" if reply.code < 0 else str(reply.code))


def code_of(reply: Reply) -> str:
    """Return the code and, where the server says one, the enhanced code; never the text, which may name the person."""
    enhanced = _ENHANCED.search(reply.text)
    return f"{reply.code} {enhanced[0].decode()}" if enhanced else str(reply.code)


def _for_good(stage: Stage, reply: Reply) -> Verdict:
    enhanced = _ENHANCED.search(reply.text)
    if enhanced is not None and enhanced[1] == b"5" and stage is not Stage.GREETING:
        subject, detail = enhanced[2].decode(), f"{enhanced[2].decode()}.{enhanced[3].decode()}"
        known = _BY_DETAIL.get(detail) or _BY_SUBJECT.get(subject)
        if known is not None:
            return known
    return _BY_STAGE.get(stage, {}).get(reply.code, Verdict.POLICY)
