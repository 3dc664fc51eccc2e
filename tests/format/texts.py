"""Campaign texts, made up: any construct in either language, spelled and laid out in any way that can be read."""

from typing import TypeAlias

from hypothesis import strategies as st

from wakeup.source import Source
from wakeup.syntax import parse
from wakeup.syntax.lexicon import lexicon
from wakeup.syntax.nodes import File

Words: TypeAlias = list[str]
"""Tokens of a text; between any two of them there may be blanks, a comment or a new line."""

LINE = "\n"
"""A token that stands for the end of an item: a new line, sometimes with a comment or a blank line."""


def clean(text: str) -> File | None:
    """The tree of a text that has nothing wrong, else None."""
    file, found = parse(Source("test.wake", text))
    return None if found else file


def keyword(terminal: str, *only: int) -> st.SearchStrategy[Words]:
    """Any spelling of a keyword, or those at some places of its list."""
    spellings = lexicon().keywords[terminal]
    return st.sampled_from([spellings[at] for at in only] or list(spellings)).map(lambda word: [word])


def join(*parts: st.SearchStrategy[Words] | str) -> st.SearchStrategy[Words]:
    """One text after another."""
    made = [st.just([part]) if isinstance(part, str) else part for part in parts]
    return st.tuples(*made).map(lambda found: [word for words in found for word in words])


def maybe(part: st.SearchStrategy[Words]) -> st.SearchStrategy[Words]:
    """A text or nothing."""
    return st.one_of(st.just([]), part)


def separated(part: st.SearchStrategy[Words], by: st.SearchStrategy[Words], most: int) -> st.SearchStrategy[Words]:
    """One or more of a text with something between."""
    return st.lists(st.tuples(by, part), min_size=1, max_size=most).map(
        lambda found: [word for at, (between, words) in enumerate(found) for word in (*(between if at else ()), *words)]
    )


def spelled(table: str) -> st.SearchStrategy[Words]:
    """Any spelling of any word of a table of the lexicon."""
    return st.sampled_from(sorted(getattr(lexicon(), table))).map(lambda word: [word])


# Names that are words of the language elsewhere are the hard ones.
NAMES = ("a", "c800", "value", "短期", "老客", "order", "下单", "sms", "短信", "staff", "stock", "库存", "未来客户")
names = st.sampled_from(NAMES).map(lambda word: [word])
refs = st.one_of(names, st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)).map(lambda two: [".".join(two)]))

numbers = st.one_of(
    st.integers(0, 3_000_000).map(str),
    st.sampled_from(["0.05", "0.60", "1_200_000", "10000", "12_500", "1500", "00", "-5", "0.0008", "123456789012.5"]),
)
CHINESE_NUMBERS = st.sampled_from(["1万", "1.5万", "12.34万", "2亿", "1.2亿", "3千"])
CURRENCIES = st.sampled_from([" CNY", " GBP", "元", " 元", "块", " JPY", "GBP"])


def glued(left: st.SearchStrategy[str], right: st.SearchStrategy[str]) -> st.SearchStrategy[Words]:
    """A number and its unit, as one token (a unit stands on the line of its number)."""
    return st.builds(lambda a, b: [a + b], left, right)


money = st.one_of(glued(numbers, CURRENCIES), glued(CHINESE_NUMBERS, st.sampled_from(["元", "块"])))
percents = glued(st.sampled_from(["5", "50", "0.3", "12.50", "20.0", "0", "100"]), st.just("%"))
counts = st.one_of(
    glued(numbers, st.sampled_from(["", "人", "次", " people", "份"])), CHINESE_NUMBERS.map(lambda n: [n])
)
periods = glued(
    st.sampled_from(["1", "3", "15", "0.5", "1_000"]),
    st.sampled_from(
        ["d", "h", "min", "s", "w", "天", "小时", "分钟", "周", " days", " hour", " month", "个月", "年", " years"]
    ),
)
short_periods = glued(st.sampled_from(["7", "30", "1"]), st.sampled_from(["d", "h", "天", "个月", "year", "周"]))
factors = glued(st.sampled_from(["0.7", "2"]), st.sampled_from(["x", "倍"]))
quantities = glued(st.sampled_from(["500", "1_000", "2万"]), st.sampled_from([" sent", " 发送数", " 点击", " clicked"]))
days = st.dates().map(lambda day: [day.isoformat()])
hours = st.one_of(
    st.times().map(lambda time: [f"{time:%H:%M}"]), st.sampled_from(["9:00", "21:30:15"]).map(lambda t: [t])
)
moments = st.one_of(days, join(days, maybe(keyword("AT")), hours))
texts = st.one_of(
    st.sampled_from(['"x"', '"a \\"b\\" \\\\ \\n"', '"{{ first_name }}, # no {comment}"', '"沉睡：顾客"']),
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters='"\\'), max_size=12).map('"{}"'.format),
).map(lambda text: [text])
literals = st.one_of(money, percents, counts, periods, factors, quantities, moments, hours, texts)

