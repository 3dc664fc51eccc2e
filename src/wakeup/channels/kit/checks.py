"""What must hold of every adapter, in the order in which it is best read."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from attrs import evolve

from wakeup.channels.kit.provider import REFUSALS, Fault, Receipt
from wakeup.channels.kit.trial import TEXT, Check, Trial, must, opened, overheard
from wakeup.channels.protocol import (
    PROTOCOL_VERSION,
    REFUSED,
    Adapter,
    Answer,
    AnswerKind,
    Received,
    Report,
    Request,
    Secret,
    Verdict,
)

_HARD: Final[Sequence[str]] = ("", "a" * 100_000, "\r\nBcc: x@example.org\r\n\r\nx", "nul \0 nul", "🎁" * 500, "\ud800")
"""Texts that are hard to carry."""
_LATE: Final = 3 * 3_600
"""Seconds after which receipts of a message still come."""
_TRIED: Final = 24
"""Places of a signed text in which a byte is changed, spread evenly."""


def capabilities_are_sensible(trial: Trial) -> str:
    """Written for this protocol; numbers that can be."""
    can = trial.adapter.capabilities
    must(can.protocol == PROTOCOL_VERSION, f"written for version {can.protocol} of the protocol")
    must(min(can.batch, can.concurrency) >= 1 and can.timeout > 0, "batch, concurrency and timeout are positive")
    must(min(can.key_window, can.grace) >= 0, "key_window and grace are no negative times")
    return ""


def an_accepted_message_is_reported(trial: Trial) -> str:
    """Taken by the provider once, with the provider's name of it."""
    request, report = trial.one()
    must(report.verdict is trial.taken, f"verdict {report.verdict}, not {trial.taken} ({report.code})")
    must(bool(report.provider_id), "no provider_id")
    must(trial.times(request) == 1, f"{trial.times(request)} times delivered, not once")
    return ""


def a_batch_is_reported_one_by_one(trial: Trial) -> str:
    """As many as may go in one call; a report each, in order."""
    requests = [trial.request() for _ in range(min(trial.adapter.capabilities.batch, 10))]
    reports = trial.send(*requests)
    must(all(each.verdict is trial.taken for each in reports), f"verdicts {[str(each.verdict) for each in reports]}")
    must(all(trial.times(each) == 1 for each in requests), "not each was delivered once")
    return ""


def one_failure_spoils_no_other(trial: Trial) -> str:
    """A wrong address in a batch is that person's affair."""
    if trial.adapter.capabilities.batch < 3:
        return "one message a call"
    if why := trial.lacks(Fault.BAD_ADDRESS):
        return why
    trial.provider.script(None, Fault.BAD_ADDRESS, None)
    requests = [trial.request() for _ in range(3)]
    verdicts = [each.verdict for each in trial.send(*requests)]
    must(verdicts == [trial.taken, Verdict.BAD_ADDRESS, trial.taken], f"verdicts {[str(each) for each in verdicts]}")
    must([trial.times(each) for each in requests] == [1, 0, 1], "the others were not delivered")
    return ""


def refusals_say_why(trial: Trial) -> str:
    """Each refusal for good has its verdict, and the next message is not touched by it."""
    played = [each for each in REFUSALS if each in trial.provider.faults]
    for fault in played:
        trial.provider.script(fault)
        request, report = trial.one()
        must(report.verdict is REFUSALS[fault], f"{fault}: verdict {report.verdict} ({report.code})")
        must(trial.times(request) == 0, f"{fault}: it was delivered")
    if played:
        must(trial.one()[1].verdict is trial.taken, "after a refusal the next message does not go")
    return "" if played else "the provider refuses nothing"


def a_throttle_may_be_tried_again(trial: Trial) -> str:
    """Refused for now, with seconds to wait; the next attempt goes."""
    if why := trial.lacks(Fault.THROTTLE):
        return why
    trial.provider.script(Fault.THROTTLE)
    request, report = trial.one()
    must(report.verdict is Verdict.THROTTLED, f"verdict {report.verdict} ({report.code})")
    must(report.retry_after > 0, "no retry_after")
    must(trial.times(request) == 0, "it was delivered")
    trial.provider.advance(report.retry_after)
    again = evolve(request, attempt=2)
    must(trial.one(again)[1].verdict is trial.taken, "the second attempt does not go")
    must(trial.times(request) == 1, "not delivered once")
    return ""


