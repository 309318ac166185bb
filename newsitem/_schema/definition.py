"""`model` and `key`: a class with annotations -> a class of attrs, whose fields know their keys in the file."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import date, datetime
from inspect import get_annotations
from keyword import iskeyword
from types import NoneType, SimpleNamespace, UnionType
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Final,
    NamedTuple,
    TypeVar,
    Union,
    cast,
    dataclass_transform,
    get_args,
    get_origin,
)
from typing import get_type_hints as resolved_annotations

import attrs

from newsitem._schema.checks import init_problems, key_problem, make_plain, plain_value, require, set_problems
from newsitem._schema.fields import MODELS, Key, is_model, key_of, keys, metadata, with_deferred
from newsitem._schema.kinds import DATA, Kind, MappingOf, class_of, list_of, mapping_of
from newsitem._schema.scalar_kinds import BOOLEAN, DAY, FLOAT, INSTANT, INTEGER, PLAIN, QUOTED, SECURED
from newsitem._schema.secured import Secured
from newsitem._schema.text import suggestion
from newsitem._schema.values import comparable
from newsitem.errors import ValidationError, printable

_C = TypeVar("_C", bound=type)

_SCALARS: Final[dict[Any, Kind]] = {
    str: QUOTED,
    int: INTEGER,
    float: FLOAT,
    bool: BOOLEAN,
    datetime: INSTANT,
    date: DAY,
    Secured: SECURED,
    Any: DATA,
}
_ANNOTATIONS: Final = (
    "str, int, float, bool, datetime, date, newsitem.Secured, Any, list[str], a class made with newsitem.model, "
    "or a list of one"
)
_TAKEN: Final = frozenset(("extras", "body", "path"))
"""Attributes that are no keys: every class of the model, or every item, has them."""
_OF_CODE: Final = frozenset(("self", "NOTHING"))
"""Names that the constructors use which attrs makes."""
_OWN_METHODS: Final = ("__init__", "__new__", "__eq__", "__ne__", "__setattr__", "__getattribute__", "__slots__")
"""Names of methods that reading, comparing and writing rely on."""
_LONGEST: Final = 60


_HIDDEN_TYPE: Final = (
    "hides the type that its annotation names: import the module, as in datetime.date, or begin the file with "
    "from __future__ import annotations"
)


class _KeyDefinition(NamedTuple):
    """What `key` was told of a field."""

    name: str | None
    plain: bool
    after: str | None
    blank_lines: bool
    default: Any
    doc: str
    validators: list[Callable[[Any, Any, Any], Any]]

    def __or__(self, _: object) -> Any:
        raise TypeError(f"the annotation of a key {_HIDDEN_TYPE}")

    def validator(self, method: Callable[[Any, Any, Any], Any]) -> Callable[[Any, Any, Any], Any]:
        """Add a validator, as a decorator of a method with the parameters ``self``, ``attribute`` and ``value``."""
        self.validators.append(method)
        return method


def key(  # noqa: PLR0913 - each by its name
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
    """Describe a field of a class that `model` makes: the key in the file that its attribute holds.

    Args:
        name: The key in the file. Default: the name of the attribute in camel case, ``webUrl`` for ``web_url``.
        plain: Whether new text is written without quotes where it may be. It is in double quotes otherwise.
        after: The key of the file after which a new one is written, in a class that is derived from another. Default:
            after all those of the base.
        blank_lines: Whether a new key is written with an empty line before and after it, as blocks always are.
        default: The value in objects that are made in Python without it. A key without a default is required.
        factory: What makes the default, such as ``list``.
        doc: What the key means, for JSON Schema and Arrow.
        validator: A validator of attrs, or several. They run for values of the right type when a file is read, when an
            object is made, and when the attribute is set. A ``ValueError`` or ``TypeError`` becomes a problem of the
            field.

    Returns:
        The description, for `model` to find.

    Raises:
        TypeError: if there is both a default and a factory.

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
            raise TypeError("a key has a default or a factory, not both")
        default = attrs.Factory(factory)
    validators = [validator] if callable(validator) else list(validator)
    return _KeyDefinition(name, plain, after, blank_lines, default, doc or "", validators)


