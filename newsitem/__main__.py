"""The command line: ``python -m newsitem check`` reports the problems in files."""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import Any, Final

import attrs

import newsitem
from newsitem._codec.unknown_keys import has_unknown, unknown_keys
from newsitem._schema.values import expanded
from newsitem._storage import discovery
from newsitem._storage.batch import NewsReader, Progress
from newsitem.errors import Problem, counted, printable
from newsitem.items import FrontMatter, require_kind

_GOOD, _BAD, _WRONG_CALL = range(3)
"""Exit statuses."""
_LONG: Final = 500
"""The minimum number of files for which a progress bar is shown."""


class _WrongCall(Exception):
    """The command line names a file, folder or class that does not exist."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command line.

    Returns:
        The exit status: 0 if there are no problems, 1 if there are, 2 for a usage error.
    """
    options = _parser().parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):  # its encoding may not support every character
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        return _check(options)
    except _WrongCall as error:
        _tell(f"newsitem: {error}")
        return _WRONG_CALL
    except KeyboardInterrupt:
        return 130
    except OSError as error:  # pragma: no cover - tested in a subprocess
        if sys.stdout is not None:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python flushes it at the end
        if isinstance(error, BrokenPipeError):  # the reader closed the pipe, as `head` does
            return _BAD
        _tell(f"newsitem: {error}")
        return _WRONG_CALL


def _tell(message: str) -> None:
    """Print a message to standard error, unless that is closed: `print` would use standard output instead."""
    if sys.stderr is not None:
        print(message, file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="newsitem", description="Check news item files.")
    parser.add_argument("--version", action="version", version=f"newsitem {newsitem.__version__}")
    check = parser.add_subparsers(dest="command", required=True, metavar="check").add_parser(
        "check",
        help="report every problem in files",
        description="Report every problem in files, one per line, as path:line:column: field: message.",
        epilog="Exit status: 0 if there are no problems, 1 if there are, 2 for a usage error.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    check.add_argument(
        "paths", nargs="+", metavar="PATH", help="file or folder, or - to read paths from standard input"
    )
    check.add_argument("--format", choices=tuple(_FORMATS), default="text", help="output format")
    check.add_argument(
        "--unknown-keys",
        choices=("error", "ignore"),
        default="ignore",
        help="whether to report keys that the class does not define",
    )
    check.add_argument("--cls", default="newsitem:NewsItem", metavar="MODULE:CLASS", help="class of the items")
    return parser


def _check(options: argparse.Namespace) -> int:
    cls = _class_named(options.cls)
    paths = _paths(options.paths)
    collected: list[Problem] = []
    line = _FORMATS[options.format]
    report = collected.append if line is None else lambda problem: print(line(problem))
    files = failed = 0
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        reader: NewsReader[Any] = NewsReader(paths, None, "collect", _progress(), cls)
        for problems in _problems_of_files(reader, cls, reports_unknown=options.unknown_keys == "error"):
            files += 1
            failed += bool(problems)
            for problem in problems:
                report(problem)
        has_empty_folder = bool(files) and _warn_of_empty_folders(paths)  # without files, the reader warns
    if line is None:
        print(json.dumps([attrs.asdict(problem) for problem in collected], indent=2))
    if sys.stdout is not None:  # it is not closed
        sys.stdout.flush()
    for warning in caught if paths else ():
        _tell(f"newsitem: {warning.message}")
    _tell(f"{counted(files, 'file')} checked, {counted(failed, 'file')} with problems")
    if has_empty_folder or (paths and not files):
        return _WRONG_CALL
    return _BAD if failed else _GOOD


def _problems_of_files(reader: NewsReader[Any], cls: type, *, reports_unknown: bool) -> Iterator[list[Problem]]:
    """Return the problems of each file, as soon as it is read."""
    reported = 0
    for item in chain(reader, [None]):
        for error in reader.errors[reported:]:
            yield [*error.problems, *(_unknown_key_problems(error.path, cls) if reports_unknown else ())]
        reported = len(reader.errors)
        if item is not None:
            has_others = reports_unknown and has_unknown(item)
            yield _unknown_key_problems(item.path, cls, item._source.data) if has_others else []


