"""A message as bytes, its envelope, and addresses that may stand in one."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime, parseaddr
from typing import Any, Final

from attrs import frozen

from wakeup.channels.protocol import Request
from wakeup.channels.setting import SettingError
from wakeup.diagnostics import Say

_LOCAL: Final = re.compile(r"""[^\s<>()\[\],;:\\"@\x00-\x20\x7f]{1,64}""")
_DOMAIN: Final = re.compile(r"(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_LINE: Final = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
_LONGEST_SUBJECT: Final = 900
_LONGEST_PLAIN: Final = 68
_LONGEST_HEADER: Final = 990


class UnfitError(Exception):
    """The message cannot be an e-mail; its text is a word that says why."""


@frozen
class Mailbox:
    """A name and an address; `with_ref` is the address that a reply about one message comes back to (VERP)."""

    name: str
    local: str
    domain: str

    @property
    def address(self) -> str:
        """The address."""
        return f"{self.local}@{self.domain}"

    def with_ref(self, ref: str) -> str:
        """The address of this mailbox that names a message."""
        return f"{self.local}+{ref}@{self.domain}"


@frozen
class Letterhead:
    """What all messages of a channel have: sender, where bounces and unsubscribing mails go, where replies go, a last
    line in which `{unsubscribe}` is the address to unsubscribe at."""

    sender: Mailbox
    bounces: Mailbox
    leaving: Mailbox | None = None
    replies: Mailbox | None = None
    footer: str = ""


def mailbox(name: str, written: str) -> Mailbox:
    """Return a mailbox as it is written in the settings: `Shop <news@shop.example>` or the address alone.

    Raises:
        SettingError: it is none.
    """
    shown, address = parseaddr(written)
    local, _, domain = address.rpartition("@")
    if _LINE.search(written) or not address.isascii() or not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        raise SettingError(name, Say("it is no e-mail address"))
    return Mailbox(shown, local, domain)


def recipient(written: str) -> tuple[str, str] | None:
    """Return the local part and the domain (in ASCII) of somebody's address, None if it is none."""
    local, _, domain = written.strip().rpartition("@")
    try:
        ascii_domain = domain if domain.isascii() else domain.encode("idna").decode()
    except UnicodeError:
        return None
    fits = _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(ascii_domain) and ".." not in written
    return (local, ascii_domain) if fits and "." in ascii_domain + "." else None


def message_bytes(request: Request, to: str, head: Letterhead, at: float) -> bytes:
    """Return the message: text, and HTML beside it where the message's setting `html` has some.

    Raises:
        UnfitError: the subject has a line end or is too long, or the address to unsubscribe at fits no header.
    """
    if _LINE.search(request.subject) or len(request.subject) > _LONGEST_SUBJECT:
        raise UnfitError("subject")
    message = EmailMessage(policy=SMTP if to.isascii() else SMTPUTF8)
    sender = head.sender
    message["From"] = Address(sender.name, sender.local, sender.domain)
    message["To"] = to
    if head.replies is not None:
        message["Reply-To"] = head.replies.address
    message["Date"] = format_datetime(datetime.fromtimestamp(int(at), UTC))
    message["Message-ID"] = f"<{request.ref}@{sender.domain}>"
    # No machine that is away on holiday should answer.
    message["Precedence"] = "bulk"
    text, html = _with_footer(request, head.footer)
    _body(message, text, "plain")
    if html:
        _alternative(message, html)
    return _subject(request) + _leaving(request, head) + message.as_bytes()


def _subject(request: Request) -> bytes:
    """The subject, in encoded words where it needs them. (The policies of `email` lose blanks between them.)"""
    text = _whole(request.subject)
    plain = text.isascii() and "=?" not in text and len(text) < _LONGEST_PLAIN
    told = text if plain else Header(text, "utf-8", header_name="Subject").encode(linesep="\r\n")
    return f"Subject: {told}\r\n".encode()


def _with_footer(request: Request, footer: str) -> tuple[str, str]:
    html = str(request.settings.get("html", "") or "")
    if not footer or not request.unsubscribe:
        return request.text, html
    return f"{request.text}\n\n{footer.replace('{unsubscribe}', request.unsubscribe)}\n", html


def _body(message: EmailMessage, text: str, subtype: str) -> None:
    message.set_content(_whole(text), subtype=subtype, charset="utf-8", cte=_encoding(text))


def _alternative(message: EmailMessage, html: str) -> None:
    message.add_alternative(_whole(html), subtype="html", charset="utf-8", cte=_encoding(html))


def _encoding(text: str) -> str:
    return "quoted-printable" if text.isascii() else "base64"


def _whole(text: str) -> str:
    """Half characters become question marks."""
    return text.encode("utf-8", "replace").decode()


def _leaving(request: Request, head: Letterhead) -> bytes:
    """The headers of RFC 2369 and RFC 8058, each on one line: a folded address breaks signatures made further on."""
    ways = []
    if request.unsubscribe:
        ways.append(f"<{request.unsubscribe}>")
    if head.leaving is not None:
        ways.append(f"<mailto:{head.leaving.with_ref(request.ref)}?subject=unsubscribe>")
    if not ways:
        return b""
    line = f"List-Unsubscribe: {', '.join(ways)}"
    address = request.unsubscribe
    if len(line) > _LONGEST_HEADER or not address.isascii() or re.search(r"[\s<>\x00-\x1f\x7f]", address):
        raise UnfitError("unsubscribe")
    one_click = "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" if address.startswith("https://") else ""
    return f"{line}\r\n{one_click}".encode()


def parsed_head(settings: Mapping[str, Any]) -> Letterhead:
    """Return the letterhead that the settings of a channel describe.

    Raises:
        SettingError: an address is none.
    """

    def at(name: str) -> Mailbox | None:
        return mailbox(name, str(settings[name])) if settings[name] else None

    sender = mailbox("sender", str(settings["sender"]))
    return Letterhead(
        sender=sender,
        bounces=at("bounces") or Mailbox("", sender.local, sender.domain),
        leaving=at("unsubscribe_mail"),
        replies=at("reply_to"),
        footer=str(settings["footer"]),
    )
