"""Calls and answers as they are written down: what an adapter sends, to the byte, and what it makes of an answer that
the provider documents."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

from attrs import evolve
from tests.channels.providers.cases import Case
from tests.channels.providers.local import START, opened

from wakeup.channels.http import Line, Reply
from wakeup.channels.protocol import Secret

FOLDER = Path(__file__).parent / "golden"


def played(case: Case, answers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Send the first message, answered in turn (status, body); return the calls and the report."""
    calls: list[dict[str, Any]] = []
    waiting = list(answers)

    def call(line: Line, method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> Reply:
        shown = body.decode()
        if "assertion=" in shown:
            shown = shown.partition("assertion=")[0] + "assertion=…"  # signed with another key in every run
        calls.append({"method": method, "url": line.base + target, "headers": dict(headers), "body": shown})
        answer = waiting.pop(0)
        return Reply(answer["status"], answer.get("headers", {}), json.dumps(answer["body"]).encode())

    settings = {
        name: value for name, value in case.settings("https://unused.example").items() if "endpoint" not in name
    }
    message = evolve(case.message(1), address=Secret(case.address(1)), deadline=int(START) + 3600)
    with (
        patch.object(Line, "call", call),
        patch.object(os, "urandom", lambda count: b"\x01" * count),
        opened(case.opener, settings, lambda: START) as adapter,
    ):
        (report,) = adapter.send([message])
    return {
        "calls": calls,
        "report": [report.verdict.value, report.provider_id, report.code, report.retry_after],
    }
