"""What the store keeps of a person beside the campaign: id, addresses and names, sealed; and the way back."""

import json
from collections.abc import Mapping
from typing import Final

from attrs import evolve

from wakeup.live.seal import Keys, UnsealableError
from wakeup.live.store.protocol import Customer, Store
from wakeup.terms.variables import NAMES

_NO_SIGNS: Final = str.maketrans("", "", "+- ().")
_MAINLAND: Final = 13
"""Digits of a mobile number of the Chinese mainland with its country code."""


def sealed_customer(keys: Keys, key: int, customer_id: str, values: Mapping[str, str]) -> Customer:
    """Return a person sealed. values: addresses by sort or column, first and last name."""
    data = json.dumps(dict(values), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return Customer(
        key=key,
        sealed_id=keys.seal(f"id:{key}", customer_id.encode()),
        sealed_addresses=keys.seal(f"address:{key}", data.encode()),
        lookup=keys.lookup(customer_id),
        found_by=tuple(sorted({address_lookup(keys, each) for name, each in values.items() if name not in NAMES})),
    )


def address_lookup(keys: Keys, address: str) -> str:
    """Return the keyed HMAC by which an address is found, however a provider writes it: e-mail in small letters, a
    number without plus and blanks, one of the Chinese mainland with or without its country code."""
    plain = address.strip().lower()
    digits = plain.translate(_NO_SIGNS)
    if digits.isdecimal():
        plain = digits.removeprefix("00")
        plain = plain[2:] if len(plain) == _MAINLAND and plain.startswith("86") else plain
    return keys.lookup(f"address:{plain}")


def reseal(store: Store) -> int:
    """Seal with the newest key what an older one has sealed; return of how many people. Then a key between the first,
    which stays, and the last may be taken out of the key file, once the sends under way are settled.

    Raises:
        UnsealableError: something is sealed with a key that is not here any more.
    """
    done, after = 0, -1
    while True:
        with store.work() as work:
            found = work.customers(after)
            if not found:
                return done
            after = found[-1].key
            old = [each for each in found if store.keys.sealed_with(each.sealed_id) not in ("", store.keys.names[-1])]
            work.reseal([_sealed_anew(store.keys, each) for each in old])
            done += len(old)


def _sealed_anew(keys: Keys, each: Customer) -> Customer:
    id_place, place = f"id:{each.key}", f"address:{each.key}"
    return evolve(
        each,
        sealed_id=keys.seal(id_place, keys.open(id_place, each.sealed_id)),
        sealed_addresses=keys.seal(place, keys.open(place, each.sealed_addresses)),
    )


def addresses_of(keys: Keys, customer: Customer | None) -> Mapping[str, str]:
    """Return the addresses and names of a person; nothing once they were erased, or where the key is missing."""
    if customer is None or not customer.sealed_addresses:
        return {}
    try:
        values: dict[str, str] = json.loads(keys.open(f"address:{customer.key}", customer.sealed_addresses))
    except UnsealableError:
        return {}
    return values


def id_of(keys: Keys, customer: Customer | None) -> str:
    """Return the id of a person as their system writes it, "" once they were erased."""
    if customer is None or not customer.sealed_id:
        return ""
    try:
        return keys.open(f"id:{customer.key}", customer.sealed_id).decode()
    except UnsealableError:
        return ""
