"""Serve a provider on this machine, to try a real run against it without an account:

    .venv/bin/python -m tests.channels.providers.serve aliyun_sms --lose 0.1 --receipts http://127.0.0.1:8080/channels/cn.sms

It prints what to put into `wakeup.toml` and the environment, and at the end (Ctrl-C) how many messages had their effect
and whether any had it twice.
"""

import argparse
import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping
from random import Random
from urllib.request import Request, urlopen

from tests.channels.providers.cases import CASES, Case
from tests.channels.providers.conforming import receipts_of
from tests.channels.providers.local import Fault, Local, serving

from wakeup.channels.kit import Receipt
from wakeup.channels.protocol import Secret

KINDS = ("drop_before", "drop_after", "status_before", "status_after")


class Going:
    """A clock that goes on."""

    @property
    def at(self) -> float:
        return time.time()

    def __call__(self) -> float:
        return self.at


class Losing(Random):
    """Endless faults: a share of the messages goes wrong, by a seed."""

    def __init__(self, seed: int, share: float) -> None:
        super().__init__(seed)
        self.share = share

    def __bool__(self) -> bool:
        return self.share > 0

    def popleft(self) -> Fault | None:
        return Fault(self.choice(KINDS)) if self.random() < self.share else None


def settings_told(case: Case, base: str) -> str:
    """What to write, secrets apart."""
    lines, exports = [f'[channels."{case.name}"]', f'adapter = "{case.name}"'], []
    for name, value in case.settings(base).items():
        if isinstance(value, Secret):
            variable = f"LOCAL_{name.upper()}"
            exports.append(f"export {variable}='{value.reveal()}'")
            lines.append(f'{name} = "env:{variable}"')
        else:
            lines.append(f"{name} = {json.dumps(value, ensure_ascii=False)}")
    lines += [f'\n[channels."{case.name}".messages.hello]', *message_told(case.message_settings)]
    if case.fields:
        lines.append(f"fields = {{ {', '.join(f'{name} = {json.dumps(name)}' for name in case.fields)} }}")
    return "\n".join([*exports, "", *lines])


def message_told(settings: Mapping[str, object]) -> list[str]:
    return [f"{name} = {json.dumps(value)}" for name, value in settings.items()]


def push(receipt: Receipt, to: str) -> None:
    """Make the call that the provider would make."""
    query = receipt.received.url.partition("?")[2]
    with urlopen(Request(f"{to}/receipts?{query}", receipt.received.body, dict(receipt.received.headers)), timeout=10):
        pass


def tell_on(server: Local, to: str, over: threading.Event) -> None:
    """Push a receipt of every message, a second after it had its effect."""
    told = 0
    while not over.wait(1.0):
        refs = server.refs()
        for ref in refs[told:]:
            for receipt in receipts_of(server, ref)[:1]:
                push(receipt, to)
        told = len(refs)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("provider", choices=[case.name for case in CASES])
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--lose", type=float, default=0.0, help="share of messages that go wrong")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=1e9, help="how long to serve")
    parser.add_argument("--receipts", default="", help="where receipts go: the channel's address of `wakeup ingest`")
    given = parser.parse_args(arguments)
    case = next(case for case in CASES if case.name == given.provider)
    server, over = case.server(), threading.Event()
    server.clock = Going()  # type: ignore[assignment]  # real time, where a test sets it
    server.faults = Losing(given.seed, given.lose)  # type: ignore[assignment]  # without an end
    with serving(server, given.port) as base:
        print(settings_told(case, base), flush=True)
        teller = threading.Thread(target=tell_on, args=(server, given.receipts, over))
        if given.receipts:
            teller.start()
        try:
            over.wait(given.seconds)
        except KeyboardInterrupt:
            print()
        over.set()
        if given.receipts:
            teller.join()
    twice = sum(
        count > 1 for count in Counter((each.ref, each.address, each.content) for each in server.truth).values()
    )
    print(f"messages that had their effect: {len(server.truth)}, twice: {twice}", flush=True)
    return 1 if twice else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
