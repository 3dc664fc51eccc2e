"""`wakeup why`: what happened to one customer of a simulated run, in order, with the reasons."""

from pathlib import Path

from wakeup.cli import exits
from wakeup.cli.messages import language
from wakeup.cli.screen import screen
from wakeup.diagnostics import Say, WakeupError, diagnostic
from wakeup.figures.story import read_story
from wakeup.files import STDOUT, check_writable, write
from wakeup.report.why import show, to_json


def run(customer: str, events: Path | None, json: Path | None) -> int:
    """Print what happened to a customer, and write it as JSON if asked.

    Raises:
        WakeupError: no run is given (WK7006), what reading the events raises (WK6062 to WK6065), or an output that
            cannot be written (WK6001).
    """
    if events is None:
        raise WakeupError([diagnostic("WK7006", given=Say("neither --run nor --store is given"))])
    check_writable(json, inputs=(events,))
    story = read_story(events, customer)
    if json is not None:
        write(json, to_json(story))
    if str(json) != STDOUT:
        show(story, screen(), language())
    return exits.FINE