def _unknown_key_problems(path: Any, cls: type, data: bytes | None = None) -> list[Problem]:
    """Return problems for the unknown keys of a file; none if it is not UTF-8 or not YAML.

    Without its *data*, because it has other problems, it is read again unless it is a pipe.
    """
    try:
        if data is None:
            data = Path(path).read_bytes() if Path(path).is_file() else b""
        return list(unknown_keys(data.decode(), cls, str(path)))
    except (OSError, TypeError, UnicodeDecodeError, newsitem.NewsItemError):
        return []


def _class_named(name: str) -> type[FrontMatter]:
    """Import the class that ``module:Class`` names. The module may be in the current folder."""
    module, _, attribute = name.partition(":")
    if not attribute:
        raise _WrongCall(f"--cls {name}: expected MODULE:CLASS, such as my_kinds:Person")
    sys.path.insert(0, str(Path.cwd()))
    try:
        cls: Any = attrgetter(attribute)(import_module(module))
        require_kind(cls)
    except (Exception, SystemExit) as error:  # the module may raise anything
        raise _WrongCall(f"--cls {name}: {type(error).__name__}: {error}") from None
    finally:
        sys.path.pop(0)
    return cls  # type: ignore[no-any-return]


def _paths(named: list[str]) -> list[str]:
    """Return the named files and folders, with ``-`` replaced by the paths on standard input."""
    paths = [path for name in named for path in (_from_standard_input() if name == "-" else [name])]
    refused: dict[str, list[str]] = {}
    for path in paths:
        try:
            os.lstat(path)
        except PermissionError:
            refused.setdefault("permission denied", []).append(printable(path))
        except (OSError, ValueError):
            refused.setdefault("no such file or folder", []).append(printable(path))
    if refused:
        raise _WrongCall("; ".join(f"{reason}: {', '.join(names)}" for reason, names in refused.items()))
    return paths


def _warn_of_empty_folders(paths: list[str]) -> bool:
    """Warn of each named folder without Markdown files, and return whether there is one."""
    has_empty_folder = False
    for path in paths:
        skipped: list[str] = []
        errors: list[OSError] = []  # of folders that cannot be listed, which are reported as problems
        if not (any(discovery.files([expanded(path)], None, errors.append, skipped)) or errors):
            discovery.warn_of_nothing([path], None, skipped)
            has_empty_folder = True
    return has_empty_folder


def _from_standard_input() -> list[str]:
    if sys.stdin is None:
        raise _WrongCall("-: standard input is closed")
    stream = getattr(sys.stdin, "buffer", None)  # sys.stdin may have another encoding than file names
    encoding = sys.getfilesystemencoding()
    text = sys.stdin.read() if stream is None else stream.read().decode(encoding, "surrogateescape")
    lines = text.split("\0") if "\0" in text else [line.removesuffix("\r") for line in text.split("\n")]
    return [line for line in lines if line]


def _progress() -> Progress:
    """Return a function that shows a bar for long runs, or ``False`` without a terminal or tqdm."""
    if sys.stderr is None or not sys.stderr.isatty():
        return False
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return False
    bar = None

    def show(done: int, total: int) -> None:
        nonlocal bar
        if bar is None:
            bar = tqdm(total=total, unit=" files", leave=False, disable=total < _LONG)
        bar.update(done - bar.n)
        if done == total:
            bar.close()

    return show


# Output formats


def _github(problem: Problem) -> str:
    """Return a problem as a workflow command, which GitHub shows next to the line."""
    path = problem.path and problem.path.replace(os.sep, "/")
    places = {"file": path, "line": problem.line, "col": problem.column, "title": problem.field}
    properties = [f"{name}={_escaped(printable(value), ':,')}" for name, value in places.items() if value is not None]
    without_place = attrs.evolve(problem, path=None, line=None, column=None)
    return f"::error {','.join(properties)}::{_escaped(str(without_place))}"


def _escaped(text: str, others: str = "") -> str:
    """Escape text for a workflow command: a line feed, for example, becomes ``%0A``."""
    for character in f"%\r\n{others}":
        text = text.replace(character, f"%{ord(character):02X}")
    return text


_FORMATS: Final[dict[str, Callable[[Problem], str] | None]] = {"text": str, "github": _github, "json": None}
"""The functions that write a problem on one line. JSON is one list of all problems, written at the end."""


if __name__ == "__main__":  # pragma: no cover
    sys.exit(main())
