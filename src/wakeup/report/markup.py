"""HTML that cannot be broken by what people type: elements are built, and every text put into one is escaped."""

from html import escape

from wakeup.source.columns import shown


class Safe(str):
    """A piece of finished HTML; only this module and inline charts make it, everything else is escaped."""

    __slots__ = ()


def element(tag: str, *content: str, **attributes: str) -> Safe:
    """Return `<tag …>content</tag>`; content that is not `Safe` is escaped, attributes always are.

    A trailing underscore of an attribute name is dropped (`class_`), inner underscores become hyphens; an attribute
    with an empty value is left out.
    """
    inside = "".join(map(text, content))
    return Safe(f"<{tag}{_written(attributes)}>{inside}</{tag}>")


def void(tag: str, **attributes: str) -> Safe:
    """Return an element without content or end tag (`<meta …>`)."""
    return Safe(f"<{tag}{_written(attributes)}>")


def join(*pieces: str) -> Safe:
    """Return the pieces one after the other; what is not `Safe` is escaped."""
    return Safe("".join(map(text, pieces)))


def text(piece: str) -> Safe:
    """Return a text escaped, invisible characters and control codes made visible; `Safe` stays as it is."""
    return piece if isinstance(piece, Safe) else Safe(escape(shown(piece)))


def lines(block: str) -> Safe:
    """Return a text of several lines, escaped line by line, for an element that keeps line ends (`<pre>`)."""
    return Safe("\n".join(map(text, block.splitlines())))


def _written(attributes: dict[str, str]) -> str:
    names = ((name.rstrip("_").replace("_", "-"), value) for name, value in attributes.items() if value)
    return "".join(f' {name}="{escape(shown(value), quote=True)}"' for name, value in names)
