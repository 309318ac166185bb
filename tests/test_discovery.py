"""Folders: which files are read, and in which order."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from folders import TEXT, fill, found
from hypothesis import given
from hypothesis import strategies as st
from secured_items import SECURED_TEXT

import newsitem
from newsitem import FrontMatter, NewsCollection
from newsitem._storage.discovery import _after, _begun


def test_order_of_files(tmp_path: Path) -> None:
    """Files are in the order of their paths, compared part by part."""
    names = ["b/1.md", "a-b/1.md", "a/2.md", "a/10.md", "a.md", "B.md", "é/1.md", "a/b/c/d.md"]
    fill(tmp_path, *names)
    assert found(tmp_path) == [str(path.relative_to(tmp_path)) for path in sorted(tmp_path.rglob("*.md"))]


def test_sources(tmp_path: Path) -> None:
    """A source is a folder, a file, or an iterable of both; each file is read once, in the order of the paths."""
    fill(tmp_path, "a/1.md", "a/2.md", "b/3.md", "note.txt", "_x.md")
    assert found(tmp_path / "a") == ["1.md", "2.md"]
    assert NewsCollection.read(str(tmp_path / "a")) == NewsCollection.read(tmp_path / "a")
    assert found(tmp_path / "_x.md", pattern="*.none") == [str(tmp_path / "_x.md")]
    sources: list[str | Path] = [
        tmp_path / "b",
        str(tmp_path / "a"),
        tmp_path / "note.txt",
        tmp_path / "b",
        tmp_path / "a/1.md",
    ]
    read = NewsCollection.read(path for path in sources)
    assert [str(item.path.relative_to(tmp_path)) for item in read if item.path] == [
        "a/1.md",
        "a/2.md",
        "b/3.md",
        "note.txt",
    ]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("**/*.md", ["a.md", "n/b.md", "n/m/c.md"]),
        ("*.md", ["a.md"]),
        ("*/*.md", ["n/b.md"]),
        ("**/m/*.md", ["n/m/c.md"]),
        ("n/**/*.md", ["n/b.md", "n/m/c.md"]),
        ("**/**/*.md", ["a.md", "n/b.md", "n/m/c.md"]),
        ("**/*.markdown", ["n/d.markdown"]),
        ("**/[bc].m?", ["n/b.md", "n/m/c.md"]),
        ("n/**", ["n/b.md", "n/d.markdown", "n/m/c.md"]),
        ("n/m/c.md", ["n/m/c.md"]),
    ],
)
def test_pattern(tmp_path: Path, pattern: str, expected: list[str]) -> None:
    """A pattern selects the names that are read, and the folders in which they are."""
    fill(tmp_path, "a.md", "n/b.md", "n/m/c.md", "n/d.markdown", "a.txt")
    (tmp_path / "a.txt").write_text("no item")
    assert found(tmp_path, pattern=pattern) == expected


def test_default_pattern(tmp_path: Path) -> None:
    """By default, files with Jekyll's Markdown extensions are read, regardless of case."""
    markdown = ["1.md", "2.mkd", "3.mkdn", "4.mkdown", "5.markdown", "6.MD", "7.Markdown", "8.x.mD", "a/9.md"]
    fill(tmp_path, *markdown, "1.html", "2.txt", "3.mdx", "4.md.bak", "md", "5md", "6.mdown")
    assert found(tmp_path) == markdown


@pytest.mark.parametrize("pattern", ["", "/etc/*.md", "a//b", "a/", ["*.md"]])
def test_wrong_patterns(tmp_path: Path, pattern: object) -> None:
    """A pattern that is empty, absolute, not text, or ends with a slash is refused."""
    with pytest.raises(ValueError, match="pattern must be relative to the folder"):
        NewsCollection.read(tmp_path, pattern=pattern)  # type: ignore[arg-type]


