"""Standard output for tables."""

from typing import Final

from rich.console import Console

NARROWEST: Final = 80


def screen() -> Console:
    """Return standard output for tables, at least `NARROWEST` columns wide: a narrower terminal breaks lines, where a
    narrower table would cut numbers."""
    console = Console()
    console.width = max(console.width, NARROWEST)
    return console
