"""What an editor asks while one reads and writes: hover, completion, definition, references, outline, folds."""

from pathlib import Path

import pytest
from lsprotocol import types
from tests.lsp.editor import Editor, end_of, under, where
from tests.lsp.texts import CHINESE, ENGLISH, LIBRARY


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with the library."""
    (tmp_path / "library.wake").write_text(LIBRARY, "utf-8")
    return tmp_path


# --------------------------------------------------------------------------- hover


@pytest.mark.parametrize(
    ("text", "place", "within", "told"),
    [
        (ENGLISH, "with off", 6, ["coupon off", "**Thirty off**", "For everybody, once.", "*coupon*"]),
        (ENGLISH, "coupon off", 7, ["For everybody, once."]),
        (ENGLISH, "lib.sms", 4, ['channel sms "Text"', "Short and paid by the part.", "`library.wake`"]),
        (ENGLISH, "lib.sms", 1, ['import "library.wake" as lib']),
        (ENGLISH, "value.high", 7, ["high: 500 CNY and up"]),
        (ENGLISH, "holdout", 2, ["**holdout** · campaign", "never contacted"]),
        (ENGLISH, "limit: 1", 2, ["**limit** · coupon", "redemptions per person"]),
        (ENGLISH, "journey wake", 2, ["**journey**", "step by step"]),
        (ENGLISH, "send hello", 2, ["**send**", "cadence"]),
        (ENGLISH, "at most 2", 4, ["**at most**", "in a window"]),
        (ENGLISH, "for order", 5, ["**order**", "has ordered"]),
        (ENGLISH, "goal wake_rate", 6, ["**wake_rate**", "woken ÷ targeted"]),
        (ENGLISH, "days_since_order", 2, ["**days_since_order**", "last order"]),
        (CHINESE, "附 立减", 2, ["**减三十**", "每人一次。", "*优惠券*"]),
        (CHINESE, "对照组", 1, ["**对照组** · 活动", "从不联系"]),
        (CHINESE, "等待 5天", 1, ["**等待**", "等一段时间"]),
        (CHINESE, "直到 下单", 3, ["**下单**", "下了单"]),
        (CHINESE, "距上次下单", 1, ["距最近一次下单"]),
        (CHINESE, "每30天最多", 1, ["一个人在一段时间内最多收到几次"]),
        (CHINESE, "未下单", 1, ["这件事没有发生", "下了单"]),
        (CHINESE, "满100减30", 1, ["减多少"]),
    ],
    ids=range(21),
)
def test_hover_says_what_a_word_is(
    editor: Editor, folder: Path, text: str, place: str, within: int, told: list[str]
) -> None:
    found = editor.hover(editor.open(folder / "h.wake", text), where(text, place, within=within))
    assert all(each in found for each in told), found


@pytest.mark.parametrize("place", ["# no comment: send", '"Spring', "😴 {{", "{\n", "180d"], ids=range(5))
def test_hover_says_nothing_of_what_is_no_word_of_ours(editor: Editor, folder: Path, place: str) -> None:
    text = f"{ENGLISH}# no comment: send\n"
    assert editor.hover(editor.open(folder / "h.wake", text), where(text, place, within=1)) == ""


def test_hover_shows_what_the_author_wrote_as_it_is(editor: Editor, folder: Path) -> None:
    text = f'{ENGLISH}## ![x](https://example.org/x.png) <b>now</b>\nsegment s "**a** ``` b" {{ where: vip }}\n'
    found = editor.hover(editor.open(folder / "h.wake", text), where(text, "segment s", within=8))
    assert "\\!\\[x\\](https://example.org/x.png) \\<b\\>now" in found
    assert "**\\*\\*a\\*\\*" in found
    assert found.startswith("````wake\nsegment s")


def test_hover_over_a_problem_shows_the_page_of_its_code(editor: Editor, folder: Path) -> None:
    text = ENGLISH.replace("with more", "with mroe")
    found = editor.hover(editor.open(folder / "h.wake", text), where(text, "mroe"))
    assert "**WK2001**" in found
    assert "```wake" in found


# --------------------------------------------------------------------------- completion

STARTS = {"en": ENGLISH, "zh": CHINESE}

COMPLETIONS = [
    ("en", "|", ["campaign", "coupon", "goal", "import"], ["活动", "优惠券"]),
    ("en", "coupon c { |", ["discount", "valid", "limit"], ["cost", "odds"]),
    ("en", "coupon c { discount: 20% off, va|", ["valid", "stock"], ["discount"]),
    ("en", "coupon c by value { |", ["high", "low", "valid"], []),
    ("en", "message m via |", ["lib.sms", "lib.push"], ["off"]),
    ("en", "message m via lib.|", ["lib.sms", "lib.push"], []),
    ("en", 'message m via lib.sms { text: "{{ fi|', ["first_name", "offer"], []),
    ("en", "journey j for |", ["value.high", "value.low", "vip"], ["off"]),
    ("en", "journey j {\n  |", ["send", "wait", "if", "start"], ["at most"]),
    ("en", "journey j {\n  send |", ["hello", "popup"], ["off"]),
    ("en", "journey j {\n  send hello with |", ["off", "more"], ["hello"]),
    ("en", "journey j {\n  send hello with off, |", ["more"], ["start"]),
    ("en", "journey j {\n  wait 5d for |", ["order", "click"], []),
    ("en", "journey j {\n  if |", ["order", "no", "value.high", "days_since_order"], []),
    ("en", "gift g { line: |", ["promotion"], ["off"]),
    ("en", "challenge c { reward: |", ["off", "more"], []),
    ("en", "cadence {\n  at most 2 per 30d for |", ["value.high"], ["vip"]),
    ("en", "cadence {\n  quiet: 21:00 to 09:00 otherwise |", ["delay", "skip"], []),
    ("en", "goal |", ["wake_rate", "incremental_profit"], []),
    ("en", "expect wake_rate >= 8% |", ["sure", "always"], []),
    ("en", "scenario s { down: |", ["lib.sms"], []),
    ("en", "channel c { kind: |", ["sms", "push"], []),
    ("en", "assume { |", ["reach", "delivered"], []),
    ("en", 'campaign d { timezone: "Asia/|', ["Asia/Shanghai"], []),
    ("en", "campaign d { currency: |", ["CNY", "GBP"], []),
    ("en", "campaign d { audience: vip and |", ["days_since_order", "value.low"], []),
    ("en", 'import "|', ["library.wake"], ["c.wake"]),
    ("en", "# send |", [], ["hello"]),
    ("en", "segment s { where: tag(|", ["vip"], ["skin"]),
    ("en", "segment s { where: field(|", ["skin"], ["vip"]),
    ("en", "segment s { where: bought(|", ["coats"], ["vip"]),
    ("en", "bundle b { items: kit, |", ["off", "more"], ["items"]),
    ("en", "draw d { prize: |", ["kit"], ["hello"]),
    ("en", "causes c { one: |", ["days_since_order", "otherwise"], []),
    ("en", "coupon c by reason { |", ["bored", "rich", "other"], ["high"]),
    ("en", 'message m via lib.sms { text: "a" for |', ["value.high", "tag"], ["off"]),
    ("en", "assume { reach: 50% }\nassume for lib.sms { |", ["reach"], []),
    ("zh", "客户 { |", ["标签", "品类"], []),
    ("en", "challenge c { task: check_in for |", [], ["value.high"]),
    ("zh", "|", ["活动", "优惠券", "目标", "引用"], ["campaign", "coupon"]),
    ("zh", "优惠券 券 { |", ["优惠", "有效期", "限领"], ["discount"]),
    ("zh", "消息 甲 通过 |", ["渠道.sms", "渠道.push"], []),
    ("zh", "旅程 甲 {\n  |", ["发送", "等待", "如果", "开始"], ["send"]),
    ("zh", "旅程 甲 {\n  发送 问候 附 |", ["立减"], ["问候"]),
    ("zh", "旅程 甲 {\n  等待7天 直到 |", ["下单", "点击"], ["order"]),
    ("zh", "旅程 甲 {\n  如果 未|", ["未下单", "未点击"], []),
    ("zh", "节奏 {\n  每自然月最多 2次 适用于 |", ["价值.高"], []),
    ("zh", "护栏 甲 { 动作: |", ["停止", "暂停 渠道"], ["stop"]),
]


@pytest.mark.parametrize(
    ("lang", "text", "there", "missing"), COMPLETIONS, ids=[f"{n:02}" for n in range(len(COMPLETIONS))]
)
def test_completion_offers_what_fits(
    editor: Editor, folder: Path, lang: str, text: str, there: list[str], missing: list[str]
) -> None:
    whole = STARTS[lang] + text.replace("|", "")
    uri = editor.open(folder / "c.wake", whole)
    items = {item.label: item for item in editor.complete(uri, end_of(whole))}
    assert {*there} <= items.keys()
    assert not {*missing} & items.keys()
    editor.close(uri)


def test_completion_explains_and_replaces_what_was_typed(editor: Editor, folder: Path) -> None:
    text = f"{ENGLISH}message m via lib.s"
    uri = editor.open(folder / "c.wake", text)
    (item,) = [each for each in editor.complete(uri, end_of(text)) if each.label == "lib.sms"]
    assert item.detail == "channel · Text"
    assert item.documentation == "Short and paid by the part."
    assert isinstance(item.text_edit, types.TextEdit)
    assert under(text, item.text_edit.range) == "lib.s"


def test_what_must_be_there_comes_first_and_with_a_skeleton(editor: Editor, folder: Path) -> None:
    uri = editor.open(folder / "c.wake", ENGLISH)
    (item,) = [each for each in editor.complete(uri, end_of(ENGLISH)) if each.label == "gift"]
    assert isinstance(item.text_edit, types.TextEdit)
    assert item.insert_text_format is types.InsertTextFormat.Snippet
    assert item.text_edit.new_text == "gift ${1} {\n  cost: ${2}\n}"
    editor.change(uri, f"{ENGLISH}staff s {{ ")
    labels = [each.label for each in editor.complete(uri, end_of(f"{ENGLISH}staff s {{ "))]
    assert labels[:3] == ["people", "handles", "hours"]


def test_an_empty_file_begins_with_the_version(editor: Editor, folder: Path) -> None:
    uri = editor.open(folder / "new.wake", "")
    assert editor.complete(uri, (0, 0))[0].label == "wakeup 1"


# --------------------------------------------------------------------------- where things are


@pytest.mark.parametrize(
    ("text", "place", "within", "target"),
    [
        (ENGLISH, "with off", 5, "off"),
        (ENGLISH, "else: popup", 6, "popup"),
        (ENGLISH, "value.high", 6, "high"),
        (ENGLISH, "value.high", 0, "value"),
        (ENGLISH, "not vip", 4, "vip"),
        (ENGLISH, "line: promotion", 6, "promotion"),
        (ENGLISH, "of way", 3, "way"),
        (ENGLISH, "lib.sms", 0, "lib"),
        (ENGLISH, "by value", 3, "value"),
        (CHINESE, "附 立减", 2, "立减"),
        (CHINESE, "非 贵宾", 2, "贵宾"),
    ],
    ids=range(11),
)
def test_a_name_leads_to_its_declaration(
    editor: Editor, folder: Path, text: str, place: str, within: int, target: str
) -> None:
    uri = editor.open(folder / "d.wake", text)
    (found,) = editor.definition(uri, where(text, place, within=within))
    assert found.uri == uri
    assert under(text, found.range) == target
    line = text.split("\n")[found.range.start.line]
    declares = ("coupon", "message", "high:", "tier", "segment", "budget", "split", "import", "优惠券", "人群包")
    assert line.strip().startswith(declares)


def test_a_name_of_a_library_leads_into_it(editor: Editor, folder: Path) -> None:
    uri = editor.open(folder / "d.wake", CHINESE)
    (found,) = editor.definition(uri, where(CHINESE, "渠道.push", within=4))
    assert found.uri == (folder / "library.wake").as_uri()
    assert under(LIBRARY, found.range) == "push"
    (file,) = editor.definition(uri, where(CHINESE, "library.wake", within=2))
    assert (file.uri, file.range.start) == (found.uri, types.Position(0, 0))


def test_references_are_found_in_all_files(editor: Editor, folder: Path) -> None:
    (folder / "other.wake").write_text(ENGLISH, "utf-8")
    uri = editor.open(folder / "d.wake", CHINESE)
    at = where(CHINESE, "渠道.push", within=4)
    names = sorted(each.uri.rpartition("/")[2] for each in editor.references(uri, at))
    assert names == ["d.wake", "library.wake", "other.wake"]
    used = sorted(each.uri.rpartition("/")[2] for each in editor.references(uri, at, declaration=False))
    assert used == ["d.wake", "other.wake"]


def test_the_places_of_a_name_are_marked(editor: Editor, folder: Path) -> None:
    uri = editor.open(folder / "d.wake", ENGLISH)
    params = types.DocumentHighlightParams(
        types.TextDocumentIdentifier(uri), types.Position(*where(ENGLISH, "with off", within=5))
    )
    found = editor.run(editor.client.text_document_document_highlight_async(params)) or ()
    assert [under(ENGLISH, each.range) for each in found] == ["off"] * 3
    assert [each.kind for each in found].count(types.DocumentHighlightKind.Write) == 1


# --------------------------------------------------------------------------- shape


def test_the_outline_is_a_tree(editor: Editor, folder: Path) -> None:
    found = {each.name: each for each in editor.symbols(editor.open(folder / "o.wake", ENGLISH))}
    assert list(found)[:4] == ["lib", "spring", "wake_rate >= 5%", "value"]
    assert found["spring"].detail == "campaign · Spring"
    assert [each.name for each in found["value"].children or ()] == ["high", "low"]
    assert [each.name for each in found["2_000 CNY"].children or ()] == ["promotion"]
    (split,) = found["wake"].children or ()
    assert [(each.name, each.detail) for each in split.children or ()] == [("strong", "50%"), ("weak", "50%")]
    for each in (*found.values(), split):
        assert each.range.start <= each.selection_range.start
        assert each.selection_range.end <= each.range.end


def test_the_outline_of_a_chinese_file(editor: Editor, folder: Path) -> None:
    found = {each.name: each.detail for each in editor.symbols(editor.open(folder / "o.wake", CHINESE))}
    assert found["春季"] == "活动 · 春季"
    assert found["唤醒率 >= 5%"] == "目标"


def test_blocks_imports_and_comments_fold(editor: Editor, folder: Path) -> None:
    imports = 'import "a.wake" as a\nimport "b.wake" as b\n'
    text = f"# one\n# two\nwakeup 1\n{imports}journey j {{\n  if no order {{\n    exit\n  }}\n}}\n"
    assert editor.folds(editor.open(folder / "f.wake", text)) == [(0, 1), (3, 4), (5, 9), (6, 8)]


def test_the_outline_stays_while_one_line_is_broken(editor: Editor, folder: Path) -> None:
    whole = [each.name for each in editor.symbols(editor.open(folder / "o.wake", ENGLISH))]
    broken = ENGLISH.replace("gap: 2d", "gap 2d =").replace("holdout: 10%", "holdout:")
    assert [each.name for each in editor.symbols(editor.open(folder / "p.wake", broken))] == whole
