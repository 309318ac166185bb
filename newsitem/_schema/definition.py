"""Turn annotated classes into attrs classes whose fields know their keys in the file: `model` and `key`."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Container, Hashable, Iterable, Iterator
from inspect import get_annotations
from keyword import iskeyword
from types import NoneType, SimpleNamespace, UnionType
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar, Union, cast, dataclass_transform, get_args, get_origin
from typing import get_type_hints as resolved_annotations

import attrs

from newsitem._schema.checks import check_all, check_set, key_problem, value_problems
from newsitem._schema.fields import METADATA, MODELS, Key, comparison, deferred_keys, is_deep, is_model, key_of, keys
from newsitem._schema.kinds import DATA, Kind, MappingOf, class_of, list_of, mapping_of
from newsitem._schema.originals import former_values, set_former_values
from newsitem._schema.scalar_kinds import PLAIN, SCALARS
from newsitem._schema.unread import Deferred, slot
from newsitem._schema.values import comparable, function_of
from newsitem.errors import printable

_C = TypeVar("_C", bound=type)

_KINDS: Final[dict[Any, Kind]] = {kind.python: kind for kind in (*SCALARS, DATA)}
"""The kinds of the values that are neither mappings nor lists, by annotation. That of ``str`` is `QUOTED`."""
_ANNOTATIONS: Final = (
    "str, int, float, bool, datetime, date, newsitem.Secured, Any, list[str], a class made with newsitem.model, "
    "or a list of such objects"
)
_RESERVED: Final = frozenset(("extras", "body", "path", "self", "NOTHING"))
"""Attributes that all items have, and names in the constructors made by attrs."""
_OWN_METHODS: Final = ("__init__", "__new__", "__eq__", "__ne__", "__setattr__", "__getattribute__", "__slots__")
"""Methods that reading, comparing and writing rely on."""
_COPYING: Final = ("__copy__", "__getstate__", "__setstate__")
"""Methods that copying relies on. Mix-ins may define them too."""
_LONGEST: Final = 60
_FORMER: Final = "_former"
"""The name of the former values in the state of an object that was edited in place."""


_HIDDEN_TYPE: Final = (
    "shadows the type in its annotation: import the module, as in datetime.date, or begin the file with "
    "from __future__ import annotations"
)


class _KeyDefinition(SimpleNamespace):
    """The arguments of `key` for a field."""

    name: str | None
    plain: bool
    after: str | None
    blank_lines: bool
    default: Any
    doc: str | None
    validators: list[Callable[[Any, Any, Any], Any]]

    def __or__(self, _: object) -> Any:
        raise TypeError(f"a key {_HIDDEN_TYPE}")

    def validator(self, method: Callable[[Any, Any, Any], Any]) -> Callable[[Any, Any, Any], Any]:
        """Add a validator. Use this as the decorator of a method with ``self``, ``attribute`` and ``value``."""
        self.validators.append(method)
        return method


def key(  # noqa: PLR0913 - keyword arguments
    name: str | None = None,
    *,
    plain: bool = False,
    after: str | None = None,
    blank_lines: bool = False,
    default: Any = attrs.NOTHING,
    factory: Callable[[], Any] | None = None,
    doc: str | None = None,
    validator: Callable[[Any, Any, Any], Any] | Iterable[Callable[[Any, Any, Any], Any]] = (),
) -> Any:
    """Describe the key in the file for an attribute of a class that `model` makes.

    Args:
        name: The key in the file. Default: the name of the attribute in camel case, such as ``webUrl`` for ``web_url``.
        plain: Whether to write new text without quotes if that is safe. Otherwise it is written in double quotes.
        after: In a derived class, the key of the file after which a new key is written. Default: after all keys of the
            base class.
        blank_lines: Whether to write a new key with an empty line before and after it. Blocks always have these.
        default: The value for objects created in Python without it. Without a default, the key is required in Python,
            and also in files unless the annotation has ``| None``.
        factory: A function that makes the default, such as ``list``.
        doc: The meaning of the key, for JSON Schema and Arrow.
        validator: One or more attrs validators. They run for values of the right type when a file is read or written,
            when an object is created, and when the attribute is set. A ``ValueError`` or ``TypeError`` becomes a
            problem of the field.

    Returns:
        A description for `model`.

    Raises:
        TypeError: if there are both a default and a factory, if *factory* or a validator is not a function, or if
            *name*, *after* or *doc* is not text.

    Example:
        >>> @newsitem.model
        ... class Course(newsitem.NewsItem):
        ...     price: str | None = newsitem.key(default=None, plain=True, after="type")
        >>> course = newsitem.from_dict({**newsitem.to_dict(item), "price": "Free"}, Course)
        >>> course.price
        'Free'
    """
    if factory is not None:
        if default is not attrs.NOTHING:
            raise TypeError("a key takes a default or a factory, not both")
        default = attrs.Factory(function_of("factory", factory))
    for argument, text in {"name": name, "after": after, "doc": doc}.items():
        if text is not None and not isinstance(text, str):
            raise TypeError(f"{argument} must be text, not {text!r}")
    several: Any = [validator] if callable(validator) or not isinstance(validator, Iterable) else validator
    validators = [function_of("validator", function) for function in several]
    return _KeyDefinition(
        name=name, plain=plain, after=after, blank_lines=blank_lines, default=default, doc=doc, validators=validators
    )


class Checked:
    """The methods that all classes of the model share."""

    __slots__ = ()

    if TYPE_CHECKING:
        __attrs_attrs__: ClassVar[Any]
        """Tells type checkers that this is an attrs class."""

    def __attrs_post_init__(self) -> None:
        _check(self)

    def __getstate__(self) -> dict[str, Any]:
        state = {field.name: getattr(self, field.name) for field in attrs.fields(type(self))}
        return {**state, _FORMER: former} if (former := former_values(self)) else state

    def __setstate__(self, state: dict[str, Any]) -> None:
        if former := state.pop(_FORMER, None):
            set_former_values(self, former)
        set_state(self, state)

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"an attribute cannot be deleted: to remove its key, set {name} to None, or a list to []")

    def __repr__(self) -> str:
        """Show the class and the first text."""
        return f"<{': '.join([type(self).__name__, *first_text(self)])}>"

    def _repr_html_(self) -> str:
        from newsitem._schema.html import card

        return card(self)


def _check(instance: Any) -> None:
    """Check a new object, and set the source text of an item: that of the item that `attrs.evolve` copies, if any.

    `attrs.evolve` passes on only the fields, so the frame of the caller is the only place to find the old item.
    """
    check_all(instance)
    source = getattr(type(instance), "_source", None)
    if source is None:
        return
    try:
        source.__get__(instance)
    except AttributeError:  # not `hasattr`, which would call a `__getattr__` of the class
        caller = sys._getframe(3)
        instance._source = caller.f_locals["inst"]._source if caller.f_code is attrs.evolve.__code__ else None


def set_state(instance: object, state: dict[str, Any], unread: Container[str] = ()) -> None:
    """Set the attributes of a copied or unpickled object, except *unread* lists.

    Keys that a class did not have when the object was pickled are unset.

    Raises:
        AttributeError: if the class no longer has a key of the object. Written without it, the file would lose the key.
    """
    unset: dict[str, Any] = {key.attribute: [] if key.kind.absent == "[]" else None for key in keys(type(instance))}
    if lost := state.keys() - unset.keys() - {"extras", "body", "path", "_source"}:
        message = f"{type(instance).__name__} has lost {', '.join(sorted(lost))} since the object was pickled"
        raise AttributeError(f"{message}: read its file again")
    for name, value in {**unset, **state}.items():
        if name not in unread:
            object.__setattr__(instance, name, value)


def first_text(instance: object) -> Iterator[str]:
    """Return the first text of an object in readable form, if there is one. Required texts come first."""
    for key in sorted(keys(type(instance)), key=lambda key: not key.required):
        value = getattr(instance, key.attribute)
        if isinstance(value, str):
            yield printable(repr(value if len(value) <= _LONGEST else value[: _LONGEST - 1] + "…"))
            return


@dataclass_transform(kw_only_default=True, field_specifiers=(key,))
def model(cls: _C) -> _C:
    r"""Make a class whose objects are read and written like those of the built-in classes.

    Its annotated attributes are the keys, in the order in which the class defines them. Use `key` to describe
    a key in detail. Derive the class from `FrontMatter` for another kind of file, from `NewsItem` for a news item with
    more keys, or from nothing for a mapping inside a file. A redefined field of a base class keeps its position.

    An annotation is ``str``, ``int``, ``float``, ``bool``, ``datetime``, ``date``, `Secured`, ``Any`` (plain data),
    ``list[str]``, a class made with `model`, or a list of such a class. With ``| None``, the key is optional. Lists are
    always optional: a missing list is empty. With ``| None``, a missing list is ``None``, and an empty list is written
    to the file.

    Args:
        cls: The class. Methods, properties, ``ClassVar`` and unannotated attributes remain unchanged.

    Returns:
        An attrs class that replaces it. The class is keyword-only, mutable, slotted and strictly typed, and all its
        objects have ``extras``.

    Raises:
        TypeError: if files could not be read and written with such a class. The error lists the reasons.

    Example:
        >>> @newsitem.model
        ... class Person(newsitem.FrontMatter):
        ...     name: str = newsitem.key()
        ...     topics: list[str] = newsitem.key(factory=list)
        >>> person = newsitem.loads('---\nname: "Ana Ferro"\n---\n', Person)
        >>> person
        <Person: 'Ana Ferro'>
        >>> person.topics.append("AI")
        >>> print(newsitem.dumps(person).strip())
        ---
        name: "Ana Ferro"
        <BLANKLINE>
        topics:
          - AI
        ---
    """
    if not isinstance(cls, type):
        raise TypeError(f"expected a class, not {cls!r}")
    if is_model(cls):
        return cls
    own = get_annotations(cls)
    annotations = _annotations(cls, own, sys._getframe(1).f_locals)
    definitions = _definitions(cls, annotations)
    inherited = _inherited(cls)
    problems = list(_problems_of_bases(cls, own, definitions))
    names = {attribute: _name_of(attribute, definition, inherited) for attribute, definition in definitions.items()}
    known = {names.get(attribute, key.name): attribute for attribute, key in inherited.items()}
    known |= {key.name: attribute for attribute, key in inherited.items() if attribute not in definitions}
    fields: dict[str, Any] = {}
    for attribute, definition in definitions.items():
        name = names[attribute]
        annotation = annotations[attribute]
        kind = _kind_of(annotation, is_plain=definition.plain)
        base = inherited.get(attribute)
        problem = _problem(cls, attribute, definition, annotation, kind=kind, base=base) or key_problem(name)
        order_problem = _problem_of_order(definition.after, known, is_inherited=base is not None)
        if known.setdefault(name, attribute) != attribute and problem is None:
            problem = f"has the key {name!r}, which {known[name]} already has: choose another key"
        problems += [f".{attribute} {text}" for text in (order_problem, problem) if text is not None]
        if isinstance(kind, Kind):
            is_required = definition.default is attrs.NOTHING and not _without_none(annotation)[1]
            fields[attribute] = _field(cls, attribute, definition, name=name, kind=kind, is_required=is_required)
    if not (known or hasattr(cls, "_source") or problems):
        problems.append(": has no keys: use Any for a mapping with arbitrary keys")
    if problems:
        raise TypeError("\n".join(f"{cls.__qualname__}{problem}" for problem in problems))
    cls.__annotations__ = {**own, **annotations}
    return define(cls, fields)


def _field(  # noqa: PLR0913 - keyword arguments
    cls: type, attribute: str, definition: _KeyDefinition, *, name: str, kind: Kind, is_required: bool
) -> Any:
    """Return the attrs field for a key."""
    key = Key(
        name=name,
        kind=kind,
        apart=definition.blank_lines or kind.is_block,
        doc=definition.doc or "",
        required=is_required,
        validators=tuple(definition.validators),
        after=definition.after,
        attribute=attribute,
        deferred=hasattr(cls, "_source") and is_deep(kind),
    )
    return attrs.field(default=definition.default, eq=kind.equality_key or True, metadata={METADATA: key})


def define(cls: _C, fields: dict[str, Any]) -> _C:
    """Make the attrs class with *fields* as its own fields, and add the members shared by all classes of the model."""
    owner = next((base for base in type.mro(cls) if "__attrs_post_init__" in vars(base)), Checked)
    own_check = None if owner is Checked or is_model(owner) else vars(owner)["__attrs_post_init__"]
    if not (issubclass(cls, Checked) or any(map(is_model, type.mro(cls)))):
        for name, method in vars(Checked).items():
            if callable(method) and getattr(cls, name, None) is getattr(object, name, None):
                setattr(cls, name, method)
        fields = {**fields, "extras": attrs.field(factory=dict, eq=comparable)}
    if own_check is not None:

        def check(self: Any) -> None:
            _check(self)
            own_check(self)

        cls.__attrs_post_init__ = check  # type: ignore[attr-defined]
        cls._own_check = own_check  # type: ignore[attr-defined] # so that attrs points its `super` to the new class
    attrs_class: Any = attrs.define(
        cls,
        these=fields,
        kw_only=True,
        repr=False,
        eq=False,
        on_setattr=check_set,
        getstate_setstate=False,
        field_transformer=_in_order,
    )
    attrs_class.__eq__ = comparison(attrs_class)
    if attrs_class.__hash__ is object.__hash__:
        attrs_class.__hash__ = None  # mutable
    MODELS.add(attrs_class)
    for name in deferred_keys(attrs_class):
        setattr(attrs_class, name, Deferred(slot(attrs_class, name)))
    return cast("_C", attrs_class)


# Definition of a class


def _annotations(cls: type, own: dict[str, Any], names: dict[str, Any]) -> dict[str, Any]:
    """Return the annotations of the keys among *own*. Those in quotes may use *names*, the scope of the definition.

    Annotations that cannot be resolved are returned as is.
    """
    module = vars(sys.modules.get(cls.__module__, object))
    members = {name: value for name, value in vars(cls).items() if not isinstance(value, _KeyDefinition)}
    nested = {name: value for name, value in members.items() if isinstance(value, type)}
    scope = {**members, **module, **names, **nested, cls.__name__: cls}
    return {
        name: _resolved(annotation, scope) for name, annotation in own.items() if not _is_class_variable(annotation)
    }


def _is_class_variable(annotation: Any) -> bool:
    if isinstance(annotation, str):
        return "ClassVar" in annotation and re.match(r"(\w+\.)*ClassVar\b", annotation) is not None
    return annotation is ClassVar or get_origin(annotation) is ClassVar


def _resolved(annotation: Any, scope: dict[str, Any]) -> Any:
    """Return an annotation with names in quotes resolved, or the annotation as is if a name is undefined."""
    try:
        return resolved_annotations(SimpleNamespace(__annotations__={"": annotation}), scope, scope)[""]
    except Exception:  # evaluating the annotation may raise anything
        return annotation


def _definitions(cls: type, annotations: Iterable[str]) -> dict[str, _KeyDefinition]:
    """Return the keys that a class defines, in order. An annotation alone defines a key."""
    values = {name: vars(cls).get(name, attrs.NOTHING) for name in annotations}
    return {name: value if isinstance(value, _KeyDefinition) else key(default=value) for name, value in values.items()}


def _inherited(cls: type) -> dict[str, Key]:
    """Return the keys that a class inherits, by attribute. The first base, with its own bases, comes first."""
    inherited: dict[str, Key] = {}
    for base in filter(is_model, cls.__mro__[1:]):
        inherited |= {key.attribute: key for key in keys(base) if key.attribute not in inherited}
    return inherited


def _problems_of_bases(cls: type, own: dict[str, Any], definitions: dict[str, _KeyDefinition]) -> Iterator[str]:
    """Find the base classes and members that newsitem cannot use. *own* are the annotations of the class itself."""
    for base in cls.__mro__[1:]:
        if base.__module__ == "builtins" and base is not object:
            yield f": derives from {base.__name__}, a type of Python itself: remove it"
        if attrs.has(base) and not is_model(base):
            yield f": derives from {base.__name__}, which is not made with newsitem.model: decorate it too"
    for name in set(_OWN_METHODS) & vars(cls).keys():
        yield f".{name} is generated by newsitem: remove it"
    for name in _COPYING:
        owner = next((base for base in cls.__mro__ if name in vars(base)), object)
        if owner is cls or not (owner is object or is_model(owner) or issubclass(owner, Checked)):
            yield f".{name} is defined in {owner.__name__}, and newsitem has its own: remove it"
    inherited = {field.name for base in filter(attrs.has, cls.__mro__[1:]) for field in attrs.fields(base)}
    for name, value in {**own, **vars(cls)}.items():
        if isinstance(value, _KeyDefinition) and name not in own:
            yield f".{name} has no annotation: add one of {_ANNOTATIONS}"
        elif name in inherited and name not in definitions:
            yield f".{name} is an attribute of a base class: choose another name, or annotate it to redefine the key"


def _problem_of_order(after: str | None, known: dict[str, str], *, is_inherited: bool) -> str | None:
    """Return why a key cannot follow the key *after*: that is none of the keys defined before it. Or ``None``."""
    if after is None or (after in known and not is_inherited):
        return None
    if is_inherited:
        return f"keeps its place in the base class: remove after={after!r}"
    from newsitem._schema.text import suggestion

    hint = suggestion(after, list(known)) if known else "there are no keys before it"
    return f"is placed after the key {after!r}, which does not exist: {hint}"


def _name_of(attribute: str, definition: _KeyDefinition, inherited: dict[str, Key]) -> str:
    """Return the name of a key: the specified one, that of the base class, or the attribute in camel case."""
    if definition.name is not None:
        return definition.name
    if attribute in inherited:
        return inherited[attribute].name
    first, *rest = attribute.strip("_").split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in rest)


def _problem(  # noqa: PLR0913 - keyword arguments
    cls: type, attribute: str, definition: _KeyDefinition, annotation: Any, *, kind: Kind | str, base: Key | None
) -> str | None:
    """Return why an attribute, whose key in the base class is *base*, cannot be a key, or ``None``."""
    is_name = attribute.isidentifier() and not iskeyword(attribute)
    if attribute in _RESERVED or attribute.startswith("_") or not is_name:
        return "is a reserved name: choose another name, as in a_name: str = newsitem.key('aName')"
    if base is None and any(attribute in vars(ancestor) for ancestor in cls.__mro__[1:]):
        return "is already an attribute of a base class: choose another name, as in a_name: str = newsitem.key('aName')"
    if isinstance(kind, str):
        python = _without_none(annotation)[0]
        is_own = cls is python or cls in get_args(python)
        return "refers to its own class: a mapping cannot contain itself" if is_own else kind
    if definition.plain and kind is not PLAIN:
        return f"has plain=True, which is only for text, but its annotation is {_shown(annotation)}: remove plain=True"
    problem = _problem_of_default(kind, definition.default, annotation)
    return problem if base is None or problem is not None else _problem_of_derived(kind, base, annotation)


def _problem_of_derived(kind: Kind, base: Key, annotation: Any) -> str | None:
    if not _is_narrower(kind, base.kind):
        wanted = _shown(base.kind.python)
        return f"is {_shown(annotation)}, but {wanted} in the base class: use that type or a type derived from it"
    if base.required and _without_none(annotation)[1]:
        return "may be None, but is required in the base class: remove | None"
    return None


def _problem_of_default(kind: Kind, default: Any, annotation: Any) -> str | None:
    if default is attrs.NOTHING:
        hint = "is a list, which cannot be required: write newsitem.key(factory=list)"
        return hint if kind.is_list else None
    if isinstance(default, (list, dict, Checked)) or is_model(type(default)):
        return "has a default that all objects would share: write newsitem.key(factory=…)"
    if not (kind.is_list or kind is DATA or _without_none(annotation)[1]):
        return f"has a default, so files may lack the key, which is then None: write {_shown(annotation)} | None"
    problems = () if hasattr(default, "factory") else value_problems(default, kind, is_required=False)
    return next((f"has an invalid default: it {problem}" for _, problem in problems), None)


def _is_narrower(kind: Kind, base: Kind) -> bool:
    """Return whether a derived class may use a kind for a field that has the kind *base* in its base class."""
    below, below_base = class_of(kind), class_of(base)
    if below is None or below_base is None:
        return base is DATA or (kind.python == base.python and kind.absent == base.absent)
    return (kind.is_list, kind.absent) == (base.is_list, base.absent) and issubclass(below, below_base)


def _without_none(annotation: Any) -> tuple[Any, bool]:
    """Return an annotation without ``| None``, and whether it had that."""
    if get_origin(annotation) not in (Union, UnionType):
        return annotation, False
    args = get_args(annotation)
    types = [part for part in args if part is not NoneType]
    return (types[0] if len(types) == 1 else annotation), len(types) < len(args)


def _kind_of(annotation: Any, *, is_plain: bool) -> Kind | str:
    """Return the kind of the values for an annotation, or the problem with the annotation."""
    python, may_be_none = _without_none(annotation)
    if isinstance(python, _KeyDefinition):
        return _HIDDEN_TYPE
    if isinstance(python, Hashable) and python in _KINDS:
        return PLAIN if python is str and is_plain else _KINDS[python]
    if get_origin(python) is list and get_args(python):  # not `typing.List` alone
        entry = _kind_of(get_args(python)[0], is_plain=True)
        is_sure = not _without_none(get_args(python)[0])[1]
        if is_sure and (entry is PLAIN or isinstance(entry, MappingOf)):
            return list_of(entry, may_be_none)
        if isinstance(entry, str) and is_model(get_args(python)[0]):
            return entry
    elif is_model(python):
        is_file = hasattr(python, "_source")
        return f"is {python.__name__}, which is a kind of file, not a mapping" if is_file else mapping_of(python)
    if isinstance(python, str):
        problem = f"{python!r}, which uses an undefined name: define it before the class"
    else:
        problem = f"{_shown(python)}, which newsitem does not support: use {_ANNOTATIONS}"
    return f"has the annotation {problem}"


def _shown(annotation: Any) -> str:
    return annotation.__name__ if isinstance(annotation, type) and not get_args(annotation) else str(annotation)


def _in_order(cls: type, fields: list[attrs.Attribute[Any]]) -> list[attrs.Attribute[Any]]:
    """Sort the fields of a class by the order of its keys. Fields without a key come last."""
    order = list(_inherited(cls))
    with_key = {field.name: key for field in fields if (key := key_of(field)) is not None}
    last_after = {key.name: name for name, key in with_key.items()}  # the key's own field, or the last one after it
    for name, key in with_key.items():
        if name in order:
            continue
        if key.after is None:
            order.append(name)
        else:
            order.insert(order.index(last_after[key.after]) + 1, name)
            last_after[key.after] = name
    places = {name: place for place, name in enumerate(order)}
    return sorted(fields, key=lambda field: places.get(field.name, len(places)))