def _doubtful(*faults: Fault) -> Callable[[Trial], str]:
    def check(trial: Trial) -> str:
        played = [each for each in faults if each in trial.provider.faults]
        for fault in played:
            trial.provider.script(fault)
            request, report = trial.one()
            trial.provider.advance(trial.provider.landing)
            must(report.verdict is Verdict.DOUBT, f"{fault}: verdict {report.verdict} ({report.code}), not doubt")
            must(
                trial.times(request) <= 1,
                f"{fault}: delivered {trial.times(request)} times: the adapter repeats by itself",
            )
        return "" if played else trial.lacks(*faults)

    return check


def a_lost_connection_is_never_taken_for_sent(trial: Trial) -> str:
    """Died before the effect: doubt, or where the adapter can know it, never left."""
    if why := trial.lacks(Fault.DROP_BEFORE):
        return why
    trial.provider.script(Fault.DROP_BEFORE)
    request, report = trial.one()
    must(report.verdict in (Verdict.DOUBT, Verdict.NOT_LEFT), f"verdict {report.verdict} ({report.code})")
    must(trial.times(request) <= 1, "the adapter repeats by itself, more than once")
    return ""


def what_never_left_may_be_tried_again(trial: Trial) -> str:
    """Nobody listens, no such host, a false certificate: no byte of the message went out."""
    ways = trial.provider.unreachable()
    for why, settings in ways.items():
        with opened(trial.opener, trial.provider, settings) as other:
            request, report = other.one()
        must(report.verdict is Verdict.NOT_LEFT, f"{why}: verdict {report.verdict} ({report.code})")
        must(trial.times(request) == 0, f"{why}: it was delivered")
    return "" if ways else "it can always be reached"


def a_wrong_address_is_told(trial: Trial) -> str:
    """A text that is no address is refused and harms nothing."""
    wrong = trial.provider.wrong_addresses()
    for text in wrong:
        request, report = trial.one(trial.request(text))
        must(report.verdict is Verdict.BAD_ADDRESS, f"verdict {report.verdict} ({report.code})")
        must(trial.times(request) == 0, "it was delivered")
    return "" if wrong else "there are no wrong addresses"


def nothing_in_a_text_breaks_it(trial: Trial) -> str:
    """Empty, endless, with line ends, controls and half characters: delivered once or refused, never raised."""
    for text in _HARD:
        for request in (trial.request(text=text), trial.request(subject=text)):
            report = trial.one(request)[1]
            once = report.verdict is trial.taken and trial.times(request) == 1
            must(once or (report.verdict in REFUSED and trial.times(request) == 0), f"{text[:20]!r}: {report.verdict}")
    return ""


def a_send_in_doubt_can_be_looked_up(trial: Trial) -> str:
    """After the grace: found where it had its effect, also a late one; never found where it had none."""
    can = trial.adapter.capabilities
    if not can.look_up:
        return "there is no look-up"
    sent, absent = [trial.one()[0]], trial.request()
    for fault in (Fault.DROP_AFTER, Fault.LATE):
        if fault in trial.provider.faults:
            trial.provider.script(fault)
            sent.append(trial.one()[0])
    trial.provider.advance(max(can.grace, trial.provider.landing))
    found = trial.adapter.look_up([*sent, absent])
    must([each.ref for each in found] == [each.ref for each in (*sent, absent)], "not one answer each, in order")
    must(
        all(each.sent is True for each in found[:-1]),
        f"sent, and the look-up says {[each.sent for each in found[:-1]]}",
    )
    must(found[-1].sent is not True, "never sent, and the look-up says it was")
    return ""


def a_key_is_kept_within_its_window(trial: Trial) -> str:
    """The same ref again within the window has no second effect."""
    window = trial.adapter.capabilities.key_window
    if not window:
        return "there is no key"
    faults: list[Fault | None] = [
        None,
        *(each for each in (Fault.DROP_AFTER, Fault.LATE) if each in trial.provider.faults),
    ]
    for fault in faults:
        trial.provider.script(fault)
        request, _ = trial.one()
        trial.provider.advance(min(window / 2, 60))
        report = trial.one(evolve(request, attempt=2))[1]
        must(report.verdict is trial.taken, f"again within the window: verdict {report.verdict} ({report.code})")
        must(trial.times(request) == 1, f"again within the window: delivered {trial.times(request)} times")
    return ""


def one_byte_changed_in_a_call_is_refused(trial: Trial) -> str:
    """The provider's own check of the signature covers what is sent."""
    trial.one()
    call = trial.provider.last_call()
    if call is None:
        return "calls are not signed"
    must(trial.provider.accepts(call), "the provider does not take the call as it is")
    for changed in _changed(call, ("body",) if call.body else ("url",)):
        must(not trial.provider.accepts(changed), "the provider takes a call with one byte changed")
    return ""


