"""The kit passes an adapter that is as it should be, and every way to break one turns a check red."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

import pytest
from attrs import evolve
from tests.channels.kit.pigeons import LOFTS, Loft, Pigeons

from wakeup.channels.kit import CHECKS, Check, NonConformance, conformance
from wakeup.channels.protocol import Accepted, Found, Received, Report, Request, Verdict


@pytest.fixture
def loft() -> Iterator[Loft]:
    LOFTS.append(Loft())
    yield LOFTS[-1]
    LOFTS.pop()


@pytest.mark.parametrize("check", CHECKS, ids=str)
def test_an_adapter_that_is_as_it_should_be_passes(check: Check, loft: Loft) -> None:
    why = check(Pigeons, loft)
    assert why in ("", "receipts are not polled", "the provider does not play slow")


class ForgetsTheId(Pigeons):
    def classed(self, request: Request, told: str) -> Report:
        return evolve(super().classed(request, told), provider_id="")


class Unordered(Pigeons):
    def send(self, requests: Sequence[Request]) -> Sequence[Report]:
        return super().send(requests)[::-1]


class OneForAll(Pigeons):
    def send(self, requests: Sequence[Request]) -> Sequence[Report]:
        reports = super().send(requests)
        worst = max(reports, key=lambda each: each.verdict is not Verdict.ACCEPTED)
        return [evolve(worst, ref=each.ref) for each in reports]


class Optimist(Pigeons):
    def lost(self, request: Request) -> Report:
        return Report(request.ref, Verdict.ACCEPTED, provider_id="p")


class Pessimist(Pigeons):
    def lost(self, request: Request) -> Report:
        return Report(request.ref, Verdict.NOT_LEFT)


class TriesAgain(Pigeons):
    def lost(self, request: Request) -> Report:
        return self.one(evolve(request, ref=request.ref, attempt=request.attempt + 1))


class GatewayIsRefusal(Pigeons):
    words: ClassVar[Mapping[str, Verdict]] = {**Pigeons.words, "503": Verdict.NOT_LEFT, "502": Verdict.NOT_LEFT}


class JunkIsYes(Pigeons):
    words: ClassVar[Mapping[str, Verdict]] = {**Pigeons.words, "coo": Verdict.ACCEPTED}


class RefusalIsDoubt(Pigeons):
    words: ClassVar[Mapping[str, Verdict]] = {"no_roof": Verdict.BAD_ADDRESS}


class NoWait(Pigeons):
    def classed(self, request: Request, told: str) -> Report:
        return evolve(super().classed(request, told), retry_after=0)


class Raises(Pigeons):
    def lost(self, request: Request) -> Report:
        raise ConnectionResetError


class UnreachableIsDoubt(Pigeons):
    def one(self, request: Request) -> Report:
        return super().one(request) if self.reachable else Report(request.ref, Verdict.DOUBT)


class TakesAnyAddress(Pigeons):
    def one(self, request: Request) -> Report:
        return super().one(evolve(request, address=type(request.address)("roof-0")))


class BlindLookUp(Pigeons):
    def look_up(self, requests: Sequence[Request]) -> Sequence[Found]:
        return [Found(each.ref, True) for each in requests]


class NoLookUp(Pigeons):
    def look_up(self, requests: Sequence[Request]) -> Sequence[Found]:
        return [Found(each.ref, False) for each in requests]


class NewKeyEachTime(Pigeons):
    def one(self, request: Request) -> Report:
        return evolve(super().one(evolve(request, ref=f"{request.ref}{request.attempt}")), ref=request.ref)


class BelievesAnything(Pigeons):
    def receive(self, received: Received) -> Accepted:
        return super().receive(Received("POST", received.url, {"seal": self.sealed(received.body)}, received.body))


class NewEventEachTime(Pigeons):
    heard = 0

    def receive(self, received: Received) -> Accepted:
        accepted = super().receive(received)
        self.heard += 1
        return Accepted(tuple(evolve(each, event_id=str(self.heard)) for each in accepted.answers))


class Logs(Pigeons):
    def one(self, request: Request) -> Report:
        logging.getLogger("pigeons").debug("to %s", request.address.reveal())
        return super().one(request)


class ShowsItsKey(Pigeons):
    def __repr__(self) -> str:
        return f"Pigeons({self.key.reveal()})"


class EchoesTheAddress(Pigeons):
    def classed(self, request: Request, told: str) -> Report:
        return evolve(super().classed(request, told), code=request.address.reveal())


class SaysItIsIll(Pigeons):
    def check(self) -> str:
        return "nobody listens"


class NeverIll(Pigeons):
    def check(self) -> str:
        return ""


class OfAnotherTime(Pigeons):
    capabilities = evolve(Pigeons.capabilities, protocol=2)


class Drops(Pigeons):
    """Reports what never went."""

    def one(self, request: Request) -> Report:
        return Report(request.ref, Verdict.ACCEPTED, provider_id="p")


MUTANTS = (
    (ForgetsTheId, "an_accepted_message_is_reported"),
    (Drops, "an_accepted_message_is_reported"),
    (Unordered, "a_batch_is_reported_one_by_one"),
    (OneForAll, "one_failure_spoils_no_other"),
    (Optimist, "an_answer_that_never_came_is_doubt"),
    (Optimist, "a_lost_connection_is_never_taken_for_sent"),
    (Pessimist, "an_answer_that_never_came_is_doubt"),
    (TriesAgain, "an_answer_that_never_came_is_doubt"),
    (GatewayIsRefusal, "an_error_of_a_gateway_is_doubt"),
    (JunkIsYes, "an_answer_that_is_none_is_doubt"),
    (RefusalIsDoubt, "refusals_say_why"),
    (NoWait, "a_throttle_may_be_tried_again"),
    (Raises, "an_answer_that_never_came_is_doubt"),
    (UnreachableIsDoubt, "what_never_left_may_be_tried_again"),
    (TakesAnyAddress, "a_wrong_address_is_told"),
    (BlindLookUp, "a_send_in_doubt_can_be_looked_up"),
    (NoLookUp, "a_send_in_doubt_can_be_looked_up"),
    (NewKeyEachTime, "a_key_is_kept_within_its_window"),
    (BelievesAnything, "a_receipt_with_one_byte_changed_is_refused"),
    (NewEventEachTime, "receipts_are_read"),
    (Logs, "nothing_personal_is_shown"),
    (ShowsItsKey, "nothing_personal_is_shown"),
    (EchoesTheAddress, "nothing_personal_is_shown"),
    (SaysItIsIll, "it_says_whether_it_can_work"),
    (NeverIll, "it_says_whether_it_can_work"),
    (OfAnotherTime, "capabilities_are_sensible"),
)


@pytest.mark.parametrize(("mutant", "name"), MUTANTS, ids=lambda each: getattr(each, "__name__", each))
def test_a_broken_adapter_turns_a_check_red(mutant: type[Pigeons], name: str, loft: Loft) -> None:
    (check,) = [each for each in CHECKS if each.name == name]
    with pytest.raises(NonConformance):
        check(mutant, loft)


def test_a_server_that_checks_nothing_is_caught(loft: Loft, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loft, "accepts", lambda call: True)
    (check,) = [each for each in CHECKS if each.name == "one_byte_changed_in_a_call_is_refused"]
    with pytest.raises(NonConformance):
        check(Pigeons, loft)


def test_all_outcomes_in_one_list() -> None:
    class Fresh(Loft):
        def __enter__(self) -> Loft:
            LOFTS.append(self)
            return self

        def __exit__(self, *_: object) -> None:
            LOFTS.pop()

    well = conformance(Pigeons, Fresh, CHECKS)
    assert [each.name for each in well if each.failure] == []
    assert [each.name for each in well if each.left_out] == [
        "an_answer_that_does_not_end_is_doubt",
        "answers_are_polled",
    ]
    ill = {each.name: each.failure for each in conformance(Optimist, Fresh, CHECKS)}
    assert "not doubt" in ill["an_answer_that_never_came_is_doubt"]
