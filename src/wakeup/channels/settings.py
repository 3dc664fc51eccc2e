"""`wakeup.toml`: which adapter carries each channel, with what settings. Secrets stand there by reference only.

[channels.cn.sms]
adapter = "webhook"
address = "phone"                  # column of the customers
keys = "env:SHOP_WEBHOOK_KEY"
url = "https://shop.example/wakeup"

[channels.cn.sms.messages.hello]   # what the adapter wants to know of a message
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from attrs import define, evolve, field, frozen

from wakeup.channels.places import places
from wakeup.channels.protocol import Secret
from wakeup.channels.registry import Loaded, installed, load
from wakeup.channels.setting import Setting
from wakeup.diagnostics import (
    Diagnostic,
    Listed,
    Named,
    Piece,
    Say,
    Text,
    WakeupError,
    diagnostic,
    reason,
    suggest,
)
from wakeup.source import Source, Span

OnDoubt = Literal["leave", "resend"]

COMMON: Final = (
    Setting("adapter", "Name of the adapter that carries the channel.", required=True),
    Setting("address", "Column of the customers that holds the address; without it the adapter's kind of address."),
    Setting(
        "on_doubt",
        "What to do with a send of which nobody can find out what became of it: `leave` counts it as sent, "
        "`resend` sends again and may reach somebody twice.",
        default="leave",
        choices=("leave", "resend"),
    ),
    Setting("messages", "Settings of single messages: a table for each, by its name.", kind="table"),
)
"""Settings that every channel has."""

COMMON_OF_MESSAGES: Final = (
    Setting("subject", "Subject of an e-mail, title of a push; without it the campaign's title."),
    Setting(
        "fields", "Values by name for templates of the provider; variables are filled in as in texts.", kind="table"
    ),
)
"""Settings that every message has."""

_SECRET_NAME: Final = re.compile(
    r"secret|token|passw|pwd|private|credential|(^|_)auth($|_)|(api|access|sign\w*|account)_?keys?$|^keys?$",
    re.IGNORECASE,
)
_REFERENCE: Final = re.compile(r"(env|file):(.+)", re.DOTALL)
_AT: Final = re.compile(r"at line (\d+), column (\d+)")
_DEEPEST: Final = 30
_LONGEST_SECRET: Final = 64 * 1024
_FORMS: Final[Mapping[str, tuple[type | tuple[type, ...], Piece]]] = {
    "text": (str, Say("a text in double quotes")),
    "number": ((int, float), Say("a number")),
    "flag": (bool, Say("true or false")),
    "list": (list, Say("a list of texts in square brackets")),
    "table": (dict, Say("a table")),
}


@frozen
class Bound:
    """A channel with its adapter. settings, messages: as written, so secrets are references still.

    address: column of the customers, "" where it is not said. on_doubt: "resend" where somebody has chosen it.
    """

    channel: str
    adapter: Loaded
    address: str
    on_doubt: OnDoubt
    settings: Mapping[str, Any]
    messages: Mapping[str, Mapping[str, Any]]


def read_channels(source: Source) -> Mapping[str, Bound]:
    """Read the tables `[channels.NAME]` of `wakeup.toml`; a name with dots needs no quotes. Nothing is resolved yet.

    Raises:
        WakeupError: all that is wrong: WK7060 no TOML, WK7061 no adapter, WK7062 an unknown one, WK7063 an unknown
            setting, WK7064 a missing one, WK7065 of the wrong form, WK7066 a secret written out, WK7068 an adapter that
            cannot be imported.
    """
    written = _toml(source)
    reader = _Reader(source, places(source))
    bound = {each.channel: each for each in reader.channels(written.get("channels", {}))}
    if reader.found:
        raise WakeupError(reader.found)
    return bound


def read_table(source: Source, name: str, declared: tuple[Setting, ...]) -> Mapping[str, Any]:
    """Read another table of `wakeup.toml`, `[name]`, checked as a channel's is; nothing is resolved yet.

    Raises:
        WakeupError: as `read_channels`.
    """
    table = _toml(source).get(name, {})
    reader = _Reader(source, places(source))
    reader.table(name, table, declared)
    if reader.found:
        raise WakeupError(reader.found)
    return dict(table)


def resolve(bound: Bound, root: Path, env: Mapping[str, str]) -> Mapping[str, Any]:
    """Return the settings of a channel with every reference followed: secrets as `Secret`, other texts as they are.

    root: the folder of `wakeup.toml`, from which the path of a `file:` is read.

    Raises:
        WakeupError: WK7067, a variable is not set, a file cannot be read, or it is empty.
    """
    return followed(bound.channel, bound.settings, bound.adapter.settings or (), root, env)


def followed(
    name: str, settings: Mapping[str, Any], known_settings: Iterable[Setting], root: Path, env: Mapping[str, str]
) -> Mapping[str, Any]:
    """`resolve` for the table of that name.

    Raises:
        WakeupError: WK7067.
    """
    declared = {each.name: each for each in known_settings}
    found: list[Diagnostic] = []

    def follow(key: str, value: Any) -> Any:
        if isinstance(value, list):
            return tuple(follow(key, each) for each in value)
        if isinstance(value, dict):
            return {inner: follow(f"{key}.{inner}", each) for inner, each in value.items()}
        if not isinstance(value, str) or _REFERENCE.fullmatch(value) is None:
            return value
        revealed, problem = _look_up(value, root, env)
        if problem is not None:
            found.append(diagnostic("WK7067", key=key, channel=name, reference=value, problem=problem))
        known = declared.get(key.partition(".")[0])
        return Secret(revealed) if known is None or known.secret else revealed

    resolved = {key: follow(key, _listed(value, declared.get(key))) for key, value in settings.items()}
    if found:
        raise WakeupError(found)
    return resolved


def _toml(source: Source) -> dict[str, Any]:
    try:
        written = tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as error:
        raise WakeupError([_no_toml(source, str(error))]) from None
    except RecursionError:
        written = None
    if written is None or _too_deep(written):
        raise WakeupError([diagnostic("WK7060", file=source.name, problem=Say("it is nested too deeply"))])
    return written


def _too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(_DEEPEST):
        level = [inner for each in level for inner in (each.values() if isinstance(each, dict) else each)]
        level = [each for each in level if isinstance(each, dict | list)]
    return bool(level)


def unbound(channels: Iterable[str], bound: Mapping[str, Bound], file: str) -> list[Diagnostic]:
    """Return one problem (WK7061) per channel that has no adapter."""
    return [_no_adapter(each, file, None) for each in channels if each not in bound]


def unset(messages: Iterable[tuple[str, str]], bound: Mapping[str, Bound]) -> list[Diagnostic]:
    """Return what the adapters want to know of a plan's messages, pairs of (channel, name), and nobody has said
    (WK7064), and tables of messages that the plan does not have (WK7063)."""
    found: list[Diagnostic] = []
    names: dict[str, list[str]] = {each: [] for each in bound}
    for channel, name in messages:
        names.setdefault(channel, []).append(name)
    for channel, each in bound.items():
        for name in (name for name in names[channel] if name not in each.messages):
            wanted = [setting for setting in each.adapter.message_settings or () if setting.required]
            table = f"[channels.{channel}.messages.{_quoted(name)}]"
            found += [
                diagnostic(
                    "WK7064",
                    channel=channel,
                    key=f"messages.{name}.{setting.name}",
                    name=each.adapter.name,
                    typed=f'{table} {setting.name} = "…"',
                )
                for setting in wanted
            ]
        for name in (name for name in each.messages if name not in names[channel]):
            near = suggest(name, names[channel])
            text = Say("did you mean {candidates}?", candidates=Listed(near, "or")) if near else None
            text = text or Say("known are {names}", names=Listed(names[channel], most=30))
            owner = Named("channel", channel)
            found.append(diagnostic("WK7063", help=text, key=f"messages.{name}", owner=owner))
    return found


@define
class _Reader:
    source: Source
    places: Mapping[tuple[str, ...], Span]
    found: list[Diagnostic] = field(factory=list)

    def channels(self, written: Any) -> Iterator[Bound]:
        """Yield the channels that have an adapter; what is wrong is kept in `found`."""
        if not isinstance(written, dict):
            self._say("WK7065", ("channels",), key="channels", channel="", wanted=_FORMS["table"][1])
            return
        for path, table in _tables(("channels",), written):
            name = ".".join(path[1:])
            adapter = self._adapter(path, name, table)
            if adapter is not None:
                yield self._bound(path, name, table, adapter)

    def table(self, name: str, table: Any, declared: tuple[Setting, ...]) -> None:
        """Check a table that is no channel's; what is wrong is kept in `found`."""
        if isinstance(table, dict):
            self._check((name,), name, table, declared, "")
        else:
            self._say("WK7065", (name,), key=name, channel="", wanted=_FORMS["table"][1])

    def _adapter(self, path: tuple[str, ...], channel: str, table: Any) -> Loaded | None:
        if not isinstance(table, dict) or not isinstance(table.get("adapter"), str):
            self.found.append(_no_adapter(channel, self.source.name, self.places.get(path)))
            return None
        try:
            return load(table["adapter"])
        except WakeupError as error:
            span = self.places.get((*path, "adapter"))
            self.found += [_placed(each, span) for each in error.diagnostics]
            return None

    def _bound(self, path: tuple[str, ...], channel: str, table: Mapping[str, Any], adapter: Loaded) -> Bound:
        common = {each.name for each in COMMON}
        own = {key: value for key, value in table.items() if key not in common}
        self._check(path, channel, {key: table[key] for key in table if key in common}, COMMON, "")
        self._check(path, channel, own, adapter.settings, adapter.name)
        messages = table.get("messages", {})
        for name, each in messages.items() if isinstance(messages, dict) else ():
            place = (*path, "messages", name)
            if isinstance(each, dict):
                wanted = adapter.message_settings
                declared = None if wanted is None else wanted + COMMON_OF_MESSAGES
                self._check(place, channel, each, declared, adapter.name)
            else:
                self._say("WK7065", place, key=f"messages.{name}", channel=channel, wanted=_FORMS["table"][1])
        return Bound(
            channel=channel,
            adapter=adapter,
            address=str(table.get("address", "")),
            on_doubt="resend" if table.get("on_doubt") == "resend" else "leave",
            settings=own,
            messages=messages if isinstance(messages, dict) else {},
        )

    def _check(
        self,
        path: tuple[str, ...],
        channel: str,
        table: Mapping[str, Any],
        declared: tuple[Setting, ...] | None,
        adapter: str,
    ) -> None:
        known = {each.name: each for each in declared or ()}
        for key, value in table.items():
            setting = known.get(key)
            if setting is not None:
                self._form((*path, key), channel, setting, value)
            elif declared is not None:
                self._unknown((*path, key), channel, key, (*known, *(each.name for each in COMMON)), adapter)
            for inner in _written_out(key, value, setting):
                self._written_out((*path, key), channel, inner)
        for setting in known.values():
            if setting.required and setting.name not in table:
                typed = f'{setting.name} = "{f"env:{_variable(channel, setting.name)}" if setting.secret else "…"}"'
                self._say("WK7064", path, channel=channel, key=setting.name, name=adapter, typed=typed)

    def _form(self, path: tuple[str, ...], channel: str, setting: Setting, value: Any) -> None:
        wanted: Text | None = None
        form, told = _FORMS[setting.kind]
        several = [value] if setting.kind == "list" and isinstance(value, str) else value
        only_texts = not isinstance(several, list) or all(isinstance(each, str) for each in several)
        if not isinstance(several, form) or (setting.kind == "number" and isinstance(value, bool)) or not only_texts:
            wanted = told
        elif setting.choices and value not in setting.choices:
            wanted = Listed(setting.choices, "or")
        if wanted is not None:
            self._say("WK7065", path, key=setting.name, channel=channel, wanted=wanted)

    def _unknown(self, path: tuple[str, ...], channel: str, key: str, known: Iterable[str], adapter: str) -> None:
        names = tuple(dict.fromkeys(known))
        near = suggest(key, names)
        owner = Say("adapter '{name}'", name=adapter) if adapter else Named("channel", channel)
        text: Text = (
            Say("did you mean {candidates}?", candidates=Listed(near, "or"))
            if near
            else Say("known are {names}", names=Listed(names, most=30))
        )
        self._say("WK7063", path, help=text, key=key, owner=owner)

    def _written_out(self, path: tuple[str, ...], channel: str, key: str) -> None:
        variable = _variable(channel, key)
        self._say("WK7066", path, key=key, channel=channel, file=self.source.name, variable=variable)

    def _say(self, code: str, path: tuple[str, ...], **fields: Any) -> None:
        self.found.append(diagnostic(code, self.places.get(path) or self.places.get(path[:-1]), **fields))


