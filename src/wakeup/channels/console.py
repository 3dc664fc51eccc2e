"""Adapter `console`: one line per message on standard output, at once and without personal data. For demonstrations,
and with `quiet` the adapter that does nothing, which the speed of everything else is measured with."""

import sys
from collections.abc import Sequence
from threading import Lock
from typing import Final

from wakeup.channels.bare import Bare
from wakeup.channels.protocol import Capabilities, Report, Request, Setup, Verdict
from wakeup.channels.setting import Setting

SETTINGS: Final = (Setting("quiet", "Print nothing.", default=False, kind="flag"),)
MESSAGE_SETTINGS: Final[tuple[Setting, ...]] = ()


class ConsoleChannel(Bare):
    """Prints `name=value` pairs; a message is delivered as soon as it is printed."""

    capabilities = Capabilities(batch=1_000, concurrency=1)

    def __init__(self, channel: str, quiet: bool) -> None:
        self._channel = channel
        self._quiet = quiet
        self._lock = Lock()

    def send(self, requests: Sequence[Request]) -> Sequence[Report]:
        """Print a line for each; when standard output breaks, who knows what of it was shown."""
        if not self._quiet:
            try:
                with self._lock:
                    sys.stdout.write("".join(map(self._line, requests)))
                    sys.stdout.flush()
            except OSError:
                return [Report(each.ref, Verdict.DOUBT, code="output_closed") for each in requests]
        return [Report(each.ref, Verdict.ACCEPTED, provider_id=each.ref, delivered=True) for each in requests]

    def _line(self, request: Request) -> str:
        marked = " test=yes" if request.test else ""
        return (
            f"send channel={self._channel} campaign={request.campaign} message={request.message} ref={request.ref} "
            f"attempt={request.attempt} characters={len(request.text)} offers={len(request.offers)}{marked}\n"
        )

    def check(self) -> str:
        """Nothing can be wrong."""
        return ""


def open_console(setup: Setup) -> ConsoleChannel:
    """Open it."""
    return ConsoleChannel(setup.channel, bool(setup.settings.get("quiet", False)))
