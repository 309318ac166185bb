"""News item files: typed, and written back without losing a byte."""

from newsitem._bulk import NewsReader, OnError, SaveReport
from newsitem._describe import Description, FieldSummary
from newsitem._filter import Criteria, Moment, Texts
from newsitem._folders import Sources
from newsitem._keys import DayKey, OtherKey, SortKey, TextKey
from newsitem._limits import Limits, limits
from newsitem._progress import Progress
from newsitem._round_trip import diff, dumps, loads
from newsitem.collection import Mention, NewsCollection
from newsitem.convert import from_dict, from_json, json_schema, to_dict, to_json
from newsitem.errors import ConflictError, LimitError, NewsItemError, ParseError, Problem, ValidationError
from newsitem.files import Source, dump, load
from newsitem.model import Image, NewsItem, Provider, RelatedItem, Secured

__version__ = "0.1.0"

__all__ = [
    "ConflictError",
    "Criteria",
    "DayKey",
    "Description",
    "FieldSummary",
    "Image",
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
    "SaveReport",
    "Secured",
    "SortKey",
    "Source",
    "Sources",
    "TextKey",
    "Texts",
    "ValidationError",
    "diff",
    "dump",
    "dumps",
    "from_dict",
    "from_json",
    "json_schema",
    "limits",
    "load",
    "loads",
    "to_dict",
    "to_json",
]