class Checked:
    """The methods that all classes of the model have."""

    __slots__ = ()

    if TYPE_CHECKING:
        __attrs_attrs__: ClassVar[Any]
        """By this, type checkers know a class of attrs."""

    def __attrs_post_init__(self) -> None:
        _check(self)

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"an attribute cannot be deleted: to remove its key, set {name} to None, or a list to []")

    def __repr__(self) -> str:
        """Show the first text."""
        return f"<{': '.join([type(self).__name__, *first_text(self)])}>"

    def _repr_html_(self) -> str:
        from newsitem._schema.html import card

        return card(self)


def _check(thing: Any) -> None:
    """Check a new object, all problems in one error, and make its values plain."""
    require(init_problems(thing))
    make_plain(thing)
    if hasattr(type(thing), "_source") and not hasattr(thing, "_source"):
        set_source(thing, _source_of_the_evolved())


def set_source(item: object, source: Any) -> None:
    """Note what an item keeps of its text."""
    object.__setattr__(item, "_source", source)


def _source_of_the_evolved() -> Any:
    """Return the source text of the item that `attrs.evolve` makes a new one of.

    It hands on nothing but the fields, and where its caller has the old item is the only trace of that.
    """
    caller = sys._getframe(4)
    return caller.f_locals["inst"]._source if caller.f_code is attrs.evolve.__code__ else None


def _check_set(instance: Any, attribute: attrs.Attribute[Any], value: Any) -> Any:
    """Return what is to be set, in Python's own types, or raise `ValidationError`."""
    key = key_of(attribute)
    if problems := set_problems(instance, attribute.name, key, value):
        path = getattr(instance, "path", None)
        raise ValidationError(problems).in_file(None if path is None else str(path))
    if key is not None and key.kind.has_spellings and key.kind.is_same(value, getattr(instance, attribute.name)):
        return getattr(instance, attribute.name)
    return plain_value(key, value)


def first_text(thing: object) -> Iterator[str]:
    """Return the first text of an object, as people read it, if there is one; one that is required before others."""
    cls: type = type(thing)
    for one in sorted(keys(cls), key=lambda one: not one.required):
        value = getattr(thing, one.attribute)
        if isinstance(value, str):
            yield printable(repr(value if len(value) <= _LONGEST else value[: _LONGEST - 1] + "…"))
            return


