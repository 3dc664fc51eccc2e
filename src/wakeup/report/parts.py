"""What a page is made of: sections of blocks, each a table with the charts of the same data."""

from collections.abc import Sequence

from attrs import frozen

from wakeup.report.charts import Drawing
from wakeup.report.markup import Safe, element


@frozen
class Block:
    """A table and the charts of the same data that stand beside it, still to be drawn."""

    table: Safe
    charts: tuple[Drawing, ...] = ()

    def laid_out(self, drawn: Sequence[Safe]) -> Safe:
        """Return the block with its charts drawn."""
        if not drawn:
            return self.table
        return element("div", element("div", *drawn), element("div", self.table), class_="pair")


@frozen
class Section:
    """A part of the page: `title`, a `note` on how to read it, and its blocks."""

    title: str
    note: str
    blocks: tuple[Block, ...]
