"""Write what comes from the program itself: the page of codes, the schema of a plan, tables of the language reference.

A table stands in its page between `<!-- table NAME -->` and `<!-- end -->`; everything else on the page is written by
hand. What a property means stands in properties.toml, what it is called and how it is written in the checker.
"""

import json
import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from wakeup.diagnostics import Code, registry
from wakeup.lang.attributes import ATTRIBUTES, ENGINE_VARIABLES, EXAMPLE, FIELD_VARIABLES, OFFER_VARIABLES
from wakeup.lang.claims import GUARD_FIGURES
from wakeup.lang.schema import KINDS, REPEATABLE
from wakeup.plan.schema import plan_schema
from wakeup.terms.behaviour import Parameter, parameters
from wakeup.terms.data import packaged_text
from wakeup.terms.lists import FIGURES_COUNT, FIGURES_MONEY, FIGURES_RATIO, ChannelKind

HERE = Path(__file__).resolve().parent

HEADINGS = {
    "WK1": "Syntax",
    "WK2": "Names, types and units",
    "WK3": "Time, money and logic",
    "WK4": "Policy and consent",
    "WK5": "Plan and state",
    "WK6": "Customer data",
    "WK9": "Our bugs",
}


# --- codes -----------------------------------------------------------------------------------------------------------


def errors_page() -> str:
    """Return the Markdown page of all codes."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Diagnostic codes"
    yield ""
    yield "Written by `make docs` from `src/wakeup/diagnostics/codes/`. `wakeup explain CODE` shows one of them."
    for prefix, heading in HEADINGS.items():
        entries = [entry for code, entry in registry().items() if code.startswith(prefix)]
        if entries:
            yield from ("", f"## {heading}")
        for entry in entries:
            yield from _entry(entry)


def _entry(entry: Code) -> Iterator[str]:
    yield from ("", f"### {entry.code}: {entry.title}", "")
    yield f"*{entry.severity.value}* · `{entry.en}` · `{entry.zh}`"
    yield from ("", " ".join(entry.why.split()))
    for kind, text in (("Help", entry.help_en), ("帮助", entry.help_zh)):
        if text is not None:
            yield from ("", f"{kind}: {text}")
    for kind, snippet in (("Wrong", entry.wrong), ("Right", entry.right)):
        if snippet is not None:
            yield from ("", f"{kind}:", "", "```wake", snippet.strip("\n"), "```")


# --- schema of the plan ----------------------------------------------------------------------------------------------


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


def _keywords() -> Iterator[str]:
    rows = ((_code(each.get("en", ())), _code(each.get("zh", ()))) for each in _lexicon()["keywords"].values())
    return _rows(("English", "中文"), rows)


def _nouns() -> Iterator[str]:
    both = _lexicon()["nouns"] | _lexicon()["claims"]
    return _rows(("English", "中文"), ((f"`{word}`", _code(each["zh"])) for word, each in both.items()))


def _attributes() -> Iterator[str]:
    chinese = _lexicon()["attributes"]
    rows = ((f"`{name}`", _code(chinese[name]), EXAMPLE[measure]) for name, measure in ATTRIBUTES.items())
    return _rows(("attribute", "中文", "compared with"), rows)


def _events() -> Iterator[str]:
    rows = ((_code((word, *each["en"])), _code(each["zh"])) for word, each in _lexicon()["events"].items())
    return _rows(("event", "中文"), rows)


def _figures() -> Iterator[str]:
    chinese = _lexicon()["figures"]
    kinds = [(FIGURES_COUNT, "a number"), (FIGURES_MONEY, "money"), (FIGURES_RATIO, "a ratio")]
    rows = (
        (f"`{name}`", _code(chinese.get(name, ())), kind, "yes" if name in GUARD_FIGURES else "")
        for names, kind in kinds
        for name in names
    )
    return _rows(("figure", "中文", "is", "in a guard"), rows)


def _variables() -> Iterator[str]:
    for name in (*ENGINE_VARIABLES, *FIELD_VARIABLES):
        kind = "needs an incentive in the send" if name in OFFER_VARIABLES else "always filled"
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


def main() -> int:
    """Write the pages beside this file."""
    (HERE / "errors.md").write_text(errors_page(), encoding="utf-8")
    (HERE / "schema" / "plan.schema.json").write_text(plan_schema_file(), encoding="utf-8")
    language = HERE / "language.md"
    language.write_text(filled(language.read_text("utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
