"""`wakeup run --seed-list`: every message to one's own people first, marked as a test."""

from collections import Counter
from pathlib import Path

from wakeup.channels.protocol import TAKEN, Verdict
from wakeup.cli import exits
from wakeup.cli.campaign import campaign
from wakeup.cli.live.project import bound_channels, carried, opened
from wakeup.cli.messages import worded
from wakeup.cli.record import project_root
from wakeup.customers.addresses import read_addresses
from wakeup.diagnostics import Say, WakeupError, diagnostic
from wakeup.live.clock import WallClock
from wakeup.live.seeds import test_sends

BECAME = {
    Verdict.ACCEPTED: Say("taken"),
    Verdict.HANDED_OVER: Say("handed over"),
    Verdict.NOT_LEFT: Say("not sent: the provider was not reached"),
    Verdict.THROTTLED: Say("not sent: too many at a time"),
    Verdict.BAD_ADDRESS: Say("not sent: the address does not work, or there is none"),
    Verdict.OPTED_OUT: Say("not sent: the person does not want it"),
    Verdict.BAD_CONTENT: Say("not sent: the provider does not take this message"),
    Verdict.NO_GRANT: Say("not sent: no permission is left"),
    Verdict.POLICY: Say("not sent: account or balance"),
    Verdict.DOUBT: Say("in doubt: look whether it arrived"),
}
"""What a test message has come to, in words."""

MOST = 50
"""Most people on a seed list: more are no test."""


def run(file: Path, seed_list: Path) -> int:
    """Send the tests and say what became of them; 1 if any was not taken.

    Raises:
        WakeupError: WK7149 the list is empty or too long; what is wrong with the file or the channels.
    """
    plan, root, clock = campaign(file), project_root(file), WallClock()
    bound = bound_channels(root, plan)
    columns = [each.address for each in bound.values() if each.address]
    seeds = [values for _, values in read_addresses(seed_list, columns)]
    if not 0 < len(seeds) <= MOST:
        problem = Say("it has {number} people; between 1 and {most} are meant", number=len(seeds), most=MOST)
        raise WakeupError([diagnostic("WK7149", file=seed_list.name, problem=problem)])
    became = Counter[tuple[str, Verdict]]()
    with opened(bound, root, clock) as adapters:
        for each in test_sends(plan, seeds, adapters, carried(bound, adapters), clock.now()):
            became[each.message, each.report.verdict] += 1
    for (message, verdict), count in became.items():
        print(
            worded(Say("test of {message}: {count} {verdict}", message=message, count=count, verdict=BECAME[verdict]))
        )
    return exits.FINE if all(verdict in TAKEN for _, verdict in became) else exits.WRONG_INPUT
