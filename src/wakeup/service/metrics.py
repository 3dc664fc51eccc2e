"""Figures for Prometheus, read from the store when they are asked for."""

from collections.abc import Iterator
from typing import Final

from prometheus_client import CollectorRegistry, Counter, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from wakeup.live.clock import Clock
from wakeup.live.store.protocol import Reader, Store, Switch

DOUBTFUL: Final = ("doubt", "unknown")
MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


class Figures(Collector):
    """All figures of one service."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._registry = CollectorRegistry()
        self.calls = Counter(
            "wakeup_calls", "Calls by address and HTTP status.", ["at", "status"], registry=self._registry
        )
        self.taken = Counter("wakeup_answers_taken", "Answers that were new.", ["source"], registry=self._registry)
        self._registry.register(self)

    def text(self) -> bytes:
        """Return them in Prometheus' text form.

        Raises:
            WakeupError: the store does not answer.
        """
        return generate_latest(self._registry)

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing in advance: it would ask the store."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Ask the store."""
        now = self._clock.now()
        with self._store.read() as reader:
            yield from _campaigns(reader)
            oldest = reader.inbox_oldest()
            yield _one("wakeup_answers_waiting", "Answers that no executor has taken yet.", reader.inbox_length())
            lag = 0 if oldest is None else max(0, now - oldest)
            yield _one("wakeup_answers_lag_seconds", "Age of the oldest answer that waits.", lag)
            yield _one("wakeup_executors", "Executors whose lease holds.", len(reader.executors(now)))


def _campaigns(reader: Reader) -> Iterator[GaugeMetricFamily]:
    sends = GaugeMetricFamily("wakeup_sends", "Sends by state.", labels=["campaign", "channel", "state"])
    doubt = GaugeMetricFamily("wakeup_sends_in_doubt", "Sends that may or may not have arrived.", labels=["campaign"])
    people = GaugeMetricFamily("wakeup_enrolments", "People by status.", labels=["campaign", "status"])
    switch = GaugeMetricFamily("wakeup_switch", "1 for what was ordered.", labels=["campaign", "switch"])
    for campaign in reader.campaigns():
        counts = reader.send_counts(campaign)
        for (channel, state), number in sorted(counts.items()):
            sends.add_metric([campaign, channel, state], number)
        doubt.add_metric([campaign], sum(number for (_, state), number in counts.items() if state in DOUBTFUL))
        for status, number in sorted(reader.count(campaign).items()):
            people.add_metric([campaign, status], number)
        ordered = reader.switch(campaign)
        for each in Switch:
            switch.add_metric([campaign, each], each is ordered)
    yield from (sends, doubt, people, switch)


def _one(name: str, meaning: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, meaning, value=value)
