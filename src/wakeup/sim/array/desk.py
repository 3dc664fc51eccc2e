"""A desk of staff: first come, first served, within its hours, services and sends in one line (rules 30, 54, 72).

Who takes no time writes no row, so what matters is who starts when, and which sends find somebody free. Both are worked
out from everything that a block asks of the desk (`turns.py`), whenever that changes. A send counts as sent until it is
known not to be.
"""

from collections.abc import Sequence

import numpy as np
from attrs import define, field

from wakeup.sim.array.codes import FAR, I16, I64, Bools, Index, Phase, position
from wakeup.sim.array.turns import SENDS, Course, Hours, Line, Request, Span


@define(eq=False)
class Desk:
    """One desk: what lies before a block, then what the block asks of it.

    hours, run_end, span: as in `Course`. line: what was asked. ghosts: what an earlier try of the block asked.
    fresh: those whose send is being decided. begun: starts that were played. course: what all that comes to, at
    positions before `limit`. news: whose start that has changed. stale: it must be worked out again. settled: it ever
    was.
    """

    hours: Hours
    run_end: int
    span: Span
    line: Line
    ghosts: Line | None = None
    fresh: list[Request] = field(factory=list)
    begun: dict[Request, tuple[int, int]] = field(factory=dict)
    news: set[Request] = field(factory=set)
    limit: int = 0
    stale: bool = False
    settled: bool = False
    course: Course = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.course = Course(self.line, self.ghosts, self.hours, self.run_end, self.span)

    def fork(self, tried: "Desk | None" = None, here: int = 0) -> "Desk":
        """Return the desk after what was played, to be asked by a block; `tried`: an earlier try of that block, or of
        one that began before `here`."""
        line, ghosts = self._left(), None
        if tried is not None and (tried.line.asked or tried.line.sent):
            ghosts = tried.line.since(here)
            line.spans.update(ghosts.spans)
        stale = bool(line.waiting or line.kept or ghosts is not None)
        return Desk(self.hours, self.run_end, self.span, line, ghosts, stale=stale)

    def openings(self, t: I64) -> I64:
        """Return the first instant at or after each of `t` (m,) at which the desk is open."""
        seconds, places = np.unique(t, return_inverse=True)
        opens: I64 = np.array([self.hours.opening(each) for each in seconds.tolist()], np.int64)[places]
        return opens

    def claim(self, t: I64, people: I64, incentive: int, ends: I64) -> None:
        """Queue requests of people (m,) at `t` for a service; their grants end at `ends`."""
        requests = [(at, person, incentive) for at, person in zip(t.tolist(), people.tolist(), strict=True)]
        self._add(requests, ends)

    def ask(self, t: I64, people: I64, places: I16, until: I64, unsent: Bools) -> Bools:
        """Return whether somebody is free for sends of people (m,) at `t`, ascending by position; else they wait.

        Args:
            t: instants.
            people: their numbers.
            places: of the step in the program.
            until: when they leave the line.
            unsent: whose send will not go out even so.
        """
        if not len(t):
            return np.zeros(0, np.bool_)
        requests, asked = _sends(t, people, places), self.line.asked
        new = [number for number, each in enumerate(requests) if each not in asked]  # not what a fallback asks again
        self._add([requests[number] for number in new], until[new])
        self.line.unsent.update(each for each, fails in zip(requests, unsent.tolist(), strict=True) if fails)
        self.course.play(position(int(t[-1]) + 1, Phase.FREED))
        served = self.course.served
        self.line.told.update((each, served[each]) for each in requests)
        self.fresh += requests
        return np.array([served[each] for each in requests], np.bool_)

    def served(self, people: Index) -> None:
        """Take note of whom of those who have just asked the desk serves, or has in its line."""
        some = set(people.tolist())
        for each in self.fresh:
            self.course.stays(each, each[1] in some)
        self.fresh.clear()

    def decide(self, t: I64, people: I64, places: I16, sent: Bools) -> None:
        """Take note of which released sends of people (m,), who asked at `t`, went out."""
        for each, goes in zip(_sends(t, people, places), sent.tolist(), strict=True):
            self.course.sent(each, goes)
        self.stale |= len(t) > 0

    def starts(self, requests: Sequence[Request]) -> list[int]:
        """Return the first instants at which people who made requests are served that are still to be played, FAR for
        others; one person may have made two, of which one may come too late."""
        return [
            self._start(each)
            if each[2] >= SENDS
            else min(map(self._start, self.course.of(each[1], each[2])), default=FAR)
            for each in requests
        ]

    def _start(self, request: Request) -> int:
        starts = self.course.starts
        return FAR if request in self.begun or request not in starts else starts[request][0]

    def begin(self, t: I64, people: I64, incentive: int) -> I64:
        """Take starts of a service as played, for people (m,) at `t`; return when their handling ends."""
        starts, ends = self.course.starts, []
        for at, person in zip(t.tolist(), people.tolist(), strict=True):
            every = self.course.of(person, incentive)
            request = next(each for each in every if starts[each][0] == at and each not in self.begun)
            self.begun[request] = starts[request]
            ends.append(starts[request][1])
            if len(every) > 1:
                self.course.news.update(every)
                self.stale = True
        return np.array(ends, np.int64)

    def release(self, t: I64, asked: I64, people: I64, places: I16) -> None:
        """Take releases at `t` of sends that asked at `asked` as played."""
        self.begun.update((each, (at, at)) for each, at in zip(_sends(asked, people, places), t.tolist(), strict=True))

    def leave(self, person: int, t: int) -> None:
        """Let a person's requests go: they have left the journey at `t`."""
        self.course.leave(person, t)
        self.stale = True

    def dismiss(self, first: int = 0, beyond: int = FAR) -> None:
        """Send away people from number `first` to before `beyond` whose send waits: their journeys are over."""
        self.line, self.settled = self._left(), False
        self.line.waiting = [each for each in self.line.waiting if each[2] < SENDS or not first <= each[1] < beyond]

    def close(self, first: int = 0, beyond: int = FAR) -> None:
        """Send all these people away: the run is over."""
        self.dismiss(first, beyond)
        self.line.waiting = [each for each in self.line.waiting if not first <= each[1] < beyond]

    def settle(self, limit: int) -> None:
        """Work out what happens at positions before `limit`; `news` has the requests whose start that changes."""
        self.limit, self.stale, self.settled = limit, False, True
        self.course.play(limit)
        self.news, self.course.news = self.course.news & self.line.until.keys(), set()

    def first_wrong(self) -> int:
        """Return the position of the first answer or start that was not as it should have been, else FAR."""
        if not self.settled:
            return FAR
        if not self.course.certain():
            self.course = Course(self.line, None, self.hours, self.run_end, self.span)
            self.course.play(self.limit)
        starts, served = self.course.starts, self.course.served
        wrong = [
            position(min(at[0], starts.get(each, at)[0]), Phase.DESKS)
            for each, at in self.begun.items()
            if starts.get(each) != at
        ]
        wrong += [position(at[0], Phase.DESKS) for each, at in starts.items() if each not in self.begun]
        wrong += [
            position(each[0], Phase.DUE, each[1]) for each, told in self.line.told.items() if served[each] != told
        ]
        return min(wrong, default=FAR)

    def _add(self, requests: list[Request], until: I64) -> None:
        """Add requests to the line, and the seconds that each takes at its turn."""
        line, course = self.line, self.course
        expected = [each for each in requests if course.expects(each)]
        fresh = [each for each in requests if not course.expects(each)] if expected else requests
        line.add(requests, until.tolist())
        people = [each[1] for each in requests]
        turns = [line.turns.get(person, 0) for person in people]
        spans = self.span(np.array(people, np.int64), np.array(turns, np.int64))
        line.spans.update(zip(zip(people, turns, strict=True), spans.tolist(), strict=True))
        course.come(fresh)
        course.confirm(expected)
        self.stale |= len(requests) > 0

    def _left(self) -> Line:
        """Return the line as this block leaves it."""
        return self.course.turns().left(self.line) if self.settled else self.line.copy()


def _sends(t: I64, people: I64, places: I16) -> list[Request]:
    """Return the requests of sends."""
    every = zip(t.tolist(), people.tolist(), places.tolist(), strict=True)
    return [(at, person, SENDS + place) for at, person, place in every]
