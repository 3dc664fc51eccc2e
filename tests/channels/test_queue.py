"""Tasks of people: nobody has one that another has, each ends once, and a list does for who has no software."""

import csv
import io
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from wakeup.channels.kit import CHECKS, Check, Provider
from wakeup.channels.protocol import Answer, AnswerKind, Offered, Secret, Setup
from wakeup.channels.queue import Desk, QueueChannel, Task, open_queue, rules_of
from wakeup.channels.setting import SettingError
from wakeup.diagnostics import Diagnostic, WakeupError, in_language

ZONE = ZoneInfo("Asia/Shanghai")
NINE = int(datetime(2026, 3, 2, 9, tzinfo=ZONE).timestamp())
HOUR, DAY = 3_600, 86_400
SETTINGS: Mapping[str, Any] = {"timezone": "Asia/Shanghai", "tries": 3, "again": 4 * HOUR}


class InMemory:
    """Tasks in a dictionary: what a store does, in a page."""

    def __init__(self, tasks: Sequence[Task]) -> None:
        self.tasks = {each.ref: each for each in tasks}
        self.told: list[Answer] = []
        self.lock = threading.Lock()

    def free(self, now: int, limit: int) -> list[Task]:
        return [each for each in self._idle(now) if each.due <= now < each.deadline][:limit]

    def late(self, now: int, limit: int) -> list[Task]:
        return [each for each in self._idle(now) if each.deadline <= now][:limit]

    def _idle(self, now: int) -> list[Task]:
        idle = [each for each in self.tasks.values() if not each.over and each.until <= now]
        return sorted(idle, key=lambda each: (each.due, each.deadline, each.ref))

    def find(self, ref: str) -> Task | None:
        return self.tasks.get(ref)

    def keep(self, task: Task, answers: Sequence[Answer]) -> Task | None:
        with self.lock:
            if self.tasks[task.ref].token != task.token:
                return None
            self.tasks[task.ref] = evolve(task, token=task.token + 1)
            self.told += answers
            return self.tasks[task.ref]


def task(number: int, **more: Any) -> Task:
    offers = (Offered("coupon", f"C-{number}", 0),)
    given = Task(f"{number:032x}", "cn.phone", "autumn", "hello", Secret(f"+86138{number:08}"), "你好", offers)
    return evolve(given, **{"deadline": NINE + 3 * DAY, **more})


def desk(*tasks: Task, **settings: Any) -> tuple[Desk, InMemory]:
    kept = InMemory(tasks)
    return Desk(kept, "cn.phone", rules_of({**SETTINGS, **settings})), kept


def said(kept: InMemory) -> list[tuple[int, str, int]]:
    return [(int(each.ref, 16), str(each.kind), each.t) for each in kept.told]


def refused(code: str, call: Any) -> Diagnostic:
    with pytest.raises(WakeupError) as raised:
        call()
    (found,) = raised.value.diagnostics
    assert found.code == code
    assert in_language(found, "zh").message != found.message
    return found


class People(Provider):
    """Nobody is called by the adapter itself."""

    settings = SETTINGS

    def __init__(self, sent: Counter[str]) -> None:
        self.sent = sent

    def now(self) -> float:
        return float(NINE)

    def advance(self, seconds: float) -> None:
        pass

    def address(self, number: int) -> str:
        return f"+86138{number:08}"

    def script(self, *faults: object) -> None:
        pass

    def delivered(self) -> Mapping[str, int]:
        return self.sent


def test_the_adapter_conforms() -> None:
    sent: Counter[str] = Counter()

    def opener(setup: Setup) -> QueueChannel:
        channel = open_queue(setup)
        really = channel.send

        def send(requests: Any) -> Any:
            sent.update({each.ref: 1 - sent[each.ref] for each in requests})  # the same ref is the same task
            return really(requests)

        channel.send = send  # type: ignore[method-assign]  # what tells how often it is sent
        return channel

    applied = []
    for check in CHECKS:
        sent.clear()
        if not check(opener, People(sent)):
            applied.append(check.name)
    assert {"an_accepted_message_is_reported", "a_key_is_kept_within_its_window", "nothing_personal_is_shown"} <= {
        *applied
    }
    assert isinstance(CHECKS[0], Check)


def test_the_most_urgent_tasks_come_first() -> None:
    tasks = [
        task(1, due=NINE - 5),
        task(2, due=NINE - 9),
        task(3, due=NINE - 5, deadline=NINE + 60),
        task(4, due=NINE + 1),
    ]
    taken = desk(*tasks)[0].take(NINE, most=9)
    assert [int(each.ref, 16) for each in taken] == [2, 3, 1]


