"""Write what comes from the program itself: the page of codes, the schema of a plan, tables of the language reference,
tables and pictures of the pages on behaviour, the parser's tables. With `--check` nothing is written: exit code 1 if
something would change.

A table stands in its page between `<!-- table NAME -->` and `<!-- end -->`; everything else on the page is written by
hand. What a property means stands in properties.toml, what it is called and how it is written in the checker.
"""

import json
import re
import runpy
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from wakeup.channels.registry import load
from wakeup.channels.settings import COMMON, COMMON_OF_MESSAGES
from wakeup.diagnostics import Code, Language, registry
from wakeup.lang.attributes import ATTRIBUTES, EXAMPLE
from wakeup.lang.schema import KINDS, REPEATABLE
from wakeup.live.events import events_schema
from wakeup.plan.schema import plan_schema
from wakeup.syntax.generate import prebuilt
from wakeup.syntax.tables import FILE
from wakeup.terms.behaviour import Parameter, parameters
from wakeup.terms.data import packaged_text
from wakeup.terms.lists import FIGURES_COUNT, FIGURES_GUARD, FIGURES_MONEY, FIGURES_RATIO, ChannelKind
from wakeup.terms.variables import ENGINE_VARIABLES, EVENT_VARIABLES, FIELD_VARIABLES, OFFER_VARIABLES

HERE = Path(__file__).resolve().parent
BEHAVIOUR: Mapping[str, Any] = runpy.run_path(str(HERE / "behaviour_pages.py"))

HEADINGS = {
    "WK1": {"en": "Syntax", "zh": "语法"},
    "WK2": {"en": "Names, types and units", "zh": "名称、类型与单位"},
    "WK3": {"en": "Time, money and logic", "zh": "时间、金额与逻辑"},
    "WK4": {"en": "Policy and consent", "zh": "合规与授权"},
    "WK5": {"en": "Plan and state", "zh": "方案与状态"},
    "WK6": {"en": "Customer data", "zh": "客户数据"},
    "WK7": {"en": "Running for real", "zh": "正式执行"},
    "WK9": {"en": "Our bugs", "zh": "程序自身的错误"},
}

_OPENING = {
    "en": (
        "# Diagnostic codes",
        "",
        (
            "Written by `make docs` from `src/wakeup/diagnostics/codes/`. `wakeup explain CODE` shows one of them. "
            "中文：[errors.zh.md](errors.zh.md)。"
        ),
    ),
    "zh": (
        "# 诊断代码",
        "",
        (
            "由 `make docs` 根据 `src/wakeup/diagnostics/codes/` 生成。`wakeup explain 代码 --lang zh` 显示其中一条。"
            "English: [errors.md](errors.md)."
        ),
    ),
}
_LABELS = {"en": ("Help: ", "Wrong:", "Right:"), "zh": ("帮助：", "错误写法：", "正确写法：")}


# --- codes -----------------------------------------------------------------------------------------------------------


def errors_page(lang: Language) -> str:
    """Return the Markdown page of all codes in a language."""
    return "\n".join(_lines(lang)) + "\n"


def _lines(lang: Language) -> Iterator[str]:
    yield from _OPENING[lang]
    for prefix, heading in HEADINGS.items():
        entries = [entry for code, entry in registry().items() if code.startswith(prefix)]
        if entries:
            yield from ("", f"## {heading[lang]}")
        for entry in entries:
            yield from _entry(entry, lang)


def _entry(entry: Code, lang: Language) -> Iterator[str]:
    message, help_text = (entry.zh, entry.help_zh) if lang == "zh" else (entry.en, entry.help_en)
    help_word, *words = _LABELS[lang]
    yield from ("", f"### {entry.code}: {entry.heading(lang)}", "")
    yield f"*{entry.severity.told(lang)}* · `{message}`"
    yield from ("", entry.reason(lang))
    if help_text is not None:
        yield from ("", f"{help_word}{help_text}")
    for kind, snippet in zip(words, entry.examples(lang), strict=True):
        if snippet is not None:
            yield from ("", kind, "", "```wake", snippet.strip("\n"), "```")