@dataclass_transform(kw_only_default=True, field_specifiers=(key,))
def model(cls: _C) -> _C:
    r"""Make a class of one's own whose objects are read and written as those of the built-in classes are.

    Its annotated attributes are the keys, in the order in which the class defines them; `key` says more of each. Derive
    it from `FrontMatter` for a kind of file, from `NewsItem` for a news item with more keys, and from nothing for a
    mapping inside a file. A field of a base that is defined again keeps its place.

    A ``str``, ``int``, ``float``, ``bool``, ``datetime``, ``date``, `Secured` or another class of the model with
    ``| None`` is a key that a file may lack. So is any list, which then is empty; one with ``| None`` is ``None``, and
    its empty list is written. ``Any`` is plain data.

    Args:
        cls: The class. Methods, properties, and attributes without an annotation or with ``ClassVar`` stay as they are.

    Returns:
        A class of attrs in its place, which is keyword-only, mutable, slotted, and strictly typed. All its objects have
        ``extras``.

    Raises:
        TypeError: if files could not be read and written with such a class. It lists why.

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
        raise TypeError(f"newsitem.model takes a class, not {cls!r}")
    if is_model(cls):
        return cls
    definitions = _definitions(cls)
    annotations = _annotations(cls, sys._getframe(1).f_locals)
    problems = [*_problems_of_bases(cls)]
    known = {one.name: one.attribute for one in _inherited(cls) if one.attribute not in definitions}
    fields: dict[str, Any] = {}
    for attribute, definition in definitions.items():
        name = _name_of(cls, attribute, definition)
        annotation = annotations.get(attribute)
        problem = _problem(cls, attribute, definition, annotation) or key_problem(name)
        if problem is None and known.setdefault(name, attribute) != attribute:
            problem = f"is the key {name} again, which {known[name]} is"
        if problem is not None:
            problems.append(f".{attribute} {problem}")
            continue
        fields[attribute] = _field(attribute, name, definition, annotation)
    problems += _problems_of_order(cls, definitions)
    if not (known or hasattr(cls, "_source") or problems):
        problems.append(": has no keys: use Any for a mapping whose keys are not known")
    if problems:
        raise TypeError("\n".join(f"{cls.__qualname__}{problem}" for problem in problems))
    cls.__annotations__ = {**get_annotations(cls), **annotations}
    return define(cls, fields)


def define(cls: _C, fields: dict[str, Any]) -> _C:
    """Make the class of attrs whose own fields are *fields*; what all classes of the model have is added to it."""
    own_check = cls.__dict__.get("__attrs_post_init__")
    if not issubclass(cls, Checked) and not _is_derived(cls):
        for name, method in vars(Checked).items():
            if callable(method) and getattr(cls, name, None) is getattr(object, name, None):
                setattr(cls, name, method)
        fields = {**fields, "extras": attrs.field(factory=dict, eq=comparable)}
    if own_check is not None:
        cls.__attrs_post_init__ = _after_check(own_check)  # type: ignore[attr-defined]
        cls._own_check = own_check  # type: ignore[attr-defined] # where attrs finds it, whose new class `super` needs
    has_source = hasattr(cls, "_source")
    made: Any = attrs.define(
        cls,
        these=fields,
        kw_only=True,
        repr=False,
        eq=False if has_source else None,
        on_setattr=_check_set,
        getstate_setstate=False if has_source else None,
        field_transformer=_in_order,
    )
    MODELS.add(made)
    return cast("_C", with_deferred(made) if has_source else made)


def _after_check(own: Callable[[Any], None]) -> Callable[[Any], None]:
    """Have a method of a class of one's own called when a new object was checked."""

    def check(self: Any) -> None:
        _check(self)
        own(self)

    return check


# What a class defines


def _definitions(cls: type) -> dict[str, _KeyDefinition]:
    """Return what a class says of its keys, in its order; an annotation alone says that there is one."""
    found = {}
    for name, annotation in get_annotations(cls).items():
        if _is_class_variable(annotation):
            continue
        value = cls.__dict__.get(name, attrs.NOTHING)
        found[name] = value if isinstance(value, _KeyDefinition) else key(default=value)
    return found


def _is_class_variable(annotation: Any) -> bool:
    if isinstance(annotation, str):
        return re.match(r"(\w+\.)*ClassVar\b", annotation) is not None
    return annotation is ClassVar or get_origin(annotation) is ClassVar


def _annotations(cls: type, names: dict[str, Any]) -> dict[str, Any]:
    """Return the annotations of the keys; one that is text may use *names*, of where the class is defined.

    What cannot be resolved is left as it is.
    """
    module = vars(sys.modules.get(cls.__module__, object))
    own = {name: value for name, value in vars(cls).items() if not isinstance(value, _KeyDefinition)}
    scope = {**own, **module, **names, cls.__name__: cls}
    found: dict[str, Any] = {}
    for name, annotation in get_annotations(cls).items():
        if _is_class_variable(annotation):
            continue
        try:
            found |= resolved_annotations(SimpleNamespace(__annotations__={name: annotation}), scope, scope)
        except Exception:  # whatever the text of an annotation raises
            found[name] = annotation
    return found


def _is_derived(cls: type) -> bool:
    return any(map(is_model, cls.__mro__[1:]))


def _inherited(cls: type) -> tuple[Key, ...]:
    """Return the keys that a class has from its bases, of which the first has those of its own bases, too."""
    found: dict[str, Key] = {}
    for base in filter(is_model, cls.__mro__[1:]):
        found |= {one.attribute: one for one in keys(base) if one.attribute not in found}
    return tuple(found.values())