@given(
    st.lists(st.sampled_from(["**", "a", "b", "*"]), min_size=1, max_size=5),
    st.lists(st.sampled_from("ab"), max_size=5),
)
def test_patterns_match_as_a_naive_algorithm(segments: list[str], parts: list[str]) -> None:
    """Matching a pattern step by step gives the same result as trying every number of folders for ``**``."""

    def matches(parts: list[str], segments: list[str]) -> bool:
        if not segments:
            return not parts
        if segments[0] == "**":
            return any(matches(parts[number:], segments[1:]) for number in range(len(parts) + 1))
        return bool(parts) and segments[0] in ("*", parts[0]) and matches(parts[1:], segments[1:])

    rests = _begun(tuple(segments))
    for part in parts:
        rests = _after(part, rests)
    assert (() in rests) == matches(parts, segments)


def test_pattern_with_a_literal_first_character(tmp_path: Path) -> None:
    """A pattern with a literal first character and a wildcard finds names that Jekyll skips."""
    fill(tmp_path, "_news/a/1.md", "_posts/2.md", ".git/3.md", "b/4.md")
    assert found(tmp_path, pattern="_*/**/*.md") == ["_news/a/1.md", "_posts/2.md"]


RENDERED = [
    "_news/1.md",
    "_news/vendor/1.md",
    "_other/1.markdown",
    "_posts/2020-01-01-a.md",
    "a/1.md",
    "a/_posts/2020-01-01-b.md",
    "gems/1.md",
]


SKIPPED = [
    "_drafts/1.md",
    ".git/2.md",
    "~t/3.md",
    "#u/4.md",
    "node_modules/p/5.md",
    "vendor/gems/6.md",
    "vendor/own/6.md",
    "gemfiles/6.md",
    "a/_drafts/7.md",
    "a/.8.md",
    "a/_9.md",
    "a/~10.md",
    "a/#11.md",
    "_site/12.md",
    "_includes/13.md",
    "_layouts/14.md",
    "_data/15.md",
    "_sass/16.md",
    "_plugins/17.md",
    ".jekyll-cache/18.md",
    ".sass-cache/19.md",
    "_news/_drafts/20.md",
    "_news/_old/21.md",
    "_news/_22.md",
    "t~/23.md",
]


def test_root_of_a_site(tmp_path: Path) -> None:
    """Posts and collections of a site are read, and files that Jekyll skips are not, at any depth."""
    fill(tmp_path, *RENDERED, *SKIPPED)
    assert found(tmp_path) == sorted(RENDERED)


def test_collection_of_a_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading a collection's folder skips the same files as reading the entire site."""
    fill(tmp_path, *RENDERED, *SKIPPED)
    expected = [name.removeprefix("_news/") for name in RENDERED if name.startswith("_news/")]
    assert found(tmp_path / "_news") == expected
    monkeypatch.chdir(tmp_path / "_news")
    assert [str(item.path) for item in NewsCollection.read(".")] == expected


@pytest.mark.parametrize("name", SKIPPED)
def test_skipped_files_that_are_requested(tmp_path: Path, name: str) -> None:
    """A file that Jekyll skips is read if the source or the pattern names it."""
    fill(tmp_path, *SKIPPED)
    assert found(tmp_path, pattern=name) == [name]
    assert found((tmp_path / name).parent, pattern=Path(name).name) == [Path(name).name]
    assert found(tmp_path / name) == [str(tmp_path / name)]
    if Path(name).name[0] not in "._~#":
        assert found((tmp_path / name).parent) == [Path(name).name]


