"""What the interfaces of WeChat and WeCom share: a token in the query, JSON both ways, HTTP 200 also for errors, and
`errcode` for what happened."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import quote

from attrs import frozen

from wakeup.channels import china
from wakeup.channels.http import Line, Lost, Reply
from wakeup.channels.protocol import Report, Request, Secret, Verdict
from wakeup.channels.single import by_status, lost, number, text
from wakeup.channels.token import Failed, Granted, TokenLine, Tokens, failed, without_token

VOID: Final = frozenset({40001, 40014, 42001})
"""The token is wrong or has ended; nothing was done."""

_JSON: Final = {"content-type": "application/json; charset=utf-8"}


@frozen(eq=False)
class Said:
    """An answer with an errcode (0: done)."""

    errcode: int
    json: Mapping[str, Any]


class TokenApi:
    """Calls to one of these interfaces."""

    def __init__(self, line: Line, fetch: Callable[[], Reply | Lost], now: Callable[[], float]) -> None:
        """`fetch` makes the call for a token."""
        self._line = line
        self._now = now
        self._tokens = Tokens(lambda: _granted(fetch()), now)
        self._calls = TokenLine(self._tokens, _void)

    def post(self, path: str, body: Mapping[str, Any]) -> Said | Reply | Lost | Failed:
        """Post to a path. A `Reply` comes back where the answer is not of the interface's form."""
        sent = json.dumps(body, ensure_ascii=False).encode()
        reply = self._calls.call(
            lambda token: self._line.call("POST", f"{path}?access_token={quote(token, safe='')}", _JSON, sent)
        )
        return read(reply) if isinstance(reply, Reply) else reply

    def ready(self) -> str:
        """Fetch a token; "" or what is wrong."""
        token = self._tokens.get()
        return token.code if isinstance(token, Failed) else ""

    def report(
        self,
        request: Request,
        said: Said | Reply | Lost | Failed,
        verdicts: Mapping[int, Verdict],
        pause: Callable[[int], int],
    ) -> Report:
        """The report of a message that was not taken: by its errcode, in doubt where that says nothing."""
        match said:
            case Lost():
                return lost(request, said)
            case Failed():
                return failed(request, said)
            case Reply():
                return by_status(request, said, self._now())
        verdict = verdicts.get(said.errcode, Verdict.POLICY if said.errcode in VOID else Verdict.DOUBT)
        after = pause(said.errcode) if verdict is Verdict.THROTTLED else 0
        return Report(request.ref, verdict, code=str(said.errcode), retry_after=after)


def read(reply: Reply) -> Said | Reply:
    """An answer with an errcode, if it is one."""
    said = reply.json()
    errcode = number(said.get("errcode", 0 if "access_token" in said else None))
    return reply if reply.status != 200 or errcode is None else Said(errcode, said)


def _void(reply: Reply) -> bool:
    said = read(reply)
    return isinstance(said, Said) and said.errcode in VOID


TOKEN_VERDICTS: Final = {45009: Verdict.THROTTLED, 45011: Verdict.THROTTLED, -1: Verdict.NOT_LEFT}
"""Why no token was given; every other code is about our account."""


def _granted(reply: Reply | Lost) -> Granted | Failed:
    if isinstance(reply, Lost):
        return without_token(reply)
    said = read(reply)
    if isinstance(said, Reply):
        return Failed(Verdict.NOT_LEFT, f"http_{said.status}")
    token, seconds = text(said.json.get("access_token")), number(said.json.get("expires_in"))
    if said.errcode == 0 and token and seconds:
        return Granted(token, seconds)
    verdict = TOKEN_VERDICTS.get(said.errcode, Verdict.POLICY)
    return Failed(verdict, str(said.errcode), 60 if verdict is Verdict.THROTTLED else 0)


def stable_token(line: Line, app_id: str, app_secret: Secret) -> Reply | Lost:
    """Make the call for a token of a service account or mini-program; it leaves the token before it valid."""
    body = {
        "grant_type": "client_credential",
        "appid": app_id,
        "secret": app_secret.reveal(),
        "force_refresh": False,
    }
    return line.call("POST", "/cgi-bin/stable_token", _JSON, json.dumps(body).encode())


def corp_token(line: Line, corp_id: str, secret: Secret) -> Reply | Lost:
    """Make the call for a token of a WeCom app."""
    query = f"corpid={quote(corp_id, safe='')}&corpsecret={quote(secret.reveal(), safe='')}"
    return line.call("GET", f"/cgi-bin/gettoken?{query}", {})


def pause(errcode: int, now: float) -> int:
    """Seconds until a limit of WeChat ends: 45009 is the day's quota, 45011 a minute's."""
    return china.until_midnight(now) if errcode == 45009 else 60
