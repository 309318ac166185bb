"""`model` and `key`: which classes are accepted and refused, and how their objects behave."""

from __future__ import annotations

import copy
import math
import pickle
from abc import ABCMeta, abstractmethod
from datetime import date
from importlib.metadata import version
from typing import Any, ClassVar, Optional

import attrs
import pytest
from people import PERSON, Account, Person, made, names, person
from small_items import WHEN

import newsitem
from newsitem import FrontMatter, Image, NewsCollection, NewsItem, Provider, ValidationError, key, model


@model
class Course(NewsItem):
    """A news item with further keys."""

    price: str | None = key(default=None, plain=True, after="type")
    length: str | None = key(default=None, plain=True, after="type")
    category: str | None = key(default="course", plain=True)
    seats: int | None = key(default=None)

    def __repr__(self) -> str:
        """Return the repr of the base class and the price."""
        return f"{super().__repr__()} {self.price}"


@model
class Evening(Course):
    """A class derived from a user's class."""

    hour: int | None = key(default=None, after="heat")


def test_order_of_keys() -> None:
    """Inherited keys keep their places; new ones follow the key named by `after`, or are at the end."""
    order = names(Course)
    assert order[order.index("type") : order.index("type") + 3] == ["type", "price", "length"]
    assert order[0] == "category"
    assert order[-1] == "seats"
    assert [name for name in order if name not in ("price", "length", "seats")] == names(NewsItem)
    order = names(Evening)
    assert order[order.index("heat") + 1] == "hour"
    assert [field.name for field in attrs.fields(Person)][-3:] == ["extras", "body", "path"]
    course = Course(title="T", published_date_time=WHEN, provider=Provider(name="P"), price="Free", seats=3)
    assert newsitem.dumps(course).splitlines()[1] == "category: course"
    assert newsitem.loads(newsitem.dumps(course), Course) == course
    assert repr(course) == "<Course: 'T', 2020-06-24 22:10 UTC, P> Free"


def test_methods_properties_and_class_variables() -> None:
    """Methods, properties and class variables work as in a plain class, and are not keys."""
    ana = newsitem.loads(PERSON, Person)
    assert (ana.greeting(), ana.initial, Person.KIND, ana.plain_attribute) == ("Hello, Ana", "A", "person", 5)
    assert names(Person) == [
        *("note", "name", "rating", "born", "twitter", "accounts", "topics", "images", "anything", "token")
    ]
    assert Person.__doc__ == "A file about a person."
    assert repr(ana) == "<Person: 'Ana'>"
    assert repr(Account(followers=3)) == "<Account>"
    assert "Ana" in ana._repr_html_()
    assert "3" in Account(followers=3)._repr_html_()  # type: ignore[attr-defined]
    assert ">4.5<" in person(rating=4.5)._repr_html_()
    assert ">.nan<" in person(rating=math.nan)._repr_html_()


@pytest.mark.skipif(
    version("attrs").startswith("23.1."), reason="attrs 23.1 has no cached properties in slotted classes"
)
def test_cached_properties() -> None:
    """A cached property is computed once, and is not a key."""
    ana = newsitem.loads(PERSON, Person)
    assert ana.shouted == "ANA"
    ana.name = "Bo"
    assert ana.shouted == "ANA"
    assert "shouted" not in newsitem.to_dict(ana)


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one)), attrs.evolve]
)
def test_copies_keep_the_round_trip(copied: Any) -> None:
    """Copies of a user's item are equal, and keep its source text."""
    text = PERSON.replace('"Ana"', '"Ana" # comment')
    ana = newsitem.loads(text, Person)
    twin = copied(ana)
    assert type(twin) is Person
    assert twin == ana
    assert newsitem.dumps(twin) == text
    twin.name = "Bo"
    assert twin != ana
    with pytest.raises(TypeError, match="unhashable"):
        hash(twin)


