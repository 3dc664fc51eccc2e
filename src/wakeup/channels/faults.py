"""What the short words of adapters mean, for people: why a channel cannot work, why a message never left."""

from collections.abc import Mapping
from typing import Final

from wakeup.diagnostics import Piece, Say, Text

_TOLD: Final[Mapping[str, Piece]] = {
    "no_connection": Say("nobody answers at that address"),
    "no_connection_in_time": Say("nobody answers at that address"),
    "no_such_host": Say("there is no host of that name"),
    "private_address": Say("the host is in a private network; name it under `allow_hosts` if it is yours"),
    "connection_lost": Say("the connection broke off"),
    "timeout": Say("there was no answer in time"),
    "no_answer_in_time": Say("there was no answer in time"),
    "certificate": Say("the certificate is not valid for that host"),
    "tls": Say("no encrypted connection can be made"),
    "not_supported": Say("the server offers no encryption, or no way to log in"),
    "535": Say("name or password is wrong"),
    "not_writable": Say("no list can be written there"),
    "http_401": Say("the password is wrong"),
    "http_403": Say("the account may not do this"),
}


def told(code: str) -> Text:
    """Return what a code says; one that only a provider knows is shown as it is."""
    return _TOLD.get(code, code)