def _problems_of_bases(cls: type) -> Iterator[str]:
    for base in cls.__mro__[1:]:
        if attrs.has(base) and not is_model(base):
            yield f": derives from {base.__name__}, which is not made with newsitem.model: decorate it too"
    for name in set(_OWN_METHODS) & vars(cls).keys():
        yield f".{name} is generated by newsitem: leave it out"
    for name, value in vars(cls).items():
        if isinstance(value, _KeyDefinition) and name not in get_annotations(cls):
            yield f".{name} has no annotation, which says of what kind its values are: there are {_ANNOTATIONS}"


def _problems_of_order(cls: type, definitions: dict[str, _KeyDefinition]) -> Iterator[str]:
    """Find keys that are after one which is not before them."""
    known = {one.name: one.attribute for one in _inherited(cls)}
    for attribute, definition in definitions.items():
        if definition.after is not None and definition.after not in known:
            hint = suggestion(definition.after, list(known)) if known else "no key is before it"
            yield f".{attribute} comes after the key {definition.after!r}, which does not exist: {hint}"
        known[_name_of(cls, attribute, definition)] = attribute


def _name_of(cls: type, attribute: str, definition: _KeyDefinition) -> str:
    """Return the name of a key: that which it was given, that of the base, or that of its attribute."""
    if definition.name is not None:
        return definition.name
    return next((one.name for one in _inherited(cls) if one.attribute == attribute), _in_camel_case(attribute))


def _in_camel_case(attribute: str) -> str:
    first, *rest = attribute.strip("_").split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in rest)


def _problem(cls: type, attribute: str, definition: _KeyDefinition, annotation: Any) -> str | None:
    """Say what keeps an attribute from being a key."""
    kind = _kind_of(annotation, is_plain=definition.plain)
    base = {one.attribute: one for one in _inherited(cls)}.get(attribute)
    if attribute in (*_TAKEN, *_OF_CODE) or attribute.startswith("_") or not _is_name(attribute):
        return "is a name that newsitem uses: choose another name, as in a_name: str = newsitem.key('aName')"
    if base is None and any(attribute in vars(one) for one in cls.__mro__[1:]):
        return "is already an attribute of a base class: choose another name, as in a_name: str = newsitem.key('aName')"
    python = _without_none(annotation)[0]
    if cls is python or cls in get_args(python):
        return "refers to its own class: a mapping cannot contain itself"
    if isinstance(kind, str):
        return kind
    if definition.plain and kind not in (PLAIN, list_of(PLAIN)):
        return f"is plain, which only text can be, but its annotation is {_shown(annotation)}"
    problem = _problem_of_default(kind, definition, annotation)
    return problem if base is None or problem is not None else _problem_of_derived(kind, base, annotation)


def _is_name(attribute: str) -> bool:
    return attribute.isidentifier() and not iskeyword(attribute)


def _problem_of_derived(kind: Kind, base: Key, annotation: Any) -> str | None:
    if not _is_narrower(kind, base.kind):
        wanted = _shown(base.kind.python)
        return f"is {_shown(annotation)}, but {wanted} in the base: its type must be that, or be derived from it"
    return "may be None, but in the base it is required" if base.required and _without_none(annotation)[1] else None


def _problem_of_default(kind: Kind, definition: _KeyDefinition, annotation: Any) -> str | None:
    if definition.default is attrs.NOTHING:
        hint = "is a required list, but a file may lack any list: write newsitem.key(factory=list)"
        return hint if kind.is_list else None
    if isinstance(definition.default, list | dict | Checked) or is_model(type(definition.default)):
        return "has a default that all objects would share: write newsitem.key(factory=…)"
    if not (kind.is_list or kind is DATA or _without_none(annotation)[1]):
        return f"has a default, so that files may lack it, and then it is None: write {_shown(annotation)} | None"
    return _problem_of_value(kind, definition.default)


