"""Listen: on this machine only, unless somebody says otherwise."""

import ipaddress
import socket
from collections.abc import Callable, Mapping
from typing import Final

import uvicorn

from wakeup.channels.protocol import Adapter
from wakeup.diagnostics import WakeupError, diagnostic
from wakeup.live.store.protocol import Store
from wakeup.service.app import app
from wakeup.service.settings import Settings

HOST: Final = "127.0.0.1"
PORT: Final = 8710
MOST_CONNECTIONS: Final = 256
"""Connections at a time; more are put off with 503."""

IDLE: Final = 30
"""Seconds for which a connection without a call stays open."""


class Server(uvicorn.Server):
    """A server that says when it listens."""

    tell: Callable[[], None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        await super().startup(sockets)
        if self.started and self.tell is not None:
            self.tell()


def serve(
    store: Store,
    channels: Mapping[str, Adapter],
    settings: Settings,
    host: str = HOST,
    port: int = PORT,
    tell: Callable[[], None] | None = None,
) -> None:
    """Listen until a signal ends it; calls that are under way are finished. tell: called once it listens.

    Raises:
        WakeupError: WK7110, others could read the figures.
    """
    check_host(host, settings)
    listening = server(store, channels, settings, host, port)
    listening.tell = tell
    listening.run()


def server(store: Store, channels: Mapping[str, Adapter], settings: Settings, host: str, port: int) -> Server:
    """Return the server, which does not listen yet."""
    config = uvicorn.Config(
        app(store, channels, settings),
        host=host,
        port=port,
        # Addresses hold tokens of one-click links: they stand in no log.
        access_log=False,
        log_level="warning",
        server_header=False,
        date_header=False,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=IDLE,
        timeout_graceful_shutdown=20,
        proxy_headers=False,
    )
    return Server(config)


def check_host(host: str, settings: Settings) -> None:
    """Refuse to show the figures to others without a token.

    Raises:
        WakeupError: WK7110.
    """
    if settings.metrics_token is None and not _own(host):
        raise WakeupError([diagnostic("WK7110", host=host)])


def _own(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
