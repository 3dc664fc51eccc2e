"""Sending: until the final dot nothing has happened; after it, only a reply tells."""

import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock, Timer
from typing import Any, Final

from attrs import define, frozen

from wakeup.channels.bare import Bare
from wakeup.channels.protocol import Answer, Capabilities, Report, Request, Secret, Setup, Verdict
from wakeup.channels.setting import Setting, SettingError
from wakeup.channels.smtp.mail import Letterhead, UnfitError, message_bytes, parsed_head, recipient
from wakeup.channels.smtp.returned import read_mailbox
from wakeup.channels.smtp.verdicts import Reply, Stage, report_of
from wakeup.channels.values import LOOPBACK, values_of
from wakeup.diagnostics import Say

SETTINGS: Final = (
    Setting("host", "Name of the mail server.", required=True),
    Setting("port", "Its port.", default=587, kind="number"),
    Setting(
        "security",
        "`starttls`, `tls` from the first byte, or `none`, which is allowed on this machine only.",
        default="starttls",
        choices=("starttls", "tls", "none"),
    ),
    Setting("user", "Name to log in with; without it nobody logs in."),
    Setting("password", "Password to log in with.", secret=True),
    Setting("sender", "Who it is from: `Shop <news@shop.example>`.", required=True),
    Setting("bounces", "Mailbox for bounces; they come to `local+REF@domain`. Without it the sender's."),
    Setting("unsubscribe_mail", "Mailbox for mails that unsubscribe; they come to `local+REF@domain`."),
    Setting("reply_to", "Where replies go, if not to the sender."),
    Setting("footer", "Last line of the text, such as `Unsubscribe: {unsubscribe}`."),
    Setting("mailbox", "Maildir folder or mbox file, from the project's folder, that bounces and complaints come to."),
    Setting("ca_file", "File with the certificate of an authority of your own that the server's is signed by."),
    Setting("timeout", "Seconds for logging in and for each message; then it is given up.", default=30, kind="number"),
)
MESSAGE_SETTINGS: Final = (Setting("html", "The message as HTML, shown instead of the text where that is possible."),)

_PER_CONNECTION: Final = 100
"""Messages after which a connection is closed: servers close longer ones at a moment of their choice."""
_IDLE: Final = 20
"""Seconds for which an idle connection is kept."""
_CLOSING: Final = "421"
"""Code of a server that closes the connection; it has refused whatever was asked."""
_DOT: Final = re.compile(rb"^\.", re.MULTILINE)


@frozen(eq=False)
class Server:
    """Where the mail server is and how to talk to it."""

    host: str
    port: int
    security: str
    user: str
    password: Secret
    context: ssl.SSLContext | None
    timeout: float


@define(eq=False)
class _Connection:
    line: smtplib.SMTP
    sent: int = 0
    used: float = 0.0


class _RefusedError(Exception):
    """The server does not want to talk to us."""

    def __init__(self, code: int, text: bytes | str) -> None:
        super().__init__(code)
        self.reply = Reply(code, text.encode() if isinstance(text, str) else text)