def test_comparison_of_derived_classes() -> None:
    """Objects are compared by all keys of their own class, and have no hash unless the class defines one."""
    base = made(bases=(), x=(str | None, None))
    derived = made(bases=(base,), y=(str | None, None))
    assert base(x="a") == base(x="a")  # generates the comparison of this class
    assert base(x="a") != base(x="b")
    assert derived(y="a") == derived(y="a")
    assert derived(y="a") != derived(y="b")
    assert derived() != base()
    assert base(extras={"one": 1}) != base(extras={"one": True})
    with pytest.raises(TypeError, match="unhashable"):
        hash(base())
    undecorated = type(
        "Undecorated", (derived,), {"__eq__": lambda one, two: derived.__eq__(one, two) and one.y != "a"}
    )
    assert undecorated(y="b") == undecorated(y="b")
    assert undecorated(y="a") != undecorated(y="a")
    own = model(type("Own", (), {"__annotations__": {"x": str}, "__hash__": lambda _: 5}))
    assert hash(own(x="a")) == 5


def test_attrs_post_init() -> None:
    """``__attrs_post_init__`` runs for new objects after newsitem's checks, and evolved objects keep their text."""
    seen = []

    @model
    class Checked(FrontMatter):
        name: str

        def __attrs_post_init__(self) -> None:
            super().__attrs_post_init__()
            seen.append(self.name)

    with pytest.raises(newsitem.ValidationError):
        Checked(name=5)  # type: ignore[arg-type]
    assert seen == []
    assert Checked(name="x") == Checked(name="x")
    read = newsitem.loads('---\nname: "y" # comment\n---\n', Checked)
    assert newsitem.dumps(attrs.evolve(read, name="z")) == '---\nname: "z" # comment\n---\n'  # type: ignore[misc]
    assert seen == ["x", "x", "z"]


class _Greeting:
    """A class that is not a model, as a mix-in."""

    seen: ClassVar[list[object]] = []

    def __attrs_post_init__(self) -> None:
        self.seen.append(self)


class _Cooperative(_Greeting):
    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        next_in_order: Any = super(_Greeting, self)
        next_in_order.__attrs_post_init__()


@pytest.mark.parametrize("mixin", [_Greeting, _Cooperative])
def test_attrs_post_init_of_a_mixin(mixin: type[_Greeting]) -> None:
    """The method of a base class that is not a model runs after newsitem's checks, and does not replace them."""
    mapping = model(type("Mapping", (_Greeting,), {"__annotations__": {"x": int}}))
    file = model(type("File", (mixin, FrontMatter), {"__annotations__": {"name": str}}))
    derived = model(type("Derived", (file,), {"__annotations__": {"note": str | None}, "note": None}))
    mixin.seen.clear()
    for cls, values in ((mapping, {"x": "5"}), (file, {"name": 5}), (derived, {"name": 5})):
        with pytest.raises(newsitem.ValidationError):
            cls(**values)
    assert mixin.seen == []
    made_here = mapping(x=5)
    assert mixin.seen == [made_here]
    for cls in (file, derived):
        read = newsitem.loads('---\nname: "y" # comment\n---\n', cls)
        assert newsitem.dumps(attrs.evolve(read, name="z")) == '---\nname: "z" # comment\n---\n'  # type: ignore[misc]
    assert len(mixin.seen) == 3