def receipts_are_read(trial: Trial) -> str:
    """Of a message sent and of one whose answer is not here yet; twice, in any order: the same events. Also late."""
    request, _ = trial.one()
    unknown = trial.request()
    receipts = [*trial.provider.receipts(request.ref), *trial.provider.receipts(unknown.ref)]
    if trial.adapter.capabilities.receipts != "push":
        return "receipts are not pushed"
    must(bool(receipts), "receipts are pushed, and the provider has none to push")
    first = [_event(trial, each) for each in receipts]
    again = [_event(trial, each) for each in reversed(receipts)]
    must(first == again[::-1], "a receipt that comes twice is another event")
    must(len(set(first)) == len(first), "two receipts are one event")
    trial.provider.advance(_LATE)
    for receipt in trial.provider.receipts(request.ref):
        _event(trial, receipt)
    return ""


def a_receipt_with_one_byte_changed_is_refused(trial: Trial) -> str:
    """Nothing of it is believed."""
    if trial.adapter.capabilities.receipts != "push":
        return "receipts are not pushed"
    parts = ("body",) if trial.provider.receipts_signed == "body" else ("url",)
    for receipt in trial.provider.receipts(trial.one()[0].ref):
        for changed in _changed(receipt.received, parts):
            told = _refusal(trial.adapter, changed)
            must(bool(told), "a receipt with one byte changed is believed")
    return ""


def answers_are_polled(trial: Trial) -> str:
    """What became known is told, and told as the same event the next time."""
    if trial.adapter.capabilities.receipts != "poll":
        return "receipts are not polled"
    since = int(trial.provider.now())
    request, report = trial.one()

    def poll() -> list[Answer]:
        """Answers about the message, by its ref or by the provider's name of it."""
        told = trial.adapter.poll(since)
        return [
            each
            for each in told
            if each.ref == request.ref or (not each.ref and each.provider_id == report.provider_id)
        ]

    must(not poll(), "an answer before there is one")
    kind = trial.provider.tell(request.ref)
    if kind is None:
        return "the provider tells nothing"
    polls = [poll() for _ in range(2)]
    told = [[(each.source, each.event_id, each.kind) for each in poll] for poll in polls]
    must([each[2] for each in told[0]] == [kind], f"told {[str(each[2]) for each in told[0]]}, not {kind}")
    must(told[0] == told[1], "the same answer is another event the next time")
    if trial.adapter.capabilities.confirms:
        must(kind in (AnswerKind.SENT, AnswerKind.NOT_SENT), f"{kind} confirms nothing")
    return ""


