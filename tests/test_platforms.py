"""What is different on Windows and macOS, simulated where the library calls the system: `docs` states the limits."""

from __future__ import annotations

import codecs
import errno
import io
import json
import os
import shutil
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from samples import EXAMPLES

import newsitem
from newsitem import ConflictError, NewsCollection, NewsItem
from newsitem import __main__ as command
from newsitem._storage import atomic

posix = pytest.mark.skipif(os.name == "nt", reason="simulates Windows")


@pytest.fixture
def item(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> NewsItem:
    """Return an item in a file of its own, in the current folder."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(EXAMPLES[0], tmp_path / "item.md")
    return newsitem.load("item.md")


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the system refuse what Windows refuses, and have no locks."""
    true_unlink, true_replace, true_rename = os.unlink, os.replace, os.rename

    def require_writable(path: Any) -> None:
        if os.path.lexists(path) and not Path(path).stat().st_mode & stat.S_IWRITE:
            raise PermissionError(errno.EACCES, "Access is denied", os.fspath(path))

    def unlink(path: Any, **options: Any) -> None:
        require_writable(path)
        true_unlink(path, **options)

    def replace(path: Any, target: Any) -> None:
        require_writable(target)
        true_replace(path, target)

    def rename(path: Any, target: Any) -> None:
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, "Cannot create a file when that file already exists")
        true_rename(path, target)

    monkeypatch.setattr(atomic, "fcntl", None)
    monkeypatch.setattr(atomic, "_IS_WINDOWS", True)
    monkeypatch.setattr(os, "unlink", unlink)
    monkeypatch.setattr(os, "replace", replace)
    monkeypatch.setattr(os, "rename", rename)
    monkeypatch.setattr(os, "link", None)


def names() -> list[str]:
    """Return what is in the current folder."""
    return sorted(path.name for path in Path().iterdir())


@posix
@pytest.mark.usefixtures("windows")
def test_writing_without_locks(item: NewsItem) -> None:
    """Where folders can be neither locked nor flushed, a file is replaced as a whole and a conflict is noticed."""
    item.heat = 7
    newsitem.dump(item)
    assert newsitem.load("item.md").heat == 7
    Path("item.md").write_text("another's")
    item.heat = 8
    with pytest.raises(ConflictError):
        newsitem.dump(item)
    assert names() == ["item.md"]


@posix
@pytest.mark.usefixtures("windows")
def test_a_read_only_file(item: NewsItem) -> None:
    """Windows replaces no read-only file: the error names it, nothing is left behind, and the item is still unsaved."""
    Path("item.md").chmod(0o444)
    item.heat = 7
    with pytest.raises(PermissionError, match=r"denied: 'item\.md'"):
        newsitem.dump(item)
    assert names() == ["item.md"]
    Path("item.md").chmod(0o644)
    newsitem.dump(item)
    assert newsitem.load("item.md").heat == 7


