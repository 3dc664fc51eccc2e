"""What was typed and is no command, told in either language.

Click's own texts are English and change with its version. What went wrong is read from the error, what would have been
right from the commands themselves.
"""

import inspect
import re
from collections.abc import Iterator, Sequence
from enum import Enum
from typing import Any, get_args, get_type_hints

from wakeup.diagnostics import Listed, Piece, Say, Text, suggest


def asked_language(arguments: Sequence[str]) -> str | None:
    """Return what `--lang` says, before it is known whether the rest can be read."""
    for word, following in zip(arguments, (*arguments[1:], ""), strict=True):
        name, _, value = word.partition("=")
        if name == "--lang":
            return value or following
    return None


def lines(error: Exception) -> Iterator[Text]:
    """Yield what is wrong with the words of a command, and what helps."""
    context: Any = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        yield str(error)
        return
    told, *more = _told(error, context)
    yield Say("error: {told}", told=told)
    for each in more:
        yield Say("help: {told}", told=each)
    if context is not None:
        yield Say("help: {command} --help shows what it takes", command=context.command_path)


def _told(error: Any, context: Any) -> tuple[Text, ...]:
    """What is wrong and what helps. Typer carries its own copy of Click's errors in some versions: told by name."""
    match type(error).__name__:
        case "NoSuchOption":
            said = Say("there is no option {name}", name=error.option_name), *_near(sorted(error.possibilities or ()))
        case "BadOptionUsage" if "requires" in error.message:
            said = (Say("{name} is given without a value", name=error.option_name),)
        case "BadOptionUsage":
            said = (Say("{name} takes no value", name=error.option_name),)
        case "MissingParameter" if error.param is not None:
            said = Say("{name} is missing", name=_name(error.param)), *_takes(error.param, context)
        case "BadParameter" if error.param is not None:
            found = re.search(r"'(.*?)' is not ", error.message)
            said = _takes(error.param, context, found[1] if found else "")
        case "UsageError" if found := re.match(r"No such command '(.+?)'", error.message):
            said = Say("there is no command {name}", name=found[1]), *_commands(found[1], context)
        case "UsageError" if found := re.search(r"extra argument.*?\s\((.+)\)$", error.message):
            said = (Say("too much is given: {words}", words=found[1]),)
        case _:
            said = ()
    return said or (str(error),)


def _near(names: Sequence[str]) -> tuple[Piece, ...]:
    return (Say("did you mean {names}?", names=Listed(names, "or")),) if names else ()


def _commands(name: str, context: Any) -> tuple[Piece, ...]:
    known = list(getattr(context.command, "commands", ()))
    return _near(suggest(name, known)) or (Say("known: {names}", names=Listed(known)),)


def _name(param: Any) -> str:
    """An option as it is typed, an argument in capitals, as `--help` has it."""
    return str(param.opts[-1]) if param.param_type_name == "option" else str(param.metavar or param.name).upper()


def _takes(param: Any, context: Any, found: str = "") -> tuple[Piece, ...]:
    """What an option or argument takes, as the command declares it, and not `found`; nothing where that is any text."""
    hints = get_type_hints(inspect.unwrap(context.command.callback), include_extras=True)
    declared, *notes = get_args(hints[param.name])
    what: Piece | None = None
    for kind in (declared, *get_args(declared)):
        if isinstance(kind, type) and issubclass(kind, Enum):
            what = Listed([str(each.value) for each in kind], "or")
        elif kind is int:
            least = next((note.min for note in notes if getattr(note, "min", None) is not None), None)
            what = Say("a whole number") if least is None else Say("a whole number from {least}", least=least)
    if what is None:
        return ()
    if found:
        return (Say("{name} takes {what}, not `{found}`", name=_name(param), what=what, found=found),)
    return (Say("{name} takes {what}", name=_name(param), what=what),)