FULL_CUTS = st.sampled_from(
    ["满300减80", "满 1_200 元 立减 200.5元", "满12000减2_000", "满1万减2千", "满1.25万减1_000"]
).map(lambda word: [word])
ZHE = st.builds(
    lambda over, left: [f"{over}{left}折"],
    st.sampled_from(["", "打", "享 ", "满100打", "满 1_200.5 元 ", "满0立享", "满1.5万打"]),
    st.sampled_from(["8", "85", "8.5", "80", "0.5", "8.75 ", "9.999", "1.0"]),
)
comma = st.sampled_from([",", "，", "、"]).map(lambda word: [word])


calls = st.sampled_from(["tag", "标签", "field", "字段", "bought", "买过"]).map(lambda word: [word])


def predicates(depth: int = 2) -> st.SearchStrategy[Words]:
    """Conditions."""
    operand: st.SearchStrategy[Words] = st.one_of(
        literals, refs, spelled("attributes"), spelled("events"), spelled("words"),
        join(calls, "(", refs, ")"),
        join(calls, "(", refs | texts, ") ", keyword("WITHIN"), periods),
        join(keyword("WITHIN"), short_periods, calls, "(", refs, ")"),
        join(keyword("NO"), st.one_of(names, spelled("events"))),
        st.sampled_from(["未下单", "未点击"]).map(lambda word: [word]),
    )  # fmt: skip
    if depth:
        operand = st.one_of(operand, join("(", predicates(depth - 1), ")"))
    comparison = join(operand, st.sampled_from([">=", "<", "==", "≠", "＞"]).map(lambda op: [op]), operand)
    term = join(
        st.lists(keyword("NOT"), max_size=2).map(lambda nots: [w for n in nots for w in n]), operand | comparison
    )
    return separated(separated(term, keyword("AND"), 3), keyword("OR"), 3)


units = spelled("per")
each = st.one_of(
    join(keyword("PER"), maybe(keyword("CALENDAR")), units),
    join(keyword("PER"), short_periods),
    st.sampled_from(["每天", "每自然月", "每人", "每份", "每计费条"]).map(lambda word: [word]),
    keyword("APIECE"),
)
ranges = (
    join(days, keyword("THROUGH"), days) | join(moments, keyword("UNTIL"), moments) | join(hours, keyword("TO"), hours)
)
bands = st.one_of(join(money, keyword("TO"), money), join(money, keyword("AND_UP")), join(keyword("BELOW"), money))
targets = st.one_of(refs, spelled("events"), periods, predicates(0).map(lambda words: ["(", *words, ")"]))
tails = st.one_of(
    each,
    join(keyword("FROM"), moments | ranges),
    join(keyword("FOR"), separated(targets, keyword("OR"), 2)),
    join(keyword("FOR"), predicates(1)),
    join(keyword("WITHIN"), literals), join(keyword("AFTER"), quantities), join(keyword("SURE"), percents),
    join(keyword("VALID"), periods), join(keyword("OF"), spelled("words") | names), join(keyword("VIA"), refs),
    join(keyword("GRADE"), spelled("words")), join(keyword("OTHERWISE"), spelled("words") | names),
    join(keyword("BETWEEN"), literals, keyword("AND"), literals), join(keyword("SOURCE"), texts),
    keyword("ALWAYS"), keyword("POSTPONE"), join(keyword("FOR"), periods, keyword("IN_A_ROW")),
)  # fmt: skip
heads = st.one_of(
    predicates(), ranges, bands, FULL_CUTS, ZHE, join(money | percents, keyword("OFF"), maybe(money)),
    join(keyword("PAUSE"), maybe(spelled("words") | names)), refs, spelled("words"),
    join(names | spelled("words") | texts, percents), keyword("OTHERWISE"),
)  # fmt: skip
phrases = st.builds(
    lambda first, head, more: [*first, *head, *(word for tail in more for word in tail)],
    maybe(st.sampled_from(["每天", "每人"]).map(lambda word: [word])), heads, st.lists(tails, max_size=3),
)  # fmt: skip
values = separated(phrases, comma, 3)


def keyed(keys: st.SearchStrategy[Words]) -> st.SearchStrategy[Words]:
    """A property."""
    return st.builds(lambda key, colon, value: [key[0] + colon, *value], keys, st.sampled_from([":", "："]), values)


props = keyed(spelled("keys"))
own_props = keyed(names)
field_props = keyed(st.sampled_from(["tags", "标签", "categories", "品类"]).map(lambda word: [word]))
allows = join(keyword("ALLOW"), st.sampled_from(["WK3308", "wk1", "短信"]).map(lambda word: [word]), texts)


