"""The conformance kit: what every adapter must pass, also one of another package.

A provider is played by a `Provider` of yours: a server on this machine that speaks the real contract, breaks by script
and keeps a log of what had its effect. The kit sends through your adapter and judges by that log alone.

With pytest::

    @pytest.mark.parametrize("check", CHECKS, ids=str)
    def test_the_adapter_conforms(check):
        with MyProvider() as provider:
            if why := check(open_mine, provider):
                pytest.skip(why)
"""

from wakeup.channels.kit.checks import CHECKS
from wakeup.channels.kit.provider import REFUSALS, Fault, NonConformance, Provider, Receipt
from wakeup.channels.kit.trial import Check, Outcome, conformance

__all__ = [
    "CHECKS",
    "REFUSALS",
    "Check",
    "Fault",
    "NonConformance",
    "Outcome",
    "Provider",
    "Receipt",
    "conformance",
]
