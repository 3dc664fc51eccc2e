"""What may go wrong between us and a provider, in shares of calls; which calls is drawn by key."""

import re
from typing import Final

import numpy as np
from attrs import fields, frozen

from wakeup.diagnostics import Listed, WakeupError, diagnostic
from wakeup.draws import uniform

LATE: Final = 30
"""Seconds after which a message arrives whose call was cut off."""

GRACE: Final = 60
"""Seconds after which a provider with faults shows everything that it has taken."""

RETRY_AFTER: Final = 20
"""Seconds that a provider asks to wait for when it is called too often."""


@frozen
class Faults:
    """Shares of calls (0..1); what is left over goes well.

    lost: the message arrives, the provider's word does not. late: the call is cut off, the message arrives later.
    missed: the call is cut off, the message never arrives. refused: the address is refused for good. throttled: refused
    for now.
    """

    lost: float = 0.0
    late: float = 0.0
    missed: float = 0.0
    refused: float = 0.0
    throttled: float = 0.0

    @property
    def any(self) -> bool:
        """Whether anything may go wrong."""
        return any(getattr(self, name) for name in NAMES)

    def of(self, seed: int, ref: str, attempt: int) -> str:
        """Return what goes wrong with an attempt to send `ref`: a name of `NAMES`, "" for nothing."""
        key = np.array([int(ref[:16], 16)], dtype=np.uint64)
        place = float(uniform(seed, 0, key, "fault", attempt)[0])
        for name in NAMES:
            share = getattr(self, name)
            if place < share:
                return name
            place -= share
        return ""


NO_FAULTS: Final = Faults()
"""Everything goes well."""

NAMES: Final = tuple(each.name for each in fields(Faults))
"""Names of the faults, in the order in which a draw is laid to them."""

_SHARE: Final = re.compile(r"(\w+)=(\d{1,3}(?:\.\d{1,6})?)%")


def parse_faults(text: str) -> Faults:
    """Read faults as "lost=2%,throttled=5%".

    Raises:
        WakeupError: it is written otherwise, names an unknown fault or one twice, or comes to more than 100 % (WK7000).
    """
    found: dict[str, float] = {}
    for part in filter(None, text.replace(" ", "").split(",")):
        match = _SHARE.fullmatch(part)
        if match is None or match[1] not in NAMES or match[1] in found:
            raise WakeupError([diagnostic("WK7000", found=part, known=Listed(NAMES))])
        found[match[1]] = float(match[2]) / 100.0
    if sum(found.values()) > 1.0:
        raise WakeupError([diagnostic("WK7000", found=text, known=Listed(NAMES))])
    return Faults(**found)
