"""What the page on answers shows is what is taken."""

import json
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.docs.pages import Block, blocks

from wakeup.channels.protocol import Secret
from wakeup.channels.signing import signing_keys
from wakeup.live.events import Rules, read_body
from wakeup.live.ingest_files import read_file

RULES = Rules("GBP", "Europe/London", 1_795_000_000)


def shown(language: str) -> Iterator[Block]:
    return (each for each in blocks("docs/ingest.md") if each.language == language)


def test_the_events_of_the_page_are_taken() -> None:
    answers, wrong = read_body(next(shown("json")).text.encode(), RULES)
    assert (wrong, len(answers)) == ([], 3)
    assert answers[0].redeemed == (("ZTHQ-M967-BS5M", 1_500),)


def test_the_file_of_the_page_is_taken(tmp_path: Path) -> None:
    (tmp_path / "answers.csv").write_text(next(shown("csv")).text)
    assert [(each.event_id, each.amount) for each in read_file(tmp_path / "answers.csv", RULES)] == [
        ("order-4711", 12_850),
        ("order-4712", 6_000),
    ]


def test_the_signature_of_the_page_is_believed(tmp_path: Path) -> None:
    text = next(shown("python")).text
    (tmp_path / "sign.py").write_text(text)
    done: dict[str, Any] = runpy.run_path(str(tmp_path / "sign.py"))
    key = text.split('b64decode("')[1].split('"')[0]
    keys = signing_keys([Secret("whsec_" + key)])
    now = int(done["headers"]["webhook-timestamp"])
    assert keys.verify(done["headers"], done["body"], now) == done["call_id"]
    assert json.loads(done["body"]) == {"events": []}
    with pytest.raises(PermissionError):
        keys.verify(done["headers"], done["body"] + b" ", now)
