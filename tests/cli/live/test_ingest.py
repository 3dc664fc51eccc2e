"""`wakeup ingest` as a process: it listens when it says so, believes what is signed, and ends by Ctrl-C."""

import base64
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from wakeup.channels.protocol import Secret
from wakeup.channels.signing import signing_keys
from wakeup.live.store.opening import open_store

KEY = "whsec_" + base64.b64encode(b"k" * 32).decode()


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        return int(taken.getsockname()[1])


def test_it_takes_a_signed_event_and_ends_when_told(started: str, project: Path) -> None:
    port = free_port()
    (project / "wakeup.toml").write_text(f'[ingest]\nkeys = ["env:SHOP_KEY"]\nport = {port}\n', "utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "wakeup", "ingest", "--store", "a.db"],
        env={**os.environ, "SHOP_KEY": KEY, "LC_ALL": "C.UTF-8"}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, restore_signals=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == f"listening on 127.0.0.1:{port}\n"
        event = {"id": "o-1", "kind": "ordered", "time": int(time.time()), "customer": "C1", "amount": "12.50"}
        body = json.dumps({"events": [event]}).encode()
        signed = signing_keys([Secret(KEY)]).headers("call-1", int(time.time()), body)
        assert post(port, body, {}) == 401
        assert post(port, body, signed) == 200
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    finally:
        process.kill()
    assert (process.returncode, out, err.count("\n")) == (130, "", 1)
    assert "nothing is half written" in err
    with closing(open_store("a.db", make=False)) as kept, kept.read() as reader:
        assert reader.inbox_length() == 1


def post(port: int, body: bytes, headers: dict[str, str]) -> int:
    """Call at once: who says that it listens, does."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request("POST", "/events", body, {"content-type": "application/json", **headers})
        return connection.getresponse().status


def test_a_port_that_is_taken(project: Path) -> None:
    open_store(str(project / "a.db")).close()
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        (project / "wakeup.toml").write_text(f"[ingest]\nport = {port}\n", "utf-8")
        found = subprocess.run(
            [sys.executable, "-m", "wakeup", "ingest", "--store", "a.db"],
            env={**os.environ, "LC_ALL": "C.UTF-8"}, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert found.returncode == 1
    assert "WK7153" in found.stderr
    assert "listening" not in found.stdout
    assert "Traceback" not in found.stderr


def test_a_file_of_answers_counts_what_is_new(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from wakeup.cli import run

    open_store(str(project / "a.db")).close()
    event = {"id": "o-1", "kind": "ordered", "time": 1_772_735_400, "customer": "C1", "amount": "12.50"}
    (project / "answers.jsonl").write_text(json.dumps(event) + "\n", "utf-8")
    for new in (1, 0):
        assert run(["ingest", "--store", "a.db", "--file", "answers.jsonl"]) == 0
        assert capsys.readouterr().out == f"1 answer, {new} of them new\n"