# Refused classes


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            {"one": (str, key("x")), "two": (str, key("x"))},
            ".two has the key 'x', which one already has: choose another key",
        ),
        ({"one": complex}, ".one has the annotation complex, which newsitem does not support: use str, int"),
        ({"one": list[int]}, r".one has the annotation list\[int\], which newsitem does not support"),
        ({"one": list[list[str]]}, "which newsitem does not support"),
        ({"one": list}, "which newsitem does not support"),
        ({"one": dict[str, str]}, "which newsitem does not support"),
        ({"one": str | int}, "which newsitem does not support"),
        ({"one": Provider | Image}, "which newsitem does not support"),
        ({"one": "Nowhere"}, ".one has the annotation 'Nowhere', which uses an undefined name"),
        ({"one": "1 +"}, "which uses an undefined name"),
        ({"one": (list[str], key())}, r".one is a list, which cannot be required: write newsitem.key\(factory=list\)"),
        (
            {"one": (str | None, key(default=None, after="typ"))},
            "after the key 'typ', which does not exist: there are no keys before it",
        ),
        ({"type": str, "one": (str, key(after="typ"))}, "'typ', which does not exist: did you mean 'type'"),
        ({"body": str}, ".body is a reserved name"),
        ({"extras": str}, ".extras is a reserved name"),
        ({"path": str}, ".path is a reserved name"),
        ({"self": str}, ".self is a reserved name"),
        ({"_one": str}, "._one is a reserved name"),
        (
            {"one": (int, key(plain=True))},
            ".one has plain=True, which is only for text, but its annotation is int: remove plain=True",
        ),
        ({"one": (str, key(default="x"))}, r".one has a default, .* write str \| None"),
        ({"one": (str, "x")}, r".one has a default, .* write str \| None"),
        ({"date": (key(), key())}, ".date shadows the type in its annotation"),
        ({"one": (str, key(after="two")), "two": str}, "after the key 'two', which does not exist"),
        ({"one": (str, key(after="one"))}, "after the key 'one', which does not exist"),
        ({"class": str}, ".class is a reserved name"),
        ({"one": list[str | None]}, "which newsitem does not support"),
        ({"one": (list[str], key(default=None))}, "an invalid default: it must be a list, not null"),
        ({"one": (int | None, "x")}, "an invalid default: it must be an integer, not the text 'x'"),
        ({"one": (NewsItem | None, None)}, ".one is NewsItem, which is a kind of file, not a mapping"),
        ({"one": (list[NewsItem], key(factory=list))}, ".one is NewsItem, which is a kind of file, not a mapping"),
        ({"one": (list[str], [])}, ".one has a default that all objects would share"),
        ({"one": (Account | None, Account())}, ".one has a default that all objects would share"),
        (
            {"one": (Any, key(default=object()))},
            ".one has an invalid default: it must be text, a number, .* not a value",
        ),
        ({"one": (Any, key(default=(1,)))}, "an invalid default: it must be text, .* tuple: use list"),
        ({"one": (Any, key(default="\ud800"))}, "an invalid default: it contains a lone surrogate"),
    ],
)
def test_invalid_fields(fields: dict[str, Any], message: str) -> None:
    """A class whose files could not be read or written is refused when it is defined."""
    with pytest.raises(TypeError, match=message):
        made(**fields)


@pytest.mark.parametrize(
    ("base", "fields", "message"),
    [
        (NewsItem, {"filename": str}, ".filename is already an attribute of a base class"),
        (NewsItem, {"heat": (str | None, None)}, r".heat is str \| None, but int in the base"),
        (
            NewsItem,
            {"provider": (Provider | None, None)},
            r".provider may be None, but is required in the base class: remove \| None",
        ),
        (NewsItem, {"topics": (list[str] | None, None)}, ".topics is list.*, but list.* in the base"),
        (NewsItem, {"images": (list[Provider], key(factory=list))}, ".images is list.*, but list"),
        (type("Undecorated", (NewsItem,), {}), {"one": (str | None, None)}, "Undecorated, which is not made with"),
        (attrs.make_class("Other", ["x"]), {"one": str}, "Other, which is not made with newsitem.model"),
    ],
)
def test_fields_that_conflict_with_the_base(base: type, fields: dict[str, Any], message: str) -> None:
    """A class may narrow the fields of its base class, and change nothing else."""
    with pytest.raises(TypeError, match=message):
        made(bases=(base,), **fields)


def test_keys_after_a_renamed_key() -> None:
    """A key may be placed after a key of the base class that the class renames, by its new name only."""
    base = made(one=str, two=(str | None, None))
    after: dict[str, Any] = {"x": (str | None, key(default=None, after="uno")), "one": (str, key("uno"))}
    assert names(made(bases=(base,), **after)) == ["uno", "x", "two"]
    with pytest.raises(TypeError, match="after the key 'one', which does not exist: expected one of uno"):
        made(bases=(base,), one=(str, key("uno")), x=(str | None, key(default=None, after="one")))
    swapped = made(bases=(base,), one=(str, key("two")), two=(str | None, key("one", default=None)))
    assert names(swapped) == ["two", "one"]
    with pytest.raises(TypeError, match=r"\.one has the key 'two', which two already has"):
        made(bases=(base,), one=(str, key("two")))
    with pytest.raises(TypeError, match=r"\.two has the key 'one', which one already has"):
        made(bases=(base,), two=(str, key("one")))


