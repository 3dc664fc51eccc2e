"""The tasks of a queue, as the store keeps them: a send that is WAITING is a task.

Of a waiting send `not_before` is when the task is due, `lease` until when somebody has it, `epoch` its token,
`evidence` how many tries there were and whether its end has been told already: the answer is in the inbox then, and the
executor moves the send on.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from attrs import evolve

from wakeup.channels.protocol import Answer
from wakeup.channels.queue import Task
from wakeup.live.executor.payload import opened
from wakeup.live.rows import Outgoing, SendState
from wakeup.live.seal import Keys, UnsealableError
from wakeup.live.store.protocol import Reader, Store, Switch
from wakeup.plan.json import plan_from_json

_MOST: Final = 1_000_000
_EVIDENCE: Final = re.compile(r"(tries|over):(\d+)")


class StoreTasks:
    """The tasks of one channel, over all campaigns of a store. Several processes may work on them."""

    def __init__(self, store: Store, channel: str) -> None:
        self._store = store
        self._channel = channel
        self._kinds: dict[tuple[str, str], str] = {}

    def free(self, now: int, limit: int) -> list[Task]:
        """Tasks that are due and taken by nobody, the most urgent first; people want it, and the campaign runs."""
        with self._store.read() as reader:
            running = [each for each in reader.campaigns() if reader.switch(each) is Switch.RUNNING]
            due = (each for each in self._waiting(reader, running, now) if each.not_before <= now < each.deadline)
            wanted = (each for each in sorted(due, key=_urgency) if not self._forbidden(reader, each))
            return _tasks(wanted, self._store.keys, limit)

    def late(self, now: int, limit: int) -> list[Task]:
        """Tasks that nobody did in time."""
        with self._store.read() as reader:
            waiting = self._waiting(reader, reader.campaigns(), now)
            late = sorted((each for each in waiting if each.deadline <= now), key=_urgency)
            return _tasks(late, self._store.keys, limit)

    def find(self, ref: str) -> Task | None:
        """A task, also one whose end is told; None if it was never one, is moved on already, or was erased."""
        with self._store.read() as reader:
            send = reader.outgoing(ref)
        if send is None or send.state is not SendState.WAITING or send.channel != self._channel:
            return None
        return _task(send, self._store.keys)

    def keep(self, task: Task, answers: Sequence[Answer]) -> Task | None:
        """Replace a task and tell answers in one transaction, if nobody changed it since."""
        with self._store.work() as work:
            send = work.outgoing(task.ref)
            if send is None or send.state is not SendState.WAITING:
                return None
            kept = evolve(
                send,
                not_before=task.due,
                lease=task.until,
                epoch=task.token + 1,
                evidence=f"{'over' if task.over else 'tries'}:{task.tries}",
            )
            if not work.settle(kept, task.token):
                return None
            work.receive([(each, send.customer) for each in answers])
        return evolve(task, token=task.token + 1)

    def _waiting(self, reader: Reader, campaigns: Iterable[str], now: int) -> Iterator[Outgoing]:
        """Sends of the channel that wait, that nobody has and whose end is not told."""
        for campaign in campaigns:
            for send in reader.sends(campaign, [SendState.WAITING], _MOST):
                if send.channel == self._channel and send.lease <= now and not send.evidence.startswith("over:"):
                    yield send

    def _forbidden(self, reader: Reader, send: Outgoing) -> bool:
        """Whether the person has withdrawn since: the word about the channel, else about its kind, else about all."""
        consents = reader.consents(send.customer)
        names = (self._channel, self._kind(reader, send.campaign), "")
        return not next((consents[each] for each in names if each in consents), True)

    def _kind(self, reader: Reader, campaign: str) -> str:
        version = reader.versions(campaign)[-1]
        key = (campaign, version.version)
        if key not in self._kinds:
            channels = plan_from_json(version.plan.encode()).channels
            self._kinds[key] = next((each.channel_kind for each in channels if each.name == self._channel), "")
        return self._kinds[key]


def _urgency(send: Outgoing) -> tuple[int, int, str]:
    return send.not_before, send.deadline, send.ref


def _tasks(sends: Iterable[Outgoing], keys: Keys, limit: int) -> list[Task]:
    tasks = (_task(each, keys) for each in sends)
    return list(islice((each for each in tasks if each is not None), limit))


def _task(send: Outgoing, keys: Keys) -> Task | None:
    """The task of a waiting send, None if the person was erased."""
    try:
        request = opened(send, keys)
    except UnsealableError:
        return None
    told = _EVIDENCE.fullmatch(send.evidence)
    return Task(
        ref=send.ref,
        channel=send.channel,
        campaign=send.campaign,
        message=send.message,
        address=request.address,
        text=request.text,
        offers=request.offers,
        deadline=send.deadline,
        due=send.not_before,
        tries=int(told[2]) if told else 0,
        until=send.lease,
        token=send.epoch,
        over=told is not None and told[1] == "over",
    )
