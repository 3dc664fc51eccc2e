"""What the service answers to, and where. Nothing is confirmed before it is durable.

POST /events                     the shop's own systems (Standard Webhooks 1.0)
POST /channels/NAME/receipts     providers, each in its own way; some ask by GET whether the address is ours
GET, POST /u/TOKEN               one click unsubscribes: the GET shows a button and does nothing, the POST does it
GET /health, /metrics            for those who watch
"""

import asyncio
import hmac
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Final

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from wakeup.channels.protocol import Adapter, Received
from wakeup.diagnostics import Diagnostic, WakeupError, diagnostic, in_language
from wakeup.live.clock import Clock, WallClock
from wakeup.live.events import SOURCE, Rules, read_body
from wakeup.live.keys import read_token
from wakeup.live.store.protocol import Store
from wakeup.service import pages
from wakeup.service.intake import Intake, PutOffError
from wakeup.service.metrics import MEDIA_TYPE, Figures
from wakeup.service.settings import LARGEST_BODY, RETRY_AFTER, Settings

SLOWEST: Final = 15.0
"""Seconds within which a body must have come."""

_LOG: Final = logging.getLogger("wakeup.service")
_Answering = Callable[[Request], Awaitable[Response]]


class BodyError(Exception):
    """A body is too large, or does not come."""


def app(store: Store, channels: Mapping[str, Adapter], settings: Settings, clock: Clock | None = None) -> Starlette:
    """Return the application. channels: open adapters by declared name; those with "push" receipts get an address."""
    return _Service(store, channels, settings, clock or WallClock()).application()