def block(item: st.SearchStrategy[Words], most: int = 3) -> st.SearchStrategy[Words]:
    """A block of items."""
    inner = st.lists(item, max_size=most).map(lambda found: [word for words in found for word in (*words, LINE)])
    return st.tuples(st.sampled_from(["{}", "｛｝"]), inner).map(lambda two: [two[0][0], LINE, *two[1], two[0][1]])


lists = separated(refs, comma, 3)
caps = st.one_of(
    join(keyword("AT_MOST"), counts, st.lists(tails, max_size=2).map(lambda more: [w for tail in more for w in tail])),
    join(st.sampled_from(["每自然月最多", "每30天最多", "每天至多"]).map(lambda word: [word]), counts),
)


def statements(depth: int = 2) -> st.SearchStrategy[Words]:
    """Statements of a journey."""
    plain = st.one_of(
        join(keyword("SEND"), refs, maybe(join(keyword("WITH"), lists))),
        join(keyword("GRANT"), lists),
        join(keyword("WAIT"), periods, maybe(join(keyword("FOR"), separated(spelled("events"), keyword("OR"), 2)))),
        join(keyword("WAIT"), keyword("UNTIL"), moments),
        keyword("EXIT"),
        join(
            keyword("PROMOTE"), st.sampled_from(["winner", "优胜者"]).map(lambda word: [word]),
            maybe(join(keyword("OF"), names)), maybe(join(keyword("SURE"), percents)),
            maybe(join(keyword("AFTER"), periods)),
        ),
    )  # fmt: skip
    if not depth:
        return plain
    body = block(statements(depth - 1), 2)
    arm = join(st.one_of(percents, counts, money.map(lambda m: [m[0].replace(" ", "")])), names, maybe(texts), body)
    return st.one_of(
        plain,
        join(keyword("IF"), predicates(1), body),
        join(keyword("IF"), predicates(1), body, keyword("ELSE"), body),
        join(
            keyword("IF"), predicates(0), body, keyword("ELSE"), keyword("IF"), predicates(0), body,
            maybe(join(keyword("ELSE"), body)),
        ),
        join(
            keyword("SPLIT"), names,
            maybe(join(keyword("MEASURING"), spelled("words"), maybe(join(keyword("WITHIN"), periods)))), block(arm),
        ),
    )  # fmt: skip


def nouns(kind: str) -> st.SearchStrategy[Words]:
    """Any spelling of a kind."""
    tables = {**lexicon().nouns, **lexicon().claims}
    return st.sampled_from([word for word, of in tables.items() if of == kind]).map(lambda word: [word])


def declarations() -> st.SearchStrategy[Words]:
    """Declarations of every kind."""
    links = {"by": "BY", "via": "VIA", "for": "FOR"}
    made = []
    for kind, shape in lexicon().shapes.items():
        parts: list[st.SearchStrategy[Words] | str] = [nouns(kind)]
        if kind == "budget":
            parts.append(money)
        if shape.name == "required":
            parts += [names, maybe(texts)]
        parts += [maybe(join(keyword(links[link]), refs | spelled("words"))) for link in sorted(shape.links)]
        items = {
            "bands": own_props,
            "fields": own_props | field_props,
            "caps": props | caps,
            "journey": props | statements(),
            "props": props | own_props,
        }
        made.append(join(*parts, block(items[shape.holds] | allows)))
    made += [join(nouns(kind), phrases) for kind in ("goal", "expect")]
    made.append(allows)
    return st.one_of(made)


DECLARATIONS = declarations()
IMPORTS = join(keyword("IMPORT"), '"shared/x.wake"', keyword("AS"), names)
COMMENTS = ("# note", "#tight", "## doc", "##", "########", "#  deep", "# 中文：注释")
GAPS = ["\n", *(f" {comment}\n" for comment in COMMENTS), *(f"\n{comment}\n" for comment in COMMENTS)]
"""What may stand between two tokens besides a blank."""


@st.composite
def campaigns(draw: st.DrawFn, most: int = 3) -> str:
    """A whole text, with comments and new lines at any place."""
    imports = draw(st.lists(IMPORTS, max_size=1))
    decls = draw(st.lists(DECLARATIONS, min_size=1, max_size=most))
    words = ["wakeup", " 1", LINE, *(word for entry in (*imports, *decls) for word in (*entry, LINE))]
    odd = draw(st.dictionaries(st.integers(0, len(words)), st.sampled_from(GAPS), max_size=5))
    ends = draw(st.lists(st.sampled_from(["\n", "\n\n", "\n\n\n", " ;\n"]), min_size=1, max_size=4))
    pieces = [ends[at % len(ends)] if word == LINE else word for at, word in enumerate(words)]
    return "".join(piece + odd.get(at, " ") for at, piece in enumerate(pieces))
