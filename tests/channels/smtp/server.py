"""A mail server on this machine: aiosmtpd with a certificate, a login and faults by script."""

import asyncio
import logging
import ssl
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from tests.channels.certificates import certificate

from wakeup.channels.kit import Fault, Provider
from wakeup.channels.protocol import AnswerKind, Secret

USER, PASSWORD = "shop", "example-secret-of-nobody"
NOW = 1_772_416_800.0  # 2026-03-02 02:00 UTC


class Handler:
    """Takes mails, or does what the script says."""

    def __init__(self) -> None:
        self.coming: list[Fault | None] = []
        self.taken: list[Envelope] = []
        self.late: list[Envelope] = []
        self.logins = 0
        self.connections = 0
        self.extra: dict[str, str] = {}
        self.once = False
        self.fault: Fault | None = None

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.fault = self.coming.pop(0) if self.coming else None
        if self.fault is Fault.POLICY:
            return "550 5.7.1 your account may not send"
        if "MAIL" in self.extra:
            return self.extra.pop("MAIL") if self.once else self.extra["MAIL"]
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 ok"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.fault is Fault.BAD_ADDRESS:
            return f"550 5.1.1 <{address}> no such user here"
        if self.fault is Fault.THROTTLE:
            return f"451 4.7.1 <{address}> greylisted, try again later"
        if self.fault is Fault.DROP_BEFORE:
            server.transport.abort()
        if "RCPT" in self.extra:
            return self.extra["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.fault is Fault.BAD_CONTENT:
            return f"554 5.6.0 spam for {envelope.rcpt_tos[0]}"
        if self.fault is Fault.LATE:
            self.late.append(envelope)
            server.transport.abort()
            return "250 never said"
        if "DATA" in self.extra:
            return self.extra["DATA"]
        self.taken.append(envelope)
        if self.fault is Fault.DROP_AFTER:
            server.transport.abort()
        if self.fault is Fault.SLOW:
            for _ in range(40):
                server.transport.write(b"250-patience\r\n")
                await asyncio.sleep(0.1)
        if self.fault is Fault.GARBAGE:
            return "thank you"
        return "250 2.0.0 queued"


class MailServer(Provider):
    """The provider as the kit needs it."""

    faults = frozenset(
        {
            Fault.BAD_ADDRESS,
            Fault.BAD_CONTENT,
            Fault.POLICY,
            Fault.THROTTLE,
            Fault.DROP_BEFORE,
            Fault.DROP_AFTER,
            Fault.LATE,
            Fault.SLOW,
            Fault.GARBAGE,
        }
    )

    def __init__(self, folder: Path, port: int, handler: Handler) -> None:
        self.folder = str(folder)
        self.handler = handler
        self.time = NOW
        self.settings = {
            "host": "localhost",
            "port": port,
            "user": USER,
            "password": Secret(PASSWORD),
            "sender": "The Shop <news@shop.example>",
            "bounces": "bounces@shop.example",
            "unsubscribe_mail": "leave@shop.example",
            "ca_file": "certificate.pem",
            "mailbox": "returned",
            "timeout": 1.0,
        }

    def now(self) -> float:
        return self.time

    def advance(self, seconds: float) -> None:
        self.time += seconds
        self.handler.taken += self.handler.late
        self.handler.late = []

    def address(self, number: int) -> str:
        return f"somebody-{number}@example.org"

    def wrong_addresses(self) -> Sequence[str]:
        return (
            "nobody",
            "two@signs@example.org",
            "line\r\nRCPT TO:<other@example.org>@example.org",
            "blank in@example.org",
            "<a@example.org>",
            "a@-example.org",
            "a@exa mple.org",
            "a,b@example.org",
            "x" * 70 + "@example.org",
            "a@" + "x" * 260 + ".org",
        )

    def script(self, *faults: Fault | None) -> None:
        self.handler.coming = list(faults)

    def delivered(self) -> Mapping[str, int]:
        return Counter(str(each.mail_from).partition("+")[2].partition("@")[0] for each in self.handler.taken)

    def unreachable(self) -> Mapping[str, Mapping[str, Any]]:
        return {
            "nobody listens": {**self.settings, "port": 1},
            "no such host": {**self.settings, "host": "mail.invalid"},
            "a false certificate": {**self.settings, "ca_file": ""},
            "a name that is not in the certificate": {**self.settings, "host": "127.0.0.2"},
        }

    def tell(self, ref: str) -> AnswerKind | None:
        folder = Path(self.folder) / "returned" / "new"
        folder.mkdir(parents=True)
        (folder / "1").write_bytes(bounce(ref))
        return AnswerKind.FAILED


def bounce(ref: str, action: str = "failed", status: str = "5.1.1") -> bytes:
    """A bounce as postfix writes one."""
    return f"""\
Return-Path: <>
Delivered-To: bounces+{ref}@shop.example
Date: Mon, 2 Mar 2026 01:00:00 +0000
From: MAILER-DAEMON@mx.example.org
To: bounces+{ref}@shop.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I am sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
Arrival-Date: Mon, 2 Mar 2026 00:59:00 +0000

Final-Recipient: rfc822; somebody-1@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} no such user

--b
Content-Type: text/rfc822-headers

Message-ID: <{ref}@shop.example>
--b--
""".encode()


def authenticated(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    well = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=well, handled=False)


@contextmanager
def mail_server(folder: Path, *, security: str = "starttls") -> Iterator[MailServer]:
    """Run it on a port that is free."""
    chain = certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, folder / "key.pem")
    # What the server logs about people is its own affair; the kit listens to everything in this process.
    logging.getLogger("mail.log").propagate = False
    handler = Handler()
    secured = {} if security == "none" else {"tls_context": context, "require_starttls": True}

    def connected() -> SMTP:
        protocols.append(protocol())
        return protocols[-1]

    def protocol() -> SMTP:
        return SMTP(
            handler,
            hostname="mx.example.org",
            authenticator=authenticated,
            auth_required=security != "none",
            loop=loop,
            **secured,
        )

    protocols: list[SMTP] = []
    loop = asyncio.new_event_loop()
    running = loop.run_until_complete(loop.create_server(connected, "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield MailServer(folder, running.sockets[0].getsockname()[1], handler)
    finally:
        asyncio.run_coroutine_threadsafe(_end(running, protocols), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _end(running: asyncio.Server, protocols: Sequence[SMTP]) -> None:
    running.close()
    for each in protocols:
        if each.transport is not None:
            each.transport.abort()
    others = [each for each in asyncio.all_tasks() if each is not asyncio.current_task()]
    for each in others:
        each.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.sleep(0.01)