@pytest.mark.skipif(shutil.which("jekyll") is None, reason="jekyll is not installed: apt-get install jekyll")
def test_jekyll_reads_the_same_files(tmp_path: Path) -> None:
    """Jekyll renders the same files of a site with two collections as documents or pages."""
    settings = {"collections": {"news": {}, "other": {}}, "unpublished": True, "future": True, "timezone": "UTC"}
    fill(tmp_path, *RENDERED, *SKIPPED)
    (tmp_path / "_config.yml").write_text(json.dumps(settings))
    lists = (f"{{% for one in site.{kind} %}}{{{{ one.path }}}}\n{{% endfor %}}" for kind in ("documents", "pages"))
    (tmp_path / "list.txt").write_text(f"---\n---\n{''.join(lists)}")
    command = ["jekyll", "build", "--quiet", "--disable-disk-cache", "--destination", "_site", "--source", "."]
    subprocess.run(command, cwd=tmp_path, check=True, stdout=subprocess.PIPE)
    listed = set((tmp_path / "_site" / "list.txt").read_text().split())
    assert set(found(tmp_path)) == {name for name in listed if name.endswith((".md", ".markdown"))} - {
        "vendor/own/6.md"
    }


def test_warning_if_nothing_is_found(tmp_path: Path) -> None:
    """If no file is found, a warning at the caller's line lists what was skipped; otherwise there is none."""
    fill(tmp_path, "_drafts/1.md", "a/_drafts/2.md", "_site/3.md", ".git/4.md", "_5.md", "6.md~", "7.txt", "t/8.html")
    skipped = r"; 5 skipped: _drafts \(2\), \.git \(1\), _5\.md \(1\), _site \(1\) \(to read a skipped path, pass it"
    with pytest.warns(UserWarning, match=rf"^no Markdown files in {tmp_path}{skipped} as source\)$") as caught:
        assert NewsCollection.read(tmp_path) == NewsCollection()
    assert caught[0].filename == __file__
    with pytest.warns(UserWarning, match=rf"^no Markdown files in {tmp_path}{skipped} as source\)$") as caught:
        assert list(NewsCollection.iter([tmp_path], progress=lambda _done, _total: None)) == []
    assert (caught[0].filename, len(caught)) == (__file__, 1)
    (tmp_path / "t" / "b").mkdir()
    with pytest.warns(UserWarning, match=rf"^no files match '\*\.html' in {tmp_path}/a, {tmp_path}/t/b$"):
        NewsCollection.read([tmp_path / "a", tmp_path / "t" / "b"], pattern="*.html")
    (tmp_path / "bad.md").write_text("no item")
    assert len(NewsCollection.read(tmp_path, on_error="collect").errors) == 1


@pytest.mark.parametrize(
    "read", [NewsCollection.read, lambda source, **options: list(NewsCollection.iter(source, **options))]
)
def test_warning_without_paths(tmp_path: Path, read: Any) -> None:
    """An iterable without paths is an empty source, of which the same warning tells."""
    sources: list[Any] = [[], (), tmp_path.glob("*.none"), {}]
    for source in sources:
        with pytest.warns(UserWarning, match="^no Markdown files: there are no paths to read$") as caught:
            assert len(read(source)) == 0
        assert caught[0].filename == __file__
    with pytest.warns(UserWarning, match=r"^no files match '\*\.html': there are no paths to read$"):
        read([], pattern="*.html")


def test_warning_with_many_skipped_names(tmp_path: Path) -> None:
    """The warning lists the names that were skipped most often, and that there are more."""
    fill(tmp_path, *(f"{name}/_{name}.md" for name in "abcdef"), "g/_f.md", "_\n.md")
    with pytest.warns(UserWarning, match=r"8 skipped: _f\.md \(2\), _\\n\.md \(1\), _a\.md \(1\), .*, … \(to"):
        NewsCollection.read(tmp_path)


def test_link_loops(tmp_path: Path) -> None:
    """Links to a folder above, to each other and to themselves end, and each folder is read once."""
    fill(tmp_path, "a/1.md", "b/2.md")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "a" / "other").symlink_to(tmp_path / "b")
    (tmp_path / "b" / "back").symlink_to(tmp_path / "a")
    (tmp_path / "b" / "self").symlink_to(tmp_path / "b" / "self")
    assert found(tmp_path) == ["a/1.md", "a/other/2.md"]


