"""Edit YAML front matter from Python, and change only the lines you mean to change."""

from newsitem._codec.convert import from_dict, from_json, json_schema, to_dict, to_json
from newsitem._codec.round_trip import diff, dumps, loads
from newsitem._query.criteria import Criteria, Moment, Texts
from newsitem._query.sort_keys import DayKey, OtherKey, SortKey, TextKey
from newsitem._query.summary import Description, FieldSummary
from newsitem._query.updates import UpdateReport
from newsitem._schema.definition import key, model
from newsitem._schema.secured import Secured
from newsitem._storage.batch import NewsReader, OnError, RenameReport, SaveReport
from newsitem._storage.discovery import Sources
from newsitem._storage.files import ItemKind, Source, dump, edit, load, rename
from newsitem._storage.progress import Progress
from newsitem._storage.samples import samples
from newsitem._yaml.limits import Limits, limits
from newsitem.collection import Mention, NewsCollection
from newsitem.errors import ConflictError, LimitError, NewsItemError, ParseError, Problem, ValidationError
from newsitem.items import FrontMatter, Image, NewsItem, Provider, RelatedItem

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