def many_threads_may_send(trial: Trial) -> str:
    """As many calls at a time as it says."""
    requests = [trial.request() for _ in range(2 * min(trial.adapter.capabilities.concurrency, 8))]
    verdicts: list[Verdict] = []

    def work(part: Sequence[Request]) -> None:
        for each in part:
            verdicts.extend(report.verdict for report in trial.adapter.send([each]))

    parts = len(requests) // 2
    threads = [threading.Thread(target=work, args=(requests[place::parts],)) for place in range(parts)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    must(verdicts == [trial.taken] * len(requests), f"verdicts {sorted(set(map(str, verdicts)))}")
    must(all(trial.times(each) == 1 for each in requests), "not each was delivered once")
    return ""


def nothing_personal_is_shown(trial: Trial) -> str:
    """No secret, address or text in a log, a report, a representation or an exception, whatever happens."""
    shown: list[str] = []
    with overheard() as heard:
        requests = [_noted(trial, fault, shown) for fault in (None, *sorted(trial.provider.faults - {Fault.SLOW}))]
        requests += [_noted(trial, None, shown, address) for address in trial.provider.wrong_addresses()]
        for settings in trial.provider.unreachable().values():
            with opened(trial.opener, trial.provider, settings) as other:
                requests.append(_noted(other, None, shown))
                shown.append(other.adapter.check())
        if trial.adapter.capabilities.look_up:
            shown.append(repr(trial.adapter.look_up(requests[:1])))
        body = f'{{"to": "{requests[0].address.reveal()}"}}'.encode()
        shown.append(_refusal(trial.adapter, Received("POST", "https://shop.example/receipts", {}, body)))
    told = "\n".join((*shown, heard.getvalue()))
    private = {TEXT, "Example-Surname", *(each.address.reveal() for each in requests)}
    private |= set(_secrets(trial.provider.settings.values()))
    for each in sorted(private - {""}):
        must(each not in told, f"an address, a text or a secret is shown ({len(each)} characters)")
    return ""


def it_says_whether_it_can_work(trial: Trial) -> str:
    """`check` is silent when all is well, and says in one line what is not."""
    well = trial.adapter.check()
    must(not well, f"all is well, and check says: {well}")
    for why, settings in trial.provider.unreachable().items():
        with opened(trial.opener, trial.provider, settings) as other:
            told = other.adapter.check()
        must(bool(told) and "\n" not in told, f"{why}: check says {told!r}")
    must(not trial.provider.delivered(), "check sent something")
    return ""


def closing_twice_is_fine(trial: Trial) -> str:
    """An executor that stops may have stopped already."""
    trial.one()
    trial.adapter.close()
    trial.adapter.close()
    return ""


def _noted(trial: Trial, fault: Fault | None, shown: list[str], address: str = "") -> Request:
    if fault is not None:
        trial.provider.script(fault)
    request, report = trial.one(trial.request(address))
    trial.provider.advance(trial.provider.landing)
    shown += [repr(report), repr(request), repr(trial.adapter), repr(trial.adapter.capabilities), *_words(report)]
    return request


def _words(report: Report) -> tuple[str, str]:
    return report.code, report.provider_id


def _refusal(adapter: Adapter, call: Received) -> str:
    """What the adapter says of a call that it must not believe; "" if it believes it."""
    try:
        adapter.receive(call)
    except PermissionError as error:
        return f"{error!r} {error}"
    except Exception as error:  # noqa: BLE001  # whatever it is, it is the adapter's fault
        must(False, f"receive raised {type(error).__name__}, not PermissionError")
    return ""


def _secrets(values: Iterable[object]) -> Iterator[str]:
    for value in values:
        if isinstance(value, Secret):
            yield value.reveal()
        elif isinstance(value, list | tuple):
            yield from _secrets(value)
        elif isinstance(value, Mapping):
            yield from _secrets(value.values())


def _event(trial: Trial, receipt: Receipt) -> tuple[str, str]:
    accepted = trial.adapter.receive(receipt.received)
    name = receipt.provider_id
    answers = [each for each in accepted.answers if (each.provider_id == name if name else each.ref == receipt.ref)]
    kinds = [each.kind for each in answers]
    must(kinds == [receipt.kind], f"the receipt says {receipt.kind}, the adapter {[str(each) for each in kinds]}")
    must(all(each.t <= trial.provider.now() + 1 for each in answers), "an answer from the future")
    return answers[0].source, answers[0].event_id


def _changed(call: Received, parts: Sequence[str]) -> Iterator[Received]:
    """The call with one byte changed, in many places."""
    for part in parts:
        data = call.body if part == "body" else call.url.encode()
        # Of an address, what stands before its query is not what the provider signs for us.
        first = 0 if part == "body" else data.find(b"?") + 1
        step = max(1, (len(data) - first) // _TRIED)
        for place in range(first, len(data), step):
            other = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
            if part == "body":
                yield Received(call.method, call.url, call.headers, other)
            else:
                yield Received(call.method, other.decode("latin-1"), call.headers, call.body)


CHECKS: Final = tuple(
    Check(run.__name__ if name is None else name, run)
    for name, run in (
        (None, capabilities_are_sensible),
        (None, an_accepted_message_is_reported),
        (None, a_batch_is_reported_one_by_one),
        (None, one_failure_spoils_no_other),
        (None, refusals_say_why),
        (None, a_throttle_may_be_tried_again),
        ("an_answer_that_never_came_is_doubt", _doubtful(Fault.DROP_AFTER, Fault.LATE)),
        ("an_error_of_a_gateway_is_doubt", _doubtful(Fault.ERROR_BEFORE, Fault.ERROR_AFTER)),
        ("an_answer_that_does_not_end_is_doubt", _doubtful(Fault.SLOW)),
        ("an_answer_that_is_none_is_doubt", _doubtful(Fault.GARBAGE)),
        (None, a_lost_connection_is_never_taken_for_sent),
        (None, what_never_left_may_be_tried_again),
        (None, a_wrong_address_is_told),
        (None, nothing_in_a_text_breaks_it),
        (None, a_send_in_doubt_can_be_looked_up),
        (None, a_key_is_kept_within_its_window),
        (None, one_byte_changed_in_a_call_is_refused),
        (None, receipts_are_read),
        (None, a_receipt_with_one_byte_changed_is_refused),
        (None, answers_are_polled),
        (None, many_threads_may_send),
        (None, nothing_personal_is_shown),
        (None, it_says_whether_it_can_work),
        (None, closing_twice_is_fine),
    )
)
"""All checks; each needs a fresh provider."""
