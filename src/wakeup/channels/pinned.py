"""One POST to an address that somebody wrote into the settings, and to nowhere else.

The host is resolved once, every address of it must be public, and the connection goes to an address that was checked:
a name that means something else a moment later leads nowhere. No redirect is followed, no proxy is asked, an answer is
read up to a limit, and all of it together has a time limit. The certificate is checked against the name.
"""

import http.client
import ipaddress
import re
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from threading import Event, Timer
from typing import Final
from urllib.parse import urlsplit

from attrs import frozen

from wakeup.channels.http import Lost, Reply
from wakeup.channels.protocol import Verdict
from wakeup.channels.setting import SettingError
from wakeup.diagnostics import Say

LONGEST_ANSWER: Final = 64 * 1024
"""Bytes of an answer that are read; more is none."""
STAGES: Final = 3
_MOST_ADDRESSES: Final = 4
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
"""How a network without IPv4 reaches hosts that have nothing else (RFC 6052)."""

_HOST: Final = re.compile(r"[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]+\]")
_PATH: Final = re.compile(r"[\x21-\x7e]*")

Resolve = Callable[[str, int], Sequence[str]]


@frozen
class Place:
    """Where to: an address taken apart. private: the settings allow it to lead into a private network."""

    secure: bool
    host: str
    port: int
    path: str
    private: bool


def place(name: str, written: str, allowed: Sequence[str]) -> Place:
    """Return where an address of the settings leads. Only `https://` is taken; a host that `allowed` names may also be
    private or spoken to without encryption.

    Raises:
        SettingError: it is no such address, or holds a password.
    """
    try:
        parts = urlsplit(written)
        port = parts.port
    except ValueError:
        raise SettingError(name, Say("it is no address of a page")) from None
    host = parts.hostname or ""
    named = host in allowed
    if not _HOST.fullmatch(f"[{host}]" if ":" in host else host) or not _PATH.fullmatch(written) or parts.fragment:
        raise SettingError(name, Say("it is no address of a page"))
    if "@" in parts.netloc:
        raise SettingError(name, Say("a name or a password does not belong in an address"))
    if parts.scheme != "https" and not (parts.scheme == "http" and named):
        raise SettingError(name, Say("it must begin with `https://`"))
    secure = parts.scheme == "https"
    path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    return Place(secure, host, port or (443 if secure else 80), path, named)


def post(
    goal: Place, headers: Mapping[str, str], body: bytes, timeout: float, context: ssl.SSLContext, resolve: Resolve
) -> Reply | Lost:
    """Make the call; `resolve` says what addresses a host has. timeout: seconds for connecting, for the encryption and
    for the answer, each: `STAGES` times as many at most."""
    connection = _opened(goal, timeout, context, resolve)
    if isinstance(connection, Lost):
        return connection
    try:
        with _limit(connection.sock, timeout) as over:
            answered = _asked(connection, goal, headers, body)
        # What was cut off looks like an answer that has ended.
        return Lost(Verdict.DOUBT, "timeout") if over.is_set() else answered
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Lost(Verdict.DOUBT, "timeout" if isinstance(error, TimeoutError) else "connection_lost")
    finally:
        connection.close()


def reach(goal: Place, timeout: float, context: ssl.SSLContext, resolve: Resolve) -> str:
    """Connect and say nothing; return "" or one word for why it cannot be."""
    connection = _opened(goal, timeout, context, resolve)
    if isinstance(connection, Lost):
        return connection.code
    connection.close()
    return ""


def addresses(host: str, port: int) -> list[str]:
    """Ask the system for the addresses of a host.

    Raises:
        OSError: there is none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(each[4][0]) for each in found]


def is_public(address: str) -> bool:
    """Whether an address is one of the Internet: not of this machine, this network, a link, a carrier, a test, nor such
    a one in the clothes of an IPv6 address."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = _inside(ip)
    return all(map(_is_global, inner if ip in _NAT64 else (ip, *inner)))


def _is_global(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    site_local = isinstance(ip, ipaddress.IPv6Address) and ip.is_site_local
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified or site_local)


def _inside(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    """IPv4 addresses that an IPv6 address stands for: mapped, 6to4, Teredo, NAT64."""
    if isinstance(ip, ipaddress.IPv4Address):
        return []
    teredo = ip.teredo or ()
    translated = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None
    found = [ip.ipv4_mapped, ip.sixtofour, *teredo, translated]
    return [each for each in found if each is not None]


def _opened(
    goal: Place, timeout: float, context: ssl.SSLContext, resolve: Resolve
) -> http.client.HTTPConnection | Lost:
    """A connection to an address that was checked, or why there is none."""
    try:
        found = list(resolve(goal.host, goal.port))[:_MOST_ADDRESSES]
    except (OSError, UnicodeError):
        found = []
    if not found:
        return Lost(Verdict.NOT_LEFT, "no_such_host")
    # One private address among public ones is what a trick looks like: none of them is called.
    if not goal.private and not all(map(is_public, found)):
        return Lost(Verdict.NOT_LEFT, "private_address")
    try:
        sock = _encrypted(goal, _connected(found, goal.port, timeout), context, timeout)
    except ssl.SSLError as error:
        return Lost(Verdict.NOT_LEFT, "certificate" if isinstance(error, ssl.SSLCertVerificationError) else "tls")
    except OSError as error:
        return Lost(Verdict.NOT_LEFT, "timeout" if isinstance(error, TimeoutError) else "no_connection")
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection = http.client.HTTPConnection(goal.host, goal.port, timeout=timeout)
    connection.sock = sock
    return connection


def _connected(found: Sequence[str], port: int, timeout: float) -> socket.socket:
    """The first of the addresses that answers; each has its share of the time."""
    share = timeout / len(found)
    for address in found[:-1]:
        with suppress(OSError):
            return socket.create_connection((address, port), share)
    return socket.create_connection((found[-1], port), share)


def _encrypted(goal: Place, sock: socket.socket, context: ssl.SSLContext, timeout: float) -> socket.socket:
    sock.settimeout(timeout)
    if not goal.secure:
        return sock
    try:
        # The time limit of a socket holds for a whole handshake, also for one that dribbles.
        return context.wrap_socket(sock, server_hostname=goal.host)
    except BaseException:
        sock.close()
        raise


def _asked(connection: http.client.HTTPConnection, goal: Place, headers: Mapping[str, str], body: bytes) -> Reply:
    connection.putrequest("POST", goal.path, skip_accept_encoding=True)
    for name, value in {**headers, "content-length": str(len(body)), "connection": "close"}.items():
        connection.putheader(name, value)
    connection.endheaders(body)
    response = connection.getresponse()
    data = response.read(LONGEST_ANSWER + 1)
    if len(data) > LONGEST_ANSWER:
        raise ValueError("the answer does not end")
    return Reply(response.status, {name.lower(): value for name, value in response.getheaders()}, data)


@contextmanager
def _limit(sock: socket.socket, seconds: float) -> Iterator[Event]:
    """Cut the connection when all of it takes too long: an answer that dribbles never meets a limit of its own. The
    event says that it was cut."""
    over = Event()
    timer = Timer(seconds, _cut, (sock, over))
    timer.daemon = True
    timer.start()
    try:
        yield over
    finally:
        timer.cancel()


def _cut(sock: socket.socket, over: Event) -> None:
    over.set()
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
