"""What is wrong with JSON that does not have the shape of the model, in words of either language."""

from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from attrs import frozen

from wakeup.diagnostics import Piece, Say
from wakeup.diagnostics.words import table
from wakeup.terms.language import Language


def misshapen(error: BaseException, path: str) -> Say:
    """Return the first thing that is wrong and where it stands; `path` is what the whole is called.

    `error` is what cattrs raised; `cattrs.transform_error` finds the place.
    """
    from cattrs import transform_error

    found: list[Say] = []

    def keep(each: BaseException, wanted: Any) -> str:
        found.append(_wrong(each, wanted))
        return ""

    places = transform_error(error, path, keep)
    return Say("{problem} @ {where}", problem=found[0], where=places[0].removeprefix(" @ "))


def _wrong(error: BaseException, wanted: Any) -> Say:
    match error:
        case KeyError():
            return Say("required field missing")
        case ValueError() | TypeError() if wanted is not None:
            return Say("invalid value for type, expected {type}", type=_Shape(wanted))
        case _ if get_origin(wanted) is Literal:
            value = str(error).partition(" not in literal ")[0]
            return Say("unknown error ({value} not in literal {known})", value=value, known=_Choice(wanted))
        case _:
            return Say("unknown error ({error})", error=str(error))


@frozen(str=False)
class _Shape(Piece):
    """A type: by its name in English, by what it is in JSON in Chinese."""

    wanted: Any

    def told(self, lang: Language) -> str:
        if lang == "en":
            return getattr(self.wanted, "__name__", None) or repr(self.wanted)
        union = get_origin(self.wanted) in (Union, UnionType)
        names = (each.__name__ for each in (get_args(self.wanted) if union else (self.wanted,)))
        shapes = table("shapes")
        return "或".join(dict.fromkeys(shapes.get(name, shapes["object"]) for name in names))


@frozen(str=False)
class _Choice(Piece):
    """The words of a closed list, which are the same in both languages."""

    wanted: Any

    def told(self, lang: Language) -> str:
        return repr(self.wanted) if lang == "en" else "、".join(map(str, get_args(self.wanted)))
