"""Pages that people see: unsubscribing by one click. No script, nothing from elsewhere, no cookie, no redirect."""

import html
import tomllib
from functools import cache
from typing import Final

from wakeup.terms.data import packaged_text
from wakeup.terms.language import Language

HEADERS: Final = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "x-robots-tag": "noindex",
    "x-content-type-options": "nosniff",
}

_PAGE: Final = """<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><style>body{{font:18px/1.6 system-ui,sans-serif;max-width:32em;margin:15vh auto;padding:0 1em;
color:#222;background:#fff}}button{{font:inherit;padding:.6em 1.4em;border:0;border-radius:6px;background:#1f5fa8;
color:#fff;cursor:pointer}}</style></head><body><h1>{title}</h1><p>{text}</p>{form}</body></html>
"""
_FORM: Final = '<form method="post"><button type="submit">{button}</button></form>'


def asked(lang: Language) -> str:
    """Return the page with the button."""
    return _page("ask", lang, button=True)


def done(lang: Language) -> str:
    """Return the page that says that it is done."""
    return _page("done", lang)


def unknown(lang: Language) -> str:
    """Return the page for an address that we did not make."""
    return _page("unknown", lang)


def later(lang: Language) -> str:
    """Return the page that asks to try again."""
    return _page("later", lang, button=True)


def language_of(header: str, otherwise: Language) -> Language:
    """Return the first of the browser's languages that we speak."""
    wanted: list[tuple[float, int, str]] = []
    for place, part in enumerate(header.split(",")[:20]):
        name, _, weight = part.strip().partition(";q=")
        try:
            wanted.append((-float(weight or 1), place, name.partition("-")[0].lower()))
        except ValueError:
            continue
    for _, _, name in sorted(wanted):
        if name == "zh":
            return "zh"
        if name == "en":
            return "en"
    return otherwise


def _page(name: str, lang: Language, *, button: bool = False) -> str:
    words = {key: html.escape(text) for key, text in _words()[lang].items()}
    return _PAGE.format(
        lang="zh-CN" if lang == "zh" else "en",
        title=words[f"{name}_title"],
        text=words[f"{name}_text"],
        form=_FORM.format(button=words["button"]) if button else "",
    )


@cache
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads(packaged_text("service/words.toml"))