class SmtpChannel(Bare):
    """Connections that are kept between messages; each is used by one thread at a time."""

    def __init__(
        self, channel: str, server: Server, head: Letterhead, now: Callable[[], float], mailbox: Path | None
    ) -> None:
        self._channel = channel
        self._server = server
        self._head = head
        self._now = now
        self._mailbox = mailbox
        self._idle: list[_Connection] = []
        self._lock = Lock()
        self.capabilities = Capabilities(
            address="email",
            receipts="none" if mailbox is None else "poll",
            concurrency=4,
            # A connection that has died, a new one, and the message over it.
            timeout=3 * server.timeout,
        )

    def send(self, requests: Sequence[Request]) -> Sequence[Report]:
        """Send one by one, over a connection that is there or a new one."""
        return [self._send(each) for each in requests]

    def poll(self, since: int) -> Sequence[Answer]:
        """Read bounces, complaints and mails that unsubscribe."""
        if self._mailbox is None:
            return ()
        return read_mailbox(self._mailbox, self._head, f"smtp:{self._channel}", since, int(self._now()))

    def check(self) -> str:
        """Connect, log in, say goodbye."""
        try:
            connection = self._connect()
        except (_RefusedError, smtplib.SMTPException, OSError, UnicodeError) as error:
            return _word(error)
        _quit(connection)
        return ""

    def close(self) -> None:
        """Say goodbye on every connection."""
        with self._lock:
            idle, self._idle = self._idle, []
        for each in idle:
            _quit(each)

    def _send(self, request: Request) -> Report:
        to = recipient(request.address.reveal())
        if to is None:
            return Report(request.ref, Verdict.BAD_ADDRESS, code="malformed")
        address = "@".join(to)
        try:
            data = message_bytes(request, address, self._head, self._now())
        except UnfitError as error:
            return Report(request.ref, Verdict.BAD_CONTENT, code=str(error))
        except (ValueError, UnicodeError):
            return Report(request.ref, Verdict.BAD_CONTENT, code="malformed")
        return self._over_a_connection(request.ref, address, data)

    def _over_a_connection(self, ref: str, address: str, data: bytes) -> Report:
        kept = self._take()
        if kept is not None:
            report = self._try(kept, ref, address, data)
            # A connection that the server closed meanwhile, with or without a word: nothing of the message is taken.
            if report.verdict is not Verdict.NOT_LEFT and not report.code.startswith(_CLOSING):
                return report
        try:
            fresh = self._connect()
        except _RefusedError as refused:
            return report_of(ref, Stage.GREETING, refused.reply)
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            return Report(ref, Verdict.NOT_LEFT, code=_word(error))
        return self._try(fresh, ref, address, data)

    def _try(self, connection: _Connection, ref: str, address: str, data: bytes) -> Report:
        with _limit(connection.line, self._server.timeout):
            report, usable = self._deliver(connection.line, ref, address, data)
        connection.sent += 1
        if usable:
            self._keep(connection)
        else:
            _drop(connection)
        return report

    def _deliver(self, line: smtplib.SMTP, ref: str, address: str, data: bytes) -> tuple[Report, bool]:
        """One transaction; whether the connection can be used again."""
        international = not address.isascii()
        if international and not line.has_extn("smtputf8"):
            return Report(ref, Verdict.BAD_ADDRESS, code="no_smtputf8"), True
        envelope = self._head.bounces.with_ref(ref)
        options = ["SMTPUTF8"] if international else []
        steps: tuple[tuple[Stage, Callable[[], tuple[int, bytes]]], ...] = (
            (Stage.SENDER, lambda: line.mail(envelope, options)),
            (Stage.RECIPIENT, lambda: line.rcpt(address)),
            (Stage.BEGIN, lambda: line.docmd("DATA")),
        )
        stage = Stage.SENDER
        try:
            for stage, ask in steps:
                reply = Reply(*ask())
                if reply.code not in ((354,) if stage is Stage.BEGIN else (250, 251)):
                    return report_of(ref, stage, reply), _reset(line, reply)
            line.send(_DOT.sub(b"..", data.removesuffix(b"\r\n")))
            stage = Stage.END
            line.send(b"\r\n.\r\n")
            reply = Reply(*line.getreply())
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            verdict = Verdict.DOUBT if stage is Stage.END else Verdict.NOT_LEFT
            return Report(ref, verdict, code=_word(error)), False
        if reply.code == 250:
            return Report(ref, Verdict.ACCEPTED, provider_id=f"{ref}@{self._head.sender.domain}"), True
        return report_of(ref, stage, reply), _reset(line, reply)

    def _connect(self) -> _Connection:
        server = self._server
        us = self._head.sender.domain
        line = smtplib.SMTP(timeout=server.timeout, local_hostname=us)
        if server.security == "tls":
            line = smtplib.SMTP_SSL(timeout=server.timeout, local_hostname=us, context=server.context)
        # Set by the constructor only when it connects; the server's name is checked against its certificate.
        line._host = server.host  # type: ignore[attr-defined]
        try:
            self._greet(line)
        except BaseException:
            line.close()
            raise
        return _Connection(line, used=self._now())

    def _greet(self, line: smtplib.SMTP) -> None:
        server = self._server
        with _limit(line, server.timeout):
            code, text = line.connect(server.host, server.port)
            if code != 220:
                raise _RefusedError(code, text)
            if line.sock is not None:
                # Else the final dot waits for the other side's delayed acknowledgement: 40 ms a message.
                line.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            line.ehlo_or_helo_if_needed()
            if server.security == "starttls":
                line.starttls(context=server.context)
                line.ehlo()
            if server.user:
                try:
                    line.login(server.user, server.password.reveal())
                except smtplib.SMTPResponseException as error:
                    raise _RefusedError(error.smtp_code, error.smtp_error) from None

    def _take(self) -> _Connection | None:
        with self._lock:
            while self._idle:
                connection = self._idle.pop()
                if 0 <= self._now() - connection.used < _IDLE:
                    return connection
                _drop(connection)
        return None

    def _keep(self, connection: _Connection) -> None:
        connection.used = self._now()
        with self._lock:
            if connection.sent < _PER_CONNECTION and len(self._idle) < self.capabilities.concurrency:
                self._idle.append(connection)
                return
        _quit(connection)


