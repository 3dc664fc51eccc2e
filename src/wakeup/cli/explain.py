"""`wakeup explain`: the page of a code."""

from wakeup.cli import exits
from wakeup.cli.messages import language
from wakeup.diagnostics import Listed, Say, WakeupError, diagnostic, registry, suggest
from wakeup.diagnostics.page import page


def run(code: str) -> int:
    """Print the page of `code`.

    Raises:
        WakeupError: WK5020, there is no such code.
    """
    entry = registry().get(code.upper())
    if entry is None:
        near = suggest(code.upper(), registry())
        meant = Say("did you mean {names}?", names=Listed(near, "or")) if near else None
        raise WakeupError([diagnostic("WK5020", name=code, help=meant)])
    print(page(entry, language()))
    return exits.FINE
