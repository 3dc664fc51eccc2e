"""The page of a code: what it means, with a wrong and a right example; as text and as Markdown."""

from collections.abc import Iterator
from string import Formatter

from wakeup.diagnostics.registry import Code
from wakeup.terms.language import Language

_WORDS = {"en": ("wrong:", "right:"), "zh": ("错误写法：", "正确写法：")}


def page(entry: Code, lang: Language = "en") -> str:
    """Return the page as text for a terminal, without a line end after the last line."""
    return "\n".join(_text(entry, lang))


def page_markdown(entry: Code, lang: Language = "en") -> str:
    """Return the page as Markdown, without the code and its title, which stand above it wherever it is shown."""
    return "\n".join(_markdown(entry, lang))


def _text(entry: Code, lang: Language) -> Iterator[str]:
    yield f"{entry.code}: {entry.heading(lang)} ({entry.severity.told(lang)})"
    yield from ("", _message(entry, lang), "", entry.reason(lang))
    for word, example in _examples(entry, lang):
        yield from ("", word, *(f"    {line}" for line in example))


def _markdown(entry: Code, lang: Language) -> Iterator[str]:
    yield from (f"> {_message(entry, lang)}", "", entry.reason(lang))
    for word, example in _examples(entry, lang):
        yield from ("", word, "", "```wake", *example, "```")


def _message(entry: Code, lang: Language) -> str:
    """The message, with dots where a real one has names and numbers."""
    template = entry.zh if lang == "zh" else entry.en
    return "".join(text + "…" * (name is not None) for text, name, _, _ in Formatter().parse(template))


def _examples(entry: Code, lang: Language) -> Iterator[tuple[str, list[str]]]:
    for word, example in zip(_WORDS[lang], entry.examples(lang), strict=True):
        if example:
            yield word, example.strip("\n").splitlines()