def _problem_of_value(kind: Kind, default: Any) -> str | None:
    """Say what is wrong with a default that is no factory."""
    if hasattr(default, "factory") or (kind.is_unset(default) and kind.absent == "None"):
        return None
    problem = kind.problem(default)
    return None if problem is None else f"has an invalid default: it {problem}"


def _is_narrower(kind: Kind, base: Kind) -> bool:
    """Tell whether what a class derives from a base may be of this kind, where the base has the other."""
    below, below_base = class_of(kind), class_of(base)
    if below is None or below_base is None:
        return base is DATA or (kind.python == base.python and kind.absent == base.absent)
    return (kind.is_list, kind.absent) == (base.is_list, base.absent) and issubclass(below, below_base)


def _without_none(annotation: Any) -> tuple[Any, bool]:
    """Return an annotation without ``| None``, and whether it has that."""
    if get_origin(annotation) not in (Union, UnionType):
        return annotation, False
    kinds = [one for one in get_args(annotation) if one is not NoneType]
    return (kinds[0] if len(kinds) == 1 else annotation), len(kinds) < len(get_args(annotation))


def _kind_of(annotation: Any, *, is_plain: bool) -> Kind | str:
    """Return the kind of the values that an annotation says, or what is wrong with it."""
    python, may_be_none = _without_none(annotation)
    if isinstance(python, _KeyDefinition):
        return _HIDDEN_TYPE
    if get_origin(python) is list:
        entry = _kind_of(get_args(python)[0], is_plain=True)
        is_sure = not _without_none(get_args(python)[0])[1]
        if is_sure and (entry is PLAIN or isinstance(entry, MappingOf)):
            return list_of(entry, may_be_none)
        if isinstance(entry, str) and is_model(get_args(python)[0]):
            return entry
    elif is_model(python):
        is_file = hasattr(python, "_source")
        return f"is {python.__name__}, which is a kind of file, not a mapping" if is_file else mapping_of(python)
    elif isinstance(python, Hashable) and python in _SCALARS:
        return PLAIN if python is str and is_plain else _SCALARS[python]
    return _unknown(python)


def _unknown(annotation: Any) -> str:
    """Say what is wrong with an annotation of no kind."""
    if isinstance(annotation, str):
        return f"has the annotation {annotation!r}, in which a name is not defined: define it before the class"
    return f"has the annotation {_shown(annotation)}, which newsitem does not support: use {_ANNOTATIONS}"


def _shown(annotation: Any) -> str:
    return annotation.__name__ if isinstance(annotation, type) and not get_args(annotation) else str(annotation)


def _field(attribute: str, name: str, definition: _KeyDefinition, annotation: Any) -> Any:
    """Return the field of attrs that holds a key."""
    kind = _kind_of(annotation, is_plain=definition.plain)
    assert isinstance(kind, Kind)
    one = Key(
        name,
        kind,
        apart=definition.blank_lines or kind.is_block,
        doc=definition.doc,
        required=definition.default is attrs.NOTHING and not _without_none(annotation)[1],
        validators=tuple(definition.validators),
        after=definition.after,
        attribute=attribute,
    )
    return attrs.field(default=definition.default, eq=kind.equality_key or True, metadata=metadata(one))


def _in_order(cls: type, fields: list[attrs.Attribute[Any]]) -> list[attrs.Attribute[Any]]:
    """Put the fields of a class into the order of its keys, with what is no key at the end."""
    by_name = {field.name: field for field in fields}
    order = [one.attribute for one in _inherited(cls)]
    at_end: dict[str, str] = {}  # the last that was put after a key
    for field in fields:
        one = key_of(field)
        if one is None or field.name in order:
            continue
        if one.after is None:
            order.append(field.name)
            continue
        place = next(name for name, other in by_name.items() if (found := key_of(other)) and found.name == one.after)
        order.insert(order.index(at_end.get(one.after, place)) + 1, field.name)
        at_end[one.after] = field.name
    rest = [field.name for field in fields if field.name not in order]
    return [by_name[name] for name in (*order, *rest)]
