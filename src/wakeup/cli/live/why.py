"""`wakeup why CUSTOMER --store URL`: what happened to one person of a real run, with the reasons."""

from contextlib import closing
from pathlib import Path

from wakeup.cli import exits
from wakeup.cli.live.control import chosen
from wakeup.cli.messages import language, worded
from wakeup.cli.screen import screen
from wakeup.diagnostics import Say, WakeupError, diagnostic
from wakeup.files import STDOUT, check_writable, write
from wakeup.live.store.opening import open_store
from wakeup.live.story import story_of
from wakeup.plan.wording import Wording
from wakeup.report.why import show, to_json


def run(
    customer: str, store: str, key: str | None, campaign: str | None, events: Path | None, json: Path | None
) -> int:
    """Print what happened to a person so far, and write it as JSON if asked.

    Raises:
        WakeupError: a file of events is given besides (WK7006), nobody of that id takes part (WK7005), which campaign
            is not clear (WK7144, WK7145), what the store raises.
    """
    if events is not None:
        raise WakeupError([diagnostic("WK7006", given=Say("both --run and --store are given"))])
    check_writable(json, inputs=())
    with closing(open_store(store, key, make=False)) as kept, kept.read() as reader:
        name = chosen(reader, campaign)
        found = story_of(reader, name, customer)
    if found is None:
        raise WakeupError([diagnostic("WK7005", name=name)])
    story, due = found
    if json is not None:
        write(json, to_json(story))
    if str(json) != STDOUT:
        show(story, screen(), language())
        if due is not None:
            print(worded(Say("Goes on at {time}.", time=Wording(story.plan).moment(due))))
    return exits.FINE
