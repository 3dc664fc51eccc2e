"""The console shows that something was sent, never to whom or what."""

import io
import sys
from collections import Counter
from collections.abc import Mapping

import pytest

from wakeup.channels.console import open_console
from wakeup.channels.kit import CHECKS, Check, Provider
from wakeup.channels.protocol import Request, Secret, Setup, Verdict


class Screen(Provider):
    """Whoever reads it."""

    settings: Mapping[str, object] = {}

    def __init__(self, screen: pytest.CaptureFixture[str]) -> None:
        self.screen = screen
        self.seen = ""

    def now(self) -> float:
        return 0.0

    def advance(self, seconds: float) -> None:
        pass

    def address(self, number: int) -> str:
        return f"+86138{number:08}"

    def delivered(self) -> Mapping[str, int]:
        self.seen += self.screen.readouterr().out
        words = [word for line in self.seen.splitlines() for word in line.split()]
        return Counter(word.removeprefix("ref=") for word in words if word.startswith("ref="))


@pytest.mark.parametrize("check", CHECKS, ids=str)
def test_it_conforms(check: Check, capsys: pytest.CaptureFixture[str]) -> None:
    check(open_console, Screen(capsys))


def request() -> Request:
    return Request("0" * 32, 1, "autumn", "hello", Secret("+8613800000001"), "Hello Zoë", test=True)


def test_a_line_names_the_message_and_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    open_console(Setup("cn.sms", {}, lambda: 0.0)).send([request()])
    assert capsys.readouterr().out == (
        f"send channel=cn.sms campaign=autumn message=hello ref={'0' * 32} attempt=1 characters=9 offers=0 test=yes\n"
    )


def test_quiet_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    (report,) = open_console(Setup("cn.sms", {"quiet": True}, lambda: 0.0)).send([request()])
    assert (report.verdict, report.delivered, capsys.readouterr().out) == (Verdict.ACCEPTED, True, "")


def test_when_the_screen_is_gone_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    monkeypatch.setattr(sys, "stdout", Gone())
    (report,) = open_console(Setup("cn.sms", {}, lambda: 0.0)).send([request()])
    assert report.verdict is Verdict.DOUBT