def test_links_are_followed(tmp_path: Path) -> None:
    """Links to files and folders elsewhere are followed; a broken link is an error with its path."""
    fill(tmp_path, "real/1.md", "news/2.md")
    (tmp_path / "news" / "folder").symlink_to(tmp_path / "real")
    (tmp_path / "news" / "file.md").symlink_to(tmp_path / "real" / "1.md")
    assert found(tmp_path / "news") == ["2.md", "file.md", "folder/1.md"]
    (tmp_path / "news" / "broken.md").symlink_to(tmp_path / "nothing")
    (tmp_path / "news" / "self.md").symlink_to(tmp_path / "news" / "self.md")
    errors = NewsCollection.read(tmp_path / "news", on_error="collect").errors
    assert [error.path for error in errors] == [str(tmp_path / "news" / name) for name in ("broken.md", "self.md")]


def test_odd_names(tmp_path: Path) -> None:
    """Names with line ends, spaces and bytes that are not UTF-8 are read; pipes and folders are not."""
    fill(tmp_path, "two\nlines.md", " .md")
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "link.md").symlink_to(tmp_path / "pipe.md")
    (tmp_path / "folder.md").mkdir()
    fill(tmp_path, "folder.md/x.md")
    assert found(tmp_path) == [" .md", "folder.md/x.md", "two\nlines.md"]
    with open(os.fsencode(tmp_path) + b"/\xff.md", "wb") as file:  # noqa: PTH123
        file.write(TEXT)
    assert len(found(tmp_path)) == 4


def test_folder_reached_twice(tmp_path: Path) -> None:
    """A folder that is reached by a link or is also a source is read for what the pattern matches there."""
    fill(tmp_path, "a/1.md", "a/b/2.md", "drafts/3.md")
    (tmp_path / "aaa").symlink_to(tmp_path / "drafts")
    assert found(tmp_path, pattern="**/drafts/*.md") == ["drafts/3.md"]
    both = NewsCollection.read([tmp_path, tmp_path / "a"], pattern="*/*.md")
    assert [item.path for item in both] == [tmp_path / name for name in ("a/1.md", "aaa/3.md", "a/b/2.md")]
    assert [item.path for item in NewsCollection.read([tmp_path, tmp_path / "a"], pattern="*")] == [tmp_path / "a/1.md"]


def test_folder_reached_twice_with_two_asterisks(tmp_path: Path) -> None:
    """A starting folder that is also below another one, or that a link leads to, is read once with ``**`` too."""
    fill(tmp_path, "a/1.md")
    (tmp_path / "a/link").symlink_to(tmp_path)
    (tmp_path / "a/other").symlink_to(tmp_path / "a")
    for sources in ([tmp_path], [tmp_path, tmp_path / "a"]):
        assert [item.path for item in NewsCollection.read(sources, pattern="**")] == [tmp_path / "a/1.md"]


def test_folders_that_cannot_match_are_not_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pattern without folders lists no subfolder, whatever its name."""
    fill(tmp_path, "1.md", "folder.md/2.md")
    opened: list[Path] = []
    true_scandir = os.scandir

    def scandir(path: Path) -> Any:
        opened.append(path)
        return true_scandir(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert found(tmp_path, pattern="*.md") == ["1.md"]
    assert opened == [tmp_path]


@pytest.fixture
def deep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with a file 1,500 levels below it, which is removed level by level to avoid recursion."""
    monkeypatch.chdir(tmp_path)
    for _ in range(1_500):
        Path("d").mkdir()
        os.chdir("d")
    Path("x.md").write_bytes(TEXT)
    yield tmp_path
    Path("x.md").unlink()
    for _ in range(1_500):
        os.chdir("..")
        Path("d").rmdir()


