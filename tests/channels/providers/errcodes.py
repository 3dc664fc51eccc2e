"""Servers of WeChat and WeCom: tokens that end, JSON with errcode, HTTP 200 for everything."""

import json
from typing import Any

from tests.channels.providers.local import START, Call, Clock, Local, Reaction, RefusedCallError


def said(errcode: int, errmsg: str = "ok", **more: Any) -> Reaction:
    body = {"errcode": errcode, "errmsg": errmsg, **more}
    return Reaction(200, json.dumps(body, ensure_ascii=False).encode(), {"content-type": "application/json"})


class TokenServer(Local):
    """Gives tokens that hold for two hours and can be made void."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock(START)
        self.tokens: dict[str, float] = {}
        self.granted = 0

    def token(self) -> Reaction:
        """A new token; the one before it still holds."""
        self.granted += 1
        token = f"TOKEN-{self.granted:032d}"
        self.tokens[token] = self.clock.at + 7200
        return said(0, access_token=token, expires_in=7200)

    def void(self) -> None:
        """All tokens end now."""
        self.tokens.clear()

    def check_token(self, call: Call) -> None:
        until = self.tokens.get(call.query.get("access_token", ""))
        if until is None:
            raise RefusedCallError(said(40014, "invalid access_token"))
        if until <= self.clock.at:
            raise RefusedCallError(said(42001, "access_token expired"))

    def refusal(self, code: str) -> Reaction:
        return said(int(code), "refused")


def body_of(call: Call) -> dict[str, Any]:
    """The JSON of a call; 47001 where it is none."""
    try:
        body = json.loads(call.body)
    except ValueError:
        raise RefusedCallError(said(47001, "data format error")) from None
    if not isinstance(body, dict):
        raise RefusedCallError(said(47001, "data format error"))
    return body
