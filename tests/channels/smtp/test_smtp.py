"""E-mail: against a real server with faults, header by header, and what comes back."""

import email
import email.policy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from tests.channels.smtp.server import NOW, MailServer, bounce, mail_server

from wakeup.channels.kit import CHECKS, Check
from wakeup.channels.protocol import Report, Request, Secret, Setup, Verdict
from wakeup.channels.setting import SettingError
from wakeup.channels.smtp import SmtpChannel, open_smtp

REF = "0123456789abcdef" * 2
LINK = "https://shop.example/u/opaque-token"
APPLY_NOT = {
    "one_failure_spoils_no_other",  # one message a call
    "an_error_of_a_gateway_is_doubt",  # a mail server's 5xx is a refusal
    "a_send_in_doubt_can_be_looked_up",
    "a_key_is_kept_within_its_window",
    "one_byte_changed_in_a_call_is_refused",
    "receipts_are_read",
    "a_receipt_with_one_byte_changed_is_refused",
}


OPEN: list[SmtpChannel] = []


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MailServer]:
    with mail_server(tmp_path) as running:
        yield running
        while OPEN:
            OPEN.pop().close()


@pytest.mark.parametrize("check", CHECKS, ids=str)
def test_it_conforms(check: Check, server: MailServer) -> None:
    assert bool(check(open_smtp, server)) == (check.name in APPLY_NOT)


def opened(server: MailServer, **settings: Any) -> SmtpChannel:
    OPEN.append(open_smtp(Setup("cn.email", {**server.settings, **settings}, server.now, server.folder)))
    return OPEN[-1]


def request(number: int = 1, **more: Any) -> Request:
    address = Secret(f"somebody-{number}@example.org")
    given = Request(f"{number:032x}", 1, "autumn", "hello", address, "Hello\n", "A subject", unsubscribe=LINK)
    return evolve(given, **more)


def one(channel: SmtpChannel, asked: Request) -> Report:
    (report,) = channel.send([asked])
    return report


def came(server: MailServer) -> email.message.EmailMessage:
    raw = server.handler.taken[-1].content
    assert isinstance(raw, bytes)
    return email.message_from_bytes(raw, policy=email.policy.default)


def test_a_message_as_it_arrives(server: MailServer) -> None:
    channel = opened(server, footer="退订：{unsubscribe}", reply_to="help@shop.example")
    text = "你好，Zoë\n.a line that begins with a dot\n"
    assert one(channel, request(ref=REF, text=text, subject="秋天 " * 30)).verdict is Verdict.ACCEPTED
    envelope, message = server.handler.taken[0], came(server)
    assert envelope.mail_from == f"bounces+{REF}@shop.example"
    assert envelope.rcpt_tos == ["somebody-1@example.org"]
    assert message["Message-ID"] == f"<{REF}@shop.example>"
    assert message["From"] == "The Shop <news@shop.example>"
    assert (message["To"], message["Reply-To"]) == ("somebody-1@example.org", "help@shop.example")
    assert message["Subject"] == "秋天 " * 30
    assert message["Date"].datetime.timestamp() == NOW
    assert message["List-Unsubscribe"] == f"<{LINK}>, <mailto:leave+{REF}@shop.example?subject=unsubscribe>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message.get_content().splitlines() == f"{text}\n\n退订：{LINK}\n".splitlines()


def test_lines_that_begin_with_a_dot_arrive(server: MailServer) -> None:
    text = ".one\n..two\n.\nRCPT TO:<other@example.org>\nend\n"
    assert one(opened(server), request(text=text)).verdict is Verdict.ACCEPTED
    assert came(server).get_content().splitlines() == text.splitlines()
    assert len(server.handler.taken) == 1


def test_the_unsubscribe_header_is_one_line_however_long(server: MailServer) -> None:
    link = LINK + "x" * 400
    one(opened(server), request(unsubscribe=link))
    raw = server.handler.taken[0].content
    assert isinstance(raw, bytes)
    assert f"List-Unsubscribe: <{link}>, <mailto:".encode() in raw
    assert max(map(len, raw.split(b"\r\n"))) < 998


