"""The same replications without one of the channels: what is left when nobody can be reached on it."""

from collections.abc import Sequence
from contextlib import closing

from wakeup.figures.totals import Totals
from wakeup.plan.model import Plan
from wakeup.sim.course import Progress
from wakeup.sim.executors import Play
from wakeup.sim.jobs import Job


def channels_used(plan: Plan) -> tuple[str, ...]:
    """Return the channels that messages are sent on, in the order of the plan."""
    used = {message.channel for message in plan.messages}
    return tuple(channel.name for channel in plan.channels if channel.name in used)


def played_without(
    channels: Sequence[str], replications: int, play: Play, progress: Progress | None
) -> dict[str, tuple[Totals, ...]]:
    """Play so many replications without each of the channels; returns their sums by channel, in order."""
    jobs = [Job(number, without=name) for name in channels for number in range(1, replications + 1)]
    done: dict[Job, Totals] = {}
    with closing(play(jobs)) as coming:
        for job, each in coming:
            done[job] = each.totals
            if progress is not None:
                progress(len(done), len(jobs))
    return {name: tuple(done[Job(number, without=name)] for number in range(1, replications + 1)) for name in channels}