class _Service:
    def __init__(self, store: Store, channels: Mapping[str, Adapter], settings: Settings, clock: Clock) -> None:
        self._store = store
        self._channels = {name: each for name, each in channels.items() if each.capabilities.receipts == "push"}
        self._settings = settings
        self._clock = clock
        self._intake = Intake(store, clock, settings.most_waiting)
        self._figures = Figures(store, clock)
        self._secret = store.keys.derive("unsubscribe")

    def application(self) -> Starlette:
        routes = [
            self._route("/channels/{name}/receipts", self._receipts, "receipts", "GET", "POST"),
            self._route("/u/{token}", self._unsubscribe, "unsubscribe", "GET", "POST"),
            self._route("/health", self._health, "health", "GET"),
            self._route("/metrics", self._metrics, "metrics", "GET"),
        ]
        if self._settings.keys is not None:
            routes.append(self._route("/events", self._events, "events", "POST"))
        made = Starlette(routes=routes, lifespan=self._lifespan)
        made.router.redirect_slashes = False
        return made

    @asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        yield
        await self._intake.close()

    def _route(self, path: str, answering: _Answering, at: str, *methods: str) -> Route:
        async def counted(request: Request) -> Response:
            response = await self._guarded(request, answering)
            self._figures.calls.labels(at, str(response.status_code)).inc()
            return response

        return Route(path, counted, methods=list(methods))

    async def _guarded(self, request: Request, answering: _Answering) -> Response:
        try:
            return await answering(request)
        except BodyError:
            return self._refused(request, 413, diagnostic("WK7112", most=LARGEST_BODY))
        except (PutOffError, WakeupError) as error:
            why = error if isinstance(error, WakeupError) else error.__cause__
            if isinstance(why, WakeupError):
                _LOG.warning("the store: %s", why)
            response = self._refused(request, 503, diagnostic("WK7111", seconds=RETRY_AFTER))
            response.headers["retry-after"] = str(RETRY_AFTER)
            return response
        except ClientDisconnect:
            return Response(status_code=400)

    # --- the shop ----------------------------------------------------------------------------------------------------

    async def _events(self, request: Request) -> Response:
        body = await _body(request)
        assert self._settings.keys is not None
        try:
            call_id = self._settings.keys.verify(request.headers, body, self._clock.fraction())
        except PermissionError:
            return self._refused(request, 401, diagnostic("WK7109"))
        rules = Rules(self._settings.currency, self._settings.zone, self._clock.now())
        answers, wrong = read_body(body, rules)
        if wrong:
            return self._refused(request, 413 if wrong[0].code == "WK7101" else 422, *wrong)
        new = await self._intake.call(call_id, answers)
        if new is None:
            return JSONResponse({"events": len(answers), "new": 0, "repeated": True})
        self._figures.taken.labels(SOURCE).inc(new)
        return JSONResponse({"events": len(answers), "new": new, "repeated": False})

    # --- providers ---------------------------------------------------------------------------------------------------

    async def _receipts(self, request: Request) -> Response:
        name = request.path_params["name"]
        adapter = self._channels.get(name)
        if adapter is None:
            return self._refused(request, 404, diagnostic("WK7113"))
        body = await _body(request)
        received = Received(request.method, self._address(request), dict(request.headers), body)
        try:
            accepted = await asyncio.to_thread(adapter.receive, received)
        except PermissionError:
            return self._refused(request, 403, diagnostic("WK7109"))
        except Exception as error:  # noqa: BLE001  an adapter of somebody else's must not show what it was told
            _LOG.error("channel %s could not read a call: %s", name, type(error).__name__)
            return Response(status_code=500)
        new = await self._intake.receipts(accepted.answers)
        self._figures.taken.labels(name).inc(new)
        return Response(accepted.reply, media_type=accepted.media_type)

    def _address(self, request: Request) -> str:
        """Return the address as the provider called it: behind a proxy, the public one; providers sign it."""
        if not self._settings.public:
            return str(request.url)
        query = f"?{request.url.query}" if request.url.query else ""
        return f"{self._settings.public.rstrip('/')}{request.url.path}{query}"

    # --- people ------------------------------------------------------------------------------------------------------

    async def _unsubscribe(self, request: Request) -> Response:
        lang = pages.language_of(request.headers.get("accept-language", ""), self._settings.lang)
        ref = read_token(self._secret, request.path_params["token"])
        if ref is None:
            return HTMLResponse(pages.unknown(lang), 404, pages.HEADERS)
        if request.method != "POST":
            return HTMLResponse(pages.asked(lang), headers=pages.HEADERS)
        try:
            await self._intake.opt_out(ref)
        except PutOffError:
            return HTMLResponse(pages.later(lang), 503, {**pages.HEADERS, "retry-after": str(RETRY_AFTER)})
        return HTMLResponse(pages.done(lang), headers=pages.HEADERS)

    # --- those who watch ---------------------------------------------------------------------------------------------

    async def _health(self, _request: Request) -> Response:
        def ask() -> int:
            with self._store.read() as reader:
                return reader.inbox_length()

        waiting = await asyncio.to_thread(ask)
        full = waiting >= self._settings.most_waiting
        return JSONResponse({"status": "full" if full else "ok", "answers_waiting": waiting})

    async def _metrics(self, request: Request) -> Response:
        token = self._settings.metrics_token
        if token is not None:
            shown = request.headers.get("authorization", "").encode()
            if not hmac.compare_digest(shown, f"Bearer {token.reveal()}".encode()):
                return Response(status_code=401, headers={"www-authenticate": "Bearer"})
        return Response(await asyncio.to_thread(self._figures.text), media_type=MEDIA_TYPE)

    def _refused(self, request: Request, status: int, *wrong: Diagnostic) -> Response:
        lang = pages.language_of(request.headers.get("accept-language", ""), "en")
        _LOG.info("%s refused: %s", request.scope["route"].path, wrong[0].code)
        told = [in_language(each, lang) for each in wrong[:20]]
        errors = [{"code": each.code, "message": each.message, "help": each.help} for each in told]
        return JSONResponse({"errors": errors}, status)


async def _body(request: Request) -> bytes:
    """Read the body as it comes, and no more of it than we take."""
    body = bytearray()
    try:
        async with asyncio.timeout(SLOWEST):
            async for part in request.stream():
                body += part
                if len(body) > LARGEST_BODY:
                    raise BodyError
    except TimeoutError:
        raise BodyError from None
    return bytes(body)