def test_deep_folders(deep: Path) -> None:
    """Folders may be nested deeper than Python's recursion limit."""
    news = NewsCollection.read(deep)
    assert [len(Path(item.path or "").relative_to(deep).parts) for item in news] == [1_501]


def test_folder_that_cannot_be_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that cannot be listed is an error with its path, and the other folders are read."""
    fill(tmp_path, "a/1.md", "b/2.md")
    true_scandir = os.scandir

    def scandir(path: Path) -> Any:
        if path.name == "a":  # as root can list every folder
            raise PermissionError(13, "Permission denied", str(path))
        return true_scandir(path)

    monkeypatch.setattr(os, "scandir", scandir)
    news = NewsCollection.read(tmp_path, on_error="collect")
    assert [item.path for item in news] == [tmp_path / "b/2.md"]
    assert [str(error) for error in news.errors] == [f"{tmp_path}/a: Permission denied"]
    with pytest.raises(PermissionError):
        NewsCollection.read(tmp_path)


def test_missing_source(tmp_path: Path) -> None:
    """A single missing source raises an error immediately; one of several is collected."""
    with pytest.raises(FileNotFoundError):
        NewsCollection.iter(tmp_path / "typo", on_error="collect")
    fill(tmp_path, "1.md")
    news = NewsCollection.read([tmp_path / "1.md", tmp_path / "typo"], on_error="collect")
    assert (len(news), [error.path for error in news.errors]) == (1, [str(tmp_path / "typo")])


def test_source_with_a_wrong_path(tmp_path: Path) -> None:
    """One of several sources whose path is too long is an error with its path, and an empty path is refused."""
    fill(tmp_path, "1.md")
    long = tmp_path / ("a" * 300)
    news = NewsCollection.read([long, tmp_path / "1.md"], on_error="collect")
    assert (len(news), [error.path for error in news.errors]) == (1, [str(long)])
    for empty in ("", [""]):
        with pytest.raises(ValueError, match=r"empty path: use '\.' for the current folder"):
            NewsCollection.read(empty)


@pytest.mark.parametrize("mode", ["r", "rb"])
def test_open_files_are_no_sources(tmp_path: Path, mode: str) -> None:
    """An open file is refused, although it is an iterable of text, and the message says what to pass."""
    fill(tmp_path, "1.md")
    for read in (NewsCollection.read, NewsCollection.iter):
        with (tmp_path / "1.md").open(mode) as file, pytest.raises(TypeError, match=r"not an open file: pass its path"):
            read(file)


@pytest.mark.parametrize("source", [[None], NewsCollection([FrontMatter()]), [b"news"]])
def test_sources_that_contain_no_paths(source: Any) -> None:
    """An iterable of anything but paths is refused by the type of its entries."""
    for read in (NewsCollection.read, NewsCollection.iter):
        with pytest.raises(TypeError, match=r"expected a path, not (NoneType|FrontMatter|bytes)"):
            read(source)


def test_text_as_a_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The text of a file is refused and not shown, alone and in an iterable; names of files may have several lines."""
    monkeypatch.chdir(tmp_path)
    fill(tmp_path, "two\nlines.md")
    for name in ("two\nlines.md", Path("two\nlines.md"), ["two\nlines.md"]):
        assert len(NewsCollection.read(name)) == 1
    on_errors: list[newsitem.OnError] = ["raise", "collect"]
    for source in (SECURED_TEXT, [SECURED_TEXT], ["two\nlines.md", SECURED_TEXT], "a\n" * 5_000, "a\0\n"):
        for on_error in on_errors:
            with pytest.raises(ValueError, match=r"^expected a path, not the text of a file: use newsitem\.loads$"):
                NewsCollection.read(source, on_error=on_error)


@pytest.mark.parametrize("source", [5, None, b"news", [5], [b"news"]])
def test_source_of_the_wrong_type(source: Any) -> None:
    """A source that is not a path or an iterable of paths is refused."""
    with pytest.raises(TypeError):
        NewsCollection.read(source)