def test_a_task_belongs_to_who_took_it_until_the_lease_ends() -> None:
    work, kept = desk(task(1))
    (mine,) = work.take(NINE)
    assert work.take(NINE + 899) == []
    (theirs,) = work.take(NINE + 900)
    refused("WK7074", lambda: work.done(mine.ref, mine.token, NINE + 901))
    work.done(theirs.ref, theirs.token, NINE + 902)
    refused("WK7074", lambda: work.done(theirs.ref, theirs.token, NINE + 903))
    assert said(kept) == [(1, "sent", NINE + 902)]


def test_who_is_late_and_was_not_replaced_may_still_tell() -> None:
    work, kept = desk(task(1))
    (mine,) = work.take(NINE)
    work.done(mine.ref, mine.token, NINE + 5_000)
    assert said(kept) == [(1, "sent", NINE + 5_000)]


@pytest.mark.parametrize(("word", "kind"), [("done", "sent"), ("not_done", "not_sent"), ("do_not_call", "opted_out")])
def test_ends(word: str, kind: str) -> None:
    work, kept = desk(task(1))
    (mine,) = work.take(NINE)
    getattr(work, word)(mine.ref, mine.token, NINE + 60)
    assert said(kept) == [(1, kind, NINE + 60)]
    assert work.take(NINE + DAY) == []


def test_nobody_answers_three_times() -> None:
    work, kept = desk(task(1))
    at = NINE
    for tries in range(3):
        (mine,) = work.take(at)
        assert mine.tries == tries
        work.no_answer(mine.ref, mine.token, at)
        if tries < 2:
            assert work.take(at + 4 * HOUR - 1) == []
        at += 4 * HOUR
    assert said(kept) == [(1, "not_sent", NINE + 8 * HOUR)]


def test_the_next_try_is_within_the_hours() -> None:
    work, kept = desk(task(1))
    evening = NINE + 10 * HOUR  # 19:00; four hours later is night
    (mine,) = work.take(evening)
    work.no_answer(mine.ref, mine.token, evening)
    assert kept.tasks[mine.ref].due == NINE + DAY


def test_a_try_that_would_come_too_late_is_the_last() -> None:
    work, kept = desk(task(1, deadline=NINE + HOUR))
    (mine,) = work.take(NINE)
    work.no_answer(mine.ref, mine.token, NINE + 60)
    assert said(kept) == [(1, "not_sent", NINE + 60)]


def test_a_person_is_called_when_they_want() -> None:
    work, kept = desk(task(1))
    (mine,) = work.take(NINE)
    assert work.call_back(mine.ref, mine.token, NINE + 2 * HOUR) == NINE + 2 * HOUR
    assert work.take(NINE + 2 * HOUR - 1) == []
    (again,) = work.take(NINE + 2 * HOUR)
    assert again.tries == 0
    assert work.call_back(again.ref, again.token, NINE + 13 * HOUR) == NINE + DAY
    (third,) = work.take(NINE + DAY)
    late = refused("WK7075", lambda: work.call_back(third.ref, third.token, NINE + 9 * DAY))
    assert "2026-03-05 09:00" in late.message
    assert kept.tasks[third.ref].token == third.token


def test_a_task_may_be_given_back() -> None:
    work, _ = desk(task(1))
    (mine,) = work.take(NINE)
    work.give_back(mine.ref, mine.token)
    assert len(work.take(NINE + 1)) == 1


@pytest.mark.parametrize(
    ("hours", "minute", "opens"),
    [
        ("09:00-20:00", 8 * 60 + 59, 9 * 60),
        ("09:00-20:00", 9 * 60, 9 * 60),
        ("09:00-20:00", 19 * 60 + 59, 19 * 60 + 59),
        ("09:00-20:00", 20 * 60, 33 * 60),
        ("22:00-06:00", 12 * 60, 22 * 60),
        ("22:00-06:00", 23 * 60, 23 * 60),
        ("22:00-06:00", 5 * 60 + 59, 5 * 60 + 59),
        ("00:00-24:00", 23 * 60 + 59, 23 * 60 + 59),
    ],
)
def test_hours_are_local(hours: str, minute: int, opens: int) -> None:
    midnight = NINE - 9 * HOUR
    work, _ = desk(task(1), hours=hours)
    assert work._next_open(midnight + minute * 60) == midnight + opens * 60
    assert len(work.take(midnight + minute * 60)) == (minute == opens)


def test_what_nobody_did_in_time_ends() -> None:
    work, kept = desk(task(1, deadline=NINE + 100), task(2, deadline=NINE + 100), task(3))
    work.take(NINE + 50, most=1)
    assert work.expire(NINE + 100) == 1
    assert said(kept) == [(2, "not_sent", NINE + 100)]
    work.take(NINE + 50 + 900, most=1)
    assert [each[0] for each in said(kept)] == [2, 1]


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def filled(given: list[dict[str, str]], *results: str, when: str = "") -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(["row", "result", "when"])
    writer.writerows([row["row"], result, when] for row, result in zip(given, results, strict=True))
    return out.getvalue().encode()