def test_other_invalid_classes() -> None:
    """Keys without an annotation, generated methods, and classes that contain themselves are refused."""
    with pytest.raises(TypeError, match="one has no annotation"):
        model(type("Made", (), {"one": key()}))
    with pytest.raises(TypeError, match="__init__ is generated by newsitem"):
        model(type("Made", (), {"__init__": print, "__annotations__": {"one": str}}))
    mixed_in = type("MixIn", (), {"__getstate__": lambda _: {}})
    for bases, owner in (((mixed_in, FrontMatter), "MixIn"), ((mixed_in,), "MixIn"), ((FrontMatter,), "Made")):
        members: dict[str, Any] = {} if mixed_in in bases else {"__getstate__": lambda _: {}}
        with pytest.raises(TypeError, match=rf"\.__getstate__ is defined in {owner}, and newsitem has its own: remove"):
            model(type("Made", bases, {"__annotations__": {"one": str}, **members}))
    assert model(type("Made", (FrontMatter, mixed_in), {"__annotations__": {"one": str}}))(one="x").__getstate__()
    with pytest.raises(TypeError, match=": has no keys: use Any for a mapping with arbitrary keys"):
        made(bases=())
    one, two = made(x=(str | None, key("a", default=None))), made()
    with pytest.raises(TypeError, match=r"\.y has the key 'a', which x already has"):
        made(bases=(two, one), y=(str | None, key("a", default=None)))
    other = made(bases=(), z=(str, key("a")))
    mixin = model(type("Mixin", (), {"__annotations__": {"z": str}, "z": key("a")}))
    assert other is not mixin
    assert model(one) is one
    with pytest.raises(TypeError, match="expected a class, not 5"):
        model(5)  # type: ignore[type-var]
    for name in ("name", "after", "doc"):
        with pytest.raises(TypeError, match=f"{name} must be text, not 5"):
            key(**{name: 5})  # type: ignore[arg-type]
    for base in (dict, list, str, Exception):
        with pytest.raises(TypeError, match=f": derives from {base.__name__}, a type of Python itself: remove it"):
            made(bases=(base,), x=str)
    with pytest.raises(TypeError, match="a default or a factory, not both"):
        key(default=None, factory=list)
    with pytest.raises(TypeError, match="factory must be a function, not the integer 5"):
        key(factory=5)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="parent refers to its own class"):

        @model
        class Node(FrontMatter):
            parent: Node | None = key(default=None)

    with pytest.raises(TypeError, match=r"one has .*\n.*two has") as error:
        made(one=complex, two=complex)
    assert len(str(error.value).splitlines()) == 2


@pytest.mark.parametrize(
    ("validator", "shown"), [(5, "the integer 5"), ([5], "the integer 5"), ([print, None], "null"), (None, "null")]
)
def test_validators_that_are_not_functions(validator: Any, shown: str) -> None:
    """A validator that is not a function is refused when its key is defined."""
    with pytest.raises(TypeError, match=f"validator must be a function, not {shown}"):
        key(validator=validator)


def test_functions_that_do_not_run_when_called() -> None:
    """Coroutine and generator functions are refused as validators, factories, criteria and keys."""

    async def later(*_: Any) -> bool:
        return False

    def one_by_one(*_: Any) -> Any:
        yield False

    async def one_by_one_later(*_: Any) -> Any:
        yield False

    class Later:
        async def __call__(self, *_: Any) -> bool:
            return False

    message = "must be a plain function, not async and without yield"
    news: NewsCollection = NewsCollection()
    for function in (later, one_by_one, one_by_one_later, Later()):
        for name in ("validator", "factory"):
            with pytest.raises(TypeError, match=f"{name} {message}"):
                key(**{name: function})  # type: ignore[arg-type]
        for use in (lambda each: news.filter(where=each), news.count_by, news.group_by, news.sort):
            with pytest.raises(TypeError, match=f"(where|key) {message}"):
                use(function)


