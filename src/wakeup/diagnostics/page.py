"""The page of a code: what it means, with a wrong and a right example; as text and as Markdown."""

from collections.abc import Iterator

from wakeup.diagnostics.registry import Code, Language

_WORDS = {"en": ("wrong", "right"), "zh": ("错误写法", "正确写法")}


def page(entry: Code, lang: Language = "en") -> str:
    """Return the page as text for a terminal, without a line end after the last line."""
    return "\n".join(_text(entry, lang))


def page_markdown(entry: Code, lang: Language = "en") -> str:
    """Return the page as Markdown, without the code and its title, which stand above it wherever it is shown."""
    return "\n".join(_markdown(entry, lang))


def _text(entry: Code, lang: Language) -> Iterator[str]:
    yield f"{entry.code}: {entry.title} ({entry.severity.value})"
    yield from ("", _message(entry, lang), "", _why(entry))
    for word, example in _examples(entry, lang):
        yield from ("", f"{word}:", *(f"    {line}" for line in example))


def _markdown(entry: Code, lang: Language) -> Iterator[str]:
    yield from (f"> {_message(entry, lang)}", "", _why(entry))
    for word, example in _examples(entry, lang):
        yield from ("", f"{word}:", "", "```wake", *example, "```")


def _message(entry: Code, lang: Language) -> str:
    return entry.zh if lang == "zh" else entry.en


def _why(entry: Code) -> str:
    return " ".join(entry.why.split())


def _examples(entry: Code, lang: Language) -> Iterator[tuple[str, list[str]]]:
    for word, example in zip(_WORDS[lang], (entry.wrong, entry.right), strict=True):
        if example:
            yield word, example.strip("\n").splitlines()