# --- schema of the plan ----------------------------------------------------------------------------------------------


def events_schema_file() -> str:
    """Return the JSON Schema of what a shop tells a live run."""
    return json.dumps(events_schema(), ensure_ascii=False, indent=2) + "\n"


def plan_schema_file() -> str:
    """Return the JSON Schema of a plan, derived from the plan's model."""
    return json.dumps(plan_schema(), ensure_ascii=False, indent=2) + "\n"


# --- tables of the language ------------------------------------------------------------------------------------------


def filled(page: str) -> str:
    """Return a page with its tables written anew."""

    def table(match: re.Match[str]) -> str:
        rows = "\n".join(_table(match["name"]))
        return f"<!-- table {match['name']} -->\n{rows}\n<!-- end -->"

    return re.sub(r"<!-- table (?P<name>[\w ]+) -->\n(?:(?!<!-- ).)*<!-- end -->", table, page, flags=re.DOTALL)


def _table(name: str) -> Iterator[str]:
    if name.startswith("behaviour "):
        yield from BEHAVIOUR["table"](name.split()[1:])
        return
    if name.split()[0] == "channel":
        yield from _settings(*name.split()[1:])
        return
    kind = name.removeprefix("properties ")
    yield from (_properties(kind) if kind != name else TABLES[name]())


