"""The files that many tests read."""

from pathlib import Path

from wakeup.source import Source
from wakeup.syntax import parse
from wakeup.syntax.nodes import File

HERE = Path(__file__).parent
CAMPAIGNS = HERE.parents[1] / "campaigns"

FILES = {
    path.name: path.read_text("utf-8")
    for path in (
        CAMPAIGNS / "beauty_autumn.wake",
        CAMPAIGNS / "shared" / "cn_channels.wake",
        HERE / "north_star_zh.wake",
        HERE / "north_star_zh_in_english.wake",
    )
}


def tree(text: str) -> File:
    """Parse text that is right, with the version line put before it."""
    file, found = parse(Source("test.wake", "wakeup 1\n" + text))
    assert found == (), found
    assert file is not None
    return file
