"""How the service is set up."""

from typing import Final

from attrs import frozen

from wakeup.channels.protocol import Secret
from wakeup.channels.signing import SigningKeys
from wakeup.terms.language import Language

LARGEST_BODY: Final = 1 << 20
"""Most bytes of one call."""

MOST_WAITING: Final = 100_000
"""Answers that may wait to be worked in before new ones are put off: a few minutes of an executor's work."""

RETRY_AFTER: Final = 5
"""Seconds after which who was put off may try again."""


@frozen
class Settings:
    """What the service is told at its start.

    keys: that the shop's calls are signed with; None: there is no `/events`. currency, zone: of amounts and of times
    without a zone. lang: of pages, where the browser does not say. public: the address under which others reach the
    service, "" for as the call says; providers sign it. metrics_token: who asks for the figures has to show it.
    """

    keys: SigningKeys | None = None
    currency: str = "CNY"
    zone: str = "Asia/Shanghai"
    lang: Language = "en"
    public: str = ""
    metrics_token: Secret | None = None
    most_waiting: int = MOST_WAITING