def _rows(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    head = tuple(head)
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"


def _code(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _lexicon() -> Mapping[str, Any]:
    return tomllib.loads(packaged_text("lexicon.toml"))


def _properties(kind: str) -> Iterator[str]:
    told = tomllib.loads((HERE / "properties.toml").read_text("utf-8"))
    types, own = told["types"], told[kind]
    if own.keys() != KINDS[kind].keys():
        raise ValueError(f"properties.toml, {kind}: {', '.join(own.keys() ^ KINDS[kind].keys())}")
    chinese = _lexicon()["keys"]
    rows = []
    for key, known in KINDS[kind].items():
        default = "**required**" if known.required else own[key]["default"]
        again = "; may be repeated" if (kind, key) in REPEATABLE else ""
        rows.append((f"`{key}`", _code(chinese[key]), types[known.type], default, own[key]["means"] + again))
    return _rows(("property", "中文", "written", "without it", "meaning"), rows)


def _settings(*of: str) -> Iterator[str]:
    """The settings of an adapter's channel, or of its messages; of no adapter, those that every channel has."""
    loaded = load(of[0]) if of and of[0] != "messages" else None
    if loaded is None:
        settings = COMMON_OF_MESSAGES if of else COMMON
    else:
        settings = (loaded.message_settings if "messages" in of else loaded.settings) or ()
    rows = (
        (
            f"`{each.name}`",
            "a secret" if each.secret else "a list of texts" if each.kind == "list" else f"a {each.kind}",
            "**required**" if each.required else _written(each.default),
            each.meaning,
        )
        for each in settings
    )
    return _rows(("setting", "written", "without it", "meaning"), rows)


def _written(default: object) -> str:
    if default == "":
        return ""
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def _keywords() -> Iterator[str]:
    rows = ((_code(each.get("en", ())), _code(each.get("zh", ()))) for each in _lexicon()["keywords"].values())
    return _rows(("English", "中文"), rows)


def _nouns() -> Iterator[str]:
    both = _lexicon()["nouns"] | _lexicon()["claims"]
    return _rows(("English", "中文"), ((f"`{word}`", _code(each["zh"])) for word, each in both.items()))


def _attributes() -> Iterator[str]:
    chinese = _lexicon()["attributes"]
    rows = ((f"`{name}`", _code(chinese[name]), f"`{EXAMPLE[measure]}`") for name, measure in ATTRIBUTES.items())
    return _rows(("attribute", "中文", "compared with"), rows)


def _events() -> Iterator[str]:
    rows = ((_code((word, *each["en"])), _code(each["zh"])) for word, each in _lexicon()["events"].items())
    return _rows(("event", "中文"), rows)


def _figures() -> Iterator[str]:
    chinese = _lexicon()["figures"]
    kinds = [(FIGURES_COUNT, "a number"), (FIGURES_MONEY, "money"), (FIGURES_RATIO, "a ratio")]
    rows = (
        (f"`{name}`", _code(chinese.get(name, ())), kind, "yes" if name in FIGURES_GUARD else "")
        for names, kind in kinds
        for name in names
    )
    return _rows(("figure", "中文", "is", "in a guard"), rows)


def _variables() -> Iterator[str]:
    for name in (*ENGINE_VARIABLES, *FIELD_VARIABLES):
        needs = "incentive" if name in OFFER_VARIABLES else "event" if name in EVENT_VARIABLES else ""
        kind = f"needs an {needs} in the send" if needs else "always filled"
        yield f"* `{{{{ {name} }}}}`: {kind if name in ENGINE_VARIABLES else 'a column of the customer table'}"


def _channels() -> Iterator[str]:
    chinese = _lexicon()["values"]
    return _rows(("kind", "中文"), ((f"`{kind}`", _code(chinese[str(kind)])) for kind in ChannelKind))


def _parameters() -> Iterator[str]:
    chinese = _lexicon()["keys"]
    rows = (
        (f"`{each.name}`", _code(chinese.get(each.name, ())), each.meaning, each.unit, each.scope, _median(each))
        for each in parameters().values()
    )
    return _rows(("parameter", "中文", "meaning", "unit", "may differ by", "assumed by itself"), rows)


def _median(parameter: Parameter) -> str:
    told = [(prior.scope.removeprefix("kind:"), f"{prior.median:g}") for prior in parameter.priors]
    return ", ".join(f"{scope} {value}" if scope else value for scope, value in told)


def _units() -> Iterator[str]:
    units = _lexicon()["units"]
    names = {"elapsed": "elapsed time", "calendar": "calendar time", "per": "what a rate is counted over"}
    for table, name in names.items():
        rows = units[table].items()
        yield f"* {name}: " + "; ".join(_code((word, *_spellings(each))) for word, each in rows)
    yield f"* words that only say what is counted: {_code((*units['counting']['en'], *units['counting']['zh']))}"
    yield f"* money: any ISO 4217 code; {_code(units['currency']['CNY'])} is CNY"
    yield f"* factors: {_code((*units['times']['en'], *units['times']['zh']))}"
    yield f"* large numbers: {', '.join(f'`{word}` = {value:_}' for word, value in units['magnitude'].items())}"


def _spellings(entry: Any) -> tuple[str, ...]:
    return (*entry.get("en", ()), *entry.get("zh", ())) if isinstance(entry, dict) else tuple(entry)


TABLES: Mapping[str, Callable[[], Iterator[str]]] = {
    "keywords": _keywords,
    "nouns": _nouns,
    "attributes": _attributes,
    "events": _events,
    "figures": _figures,
    "variables": _variables,
    "channels": _channels,
    "parameters": _parameters,
    "units": _units,
}


def contents() -> Iterator[tuple[Path, bytes]]:
    """Yield every file that is written by the program, with what it must hold."""
    yield HERE.parent / "grammars" / FILE, prebuilt()
    yield HERE / "errors.md", errors_page("en").encode()
    yield HERE / "errors.zh.md", errors_page("zh").encode()
    yield HERE / "schema" / "plan.schema.json", plan_schema_file().encode()
    yield HERE / "schema" / "events.schema.json", events_schema_file().encode()
    for page in (HERE / "language.md", HERE / "channels.md", *sorted((HERE / "behaviour").glob("*.md"))):
        yield page, filled(page.read_text("utf-8")).encode()
    yield from BEHAVIOUR["contents"]()


def stale() -> Iterator[str]:
    """Name the files that are not up to date."""
    for path, data in contents():
        if not path.is_file() or path.read_bytes() != data:
            yield f"{path.relative_to(HERE.parent)} is not up to date: run `make docs`"


def main() -> None:
    """Write the files."""
    for path, data in contents():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


if __name__ == "__main__":
    if "--check" in sys.argv[1:]:
        sys.exit("\n".join(stale()) or 0)
    main()