def test_a_file_that_another_program_has_open(item: NewsItem, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows replaces no open file: a collection reports it, and the file is as it was."""
    before = Path("item.md").read_bytes()

    def replace(*_: Any) -> None:
        raise PermissionError(errno.EACCES, "The file is being used by another process", ".newsitem.tmp")

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", replace)
        item.heat = 7
        report = NewsCollection([item]).save()
    (error,) = report.errors
    assert str(error) == "item.md: The file is being used by another process"
    assert (names(), Path("item.md").read_bytes()) == (["item.md"], before)
    assert NewsCollection([item]).save().written == (item,)


@posix
@pytest.mark.usefixtures("windows")
def test_renaming_where_that_never_replaces(item: NewsItem) -> None:
    """Windows has a rename that refuses a taken name: there is no need for links, which not all its disks have."""
    Path("taken.md").write_text("mine")
    with pytest.raises(ConflictError, match=r"taken\.md: a file with this name already exists"):
        newsitem.rename(item, "taken.md")
    newsitem.rename(item, "free.md")
    assert (names(), item.path) == (["free.md", "taken.md"], Path("free.md"))


@posix
@pytest.mark.usefixtures("windows")
@pytest.mark.parametrize(
    "name", ["con.md", "NUL", "Aux .tar.md", "com1.md", "LPT³", "what?.md", "a:b.md", "item.md.", "item.md ", "a\x01b"]
)
def test_names_that_windows_does_not_allow(item: NewsItem, name: str) -> None:
    """A name that would be a device, a stream, or another name is refused: nothing is lost in it."""
    for write in (newsitem.dump, newsitem.rename):
        with pytest.raises(OSError, match="Windows does not allow this name: choose another: ") as caught:
            write(item, name)
        assert (caught.value.filename, caught.value.filename2) == (name, None)
    assert (names(), item.path) == (["item.md"], Path("item.md"))


@posix
@pytest.mark.usefixtures("windows")
@pytest.mark.parametrize("name", ["console.md", "com.md", "com10.md", ".hidden", "nul-and-void.md"])
def test_names_that_windows_allows(item: NewsItem, name: str) -> None:
    """A name that only looks like one of a device is as good as any."""
    newsitem.dump(item, name)
    assert name in names()


@pytest.mark.parametrize("title", ["con", "NUL", "a.", 'what? <this>: "that" | C:\\x * /', "…", "COM1 "])
def test_names_of_new_files_are_allowed_everywhere(item: NewsItem, title: str) -> None:
    """The name that an item gets begins with its day, and holds nothing that a system does not allow."""
    item.title = title
    assert atomic._RESERVED.fullmatch(item.filename.name) is None
    assert len(item.filename.name) <= 255


@pytest.fixture
def ignoring_case(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the file system find ``ITEM.md`` under ``item.md``, as those of macOS and Windows do."""
    true_stat, true_lstat = os.stat, os.lstat

    def as_it_is(path: Any) -> Any:
        if isinstance(path, str | os.PathLike) and not true_exists(path):
            for one in Path(path).parent.iterdir():
                if one.name.casefold() == Path(path).name.casefold():
                    return one
        return path

    def true_exists(path: Any) -> bool:
        try:
            true_lstat(path)
        except OSError:
            return False
        return True

    def taken(*_: Any) -> None:
        raise FileExistsError

    def patched(function: Callable[..., Any]) -> Callable[..., Any]:
        return lambda path, *rest, **options: function(as_it_is(path), *rest, **options)

    monkeypatch.setattr(os, "stat", patched(true_stat))
    monkeypatch.setattr(os, "lstat", patched(true_lstat))
    monkeypatch.setattr(os.path, "lexists", lambda path: true_exists(as_it_is(path)))
    monkeypatch.setattr(atomic, "_renameat2", lambda: taken)


@pytest.mark.usefixtures("ignoring_case")
def test_a_name_in_other_letters(item: NewsItem) -> None:
    """Where case is ignored, a file can still be renamed from one spelling to another, and a dry run says so."""
    assert os.path.lexists("ITEM.md")
    newsitem.rename(item, "ITEM.md")
    assert (names(), item.path) == (["ITEM.md"], Path("ITEM.md"))
    target = item.filename
    upper = target.with_name(target.name.upper())
    Path("ITEM.md").rename(upper)
    news = NewsCollection([newsitem.load(upper)])
    assert news.rename(dry_run=True).renamed == ((upper, target),)
    assert news.rename().renamed == ((upper, target),)
    assert (names(), news[0].path) == ([target.name], target)


def test_two_names_of_one_file_are_no_spellings(item: NewsItem) -> None:
    """Where case matters, two links that differ in it are two names: the second is taken."""
    os.link("item.md", "ITEM.md")
    if len(names()) == 1:  # pragma: no cover - another system
        pytest.skip("the file system ignores case")
    with pytest.raises(ConflictError, match="already exists"):
        newsitem.rename(item, "ITEM.md")
    assert names() == ["ITEM.md", "item.md"]


def test_streams_that_translate_line_ends(tmp_path: Path) -> None:
    """A text in CRLF goes to a text stream as it is: one opened in text mode on Windows would double the CR."""
    text = EXAMPLES[0].read_bytes().decode().replace("\n", "\r\n")
    item = newsitem.loads(text)
    with (tmp_path / "item.md").open("w", encoding="utf-8", newline="\r\n") as stream:
        newsitem.dump(item, stream)
        stream.write("after\n")
    assert (tmp_path / "item.md").read_bytes().decode() == f"{text}after\r\n"


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "ascii", "utf-16"])
def test_a_stream_with_another_encoding(tmp_path: Path, encoding: str, line_end: str) -> None:
    """A text stream that would write other bytes than those of the file is refused, and stays usable."""
    text = "---\ntitle: Zoë\npublishedDateTime: 2020-01-01\nprovider: {name: P}\n---\n".replace("\n", line_end)
    with (tmp_path / "item.md").open("w", encoding=encoding) as stream:
        with pytest.raises(newsitem.ValidationError, match=rf":2:10: the encoding of the stream is {encoding}, in "):
            newsitem.dump(newsitem.loads(text), stream)
        stream.write("after")
    assert (tmp_path / "item.md").read_text(encoding=encoding) == "after"