@pytest.mark.parametrize("lazy", [iter, lambda values: map(str, values), lambda values: (value for value in values)])
def test_functions_that_return_iterators(lazy: Any) -> None:
    """A key or a criterion that returns an iterator, such as a generator without ``any()``, is refused."""
    items = [NewsItem(title=title, published_date_time=WHEN, provider=Provider(name="P")) for title in ("A", "B")]
    news = NewsCollection(items)
    function = lambda item: lazy(item.topics)  # noqa: E731
    with pytest.raises(TypeError, match=r"where must return a value, not .*: use any\(\), all\(\) or list\(\)"):
        news.filter(where=function)
    for use in (news.count_by, news.group_by, news.sort, news.unique, news.duplicates):
        with pytest.raises(TypeError, match="key must return a value, not "):
            use(function)


def test_redefined_key_keeps_its_place() -> None:
    """A key that a class redefines has its place already, so `after` is refused."""
    with pytest.raises(TypeError, match=r"Sample\.heat keeps its place in the base class: remove after='title'"):

        @model
        class Sample(NewsItem):
            heat: int | None = key(default=None, after="title")


def test_validator_that_sets_another_key() -> None:
    """A validator may set another attribute. The key of that attribute is written if the file does not have it."""

    def derive(instance: Any, _: Any, value: str) -> None:
        instance.slug = value.lower()

    @model
    class Sample(FrontMatter):
        title: str = key(validator=derive)
        slug: str | None = key(default=None)

    sample = newsitem.loads("---\ntitle: A # a\n---\n", Sample)
    sample.title = "B"
    assert newsitem.dumps(sample) == '---\ntitle: "B" # a\nslug: "b"\n---\n'


def test_validator_that_raises_an_error_of_newsitem() -> None:
    """A validator may raise `ValidationError` with a text, as it may raise `ValueError`."""

    def refuse(*_: Any) -> None:
        raise ValidationError("bad")

    @model
    class Sample(FrontMatter):
        title: str = key(validator=refuse)

    with pytest.raises(ValidationError, match=r"^a\.md:2:8: title: bad$"):
        newsitem.loads("---\ntitle: A\n---\n", Sample, name="a.md")


def test_class_without_the_decorator() -> None:
    """An undecorated subclass is not an item class, and neither is a mapping class."""

    class Undecorated(NewsItem):
        pass

    with pytest.raises(TypeError, match="Undecorated is derived from NewsItem but is not a model: decorate it"):
        newsitem.loads(PERSON, Undecorated)
    with pytest.raises(TypeError, match=r"expected an item, not Account: derive Account from newsitem.FrontMatter"):
        newsitem.loads(PERSON, Account)  # type: ignore[type-var]
    with pytest.raises(TypeError, match="cls must be an item class or a function"):
        NewsCollection.iter([], cls="Person")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="not int"):
        newsitem.dumps(5)  # type: ignore[arg-type]


# Annotations and names


def test_equivalent_annotations() -> None:
    """Annotations as text, as objects and with ``Optional``, also of local classes, make the same keys."""

    @model
    class Local:
        x: str

    cls = made(one=(Optional[str], None), two=("Account | None", None), three=(list[Local], key(factory=list)))  # noqa: UP045
    assert newsitem.json_schema(cls)["properties"]["three"]["items"] == {"$ref": "#/$defs/Local"}
    assert cls(two=Account(username="a")).two.username == "a"
    own = made("Local", bases=(), y=str)
    both = newsitem.json_schema(made(one=Local, two=own))
    assert both["properties"]["two"] == {"$ref": "#/$defs/Local2"}
    assert list(both["$defs"]["Local2"]["properties"]) == ["y"]


def test_nested_class_with_the_name_of_another() -> None:
    """An annotation means the class that is nested in its own class, as it does for Python and type checkers."""

    @model
    class Account:
        other: str | None = None

    @model
    class Holder(FrontMatter):
        @model
        class Account:
            x: str | None = None

        account: Account | None = None

    assert type(newsitem.loads("---\naccount:\n  x: y\n---\n", Holder).account) is Holder.Account


