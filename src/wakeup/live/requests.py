"""From a decision to a request: the text filled in, the address looked up, nothing decided any more."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from attrs import frozen

from wakeup.channels.protocol import Request, Secret, Verdict
from wakeup.live.core.person import About, Person
from wakeup.live.core.world import Decided, Terms
from wakeup.live.executor.round import Unsendable
from wakeup.live.seal import Keys
from wakeup.live.sealed import addresses_of
from wakeup.live.store.protocol import Work
from wakeup.live.texts import Filling, UnfilledError, fill
from wakeup.terms.variables import FIELD_VARIABLES, NAMES

MASK: Final = "·"
"""What stands in a person's state for a name that is there: the name itself is sealed with the addresses."""


@frozen
class Carried:
    """How a channel is carried: which of the sealed values is the address ("" for none), and what `wakeup.toml` says of
    each message. Texts under `subject`, `html` and `fields` may have variables like the message itself."""

    address: str
    messages: Mapping[str, Mapping[str, Any]]


@frozen(eq=False)
class Renderer:
    """Makes requests. terms: by version of the plan. keys: open the addresses. unsubscribe: the one-click address for
    an outbox key."""

    terms: Callable[[str], Terms]
    channels: Mapping[str, Carried]
    keys: Keys
    unsubscribe: Callable[[str], str] = lambda _ref: ""

    def __call__(self, work: Work, person: Person, decided: Decided) -> Request:
        """Return the request of a decided send; `work` has what is sealed of the person.

        Raises:
            Unsendable: the person has no address for the channel, or a variable without default is blank.
        """
        out, terms = decided.outgoing, self.terms(person.version)
        carried = self.channels[out.channel]
        values = addresses_of(self.keys, work.customer(person.customer))
        address = values.get(carried.address, "") if carried.address else ""
        if carried.address and not address:
            raise Unsendable(Verdict.BAD_ADDRESS, "no_address")
        filling = filling_of(terms, person, decided, values)
        own = carried.messages.get(out.message, {})
        try:
            told = told_settings(own, filling)
            text = fill(decided.wording.text, filling)
        except UnfilledError as blank:
            raise Unsendable(Verdict.BAD_CONTENT, f"blank:{blank.name}") from None
        return Request(
            ref=out.ref,
            attempt=max(1, out.attempt),
            campaign=out.campaign,
            message=out.message,
            address=Secret(address),
            text=text,
            subject=_line(told.pop("subject", terms.plan.title or terms.plan.name)),
            fields=told.pop("fields", {}),
            settings=told,
            offers=decided.offers,
            unsubscribe=self.unsubscribe(out.ref),
            deadline=out.deadline,
        )


def filling_of(terms: Terms, person: Person, decided: Decided, values: Mapping[str, str]) -> Filling:
    """Return what the texts of a send may say of the person."""
    about, own = person.about, own_fields(person.about)
    return Filling(
        plan=terms.plan,
        t=decided.outgoing.decided,
        zone=person.zone,
        last_order=about.last_order,
        orders=about.orders,
        fields=own | {name: values[name] for name in (*NAMES, *FIELD_VARIABLES) if name in values},
        bands=person.bands,
        offers=decided.offers,
    )


def own_fields(about: About) -> dict[str, str]:
    """Return what the customer table says of a person, as texts; blanks are missing."""
    return {name: _shown(value) for name, value in about.fields.items() if value is not None}


def _shown(value: float | int | str) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def told_settings(settings: Mapping[str, Any], filling: Filling) -> dict[str, Any]:
    """Return the settings of a message with the texts among them filled in."""
    told = dict(settings)
    if isinstance(told.get("subject"), str):
        told["subject"] = fill(told["subject"], filling)
    if isinstance(told.get("html"), str):
        told["html"] = fill(told["html"], filling, markup=True)
    if isinstance(told.get("fields"), Mapping):
        told["fields"] = {name: fill(str(each), filling) for name, each in told["fields"].items()}
    return told


def _line(text: str) -> str:
    return " ".join(text.split())
