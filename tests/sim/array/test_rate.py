"""Places in a channel's rate for many requests at once, against one request after the other."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from wakeup.sim.array.codes import FAR
from wakeup.sim.array.rate import Rate

requests = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 40)), min_size=1, max_size=40)


def one_by_one(rate: int, seconds: int, ordered: list[tuple[int, int]]) -> list[int]:
    """Start of the window of each request (t, patience) in order; one that comes too late takes no place."""
    taken: Counter[int] = Counter()
    starts = []
    for t, patience in ordered:
        window = t // seconds
        while taken[window] >= rate:
            window += 1
        if window == t // seconds or window * seconds < t + patience:
            taken[window] += 1
        starts.append(window * seconds)
    return starts


def columns(found: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    t, patience = (np.array(each, np.int64) for each in zip(*found, strict=True))
    return np.arange(len(found), dtype=np.int64) + (t << 20), t, t + patience


@given(requests, st.integers(1, 4), st.integers(1, 12))
def test_places_are_those_of_one_after_the_other(found: list[tuple[int, int]], rate: int, seconds: int) -> None:
    found.sort(key=lambda each: each[0])
    where, t, bound = columns(found)
    half = len(found) // 2
    channel = Rate(rate, seconds)
    first = channel.request(where[:half], t[:half], bound[:half])
    second = channel.fork().request(where[half:], t[half:], bound[half:])
    assert [*first.tolist(), *second.tolist()] == one_by_one(rate, seconds, found)
    assert channel.first_wrong() == FAR


@given(requests, st.integers(1, 3), st.integers(1, 12))
def test_requests_out_of_order_are_found_and_taught(found: list[tuple[int, int]], rate: int, seconds: int) -> None:
    found.sort(key=lambda each: each[0])
    where, t, bound = columns(found)
    right = np.array(one_by_one(rate, seconds, found))
    odd = np.arange(len(found)) % 2 == 1

    def played(channel: Rate) -> np.ndarray:
        starts = np.empty_like(right)
        for part in (odd, ~odd):
            starts[part] = channel.request(where[part], t[part], bound[part])
        return starts

    channel = Rate(rate, seconds)
    wrong = where[played(channel) != right]
    assert channel.first_wrong() == (wrong.min() if len(wrong) else FAR)
    if len(wrong):
        wiser = Rate(rate, seconds, lesson=channel.lesson)
        assert played(wiser).tolist() == right.tolist()
        assert wiser.first_wrong() == FAR


@given(requests, st.integers(1, 3), st.integers(1, 12), st.integers(0, 20))
def test_who_is_expected_finds_their_place_whoever_asks_first(
    found: list[tuple[int, int]], rate: int, seconds: int, before: int
) -> None:
    """Two lines of a program ask one after the other, the first of them in two pieces; some have asked before."""
    found.sort(key=lambda each: each[0])
    where, t, bound = columns(found)
    right = np.array(one_by_one(rate, seconds, found))
    early, rest = np.split(np.arange(len(found)), [min(before, len(found))])
    channel, starts = Rate(rate, seconds), np.empty_like(right)
    starts[early] = channel.request(where[early], t[early], bound[early])
    channel.expect(where[rest], t[rest], bound[rest])
    for part in (*np.array_split(rest[1::2], 2), rest[::2]):
        starts[part] = channel.request(where[part], t[part], bound[part])
    assert starts.tolist() == right.tolist()
    assert channel.first_wrong() == FAR
    later = Rate(rate, seconds, channel.fork().last).request(where[-1:], t[-1:], bound[-1:])
    assert later.tolist() == one_by_one(rate, seconds, [*found, found[-1]])[-1:]


@given(requests, st.integers(1, 3), st.integers(1, 12))
def test_who_is_expected_and_does_not_come_is_found(found: list[tuple[int, int]], rate: int, seconds: int) -> None:
    found.sort(key=lambda each: each[0])
    where, t, bound = columns(found)
    comes = np.arange(len(found)) % 2 == 1
    right = np.array(one_by_one(rate, seconds, [each for each, there in zip(found, comes, strict=True) if there]))
    channel = Rate(rate, seconds)
    channel.expect(where, t, bound)
    wrong = where[comes][channel.request(where[comes], t[comes], bound[comes]) != right]
    assert channel.first_wrong() == wrong.min(initial=FAR)
