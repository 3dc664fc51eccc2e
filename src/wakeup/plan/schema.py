"""The JSON Schema of a plan, derived from its model: what `wakeup plan -o` writes and `plan_from_json` reads."""

import inspect
import types
from typing import Any, Literal, Union, get_args, get_origin

from attrs import NOTHING, fields, has, resolve_types

from wakeup.plan import model, predicates
from wakeup.plan.model import FORMAT_VERSION, Plan

DRAFT = "https://json-schema.org/draft/2020-12/schema"
KIND = "kind"
"""The field that tells the members of a union apart; it is required even where the model has a default."""

_PLAIN = {int: "integer", str: "string", bool: "boolean", float: "number", type(None): "null"}


def plan_schema() -> dict[str, Any]:
    """Return the schema (draft 2020-12) as a tree of plain dicts, lists and texts.

    Every class of the model is a definition under its name, described by its docstring. Fields with a default may be
    absent; unknown fields are allowed, for a newer minor version may have added them.
    """
    definitions: dict[str, Any] = {}
    _define(Plan, definitions)
    plan = definitions.pop(Plan.__name__)
    plan["properties"]["format_version"] |= {"pattern": rf"^{FORMAT_VERSION}(\.|$)"}
    plan["required"] = sorted({*plan["required"], "format_version"})
    described = "What `wakeup plan -o plan.json` writes. " + plan.pop("description")
    return {
        "$schema": DRAFT,
        "title": "wakeup plan",
        "description": described,
        **plan,
        "$defs": dict(sorted(definitions.items())),
    }


def _define(cls: type[Any], definitions: dict[str, Any]) -> None:
    if cls.__name__ in definitions:
        return
    definitions[cls.__name__] = {}  # before its fields: predicates hold predicates
    resolve_types(cls, {**vars(predicates), **vars(model)})
    rows = fields(cls)
    definitions[cls.__name__] |= {
        "description": " ".join((inspect.getdoc(cls) or "").split()),
        "type": "object",
        "required": sorted(row.name for row in rows if row.default is NOTHING or row.name == KIND),
        "properties": {row.name: _schema(row.type, definitions) for row in rows},
    }


def _schema(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        return {"const": arguments[0]} if len(arguments) == 1 else {"enum": list(arguments)}
    if origin in (Union, types.UnionType):
        return {"anyOf": [_schema(each, definitions) for each in arguments]}
    if origin is tuple:
        return {"type": "array", "items": _schema(arguments[0], definitions)}
    if has(kind):
        _define(kind, definitions)
        return {"$ref": f"#/$defs/{kind.__name__}"}
    return {"type": _PLAIN[kind]}
