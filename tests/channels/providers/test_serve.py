"""A provider served for a real run: it says how to reach it, pushes receipts, and counts what happened."""

import threading
import time

import pytest
from tests.channels.providers.cases import CASES, Case
from tests.channels.providers.local import Call, Local, Reaction, opened, serving
from tests.channels.providers.serve import main, settings_told

from wakeup.channels.protocol import AnswerKind, Received, Verdict
from wakeup.channels.settings import read_channels
from wakeup.source import Source


class Inbox(Local):
    """Takes the calls."""

    def sends(self, call: Call) -> bool:
        return False

    def handle(self, call: Call) -> Reaction:
        return Reaction(200, b"ok")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_printed_can_be_pasted(case: Case) -> None:
    told = settings_told(case, "http://127.0.0.1:1")
    toml = told[told.index("[channels") :]
    (bound,) = read_channels(Source("wakeup.toml", toml)).values()
    assert bound.adapter.name == case.name


def test_a_message_and_its_receipt(capsys: pytest.CaptureFixture[str]) -> None:
    case, inbox = CASES[0], Inbox()
    with serving(Local()) as free:
        port = int(free.rpartition(":")[2])
    with serving(inbox) as ingest:
        told = ["aliyun_sms", "--port", str(port), "--seconds", "2.5", "--receipts", f"{ingest}/channels/sms"]
        thread = threading.Thread(target=main, args=(told,))
        thread.start()
        time.sleep(0.3)
        with opened(case.opener, case.settings(f"http://127.0.0.1:{port}"), time.time) as adapter:
            assert adapter.send([case.message(1)])[0].verdict is Verdict.ACCEPTED
            thread.join()
            (call,) = inbox.calls
            received = Received(call.method, f"http://127.0.0.1{call.target}", call.headers, call.body)
            (answer,) = adapter.receive(received).answers
    assert call.path == "/channels/sms/receipts"
    assert (answer.kind, answer.ref) == (AnswerKind.DELIVERED, case.message(1).ref)
    assert abs(answer.t - time.time()) < 10
    assert "had their effect: 1, twice: 0" in capsys.readouterr().out
