"""Packaged data: the one place that knows where data files of wakeup lie.

Grammar files live at the top of the checkout in ``grammars/`` and inside an installed wheel in ``wakeup/_grammars/``;
what a new project begins with lives in ``campaigns/`` and ``wakeup/_library/``; every other data file lies beside the
code that reads it, inside the ``wakeup`` package.
"""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

_CHECKOUT = Path(__file__).resolve().parents[3]
_LIBRARY = "library"
_DOCS = "docs"


def packaged(name: str) -> bytes:
    """Return the content of a data file that ships with wakeup.

    A bare name (``"campaign.lark"``, ``"lexicon.toml"``) is a grammar file; a name in ``library``
    (``"library/shared/cn_channels.wake"``) a part of a new project; one in ``docs`` (``"docs/properties.toml"``) a
    table that the manual shares with the program; any other name with a folder (``"terms/outcomes.toml"``) is a path
    inside the ``wakeup`` package.

    Raises:
        FileNotFoundError: no such file ships with wakeup.
    """
    target = _locate(name)
    if target is None:
        raise FileNotFoundError(f"wakeup ships no data file named {name!r}")
    return target.read_bytes()


def packaged_text(name: str) -> str:
    """Return a packaged UTF-8 data file as text; see `packaged`."""
    return packaged(name).decode("utf-8")


def _locate(name: str) -> Traversable | None:
    parts = name.split("/")
    if ".." in parts or "" in parts:
        return None
    package = files("wakeup")
    # The wheel's copy first: an installed wakeup must never read a folder that happens to lie above it.
    candidates: tuple[Traversable, ...]
    if len(parts) == 1:
        candidates = (package.joinpath("_grammars", name), _CHECKOUT / "grammars" / name)
    elif parts[0] == _LIBRARY:
        candidates = (package.joinpath("_library", *parts[1:]), _CHECKOUT.joinpath("campaigns", *parts[1:]))
    elif parts[0] == _DOCS:
        candidates = (package.joinpath("_docs", *parts[1:]), _CHECKOUT.joinpath("docs", *parts[1:]))
    else:
        candidates = (package.joinpath(*parts),)
    return next((candidate for candidate in candidates if candidate.is_file()), None)