def test_a_list_does_for_who_has_no_software() -> None:
    work, kept = desk(*(task(number) for number in range(6)), language="en")
    handed = rows(work.hand_out(NINE, most=6, seconds=DAY)[0])
    assert handed[0]["address"] == "+8613800000000"
    assert (handed[0]["until"], handed[0]["codes"], handed[0]["tries"]) == ("2026-03-05 09:00", "C-0", "0")
    assert work.take(NINE + HOUR, most=9) == []
    data = filled(handed, "done", "no", "勿扰", "no answer", "call back", "", when="2026-03-02 10:30")
    assert work.take_back(data, "list.csv", NINE + 5 * HOUR) == (5, [])
    at = NINE + 90 * 60
    assert said(kept) == [(0, "sent", at), (1, "not_sent", at), (2, "opted_out", at)]
    assert kept.tasks[handed[3]["row"][1:]].tries == 1
    assert kept.tasks[handed[3]["row"][1:]].due == at + 4 * HOUR


def test_the_same_list_again_changes_nothing_that_is_over() -> None:
    work, kept = desk(task(1), task(2))
    handed = rows(work.hand_out(NINE, most=2, seconds=DAY)[0])
    data = filled(handed, "done", "no")
    assert work.take_back(data, "list.csv", NINE + HOUR)[0] == 2
    assert work.take_back(data, "list.csv", NINE + 2 * HOUR) == (0, [])
    assert len(kept.told) == 2


def test_rows_of_nobody_and_too_late_are_told() -> None:
    work, _ = desk(task(1))
    handed = rows(work.hand_out(NINE, most=1, seconds=DAY)[0])
    data = filled([*handed, {"row": "r" + "f" * 32}], "call back", "done", when="2026-04-01 10:00")
    count, problems = work.take_back(data, "list.csv", NINE + HOUR)
    assert count == 0
    assert [each.code for each in problems] == ["WK7075", "WK7073"]
    assert "no task has this key" in problems[1].message


def test_many_people_take_tasks_at_once() -> None:
    work, _ = desk(*(task(number) for number in range(200)))
    taken: list[Task] = []

    def caller() -> None:
        while mine := work.take(NINE, most=7):
            taken.extend(mine)

    threads = [threading.Thread(target=caller) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(each.ref for each in taken) == sorted(f"{number:032x}" for number in range(200))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("hours", "always"),
        ("hours", "09:00-09:00"),
        ("hours", "25:00-26:00"),
        ("hours", "09:70-10:00"),
        ("timezone", "Mars"),
        ("tries", "many"),
    ],
)
def test_settings_that_cannot_be(name: str, value: object) -> None:
    with pytest.raises(SettingError) as raised:
        open_queue(Setup("cn.phone", {name: value}, lambda: 0.0))
    assert raised.value.name == name


class Callers(RuleBasedStateMachine):
    """Callers do anything in any order, with old tokens too: each task ends at most once, and nobody has another's."""

    def __init__(self) -> None:
        super().__init__()
        self.work, self.kept = desk(*(task(number, deadline=NINE + 2 * DAY) for number in range(4)))
        self.now = NINE
        self.mine: list[Task] = []

    @rule(seconds=st.sampled_from([1, 60, 899, 900, HOUR, 5 * HOUR, DAY]))
    def wait(self, seconds: int) -> None:
        self.now += seconds

    @rule(most=st.integers(1, 3))
    def take(self, most: int) -> None:
        held = {each.ref for each in self.kept.tasks.values() if each.until > self.now}
        taken = self.work.take(self.now, most)
        assert not held & {each.ref for each in taken}
        assert all(each.due <= self.now < each.deadline for each in taken)
        self.mine += taken

    @rule(at=st.integers(0, 30), word=st.sampled_from(["done", "not_done", "do_not_call", "no_answer", "call_back"]))
    def tell(self, at: int, word: str) -> None:
        if not self.mine:
            return
        mine = self.mine[at % len(self.mine)]
        current = self.kept.tasks[mine.ref]
        before = len(self.kept.told)
        code = ""
        try:
            getattr(self.work, word)(mine.ref, mine.token, self.now)
        except WakeupError as error:
            code = error.diagnostics[0].code
        assert (code == "WK7074") == (current.token != mine.token)
        assert not code or len(self.kept.told) == before

    @invariant()
    def each_ends_once(self) -> None:
        ends = Counter(each.ref for each in self.kept.told)
        assert set(ends.values()) <= {1}
        assert {each.ref for each in self.kept.tasks.values() if each.over} == set(ends)
        assert all(each.kind in (AnswerKind.SENT, AnswerKind.NOT_SENT, AnswerKind.OPTED_OUT) for each in self.kept.told)
        assert all(each.tries <= 3 for each in self.kept.tasks.values())


TestCallers = Callers.TestCase
TestCallers.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
