"""Calls into the store: off the loop that listens, many in one transaction, and put off when too many wait."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

from attrs import evolve, field, frozen

from wakeup.channels.protocol import Answer, AnswerKind
from wakeup.diagnostics import WakeupError
from wakeup.live.answering import take_into
from wakeup.live.clock import Clock
from wakeup.live.store.protocol import Store, Work

T = TypeVar("T")

MOST_IN_LINE: Final = 64
"""Calls that may wait for the store."""

LOOK_AGAIN: Final = 1
"""Seconds for which the length of the inbox is believed."""

CALL: Final = "call"
"""Source under which the ids of calls are noted, so that none is taken twice."""


class PutOffError(Exception):
    """Nothing can be taken in now, and nothing was."""


@frozen(eq=False)
class _Waiting:
    """Something to be done in a transaction, and who waits for it."""

    take: Callable[[Work], Any]
    done: "asyncio.Future[Any]"
    number: int = field(default=0)


class Intake:
    """The way into one store. One thread, one transaction at a time: what has come meanwhile goes into the next one
    together, so that a commit, which waits for the disk, serves many calls."""

    def __init__(self, store: Store, clock: Clock, most_waiting: int) -> None:
        self._store = store
        self._clock = clock
        self._most_waiting = most_waiting
        self._thread = ThreadPoolExecutor(1, "intake")
        self._line: list[_Waiting] = []
        self._emptying: asyncio.Task[None] | None = None
        self._waiting = 0
        self._looked = 0

    async def call(self, call_id: str, answers: Sequence[Answer]) -> int | None:
        """Take the answers of a call, durably; return how many were new, None if the call was taken before.

        Raises:
            PutOffError: not now.
        """

        told = self._arrived(answers)

        def take(work: Work) -> int | None:
            return take_into(work, self._store.keys, told) if work.once(CALL, call_id) else None

        return await self._in_turn(take, len(answers))

    async def receipts(self, answers: Sequence[Answer]) -> int:
        """Take answers that a provider told, durably; return how many were new.

        Raises:
            PutOffError: not now.
        """

        told = self._arrived(answers)

        def take(work: Work) -> int:
            return take_into(work, self._store.keys, told)

        return await self._in_turn(take, len(answers)) if answers else 0

    async def opt_out(self, ref: str) -> None:
        """Take the one click on a message's address, durably; who is out already stays so. It is never put off for the
        length of the inbox: it holds from this transaction on.

        Raises:
            PutOffError: not now.
        """

        def take(work: Work) -> None:
            now = self._clock.now()
            send = work.outgoing(ref)
            if send is None or work.consents(send.customer).get(send.channel) is False:
                return
            told = Answer("unsubscribe", f"{ref}:{now}", AnswerKind.OPTED_OUT, now, ref=ref, channel=send.channel)
            work.receive([(told, send.customer)])

        await self._in_turn(take, 0)

    async def close(self) -> None:
        """Wait for what is in line."""
        if self._emptying is not None:
            await self._emptying
        self._thread.shutdown()

    def _arrived(self, answers: Sequence[Answer]) -> list[Answer]:
        """Answers from a clock that is ahead happened now: nobody waits for them."""
        now = self._clock.now()
        return [each if each.t <= now else evolve(each, t=now) for each in answers]

    async def _in_turn(self, take: Callable[[Work], T], number: int) -> T:
        if len(self._line) >= MOST_IN_LINE or (number and await self._full()):
            raise PutOffError
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._line.append(_Waiting(take, done, number))
        if self._emptying is None or self._emptying.done():
            self._emptying = asyncio.create_task(self._empty())
        return await done

    async def _empty(self) -> None:
        while self._line:
            some, self._line = self._line, []
            if not await self._done(some) and len(some) > 1:
                for each in some:  # what one of them holds must not stop the others
                    await self._done([each])

    async def _done(self, some: Sequence[_Waiting]) -> bool:
        """Commit them together and tell each; False if one of several has a fault of its own."""
        try:
            found = await asyncio.get_running_loop().run_in_executor(self._thread, self._commit, some)
        except Exception as error:  # noqa: BLE001  whoever waits is told, whatever it is
            if len(some) > 1 and not isinstance(error, WakeupError):
                return False
            for each in some:
                if not each.done.cancelled():
                    each.done.set_exception(_put_off(error))
            return True
        self._waiting += sum(each.number for each in some)
        for each, result in zip(some, found, strict=True):
            if not each.done.cancelled():
                each.done.set_result(result)
        return True

    def _commit(self, some: Sequence[_Waiting]) -> list[Any]:
        with self._store.work() as work:
            return [each.take(work) for each in some]

    async def _full(self) -> bool:
        now = self._clock.now()
        if abs(now - self._looked) >= LOOK_AGAIN:
            self._looked = now
            self._waiting = await asyncio.to_thread(self._length)
        return self._waiting >= self._most_waiting

    def _length(self) -> int:
        with self._store.read() as reader:
            return reader.inbox_length()


def _put_off(error: Exception) -> Exception:
    if not isinstance(error, WakeupError):
        return error
    put_off = PutOffError()
    put_off.__cause__ = error
    return put_off