@pytest.mark.parametrize(("encoding", "mark"), [("utf-8", b""), ("utf-8-sig", codecs.BOM_UTF8), ("cp1252", b"")])
def test_a_stream_with_an_encoding_of_the_same_bytes(tmp_path: Path, encoding: str, mark: bytes) -> None:
    """Other encodings may be used if they write the same bytes, as all on this list do for ASCII."""
    text = "---\ntitle: T\npublishedDateTime: 2020-01-01\nprovider: {name: P}\n---\n"
    with (tmp_path / "item.md").open("w", encoding=encoding) as stream:
        newsitem.dump(newsitem.loads(text), stream)
    assert (tmp_path / "item.md").read_bytes() == mark + text.encode()
    assert newsitem.load(tmp_path / "item.md").title == "T"


def test_a_stream_that_does_not_tell_its_encoding() -> None:
    """The error of a codec contains the entire text, so it is never attached."""
    item = newsitem.loads("---\ntitle: Zoë\npublishedDateTime: 2020-01-01\nprovider: {name: P}\n---\n")
    with pytest.raises(newsitem.ValidationError, match="the encoding of the stream is ascii") as caught:
        newsitem.dump(item, codecs.getwriter("ascii")(io.BytesIO()))
    assert caught.value.__cause__ is caught.value.__context__ is None


def test_a_folder_and_a_pattern(item: NewsItem, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows has other errors for a folder and for a pattern that are read as a file: the advice is the same."""
    true_open, true_stat = io.open, os.stat

    def refuse(path: Any) -> None:
        if "*" in str(path):
            raise OSError(errno.EINVAL, "The filename, directory name, or volume label syntax is incorrect", str(path))
        if Path(path).is_dir():
            raise PermissionError(errno.EACCES, "Permission denied", str(path))

    def opened(path: Any, *rest: Any, **options: Any) -> Any:
        refuse(path)
        return true_open(path, *rest, **options)

    def status(path: Any, *rest: Any, **options: Any) -> Any:
        if "*" in str(path):
            refuse(path)
        return true_stat(path, *rest, **options)

    assert item.path is not None
    Path("news").mkdir()
    monkeypatch.setattr(io, "open", opened)
    monkeypatch.setattr(os, "stat", status)
    with pytest.raises(PermissionError, match=r"use newsitem\.NewsCollection\.read"):
        newsitem.load("news")
    for read in (newsitem.load, NewsCollection.read):
        with pytest.raises(OSError, match=r"NewsCollection\.read\('news', pattern='\*\.md'\)"):
            read("news/*.md")


def checked(
    monkeypatch: pytest.MonkeyPatch, *arguments: str, encoding: str = "utf-8", given: bytes = b""
) -> tuple[int, str]:
    """Run the command with streams of an encoding, and return its status and what it prints."""
    out = io.TextIOWrapper(io.BytesIO(), encoding, newline="\r\n")
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given), encoding))
    status = command.main(["check", *arguments])
    out.flush()
    printed: bytes = out.buffer.getvalue()
    return status, printed.decode(encoding)


def test_a_console_of_few_characters(item: NewsItem, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the encoding of a console lacks is printed escaped, and a program reads JSON with any line ends."""
    assert item.path is not None
    Path("→.md").write_text("---\ntitle: →\nprovider: {name: P}\n---\n", encoding="utf-8")
    status, printed = checked(monkeypatch, "→.md", encoding="cp1252")
    assert status == 1
    assert printed.startswith("\\u2192.md:")
    assert printed.endswith("\r\n")
    _, printed = checked(monkeypatch, "→.md", "--format", "json", encoding="cp1252")
    assert json.loads(printed)[0]["path"] == "→.md"


def test_names_on_standard_input_are_those_of_files(item: NewsItem, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names come in the encoding of the file system, whatever that of the console: programs print them so."""
    assert item.path is not None
    Path("→.md").write_bytes(Path("item.md").read_bytes())
    assert checked(monkeypatch, "-", encoding="cp1252", given="→.md\r\nitem.md\r\n".encode())[0] == 0
    assert checked(monkeypatch, "-", given=b"caf\xe9.md\n")[0] == 2


def test_github_gets_slashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """GitHub shows a problem at its line only if the path is written with slashes."""
    monkeypatch.setattr(os, "sep", "\\")
    assert command._github(newsitem.Problem("bad", path="news\\bad.md")) == "::error file=news/bad.md::bad"
