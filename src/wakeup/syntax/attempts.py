"""Natural ways to say a thing that the language says otherwise, and what to write instead.

People bring words from other tools and from speech: `£10 off`, `大于 90天`, `wait for order for 7d`. The parser stops
somewhere inside such words; a line of this table that covers the place where it stopped knows what was meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache

from attrs import frozen

from wakeup.diagnostics import Diagnostic, Fix, Say, diagnostic
from wakeup.source import Source, Span
from wakeup.syntax.lexicon import lexicon


@frozen
class Attempt:
    """What was written and what to write; ``sure`` tells that it can be put in place without further thought."""

    span: Span
    text: str
    sure: bool


Write = str | Callable[[re.Match[str]], str]

_NUMBER = r"[0-9][0-9_]*(?:\.[0-9]+)?"
_CODE = r"(?-i:[A-Z]{3})\b"
_AMOUNT = rf"{_NUMBER}(?:\s?(?:{_CODE}|%|(?!(?:and|or|to)\b)[a-z]+\b)|[万千]?(?:元|天|日|周|个月|年|次))?"
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_EVENT = r"[^\W\d]\w*(?:\s+(?:or|或)\s+[^\W\d]\w*)*"
_HOUR = r"[0-9]{1,2}:[0-9]{2}"
_PATH = r"[^\W\d]\w*(?:\.[^\W\d]\w*)*"
_LEFT = r"(?P<n>[1-9](?:\.?[1-9])?|[一二三四五六七八九](?:点?[一二三四五六七八九])?)\s?折(?:优惠|扣)?"
_NAMED = rf"(?<![\w.])(?<!\bgrade )(?<!等级 )(?P<no>(?:not\s+|非\s+)?)(?P<n>(?:field|字段)\([^()]*\)|{_PATH})"
_START = r"(?:^|[{｛;；])\s*"

_WORDS = re.compile(r"[a-z]+(?: [a-z]+){1,3}(?!\w)")

_SIGNS: Mapping[str, str] = {"£": "GBP", "€": "EUR", "$": "USD", "＄": "USD", "￡": "GBP", "¥": "CNY", "￥": "CNY"}
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december")  # fmt: skip
_MONTH = r"(?P<m>jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.?"
_NUMERALS: Mapping[str, int] = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "a": 1, "an": 1, "一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10,
}  # fmt: skip
_LATE = frozenset({"pm", "下午", "晚上", "傍晚", "中午"})


def _money(match: re.Match[str]) -> str:
    return f"{match['n']} {_SIGNS[match['s']]}"


def _day(match: re.Match[str]) -> str:
    month = next(at for at, name in enumerate(_MONTHS, 1) if name.startswith(match["m"].lower()[:3]))
    return f"{match['y']}-{month:02}-{int(match['d']):02}"


def _clock(match: re.Match[str]) -> str:
    found = match.groupdict()
    hour, minute = int(match["h"]), 30 if found.get("half") else int(found.get("min") or 0)
    if (found.get("part") or "").lower() in _LATE and hour < 12:
        hour += 12
    return f"{hour:02}:{minute:02}"


def _zhe(match: re.Match[str]) -> str:
    """八五折, 满100享八五折优惠 -> 8.5折, 满100打8.5折."""
    whole, *tenth = (str(_NUMERALS.get(digit, digit)) for digit in match["n"] if digit not in ".点")
    left = f"{'.'.join([whole, *tenth])}折"
    return f"满{match['a']}打{left}" if match["a"] else left


def _together(match: re.Match[str]) -> str:
    """Several bands are one segment."""
    if match["w"].isascii():
        return f"both`, and above it `segment both {{ where: {re.sub(r' *[,，、] *| and ', ' or ', match['c'])} }}"
    return f"合并人群`，并在前面写 `人群包 合并人群 {{ 满足: {re.sub(r' *[,，、] *| 且 ', ' 或 ', match['c'])} }}"


def _to(match: re.Match[str]) -> str:
    return f"{match['a']} {'to' if match.string.isascii() else '到'} {match['b']}"


def _share(match: re.Match[str]) -> str:
    return f"{Decimal(100 * int(match['a'])) / int(match['b']):.4g}%"


def _numeral(match: re.Match[str]) -> str:
    return f"{_NUMERALS[match['x'].lower()]}"


def _thousands(match: re.Match[str], factor: int) -> str:
    return f"{int(Decimal(match['n'].replace('_', '')) * factor):_} {match['u']}"


def _between(match: re.Match[str]) -> str:
    """The ends of `between` count; 60 and 365 days are 60 days and 365 days."""
    name, low, high = match["n"], match["a"], match["b"]
    if re.fullmatch(_NUMBER, low):
        low += high[re.match(_NUMBER, high).end() :]  # type: ignore[union-attr]  # an amount begins with its number
    joint = "and" if match["w"].lower() == "between" else "且"
    both = f"{name} >= {low} {joint} {name} <= {high}"
    return (f"{match['no']}({both})" if match["no"] else both) + match["t"]


def _fixed(pattern: str, write: Write, *, sure: bool = True) -> tuple[str, Write, bool]:
    return pattern, write, sure


TABLE: tuple[tuple[str, Write, bool], ...] = (
    # How other languages begin a comment; imports.
    _fixed(r"(?P<x>//|--+|/\*+)\s?(?P<t>[^\n]*?)\s*(?:\*/)?$", "#"),
    _fixed(r"(?P<x>/\*+)\s?(?P<t>[^\n]*?)\s*\*/.*", "# …", sure=False),
    _fixed(r"from\s+(?P<q>\"[^\"\n]*\")\s+import\s+(?P<n>\w+)", lambda match: f"import {match['q']} as {match['n']}"),
    _fixed(r"(?:import|引用|导入)\s+(?P<x>[^\s\"]+\.wake)", lambda match: f'"{match["x"]}"'),
    _fixed(r"\b(?:as|为|作为)\s+(?P<x>\"(?P<n>\w+)\")", lambda match: match["n"]),
    _fixed(
        r"(?:import|引用|导入)\s+(?P<x>\"(?:[^\"\n]*/)?(?P<n>[^\W\d]\w*)\.wake\")\s*(?=$|#)",
        lambda match: f"{match['x']} as {match['n']}",
    ),
    # declarations
    _fixed(r"^\s*(?P<x>(?P<w>goal|expect|budget|目标|预期|预算)\s*[:：=]\s*)", lambda match: f"{match['w']} "),
    _fixed(r"\w(?P<x>\s*=)\s*\{", ""),
    _fixed(r"(?P<x>\"(?P<k>[^\W\d]\w*)\")(?=\s*:)", lambda match: match["k"]),
    _fixed(r"(?P<x>[A-Za-z_]\w*(?:-[A-Za-z]\w*)+)", lambda match: match["x"].replace("-", "_")),
    # times of day and dates
    _fixed(r"(?P<part>早上|上午|凌晨|中午|下午|傍晚|晚上)?(?P<h>[0-9]{1,2})[点时](?P<half>半)?(?:(?P<min>[0-9]{2})分?)?",
           _clock),
    _fixed(r"\b(?P<h>[0-9]{1,2})(?:[:.](?P<min>[0-9]{2}))?\s?(?P<part>am|pm)\b", _clock),
    _fixed(rf"\b(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}\s+(?P<y>[0-9]{{4}})", _day),
    _fixed(rf"\b{_MONTH}\s+(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>[0-9]{{4}})", _day),
    _fixed(r"(?<![0-9年])(?P<m>[0-9]{1,2})月(?P<d>[0-9]{1,2})[日号]",
           lambda match: f"YYYY-{int(match['m']):02}-{int(match['d']):02}", sure=False),
    _fixed(rf"(?:from\s+)?(?P<a>{_DATE})\s*(?:-|–|—|~|～|to\b)\s*(?P<b>{_DATE})",
           lambda match: f"{match['a']} through {match['b']}"),
    _fixed(rf"(?P<a>{_HOUR})\s?(?:-|–|—|~|～|至)\s?(?P<b>{_HOUR})", _to),
    # money, shares, discounts
    _fixed(rf"(?P<n>{_NUMBER}%)\s*[:：]\s*(?P<w>[^\W\d]\w*)(?=\s*[{{｛])", lambda match: f"{match['n']} {match['w']}"),
    _fixed(rf"(?<![\w\"])(?P<v>[0-9]+[^\s\"%,，:：]*[^\W\d][^\s\"%,，:：]*)(?P<p>\s+{_NUMBER}[%％])(?=\s*(?:[,，}}]|$))",
           lambda match: f'"{match["v"]}"{match["p"]}'),
    _fixed(r"(?P<x>(?P<a>[1-9][0-9]?)/(?P<b>[1-9][0-9]?))(?=\s+[^\W\d]\w*\s*[{｛])", _share),
    _fixed(rf"(?P<s>[{''.join(_SIGNS)}])\s?(?P<n>{_NUMBER})", _money),
    _fixed(rf"(?P<n>{_NUMBER})\s?(?P<s>[{''.join(_SIGNS)}])", _money),
    _fixed(rf"(?P<n>{_NUMBER})\s?percent\b", lambda match: f"{match['n']}%"),
    _fixed(rf"(?P<n>{_NUMBER}%)\s+(?:discount|rebate|reduction)\b", lambda match: f"{match['n']} off"),
    _fixed(rf"(?:打|享)?{_LEFT}\s*[,，]?\s?满\s?(?P<a>{_NUMBER})\s?元?(?:可用)?", _zhe),
    _fixed(rf"(?:满\s?(?P<a>{_NUMBER})\s?元?\s?)?(?:打|立?享)?\s?{_LEFT}", _zhe),
    _fixed(rf"立?减\s?(?P<n>{_NUMBER}(?:元|[%％]))", lambda match: f"{match['n']} 减免"),
    _fixed(r"满\s?(?P<a>[0-9]+)\s?-\s?(?P<b>[0-9]+)", lambda match: f"满{match['a']}减{match['b']}"),
    _fixed(rf"(?P<n>{_NUMBER})(?P<x>块钱|人民币|rmb\b)", "元"),
    _fixed(r"[,，;；]\s*(?P<x>有效期)(?=\s*[0-9])", "有效期:"),
    _fixed(r"有效期(?=\s*[0-9])", "有效"),
    _fixed(rf"(?<![0-9])(?<![0-9]\s)\b(?P<s>{_CODE})\s?(?P<n>{_NUMBER})(?!\w)",
           lambda match: f"{match['n']} {match['s']}"),
    _fixed(rf"(?:response|organic|响应|自然需求)\s*[:：]\s*(?P<x>(?P<n>{_NUMBER})[%％])",
           lambda match: f"{Decimal(match['n'].replace('_', '')) / 100:f}x"),
    _fixed(r"\bonce\b", "1"),
    _fixed(r"\btwice\b", "2"),
    # bands and ranges
    _fixed(rf"{_NAMED}\s+(?:is\s+)?(?P<w>between)\s+(?P<a>{_AMOUNT})\s+(?:and|to)\s+(?P<b>{_AMOUNT})(?P<t>(?:\s+(?:and|or)\b)?)",
           _between),
    _fixed(rf"{_NAMED}\s*(?P<w>介于|在)\s*(?P<a>{_AMOUNT})\s*(?:和|与|且|到|至)\s*(?P<b>{_AMOUNT})\s*(?:之间)?(?P<t>(?:\s+[且或](?!\w))?)",
           _between),
    _fixed(rf"(?P<a>{_AMOUNT})\s?(?:及|或|和|含)以上", lambda match: f"{match['a']} 以上"),
    _fixed(rf"(?P<a>{_AMOUNT})\s?(?:以下|以内|之下)", lambda match: f"低于 {match['a']}"),
    _fixed(rf"(?P<a>{_NUMBER})\+\s?(?P<u>{_CODE})", lambda match: f"{match['a']} {match['u']} and up"),
    _fixed(rf"[:：]\s*(?P<x>(?:>=?|over|above|more than|at least|from)\s*(?P<a>{_AMOUNT}))",
           lambda match: f"{match['a']} and up"),
    _fixed(rf"[:：]\s*(?P<x>(?:大于等于|不少于|不低于|大于|超过|高于|≥|＞)\s*(?P<a>{_AMOUNT}))",
           lambda match: f"{match['a']} 以上"),
    _fixed(rf"[:：]\s*(?P<x>(?:<=?|under|less than|up to)\s*(?P<a>{_AMOUNT}))", lambda match: f"below {match['a']}"),
    _fixed(rf"[:：]\s*(?P<x>(?:小于等于|小于|少于|不到|≤|＜)\s*(?P<a>{_AMOUNT}))", lambda match: f"低于 {match['a']}"),
    _fixed(rf"between\s+(?P<a>{_NUMBER})\s+and\s+(?P<b>{_NUMBER})\s?(?P<u>[A-Za-z]+)",
           lambda match: f"{match['a']} {match['u']} up to {match['b']} {match['u']}"),
    _fixed(rf"(?P<a>{_NUMBER})\s?[-–—~～]\s?(?P<b>{_NUMBER})(?P<u>\s?{_CODE}|d\b)",
           lambda match: f"{match['a']}{match['u']} up to {match['b']}{match['u']}"),
    _fixed(rf"(?P<a>{_NUMBER})(?P<u>元|天|个月|次)?[-–—~～](?P<b>{_NUMBER})(?P<v>元|天|个月|次)",
           lambda match: f"{match['a']}{match['v']} 到 {match['b']}{match['v']}"),
    # comparisons
    _fixed(r"大于等于|不小于|不少于|不低于", ">="),
    _fixed(r"小于等于|不大于|不多于|不高于", "<="),
    _fixed(r"大于|超过|多于|高于", ">"),
    _fixed(r"小于|少于", "<"),
    _fixed(r"(?<=\s)等于", "=="),
    _fixed(r"(?:\bis\s+)?\b(?:at least|no less than|not less than)\b", ">="),
    _fixed(r"(?:\bis\s+)?\b(?:no more than|not more than)\b(?=\s*[0-9])", "<="),
    _fixed(r"(?:\bis\s+)?\b(?:more than|greater than|higher than|over|above|exceeds)\b", ">"),
    _fixed(r"(?:\bis\s+)?\b(?:less than|fewer than|lower than|under)\b", "<"),
    _fixed(r"\b(?:is equal to|equals)\b", "=="),
    _fixed(r"&&", "and"),
    _fixed(r"\|\|", "or"),
    _fixed(r"!(?=[\w(])", "not "),
    _fixed(r"(?P<x>没有?|未|不)(?=买过\s*[(（])", "非 "),
    _fixed(r"(?P<x>\bstock\s+of\s+[\w.]+\s*<=?\s*[0-9_]+)", "redemptions >= 100", sure=False),
    _fixed(r"(?P<x>[^\W\d]\w*\s*的?\s*库存\s*<=?\s*[0-9_]+)", "核销数 >= 100", sure=False),
    _fixed(r"staff\s.*?(?P<x>\b\w+\s*:\s*[0-9]+\s+(?:\w+\s+)?(?:per|a|an)\s+(?:day|hour)\b)",
           "handles: 20min", sure=False),
    _fixed(r"员工\s.*?(?P<x>(?:\w+\s*[:：]\s*)?每(?:天|日|小时)\s*[0-9]+\s*[通个单人次位]\w*)",
           "每单用时: 20分钟", sure=False),
    _fixed(r"(?<=[\"”])\s*(?P<x>给|对|面向|针对)(?=\s*(?:字段|标签|买过|[^\W\d]\w*\.))", "适用于"),
    # journeys
    _fixed(r"\b(?:send|grant)\b[^;{}]*?\bwith\s+[\w.]+(?P<x>\s+(?:and|plus|\+)\s+)", ", "),
    _fixed(rf"wait\s+{_AMOUNT}\s+for\s+(?P<e>[a-z]+)(?P<x>\s*,?\s*(?:or\s+)?(?:else|otherwise)\s+(?P<s>[^;{{}}]+))",
           lambda match: f"; if no {match['e']} {{ {match['s'].strip()} }}"),
    _fixed(r"wait\s+until\s+(?:(?:the|a|one|two|three|[0-9]+)\s|[0-9]+\s?d(?:ays?)?\b)[^;{}]*",
           "wait until YYYY-MM-DD at HH:MM", sure=False),
    _fixed(r"等待?\s*(?:直?到|至)?\s*[^\s;；{}]*(?:开场|活动|当天|[^\W\d]+)前\s*[0-9一两二三]*\s*[天日小时周]*[^;；{}]*",
           "等待 截至 YYYY-MM-DD HH:MM", sure=False),
    _fixed(rf"wait\s+(?:(?:to|till|for|on)\s+)?(?P<d>{_DATE})(?:\s+(?:at\s+)?(?P<h>{_HOUR}))?",
           lambda match: f"wait until {match['d']}" + (f" at {match['h']}" if match["h"] else "")),
    _fixed(rf"等待?\s*(?:直?到|至)?\s*(?P<d>{_DATE})(?:\s+(?P<h>{_HOUR}))?",
           lambda match: f"等待 截至 {match['d']}" + (f" {match['h']}" if match["h"] else "")),
    _fixed(rf"(?:journey|旅程)\s.*?\b(?P<w>for|适用于)\s+(?P<x>(?P<c>{_PATH}(?:\s*(?:,|，|、|\s(?:or|and|或|且)\s)\s*{_PATH})+))",
           _together, sure=False),
    _fixed(r"\bdo\s*:\s*(?P<x>pause(?:\s+(?!channel\b)[^\W\d][\w.]*)?)(?=\s*(?:for\b|[,;}]|$))", "pause channel"),
    _fixed(r"动作\s*[:：]\s*(?P<x>暂停(?:\s*(?!渠道\s*[\s}｝,，;；])[^\W\d][\w.]*)?)(?=\s*(?:持续|[,，;；}｝]|$))",
           "暂停 渠道"),
    _fixed(r"(?:awake|唤醒)\s*[:：]\s*(?P<x>(?P<l>[^\W\d]+(?:\s*[,，、/]\s*[^\W\d]+)+))",
           lambda match: re.sub(r"\s*[,，、/]\s*", " or " if match["l"].isascii() else " 或 ", match["l"])),
    _fixed(rf"(?P<w>pause channel|暂停\s*渠道)\s*(?P<t>{_NUMBER}\s?[^\W\d]+)",
           lambda match: f"{match['w']} {'for' if match['w'].isascii() else '持续'} {match['t']}"),
    _fixed(rf"wait\s+(?:for|until)\s+(?P<e>{_EVENT})\s*,?\s+(?:for|within|up to|at most)\s+(?P<t>{_AMOUNT})",
           lambda match: f"wait {match['t']} for {match['e']}"),
    _fixed(rf"wait\s+(?:for|until)\s+(?P<t>{_AMOUNT})\s+(?:for\s+)?(?P<e>{_EVENT})",
           lambda match: f"wait {match['t']} for {match['e']}"),
    _fixed(rf"等待?\s*直到\s*(?P<t>{_AMOUNT})\s*(?P<e>{_EVENT})", lambda match: f"等待 {match['t']} 直到 {match['e']}"),
    _fixed(rf"等待?\s*直到\s*(?P<e>[^\W\d]+?)\s*(?:持续|最多)?\s*(?P<t>{_AMOUNT})",
           lambda match: f"等待 {match['t']} 直到 {match['e']}"),
    _fixed(rf"等待?\s*(?P<e>下单|打开|点击|领取|参与|打卡)\s*(?P<t>{_AMOUNT})",
           lambda match: f"等待 {match['t']} 直到 {match['e']}"),
    _fixed(r"wait\s+until\s+(?P<e>[^\W\d]\w*)", lambda match: f"wait 7d for {match['e']}", sure=False),
    _fixed(rf"{_START}(?P<x>等)(?=\s?[0-9])", "等待 "),
    _fixed(rf"{_START}(?P<x>若|假如|假设|当)(?=\s)", "如果"),
    _fixed(rf"{_START}(?P<x>when|whenever|unless)(?=\s)", "if"),
    _fixed(rf"{_START}(?P<x>stop|end|quit|finish)(?!\w)", "exit"),
    _fixed(rf"{_START}(?P<x>结束|停止|终止|离开)(?!\w)", "退出"),
    _fixed(rf"{_START}(?P<x>发|推送|发出)(?=\s)", "发送"),
    _fixed(r"\s+(?:happened|happens|occurred|occurs|happen)\b", ""),
    _fixed(r"(?<=\S)\s*(?:发生了?|了)(?=\s*[{｛])", ""),
    _fixed(r"\s+(?:then|则|那么)(?=\s*[{｛])", ""),
    _fixed(r"\b(?:send|发送)\s+[\w.]+(?P<x>\s+(?:to|via|by)\s+[\w.]+)", ""),
    _fixed(rf"{_START}(?P<x>after\s+(?P<t>{_AMOUNT})\s*,?\s*)(?=send|grant|if|exit)",
           lambda match: f"wait {match['t']}; "),
    _fixed(r"(?P<x>(?P<n>[^\W\d]\w*)\s*:?\s+(?P<s>[0-9.]+%))(?=\s*\{)", lambda match: f"{match['s']} {match['n']}"),
    _fixed(r"(?:message|消息|文案)\b[^{｛\n]*[{｛]\s*(?P<x>\"[^\"\n]*\")", lambda match: f"text: {match['x']}"),
    _fixed(r"(?<=直到)(?=[^\W\d])", " "),
    # caps
    _fixed(rf"{_START}(?P<x>max|maximum|no more than|not more than|up to)(?=\s+[0-9])", "at most"),
    _fixed(r"每人(?=每)", ""),
    _fixed(r"最多(?P<p>每(?:自然)?[天日周月年])", lambda match: f"{match['p']}最多"),
    _fixed(rf"(?P<n>{_NUMBER}(?: times)?)\s?(?P<x>(?:an?|/|each|every)\s?(?P<u>day|week|month|year|person))",
           lambda match: f"per {match['u']}"),
    _fixed(rf"(?P<n>{_NUMBER})\s?m(?:illion|n)?\s?(?P<u>{_CODE})", lambda match: _thousands(match, 1_000_000)),
    _fixed(rf"(?P<n>{_NUMBER})\s?k\s?(?P<u>{_CODE})", lambda match: _thousands(match, 1_000)),
    # numerals in words, and adjectives of time
    _fixed(rf"(?P<n>{_NUMBER})-(?P<u>day|week|month|hour)s?\b", lambda match: f"{match['n']} {match['u']}s"),
    _fixed(rf"\bper\s+(?P<x>(?P<n>{_NUMBER})\s+(?P<u>second|minute|hour|day|week)s?\b)",
           lambda match: match["n"] + {"m": "min"}.get(match["u"][0], match["u"][0])),
    _fixed(r"\b(?P<x>one|two|three|four|five|six|seven|eight|nine|ten)(?=\s+\w)", _numeral),
    _fixed(r"(?:wait|within|after|for)\s+(?P<x>an?)(?=\s+(?:second|minute|hour|day|week|month|year)\b)", _numeral),
    _fixed(r"(?<!\.)(?P<x>[一二两三四五六七八九十])(?=(?:天|日|周|个月|小时|分钟|次|人|份))", _numeral),
)  # fmt: skip
"""Expression, what to write (a text, or made of the match), whether that can be put in place. The first group ``x`` is
what is replaced, else the whole match. Tried in order."""


def said_otherwise(source: Source, at: Span) -> Diagnostic | None:
    """Return the diagnostic about the words at a place, if the table knows them."""
    found = attempt(source, at)
    return None if found is None else told(source, found)


def told(source: Source, found: Attempt) -> Diagnostic:
    """Return the diagnostic about an attempt."""
    words, text = source.text_of(found.span).strip(), found.text.strip()
    fix = Fix(found.span, found.text, Say("write") if text else Say("remove it"))
    help_text = None if text else Say("remove it")
    return diagnostic("WK1038", found.span, fix=fix if found.sure else None, help=help_text, word=words, text=text)


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """The table's expressions, compiled at the first fault: a right file needs none."""
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern, _, _ in TABLE)


