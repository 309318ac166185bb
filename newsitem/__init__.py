"""News item files: typed, and written back without losing a byte."""

from newsitem._bulk import NewsReader, SaveReport
from newsitem._describe import Description, FieldSummary
from newsitem._limits import Limits, limits
from newsitem._round_trip import diff, dumps, loads
from newsitem.collection import Mention, NewsCollection
from newsitem.convert import from_dict, from_json, json_schema, to_dict, to_json
from newsitem.errors import ConflictError, LimitError, NewsItemError, ParseError, Problem, ValidationError
from newsitem.files import dump, load
from newsitem.model import Image, NewsItem, Provider, RelatedItem, Secured

__all__ = [
    "ConflictError",
    "Description",
    "FieldSummary",
    "Image",
    "LimitError",
    "Limits",
    "Mention",
    "NewsCollection",
    "NewsItem",
    "NewsItemError",
    "NewsReader",
    "ParseError",
    "Problem",
    "Provider",
    "RelatedItem",
    "SaveReport",
    "Secured",
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