def open_smtp(setup: Setup) -> SmtpChannel:
    """Open it.

    Raises:
        SettingError: a setting is missing or cannot be.
    """
    given = values_of(SETTINGS, setup.settings)
    host = str(given["host"])
    if given["security"] == "none" and host not in LOOPBACK:
        raise SettingError("security", Say("without encryption only on this machine"))
    if given["user"] and not given["password"].reveal():
        raise SettingError("password", Say("it is missing"))
    server = Server(
        host=host,
        port=int(given["port"]),
        security=str(given["security"]),
        user=str(given["user"]),
        password=given["password"],
        context=None if given["security"] == "none" else _context(given, setup.folder),
        timeout=float(given["timeout"]),
    )
    mailbox = Path(setup.folder) / str(given["mailbox"]) if given["mailbox"] else None
    return SmtpChannel(setup.channel, server, parsed_head(given), setup.now, mailbox)


def _context(given: Mapping[str, Any], folder: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(
            cafile=str(Path(folder) / str(given["ca_file"])) if given["ca_file"] else None
        )
    except (OSError, ssl.SSLError):
        raise SettingError("ca_file", Say("it holds no certificate")) from None


@contextmanager
def _limit(line: smtplib.SMTP, seconds: float) -> Iterator[None]:
    """Cut the connection when all of it together takes too long: a server that dribbles never meets a time limit."""
    timer = Timer(seconds, _cut, (line,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _cut(line: smtplib.SMTP) -> None:
    sock = line.sock
    if sock is not None:
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)


def _reset(line: smtplib.SMTP, reply: Reply) -> bool:
    """Begin anew after a refusal; False if the connection is over."""
    if reply.code in (-1, 421):
        return False
    try:
        return line.rset()[0] == 250
    except (smtplib.SMTPException, OSError):
        return False


def _quit(connection: _Connection) -> None:
    with _limit(connection.line, 2.0), suppress(smtplib.SMTPException, OSError):
        connection.line.quit()
    _drop(connection)


def _drop(connection: _Connection) -> None:
    with suppress(OSError):
        connection.line.close()


def _word(error: Exception) -> str:
    """What went wrong, as one word: texts of errors may name an address."""
    if isinstance(error, _RefusedError):
        return str(error.reply.code)
    if isinstance(error, ssl.SSLError):
        return "certificate" if isinstance(error, ssl.SSLCertVerificationError) else "tls"
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, socket.gaierror):
        return "no_such_host"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "not_supported"
    return "no_connection" if isinstance(error, ConnectionRefusedError) else "connection_lost"