LONGEST_LINE = 2_000
"""Characters of a line that is looked at: nobody wrote a longer one by hand."""


def attempt(source: Source, at: Span) -> Attempt | None:
    """Return what was meant by the words at a place, if the table knows them."""
    number = source.position(at.start)[0]
    line, line_start = source.line_text(number), source.offset(number, 1)
    if len(line) > LONGEST_LINE:
        return None
    for pattern, (_, write, sure) in zip(_patterns(), TABLE, strict=True):
        for match in pattern.finditer(line):
            group = "x" if "x" in pattern.groupindex else 0
            start, end = (line_start + offset for offset in match.span(group))
            if start < max(at.end, at.start + 1) and at.start < end and not _quoted(line, match.start(group)):
                text = write if isinstance(write, str) else write(match)
                return Attempt(source.span(start, end), text, sure)
    return None


def joined(source: Source, start: int, end: int) -> Attempt | None:
    """Return the word of the language that the words from a place on are with underscores: `wake rate`."""
    match = _WORDS.match(source.text, start)
    if match is None:
        return None
    words = match[0].split(" ")
    for count in range(len(words), 1, -1):
        text = "_".join(words[:count])
        span = source.span(start, start + len(text))
        if span.end >= end and text in lexicon().words:
            return Attempt(span, text, True)
    return None


def _quoted(line: str, at: int) -> bool:
    """Tell whether a place on a line lies inside a text in quotes."""
    return line.count('"', 0, at) % 2 == 1