def test_without_https_there_is_no_one_click(server: MailServer) -> None:
    one(opened(server), request(unsubscribe="http://shop.example/u/x"))
    assert came(server)["List-Unsubscribe-Post"] is None
    one(opened(server, unsubscribe_mail=""), request(unsubscribe=""))
    assert came(server)["List-Unsubscribe"] is None


def test_html_stands_beside_the_text(server: MailServer) -> None:
    one(opened(server), request(settings={"html": "<p>你好 &amp; hello</p>"}))
    message = came(server)
    assert message.get_content_type() == "multipart/alternative"
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert (text.get_content().strip(), html.get_content().strip()) == ("Hello", "<p>你好 &amp; hello</p>")


@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r", "\0", "\u2028", "\x85"])
def test_no_header_can_be_slipped_in(ending: str, server: MailServer) -> None:
    report = one(opened(server), request(subject=f"Hello{ending}Bcc: everybody@example.org"))
    assert (report.verdict, report.code) == (Verdict.BAD_CONTENT, "subject")
    report = one(opened(server), request(unsubscribe=f"https://x/{ending}Bcc: everybody@example.org"))
    assert (report.verdict, report.code) == (Verdict.BAD_CONTENT, "unsubscribe")
    assert server.handler.taken == []


@pytest.mark.parametrize(
    ("at", "reply", "verdict"),
    [
        ("MAIL", "553 5.1.8 no such sender domain", Verdict.POLICY),
        ("MAIL", "421 4.3.2 closing", Verdict.THROTTLED),
        ("RCPT", "550 no such user", Verdict.BAD_ADDRESS),
        ("RCPT", "550 5.2.1 mailbox disabled", Verdict.BAD_ADDRESS),
        ("RCPT", "550 5.4.4 unable to route", Verdict.BAD_ADDRESS),
        ("RCPT", "554 5.7.1 relaying denied", Verdict.POLICY),
        ("RCPT", "554 go away", Verdict.POLICY),
        ("RCPT", "452 4.2.2 mailbox full", Verdict.THROTTLED),
        ("DATA", "552 5.3.4 too big", Verdict.BAD_CONTENT),
        ("DATA", "554 looks like spam", Verdict.BAD_CONTENT),
        ("DATA", "550 5.7.26 not authenticated", Verdict.POLICY),
        ("DATA", "451 4.3.0 try later", Verdict.THROTTLED),
        ("DATA", "299 what is this", Verdict.DOUBT),
    ],
)
def test_replies_have_their_verdicts(at: str, reply: str, verdict: Verdict, server: MailServer) -> None:
    server.handler.extra = {at: reply}
    channel = opened(server)
    report = one(channel, request())
    assert report.verdict is verdict
    assert report.code.split(" ")[0] == reply[:3]
    assert (report.retry_after > 0) == (verdict is Verdict.THROTTLED)
    server.handler.extra = {}
    assert one(channel, request(2)).verdict is Verdict.ACCEPTED


def test_connections_are_kept_and_a_dead_one_is_replaced(server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    channel = opened(server)
    connects: list[int] = []
    really = channel._connect

    def connect() -> Any:
        connects.append(1)
        return really()

    monkeypatch.setattr(channel, "_connect", connect)
    for number in range(5):
        assert one(channel, request(number)).verdict is Verdict.ACCEPTED
    assert len(connects) == 1
    channel._idle[0].line.sock.shutdown(2)
    assert one(channel, request(6)).verdict is Verdict.ACCEPTED
    server.handler.extra, server.handler.once = {"MAIL": "421 4.4.2 idle for too long"}, True
    assert one(channel, request(8)).verdict is Verdict.ACCEPTED
    server.time += 60
    assert one(channel, request(7)).verdict is Verdict.ACCEPTED
    assert len(connects) == 4
    channel.close()
    assert set(server.delivered().values()) == {1}


def test_a_wrong_password_stops_the_channel(server: MailServer) -> None:
    channel = opened(server, password=Secret("wrong"))
    report = one(channel, request())
    assert (report.verdict, report.code) == (Verdict.POLICY, "535 5.7.8")
    assert channel.check() == "535"


def test_a_server_without_encryption_gets_no_password_and_no_message(tmp_path: Path) -> None:
    with mail_server(tmp_path, security="none") as server:
        report = one(opened(server), request())
        assert (report.verdict, report.code) == (Verdict.NOT_LEFT, "not_supported")
        plain = opened(server, security="none", user="", password=Secret(""))
        assert one(plain, request()).verdict is Verdict.ACCEPTED
        plain.close()


def test_domains_and_names_of_other_scripts(server: MailServer) -> None:
    channel = opened(server)
    one(channel, request(address=Secret("info@例子.example.org")))
    assert server.handler.taken[0].rcpt_tos == ["info@xn--fsqu00a.example.org"]
    report = one(channel, request(2, address=Secret("名字@example.org")))
    assert (report.verdict, report.code) == (Verdict.BAD_ADDRESS, "no_smtputf8")


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("host", ""),
        ("sender", "nobody"),
        ("sender", "Shop\r\nBcc: x@example.org <news@shop.example>"),
        ("security", "none"),
        ("security", "ssl"),
        ("password", Secret("")),
        ("password", "written out"),
        ("ca_file", "key.pem"),
        ("ca_file", "nowhere.pem"),
    ],
)
def test_settings_that_cannot_be(setting: str, value: object, server: MailServer) -> None:
    with pytest.raises(SettingError) as raised:
        opened(server, **{"host": "mail.example.org", setting: value})
    assert raised.value.name == setting
    assert "written out" not in str(raised.value)


