"""Tables of cases in Markdown: one dict per row, by column title; the heading above names the table."""

from pathlib import Path

HERE = Path(__file__).parent


def table(file: str, heading: str) -> list[dict[str, str]]:
    """The rows of the table under `## heading` in a page of this folder."""
    text = (HERE / file).read_text(encoding="utf-8")
    section = text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [_cells(line) for line in section.splitlines() if line.startswith("|")]
    titles, rows = lines[0], lines[2:]
    assert rows, heading
    return [dict(zip(titles, row, strict=True)) for row in rows]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]