def _listed(value: Any, setting: Setting | None) -> Any:
    """One text stands for a list of one."""
    return [value] if setting is not None and setting.kind == "list" and isinstance(value, str) else value


def _tables(path: tuple[str, ...], written: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Channels, whose names may have dots: a table of nothing but tables is a part of a name."""
    for key, value in written.items():
        here = (*path, key)
        if isinstance(value, dict) and value and all(isinstance(each, dict) for each in value.values()):
            yield from _tables(here, value)
        else:
            yield here, value


def _written_out(key: str, value: Any, setting: Setting | None) -> Iterator[str]:
    """Names of the settings, the key itself or inside it, that hold a secret as it is."""
    if isinstance(value, dict):
        for inner, each in value.items():
            yield from _written_out(inner, each, None)
        return
    secret = setting.secret if setting is not None else _SECRET_NAME.search(key) is not None
    texts = [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)]
    if any((secret and each and _REFERENCE.fullmatch(each) is None) or _has_password(each) for each in texts):
        yield key


def _has_password(text: str) -> bool:
    try:
        return "://" in text and urlsplit(text).password is not None
    except ValueError:
        return False


def _look_up(reference: str, root: Path, env: Mapping[str, str]) -> tuple[str, Text | None]:
    """What a reference leads to, or why it leads nowhere."""
    found = _REFERENCE.fullmatch(reference)
    kind, name = (found[1], found[2]) if found else ("", "")
    if kind == "file":
        value, problem = _read(root / name)
        if problem is not None:
            return "", problem
    elif name in env:
        value = env[name]
    else:
        return "", Say("the variable is not set")
    return value.strip(), None if value.strip() else Say("it is empty")


def _read(path: Path) -> tuple[str, Text | None]:
    try:
        data = path.read_bytes()
    except OSError as error:
        return "", reason(error)
    if len(data) > _LONGEST_SECRET:
        return "", Say("it is too long for a secret")
    try:
        return data.decode("utf-8-sig"), None
    except UnicodeDecodeError:
        return "", Say("it is not UTF-8")


def _no_adapter(channel: str, file: str, span: Span | None) -> Diagnostic:
    return diagnostic("WK7061", span, channel=channel, file=file, adapters=Listed(tuple(installed()), "or", most=30))


def _no_toml(source: Source, told: str) -> Diagnostic:
    at = _AT.search(told)
    if at is None:
        return diagnostic("WK7060", file=source.name, problem=Say("it ends too early"))
    line, column = int(at[1]), int(at[2])
    start = sum(len(each) + 1 for each in source.text.split("\n")[: line - 1]) + column - 1
    start = min(start, len(source.text))
    span = Span(source.name, start, min(start + 1, len(source.text)))
    problem = Say("line {line}, column {column}", line=line, column=column)
    return diagnostic("WK7060", span, file=source.name, problem=problem)


def _placed(told: Diagnostic, span: Span | None) -> Diagnostic:
    return evolve(told, span=span)


def _quoted(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else f'"{name}"'


def _variable(channel: str, key: str) -> str:
    return re.sub(r"[^A-Z0-9]+", "_", f"{channel}_{key}".upper())
