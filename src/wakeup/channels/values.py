"""Settings as an adapter reads them: each with its value or its default, or an error that names the setting."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from wakeup.channels.protocol import Secret
from wakeup.channels.setting import Setting, SettingError
from wakeup.diagnostics import Say

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


def values_of(settings: Sequence[Setting], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return every setting with its value: as given, or its default (for a secret, an empty `Secret`).

    Raises:
        SettingError: a required one is missing or empty, a secret is not given by reference, or one has another form.
    """
    return {setting.name: _value(setting, given.get(setting.name)) for setting in settings}


def _value(setting: Setting, value: Any) -> Any:
    if value is None or value in ("", (), []) or (isinstance(value, Secret) and not value.reveal()):
        if setting.required:
            raise SettingError(setting.name, Say("it is missing"))
        return _absent(setting)
    if setting.secret:
        several = setting.kind == "list" and isinstance(value, list | tuple)
        if not all(isinstance(each, Secret) for each in (value if several else (value,))):
            raise SettingError(setting.name, Say("it is a secret: write `env:NAME` or `file:PATH`"))
        return tuple(value) if several else value
    if not _fits(setting, value):
        raise SettingError(setting.name, Say("it has another form"))
    return value


def _absent(setting: Setting) -> Any:
    if setting.default or setting.kind not in ("list", "table"):
        return Secret("") if setting.secret else setting.default
    return () if setting.kind == "list" else {}


def _fits(setting: Setting, value: object) -> bool:
    if setting.choices and value not in setting.choices:
        return False
    match setting.kind:
        case "text":
            return isinstance(value, str)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e9
        case "flag":
            return isinstance(value, bool)
        case "list":
            return isinstance(value, list | tuple) and all(isinstance(each, str) for each in value)
        case "table":
            return isinstance(value, Mapping)


def endpoint(name: str, address: str) -> str:
    """Return an address of a provider without a slash at its end: https, or http on this machine (for tests).

    Raises:
        SettingError: it is neither, or has a query, a fragment or a password.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        raise SettingError(name, Say("it must be an `https://` address without a query")) from None
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if not (safe and parts.hostname) or parts.query or parts.fragment or "@" in parts.netloc:
        raise SettingError(name, Say("it must be an `https://` address without a query"))
    return address.rstrip("/")
