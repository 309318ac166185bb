"""Edit YAML front matter from Python, and change only the lines you mean to change."""

from importlib import import_module
from typing import TYPE_CHECKING

from newsitem._schema.definition import key, model
from newsitem._schema.secured import Secured
from newsitem._yaml.limits import Limits, limits
from newsitem.errors import ConflictError, LimitError, NewsItemError, ParseError, Problem, ValidationError
from newsitem.items import FrontMatter, Image, NewsItem, Provider, RelatedItem

if TYPE_CHECKING:
    from newsitem._codec.convert import from_dict, from_json, json_schema, to_dict, to_json
    from newsitem._codec.round_trip import diff, dumps, loads
    from newsitem._query.criteria import Criteria, Moment, Texts
    from newsitem._query.sort_keys import DayKey, OtherKey, SortKey, TextKey
    from newsitem._query.summary import Description, FieldSummary
    from newsitem._query.updates import UpdateReport
    from newsitem._storage.batch import NewsReader, OnError, Progress, RenameReport, SaveReport
    from newsitem._storage.discovery import Sources
    from newsitem._storage.files import ItemKind, Source, dump, edit, load, rename, samples
    from newsitem.collection import Mention, NewsCollection
else:  # type checkers would accept any name

    def __getattr__(name: str) -> object:
        for module, names in _ON_DEMAND.items():
            if name in names:
                value = globals()[name] = getattr(import_module(f"newsitem.{module}"), name)
                return value
            if name == module:
                return import_module(f"newsitem.{name}")
        raise AttributeError(f"module 'newsitem' has no attribute {name!r}")


__version__ = "0.2.0"

__all__ = [
    "ConflictError",
    "Criteria",
    "DayKey",
    "Description",
    "FieldSummary",
    "FrontMatter",
    "Image",
    "ItemKind",
    "LimitError",
    "Limits",
    "Mention",
    "Moment",
    "NewsCollection",
    "NewsItem",
    "NewsItemError",
    "NewsReader",
    "OnError",
    "OtherKey",
    "ParseError",
    "Problem",
    "Progress",
    "Provider",
    "RelatedItem",
    "RenameReport",
    "SaveReport",
    "Secured",
    "SortKey",
    "Source",
    "Sources",
    "TextKey",
    "Texts",
    "UpdateReport",
    "ValidationError",
    "diff",
    "dump",
    "dumps",
    "edit",
    "from_dict",
    "from_json",
    "json_schema",
    "key",
    "limits",
    "load",
    "loads",
    "model",
    "rename",
    "samples",
    "to_dict",
    "to_json",
]

_ON_DEMAND = {
    "_codec.convert": ("from_dict", "from_json", "json_schema", "to_dict", "to_json"),
    "_codec.round_trip": ("diff", "dumps", "loads"),
    "_query.criteria": ("Criteria", "Moment", "Texts"),
    "_query.sort_keys": ("DayKey", "OtherKey", "SortKey", "TextKey"),
    "_query.summary": ("Description", "FieldSummary"),
    "_query.updates": ("UpdateReport",),
    "_storage.batch": ("NewsReader", "OnError", "Progress", "RenameReport", "SaveReport"),
    "_storage.discovery": ("Sources",),
    "_storage.files": ("ItemKind", "Source", "dump", "edit", "load", "rename", "samples"),
    "collection": ("Mention", "NewsCollection"),
}
"""The public names that are imported when they are first used, by module. This keeps `import newsitem` fast."""


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
