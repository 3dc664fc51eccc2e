"""`wakeup ingest`: listen for what providers, the shop and people tell, or read it from a file."""

import os
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from wakeup.channels.protocol import Secret
from wakeup.channels.setting import Setting, SettingError
from wakeup.channels.settings import followed, read_channels, read_table
from wakeup.channels.signing import SigningKeys, signing_keys
from wakeup.channels.values import endpoint
from wakeup.cli import exits
from wakeup.cli.live.project import opened, project_file
from wakeup.cli.messages import language, worded
from wakeup.cli.record import PROJECT_FILE, project_root
from wakeup.diagnostics import Count, Say, WakeupError, diagnostic
from wakeup.live.clock import WallClock
from wakeup.live.events import Rules
from wakeup.live.ingest_files import ingest_file
from wakeup.live.store.opening import open_store
from wakeup.live.store.protocol import Store
from wakeup.plan.json import plan_from_json
from wakeup.plan.model import Plan
from wakeup.service.settings import Settings

TABLE: Final = "ingest"
MOST_PORT: Final = 65_535

SETTINGS: Final = (
    Setting("keys", "Keys that the shop signs its calls with (`whsec_…`), the newest first.", secret=True, kind="list"),
    Setting("public", "Address under which the service is reached from outside: for opt-out links and signatures."),
    Setting("metrics_token", "What a monitor has to show to read `/metrics` from another machine.", secret=True),
    Setting("host", "Where to listen.", default="127.0.0.1"),
    Setting("port", "Port to listen on.", default=8710, kind="number"),
)
"""Settings of the table `[ingest]` of `wakeup.toml`."""


def run(store: str, key: str | None, folder: Path, file: Path | None) -> int:
    """Listen until a signal ends it; or read a file, and say how many answers it had.

    Raises:
        WakeupError: what is wrong in `wakeup.toml`, with the store, with the file (WK7102 to WK7108), or WK7153: it
            cannot listen there.
    """
    with closing(open_store(store, key, make=False)) as kept:
        if file is not None:
            found, new = ingest_file(kept, file, _rules(kept))
            print(worded(Say("{found}, {new} of them new", found=Count(found, "answer"), new=new)))
            return exits.FINE
        return _listen(kept, project_root(folder / PROJECT_FILE))


def settings_of(root: Path) -> Mapping[str, Any]:
    """Return the table `[ingest]` with its references followed.

    Raises:
        WakeupError: WK7060 to WK7067.
    """
    source = project_file(root)
    table = {} if source is None else read_table(source, TABLE, SETTINGS)
    return followed(TABLE, table, SETTINGS, root, os.environ)


def public_address(given: str, setting: str) -> str:
    """Return the address under which the service is reached from outside, "" for none.

    Raises:
        WakeupError: WK7155, people could not open a link that begins with it.
    """
    try:
        return endpoint(setting, given) if given else ""
    except SettingError:
        raise WakeupError([diagnostic("WK7155", setting=setting, given=given)]) from None


def _listen(store: Store, root: Path) -> int:
    from wakeup.service.serving import HOST, PORT, serve

    told, source = settings_of(root), project_file(root)
    bound = {} if source is None else read_channels(source)
    plan = _plan(store)
    token = told.get("metrics_token")
    settings = Settings(
        keys=_keys(told.get("keys", ())),
        currency=plan.currency if plan else "CNY",
        zone=plan.zone if plan else "UTC",
        lang=language(),
        public=public_address(str(told.get("public", "")), "public"),
        metrics_token=token if isinstance(token, Secret) else None,
    )
    host, port = str(told.get("host", HOST)), int(told.get("port", PORT))
    if not 0 < port <= MOST_PORT:
        raise WakeupError([diagnostic("WK7153", host=host, port=port)])
    told_so = worded(Say("listening on {host}:{port}", host=host, port=port))
    with opened(bound, root, WallClock()) as adapters:
        try:
            serve(store, adapters, settings, host, port, lambda: print(told_so, flush=True))
        except SystemExit:  # so uvicorn ends where it cannot listen
            raise WakeupError([diagnostic("WK7153", host=host, port=port)]) from None
    return exits.FINE


def _keys(written: tuple[Secret, ...]) -> SigningKeys | None:
    """Return the keys of the shop, None without any.

    Raises:
        WakeupError: WK7154, one of them is no key.
    """
    if not written:
        return None
    try:
        return signing_keys(written)
    except ValueError:
        raise WakeupError([diagnostic("WK7154", table=TABLE)]) from None


def _rules(store: Store) -> Rules:
    plan = _plan(store)
    return Rules(plan.currency if plan else "CNY", plan.zone if plan else "UTC", WallClock().now())


def _plan(store: Store) -> Plan | None:
    """The newest plan of the first campaign: its currency and zone are those of amounts and times without one."""
    with store.read() as reader:
        for name in reader.campaigns():
            if versions := reader.versions(name):
                return plan_from_json(versions[-1].plan.encode())
    return None
