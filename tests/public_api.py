"""The public API as text: every public name with its signature, members, bases and values, and the command line.

`tests/data/public_api.txt` is a copy. `test_public_api` compares the two, so that nobody changes the API by accident.
Renew the copy on purpose, with all extras installed, and say in the changelog what has changed:

    PYTHONPATH=tests python -m public_api
"""

from __future__ import annotations

import argparse
import inspect
from collections.abc import Iterator
from functools import cached_property
from importlib import import_module
from types import FunctionType, NoneType, UnionType
from typing import (
    Any,
    Final,
    ForwardRef,
    Generic,
    Literal,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_overloads,
    is_typeddict,
)

import attrs
from samples import ROOT

import newsitem
from newsitem.__main__ import _parser
from newsitem._schema.fields import key_of

COPY: Final = ROOT / "tests" / "data" / "public_api.txt"
MODULES: Final = ("newsitem", "newsitem.arrow", "newsitem.dask")
COMMAND: Final = "python -m newsitem"
_PROTOCOLS: Final = tuple(
    f"__{name}__" for name in ("add", "arrow_c_stream", "bool", "contains", "getitem", "iter", "len", "next")
)
"""The special methods that belong to the API; the others are Python's and attrs' own, and differ between versions."""

_STARS: Final[dict[Any, str]] = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}


def main() -> None:
    """Write the copy."""
    COPY.write_text("\n".join("\n".join(section(title)) + "\n" for title in (*MODULES, COMMAND)), encoding="utf-8")


def section(title: str) -> list[str]:
    """Return what is public in a module, or of the command line, line by line.

    Raises:
        ImportError: if the module needs an extra that is not installed.
    """
    if title == COMMAND:
        return [f"# {title}", *_command("", _parser())]
    module = import_module(title)
    return [f"# {title}", *(line for name in module.__all__ for line in _described(name, getattr(module, name)))]


def _described(name: str, thing: Any) -> Iterator[str]:
    if isinstance(thing, FunctionType):
        yield from _function(name, thing)
    elif isinstance(thing, type) and get_origin(thing) is None:
        yield from _class(name, thing)
    elif get_origin(thing) is not None or isinstance(thing, UnionType):
        yield f"{name} = {_type(thing)}"
    else:
        yield f"{name}: {type(thing).__name__}"


def _class(name: str, cls: type) -> Iterator[str]:
    bases = [base for base in cls.__mro__[1:] if base not in (object, Generic) and _is_public(base)]
    yield f"class {name}({', '.join(base.__name__ for base in bases)})"
    if is_typeddict(cls):
        yield f"  total: {vars(cls)['__total__']}"
        yield from (f"  {key}: {_type(kind)}" for key, kind in cls.__annotations__.items())
        return
    yield f"  __init__{_signature(cls)}"
    if issubclass(cls, tuple) and hasattr(cls, "_fields"):
        yield f"  fields: {', '.join(cls._fields)}"
    fields = {field.name: field for field in attrs.fields(cls)} if attrs.has(cls) else {}
    for field in fields.values():
        key = key_of(field)
        yield f"  {field.name}: {_type(_shown(field.type))}{'' if key is None else f'  (key {key.name})'}"
    members: dict[str, Any] = {}
    for base in reversed(cls.__mro__):
        if base.__module__.startswith("newsitem"):
            members |= vars(base)
    for member, value in sorted(members.items()):
        if member not in fields and (member in _PROTOCOLS or not member.startswith("_")):
            yield from (f"  {line}" for line in _member(member, value))


def _member(name: str, value: Any) -> Iterator[str]:
    if isinstance(value, property | cached_property):
        read: Any = value.fget if isinstance(value, property) else value.func
        yield f"{name}: {_type(_shown(inspect.signature(read).return_annotation))}  (property)"
    elif isinstance(value, classmethod | staticmethod):
        function: Any = value.__func__
        yield from (f"{type(value).__name__} {line}" for line in _function(name, function))
    elif isinstance(value, FunctionType):
        yield from _function(name, value)


def _is_public(cls: type) -> bool:
    return not cls.__module__.startswith("newsitem") or cls.__name__ in newsitem.__all__


def _function(name: str, function: FunctionType) -> Iterator[str]:
    if not function.__module__.startswith("newsitem"):  # Python's own, whose signature is not ours
        yield f"{name}(…)"
        return
    yield f"{name}{_signature(function)}"
    yield from (f"  overload {_signature(overload)}" for overload in get_overloads(function))


def _signature(thing: Any) -> str:
    signature = inspect.signature(thing)
    shown: list[str] = []
    last: Any = None
    for parameter in signature.parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and last not in (parameter.KEYWORD_ONLY, parameter.VAR_POSITIONAL):
            shown.append("*")
        last = parameter.kind
        star = _STARS.get(parameter.kind, "")
        kind = "" if parameter.annotation is parameter.empty else f": {_type(parameter.annotation)}"
        default = "" if parameter.default is parameter.empty else f" = {_value(parameter.default)}"
        shown.append(f"{star}{parameter.name}{kind}{default}")
    returned = signature.return_annotation
    result = "" if returned is signature.empty or isinstance(thing, type) else f" -> {_type(returned)}"
    return f"({', '.join(shown)}){result}"


def _value(value: Any) -> str:
    if value is attrs.NOTHING:
        return "NOTHING"
    return value.__name__ if isinstance(value, type) else repr(value)


def _shown(kind: Any) -> Any:
    """Return a type, without the package from which it is imported on first use."""
    return kind.removeprefix("_schema.") if isinstance(kind, str) else kind


def _type(kind: Any) -> str:
    """Return a type as it is written: `repr` of a type differs between versions of Python."""
    origin, below = get_origin(kind), get_args(kind)
    if isinstance(kind, list):
        return f"[{', '.join(map(_type, kind))}]"
    if origin in (Union, UnionType):
        return " | ".join(map(_type, below))
    if origin is Literal:
        return f"Literal[{', '.join(map(repr, below))}]"
    return _name(kind) if origin is None else f"{_type(origin)}[{', '.join(map(_type, below))}]"


def _name(kind: Any) -> str:
    if isinstance(kind, ForwardRef):
        return kind.__forward_arg__
    if kind in (None, NoneType, Ellipsis):
        return "..." if kind is Ellipsis else "None"
    return kind.__name__ if isinstance(kind, type | TypeVar) else str(kind).removeprefix("typing.")


def _command(name: str, parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below, its_parser in action.choices.items():
                yield from _command(f"{name}{below} ", its_parser)
        elif not isinstance(action, argparse._HelpAction):
            choices = "" if action.choices is None else f" {{{','.join(action.choices)}}}"
            default = "" if action.default in (None, argparse.SUPPRESS) else f" (default: {action.default})"
            takes = "" if action.nargs is None else f" nargs={action.nargs}"
            yield f"{name}{' '.join(action.option_strings) or action.metavar}{choices}{takes}{default}"


if __name__ == "__main__":
    main()
