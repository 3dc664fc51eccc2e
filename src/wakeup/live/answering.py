"""Whom an answer is about: by outbox key, by the provider's own name of the send, by the id of the person, by a code
that they have, by their address."""

from collections.abc import Sequence

from attrs import evolve

from wakeup.channels.protocol import Answer
from wakeup.live.keys import read_code
from wakeup.live.seal import Keys
from wakeup.live.sealed import address_lookup
from wakeup.live.store.protocol import Store, Work


def take_in(store: Store, answers: Sequence[Answer]) -> int:
    """Put answers into the inbox, durably; return how many were new.

    One that is about nobody we know is kept too: it is counted, and the event is not taken twice.
    """
    with store.work() as work:
        return take_into(work, store.keys, answers)


def take_into(work: Work, keys: Keys, answers: Sequence[Answer]) -> int:
    """`take_in` inside a transaction."""
    found = work.find_all([keys.lookup(each.customer) if each.customer else "" for each in answers])
    about = [_about(work, each, key) for each, key in zip(answers, found, strict=True)]
    return work.receive([each for one in about for each in _everybody(work, keys, *one)])


def _about(work: Work, answer: Answer, key: int | None) -> tuple[Answer, int | None]:
    """Return the answer with its outbox key and campaign where they can be known, and the person."""
    if not answer.ref and answer.provider_id and answer.channel:
        answer = evolve(answer, ref=work.sent_as(answer.channel, answer.provider_id) or "")
    if answer.ref:
        return answer, key  # the inbox finds person and campaign by the send
    for code in (answer.code, *(code for code, _ in answer.redeemed)):
        if key is not None or not code:
            continue
        owners = work.owners_of(read_code(code) or code)
        if len(owners) == 1:
            campaign, _, owner = owners[0]
            return evolve(answer, campaign=answer.campaign or campaign), owner
    return answer, key


def _everybody(work: Work, keys: Keys, answer: Answer, key: int | None) -> list[tuple[Answer, int | None]]:
    """Return the answer once for each person with its address, if nothing else says whom it is about: when a shared
    phone refuses messages, everybody behind it is left alone."""
    if key is not None or answer.ref or not answer.address:
        return [(answer, key)]
    people = work.find_addresses([address_lookup(keys, answer.address)])[0]
    if not people:
        return [(answer, None)]
    ids = [answer.event_id, *(f"{answer.event_id}#{number}" for number in range(2, len(people) + 1))]
    return [(evolve(answer, event_id=event_id), each) for event_id, each in zip(ids, people, strict=True)]