def test_annotations_as_values() -> None:
    """Annotations that are values, which Python 3.14 evaluates late, define the same classes as text."""
    text = """
class Author:
    name: str

Author = model(Author)

@model
class Post(FrontMatter):
    layout: ClassVar[str] = "post"
    author: Author | None = None
    others: list[Author] = key(factory=list)
    day: Optional[date] = None
"""
    names: dict[str, Any] = {**vars(newsitem), "ClassVar": ClassVar, "Optional": Optional, "date": date}
    exec(compile(text, "post.py", "exec", dont_inherit=True), names)
    post = newsitem.loads("---\nauthor: {name: Ada}\nothers: [{name: Grace}]\n---\n", names["Post"])
    assert (post.author.name, post.others[0].name, post.day, post.extras) == ("Ada", "Grace", None, {})


def test_key_names() -> None:
    """A key is the attribute in camel case without outer underscores, or its given name; subclasses keep it."""
    cls = made(amp_web_url=str, from_=str, x=(str, key("a b")))
    assert names(cls) == ["ampWebUrl", "from", "a b"]
    assert names(made(bases=(cls,), x=(str, key(plain=True)))) == ["ampWebUrl", "from", "a b"]


def test_key_that_shadows_a_type() -> None:
    """An annotation that Python evaluates at once is explained if a key shadows its type."""
    with pytest.raises(TypeError, match="a key shadows the type in its annotation"):
        key() | None


def test_hook_for_subclasses() -> None:
    """`__init_subclass__` sees the classes of the user only, not the class in which items are read."""
    derived = []

    class Base(FrontMatter):
        def __init_subclass__(cls) -> None:
            derived.append(cls)

    base = model(Base)
    assert type(newsitem.loads("---\nname: Ada\n---\n", base)) is base
    assert derived == []
    assert [type("Derived", (base,), {})] == derived


def test_metaclass_of_a_class() -> None:
    """A metaclass sees the classes of the user only, too."""
    made_by = []

    class Registering(type):
        def __init__(cls, name: str, bases: tuple[type, ...], members: dict[str, Any]) -> None:
            super().__init__(name, bases, members)
            made_by.append(cls)

    base: Any = model(Registering("Base", (FrontMatter,), {"__annotations__": {"name": str}}))
    made_by.clear()
    assert newsitem.loads("---\nname: Ada\n---\n", base).name == "Ada"
    assert made_by == []


def test_abstract_class() -> None:
    """No object of an abstract class is made, neither in Python nor from a file."""
    cls: Any = model(
        ABCMeta("Abstract", (FrontMatter,), {"__annotations__": {"name": str}, "foo": abstractmethod(lambda _: 1)})
    )
    with pytest.raises(TypeError, match="Can't instantiate abstract class"):
        cls(name="x")
    with pytest.raises(TypeError, match="Can't instantiate abstract class"):
        newsitem.loads("---\nname: x\n---\n", cls)
    derived: Any = model(type("Derived", (cls,), {"foo": lambda _: 2}))
    assert newsitem.loads("---\nname: x\n---\n", derived).foo() == 2


def test_members_with_the_name_of_an_inherited_attribute() -> None:
    """A member without an annotation does not silently give way to an inherited key, but a redefined key may."""
    members = {"__annotations__": {"path": ClassVar[int]}, "path": 1, "heat": 5, "title": property(str)}
    with pytest.raises(TypeError) as error:
        model(type("Wrong", (NewsItem,), members))
    problem = "is an attribute of a base class: choose another name, or annotate it to redefine the key"
    assert str(error.value).splitlines() == [f"Wrong.{name} {problem}" for name in ("path", "heat", "title")]

    @model
    class Right(NewsItem):
        heat: int | None = 5

    assert attrs.fields(Right).heat.default == 5


@model
class Answering(FrontMatter):
    """A class that has every attribute."""

    title: str = key()

    def __getattr__(self, name: str) -> Any:
        return self.extras.get(name)


def test_evolved_item_of_a_class_with_every_attribute() -> None:
    """An evolved item keeps its text, even if its class has every attribute that it is asked for."""
    item = newsitem.loads('---\ntitle: "T" # c\n---\n', Answering)
    assert newsitem.dumps(attrs.evolve(item, title="n")) == '---\ntitle: "n" # c\n---\n'  # type: ignore[misc]
