"""Tables of the page: a head, rows of texts, numbers to the right, and a line that says why a place is empty."""

from collections.abc import Sequence

from wakeup.report.markup import Safe, element, join
from wakeup.report.numbers import NOTHING


def table(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    caption: str = "",
    words: int = 1,
    empty: str = "",
    tall: bool = False,
) -> Safe:
    """Return a table. The first `words` columns are text, the others numbers; the first cell heads its row.

    A row of one cell is a heading over the rows that follow. `empty` says below the table why some cells are "–"; it is
    left out where none is. `tall` tables scroll on a screen and are whole in print.
    """
    if not rows:
        return element("p", NOTHING, class_="note")
    top = element(
        "thead", element("tr", *(_cell("th", title, at >= words, scope="col") for at, title in enumerate(head)))
    )
    body = element("tbody", *(_row(row, len(head), words) for row in rows))
    title = [element("caption", caption)] if caption else []
    box = element("div", element("table", *title, top, body), class_="scroll tall" if tall else "scroll", tabindex="0")
    missing = empty and any(cell == NOTHING for row in rows for cell in row)
    return join(box, element("p", f"{NOTHING} {empty}", class_="note")) if missing else box


def _row(cells: Sequence[str], columns: int, words: int) -> Safe:
    if len(cells) == 1:
        return element("tr", element("th", cells[0], colspan=str(columns), scope="rowgroup"), class_="group")
    head, *others = cells
    return element(
        "tr",
        element("th", head, scope="row"),
        *(_cell("td", cell, at >= words) for at, cell in enumerate(others, start=1)),
    )


def _cell(tag: str, content: str, number: bool, **attributes: str) -> Safe:
    return element(tag, content, **attributes, **({"class_": "number"} if number else {}))
