"""One log in every form that people export it in."""

import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pytest

from wakeup.customers import from_history
from wakeup.customers.files import Loaded

Write = Callable[..., Path]
ENGLISH = "customer_id,order_date,amount\n甲,2026-01-05,80\n乙,2026-02-06,120.5\n甲,2026-03-07,20\n"
CHINESE = "客户编号,下单时间,金额\n甲,2026-01-05,80\n乙,2026-02-06,120.5\n甲,2026-03-07,20\n"
_OPEN = "http://schemas.openxmlformats.org"
_MAIN = f"{_OPEN}/spreadsheetml/2006/main"
_LINK = f"{_OPEN}/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats"
_KIND = f"{_TYPE}-officedocument.spreadsheetml"
_SHEET = f'<worksheet xmlns="{_MAIN}"><sheetData>{{}}</sheetData></worksheet>'


def _links(*targets: tuple[str, str]) -> str:
    inside = "".join(
        f'<Relationship Id="rId{i}" Type="{_LINK}/{kind}" Target="{target}"/>'
        for i, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{_OPEN}/package/2006/relationships">{inside}</Relationships>'


_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_OPEN}/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Default Extension="rels" ContentType="{_TYPE}-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/></Types>',
    "_rels/.rels": _links(("officeDocument", "xl/workbook.xml")),
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINK}">'
    '<sheets><sheet name="Orders" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": _links(("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml")),
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><cellXfs count="2"><xf numFmtId="0"/>'
    '<xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>',
}


def workbook(path: Path, rows: list[list[str | int | float | tuple[float]]]) -> Path:
    """Write the least workbook: texts inline, numbers, and (days since 1900,) as a date."""
    lines = ""
    for number, row in enumerate(rows, start=1):
        cells = ""
        for letter, value in zip("ABCDEFG", row, strict=False):
            place = f'r="{letter}{number}"'
            if isinstance(value, str):
                cells += f'<c {place} t="inlineStr"><is><t>{value}</t></is></c>'
            elif isinstance(value, tuple):
                cells += f'<c {place} s="1"><v>{value[0]}</v></c>'
            else:
                cells += f"<c {place}><v>{value}</v></c>"
        lines += f'<row r="{number}">{cells}</row>'
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in _PARTS.items():
            archive.writestr(name, text)
        archive.writestr("xl/worksheets/sheet1.xml", _SHEET.format(lines))
    path.write_bytes(content.getvalue())
    return path


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (ENGLISH.encode(), "UTF-8"),
        (ENGLISH.encode("utf-8-sig"), "UTF-8 (BOM)"),
        (CHINESE.encode("gb18030"), "GB18030"),
        (CHINESE.encode("utf-16"), "UTF-16"),
        (CHINESE.replace(",", ";").encode(), "UTF-8"),
        (CHINESE.replace(",", "\t").encode(), "UTF-8"),
        (CHINESE.replace("\n", "\r\n").encode("utf-8-sig"), "UTF-8 (BOM)"),
        (gzip.compress(CHINESE.encode("gb18030"), mtime=0), "GB18030"),
        (gzip.compress(ENGLISH.encode(), mtime=0), "UTF-8"),
        (ENGLISH.replace("120.5", '"1,120.50"').encode(), "UTF-8"),
        (ENGLISH.rstrip("\n").encode(), "UTF-8"),
    ],
)
def test_texts(tmp_path: Path, content: bytes, encoding: str) -> None:
    path = tmp_path / "orders.txt"
    path.write_bytes(content)
    history = from_history(path, zone="Asia/Shanghai")
    assert history.report.encoding == encoding
    assert history.report.problems == ()
    spent = dict(zip(history.population.ids, history.population.monetary, strict=True))
    assert spent == {"甲": 10_000, "乙": 112_050 if b"1,120" in content else 12_050}


def test_gb18030_is_found_late_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    rows = "".join(f"{i},2026-01-05,80\n" for i in range(100_000))
    path.write_bytes(("id,date,amount\n" + rows + "乙,2026-02-06,1\n").encode("gb18030"))
    history = from_history(path)
    assert history.report.encoding == "GB18030"
    assert len(history.population) == 100_001
    assert "乙" in history.population.ids


def test_a_character_across_two_blocks_is_one(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    head = "id,date,amount\n"
    filler = "a" * ((1 << 20) - len(head) - 1)
    path.write_bytes(f"{head}{filler}客,2026-01-05,80\n".encode())
    history = from_history(path)
    assert history.report.encoding == "UTF-8"
    assert history.population.ids[0].endswith("a客")


def test_xlsx(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "orders.xlsx",
        [
            ["客户编号", "下单时间", "金额"],
            [1001, (46027.5,), 80],
            [1002, "2026/2/6", 120.5],
            [1001, 20260307, "20"],
        ],
    )
    history = from_history(path, zone="Asia/Shanghai")
    people = history.population
    assert history.report.encoding == "xlsx"
    assert sorted(people.ids) == ["1001", "1002"]
    (row,) = np.flatnonzero(people.ids == "1001")
    assert people.first_order[row] == 1767585600  # 2026-01-05 12:00 in Shanghai
    assert people.monetary[row] == 10_000


def test_of_several_sheets_the_one_that_is_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = '<sheet name="Orders" sheetId="1" r:id="rId1"/>'
    both = _PARTS["xl/workbook.xml"].replace(one, one + one.replace("Orders", "Old").replace('Id="1"', 'Id="2"'))
    monkeypatch.setitem(_PARTS, "xl/workbook.xml", both)
    path = workbook(tmp_path / "orders.xlsx", [["id", "date", "amount"], [1001, (46027.5,), 80]])
    assert from_history(path).report.encoding == "xlsx, sheet 'Orders' of 2"


def test_parquet_with_whole_floating_ids(tmp_path: Path) -> None:
    path = tmp_path / "orders.parquet"
    duckdb.sql("SELECT 12.0::DOUBLE AS customer_id, DATE '2026-01-05' AS date, 8.125::DOUBLE AS amount").write_parquet(
        str(path)
    )
    people = from_history(path).population
    assert list(people.ids) == ["12"]
    assert people.monetary[0] == 813


@pytest.mark.parametrize("name", ["or*rs.csv", "o[r]ders.csv", "o?ders.csv", "a'b\"c;--.csv"])
def test_strange_file_names_mean_themselves(tmp_path: Path, name: str) -> None:
    (tmp_path / "orders.csv").write_text("id,date,amount\nwrong,2026-01-05,1\n")
    path = tmp_path / name
    path.write_text("id,date,amount\nright,2026-01-05,1\nshort\n")
    history = from_history(path)
    assert list(history.population.ids) == ["right"]
    assert history.report.problems[0].first_rows == (3,)


def test_strange_column_names(write: Write) -> None:
    path = write("orders.csv", 'id,"da""te; DROP TABLE log",a.b', "1,2026-01-05,7")
    mapping = {"time": 'da"te; DROP TABLE log', "amount": "a.b"}
    assert from_history(path, mapping=mapping).population.monetary[0] == 700


def test_row_numbers_count_rows_that_were_left_out() -> None:
    loaded = Loaded(first_row=2, broken=(2, 5, 6))
    assert [loaded.row_number(row) for row in range(4)] == [3, 4, 7, 8]