# --- what comes back -------------------------------------------------------------------------------------------------

ARF = f"""\
Date: Mon, 2 Mar 2026 01:00:00 +0000
From: <abuse@example.org>
To: <bounces@shop.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

This is a complaint.
--b
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Example/1.0
Version: 1

--b
Content-Type: message/rfc822

From: The Shop <news@shop.example>
Message-ID: <{REF}@shop.example>
Subject: A subject

Hello
--b--
""".encode()
LEAVING = f"""\
Date: Mon, 2 Mar 2026 01:00:00 +0000
From: Somebody <somebody-1@example.org>
To: leave+{REF}@shop.example
Subject: unsubscribe

""".encode()


@pytest.mark.parametrize(
    ("mail", "told"),
    [
        (bounce(REF), [("failed", "5.1.1")]),
        (bounce(REF, "delivered", "2.0.0"), [("delivered", "2.0.0")]),
        (bounce(REF, "delayed", "4.4.1"), []),
        (bounce(REF).replace(b"bounces+" + REF.encode(), b"somebody"), [("failed", "5.1.1")]),
        (ARF, [("complained", "")]),
        (ARF.replace(b"abuse\n", b"opt-out\n"), [("opted_out", "")]),
        (ARF.replace(b"abuse\n", b"not-spam\n"), []),
        (LEAVING, [("opted_out", "")]),
        (LEAVING.replace(b"Subject", b"Auto-Submitted: auto-replied\nSubject"), []),
        (LEAVING.replace(b"leave+", b"bounces+"), []),
        (LEAVING.replace(REF.encode(), b"f" * 31), []),
        (LEAVING.replace(b"@shop.example", b"@other.example"), []),
        (b"\xff\xfe\x00 no mail at all", []),
        (b"Content-Type: multipart/report; boundary=\n\n--\n--\n", []),
        (b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n" * 10_000, []),
    ],
)
@pytest.mark.parametrize("form", ["maildir", "mbox"])
def test_what_comes_back_is_told_by_message(
    form: str, mail: bytes, told: list[tuple[str, str]], server: MailServer
) -> None:
    place = Path(server.folder) / "returned"
    if form == "maildir":
        (place / "cur").mkdir(parents=True)
        (place / "cur" / "1:2,S").write_bytes(mail)
    else:
        place.write_bytes(b"From nobody Mon Mar  2 01:00:00 2026\n" + mail + b"\n")
    channel = opened(server)
    answers = channel.poll(int(NOW))
    assert [(str(each.kind), each.code_of) for each in answers] == told
    assert all(each.ref == REF and each.t <= NOW and "example.org" not in repr(each) for each in answers)
    assert channel.poll(int(NOW)) == answers


def test_without_a_mailbox_nothing_is_polled(server: MailServer) -> None:
    channel = opened(server, mailbox="")
    assert channel.capabilities.receipts == "none"
    assert channel.poll(0) == ()
