"""Folders: which files are read, in which order, and how progress and errors are told."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import EXAMPLES

import newsitem
from newsitem import NewsCollection
from newsitem._storage.discovery import _after, _reached

TEXT = EXAMPLES[0].read_bytes()


def fill(folder: Path, *names: str) -> None:
    """Write files."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(TEXT)


def found(folder: Path, **options: Any) -> list[str]:
    """Give the names of the files that are read, from the folder on."""
    return [str(item.path).removeprefix(f"{folder}/") for item in NewsCollection.read(folder, **options)]


# Which files


def test_order_is_that_of_the_paths(tmp_path: Path) -> None:
    """Files come in the order of their paths, part by part, whatever order the system lists them in."""
    names = ["b/1.md", "a-b/1.md", "a/2.md", "a/10.md", "a.md", "B.md", "é/1.md", "a/b/c/d.md"]
    fill(tmp_path, *names)
    assert found(tmp_path) == [str(path.relative_to(tmp_path)) for path in sorted(tmp_path.rglob("*.md"))]


def test_sources(tmp_path: Path) -> None:
    """A source is a folder, a file, or many, as text or path; each is read once, in the order of the paths."""
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
    assert NewsCollection.read([]) == NewsCollection()


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
    """A pattern says which names are read, and in which folders."""
    fill(tmp_path, "a.md", "n/b.md", "n/m/c.md", "n/d.markdown", "a.txt")
    (tmp_path / "a.txt").write_text("no item")
    assert found(tmp_path, pattern=pattern) == expected


def test_default_pattern(tmp_path: Path) -> None:
    """Without a pattern all files are read that Jekyll takes for Markdown, in upper and lower case."""
    markdown = ["1.md", "2.mkd", "3.mkdn", "4.mkdown", "5.markdown", "6.MD", "7.Markdown", "8.x.mD", "a/9.md"]
    fill(tmp_path, *markdown, "1.html", "2.txt", "3.mdx", "4.md.bak", "md", "5md", "6.mdown")
    assert found(tmp_path) == markdown


@pytest.mark.parametrize("pattern", ["", "/etc/*.md", "a//b", "a/", ["*.md"]])
def test_pattern_refused(tmp_path: Path, pattern: object) -> None:
    """A pattern that is empty, absolute, ends with a slash, or is no text is refused."""
    with pytest.raises(ValueError, match="pattern must be relative to the folder"):
        NewsCollection.read(tmp_path, pattern=pattern)  # type: ignore[arg-type]


@given(
    st.lists(st.sampled_from(["**", "a", "b", "*"]), min_size=1, max_size=5),
    st.lists(st.sampled_from("ab"), max_size=5),
)
def test_pattern_means_what_trying_all_gives(segments: list[str], parts: list[str]) -> None:
    """The places that are reached in a pattern are those that trying every number of folders for ``**`` reaches."""

    def matches(parts: list[str], segments: list[str]) -> bool:
        if not segments:
            return not parts
        if segments[0] == "**":
            return any(matches(parts[number:], segments[1:]) for number in range(len(parts) + 1))
        return bool(parts) and segments[0] in ("*", parts[0]) and matches(parts[1:], segments[1:])

    places = _reached(segments, 0)
    for part in parts:
        places = _after(part, segments, places)
    assert (len(segments) in places) == matches(parts, segments)


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


def test_the_root_of_a_site(tmp_path: Path) -> None:
    """Posts and collections are read; what Jekyll skips is not, also where it is nested."""
    fill(tmp_path, *RENDERED, *SKIPPED)
    assert found(tmp_path) == sorted(RENDERED)


def test_a_collection_has_the_same_items_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is skipped in a collection does not depend on where the reading begins."""
    fill(tmp_path, *RENDERED, *SKIPPED)
    expected = [name.removeprefix("_news/") for name in RENDERED if name.startswith("_news/")]
    assert found(tmp_path / "_news") == expected
    monkeypatch.chdir(tmp_path / "_news")
    assert [str(item.path) for item in NewsCollection.read(".")] == expected


@pytest.mark.parametrize("name", SKIPPED)
def test_what_jekyll_skips_is_read_when_asked_for(tmp_path: Path, name: str) -> None:
    """It is read where the source or the pattern names it."""
    fill(tmp_path, *SKIPPED)
    assert found(tmp_path, pattern=name) == [name]
    assert found((tmp_path / name).parent, pattern=Path(name).name) == [Path(name).name]
    assert found(tmp_path / name) == [str(tmp_path / name)]
    if Path(name).name[0] not in "._~#":
        assert found((tmp_path / name).parent) == [Path(name).name]


@pytest.mark.skipif(shutil.which("jekyll") is None, reason="jekyll is not installed: apt-get install jekyll")
def test_the_root_of_a_site_is_read_as_jekyll_reads_it(tmp_path: Path) -> None:
    """Whatever is read of a site with two collections, Jekyll has as a document or a page too."""
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


# Nothing found


def test_nothing_found(tmp_path: Path) -> None:
    """Where no file is found a warning says what was skipped, at the line that asked; what is found is worth none."""
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
    assert NewsCollection.read([]) == NewsCollection()


def test_nothing_found_of_many_names(tmp_path: Path) -> None:
    """A warning names what was skipped most often, and that there is more."""
    fill(tmp_path, *(f"{name}/_{name}.md" for name in "abcdef"), "g/_f.md", "_\n.md")
    with pytest.warns(UserWarning, match=r"8 skipped: _f\.md \(2\), _\\n\.md \(1\), _a\.md \(1\), .*, … \(to"):
        NewsCollection.read(tmp_path)


# Paths as users write them


def test_a_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ``~`` for a home is understood wherever a path is taken, and a path of an item begins with none."""
    monkeypatch.setenv("HOME", str(tmp_path))
    fill(tmp_path, "news/1.md")
    for source in ("~/news", "~/news/1.md", ["~/news"], Path("~/news")):
        assert [item.path for item in NewsCollection.read(source)] == [tmp_path / "news" / "1.md"]
    item = newsitem.load("~/news/1.md")
    assert item.path == newsitem.load(Path("~/news/1.md")).path == tmp_path / "news" / "1.md"
    newsitem.dump(item, "~/2.md")
    assert (tmp_path / "2.md").read_bytes() == TEXT
    assert NewsCollection([item]).write("~/new") == [tmp_path / "new" / item.filename]
    item.path = Path("~") / "3.md"
    assert item.path == tmp_path / "3.md"


def test_names_that_begin_with_a_tilde(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder named ``~`` is no home where it is found or written as such, and stays what it is in copies."""
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    fill(tmp_path, "~/1.md", "~nobody.md")
    for item in (
        *NewsCollection.read(".", pattern="~*/*.md"),
        newsitem.load("./~/1.md"),
        attrs.evolve(newsitem.load("./~/1.md")),  # type: ignore[misc]
    ):
        assert item.path == tmp_path / "~" / "1.md"
    assert newsitem.load("~nobody.md").path == tmp_path / "~nobody.md"


@pytest.mark.parametrize(
    ("source", "call"),
    [
        ("_news/*.md", "read('_news', pattern='*.md')"),
        ("a/_news/**/2020*.md", "read('a/_news', pattern='**/2020*.md')"),
        ("[ab]/c.md", "read('.', pattern='[ab]/c.md')"),
        ("/nowhere/?.md", "read('/nowhere', pattern='?.md')"),
    ],
)
def test_a_pattern_as_source(source: str, call: str) -> None:
    """Where a pattern is given for a path that is not there, the error says where a pattern goes."""
    message = re.escape(f"No such file or directory: to use a pattern, call NewsCollection.{call}")
    for read in (NewsCollection.read, NewsCollection.iter, newsitem.load):
        with pytest.raises(FileNotFoundError, match=message):
            read(source)
    (error,) = NewsCollection.read([source], on_error="collect").errors
    assert re.search(message, str(error))


def test_a_folder_for_a_file(tmp_path: Path) -> None:
    """A folder that is loaded is an error that names what reads folders; one that is written to, what writes there."""
    with pytest.raises(IsADirectoryError, match=r"to read the files in it, use newsitem\.NewsCollection\.read"):
        newsitem.load(tmp_path)
    with pytest.raises(IsADirectoryError, match=r"pass a path to a file, or use newsitem\.NewsCollection\.write"):
        newsitem.dump(newsitem.load(EXAMPLES[0]), tmp_path)


def test_a_pattern_may_spell_only_the_beginning(tmp_path: Path) -> None:
    """A wildcard behind the first character finds what begins with it."""
    fill(tmp_path, "_news/a/1.md", "_posts/2.md", ".git/3.md", "b/4.md")
    assert found(tmp_path, pattern="_*/**/*.md") == ["_news/a/1.md", "_posts/2.md"]


# Links


def test_link_loops_end(tmp_path: Path) -> None:
    """Links to a folder above, to each other, and to themselves end; each folder is read once."""
    fill(tmp_path, "a/1.md", "b/2.md")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "a" / "other").symlink_to(tmp_path / "b")
    (tmp_path / "b" / "back").symlink_to(tmp_path / "a")
    (tmp_path / "b" / "self").symlink_to(tmp_path / "b" / "self")
    assert found(tmp_path) == ["a/1.md", "a/other/2.md"]


def test_links_are_followed(tmp_path: Path) -> None:
    """Links to files and folders elsewhere are read; a link to nothing is an error with its path."""
    fill(tmp_path, "real/1.md", "news/2.md")
    (tmp_path / "news" / "folder").symlink_to(tmp_path / "real")
    (tmp_path / "news" / "file.md").symlink_to(tmp_path / "real" / "1.md")
    assert found(tmp_path / "news") == ["2.md", "file.md", "folder/1.md"]
    (tmp_path / "news" / "broken.md").symlink_to(tmp_path / "nothing")
    (tmp_path / "news" / "self.md").symlink_to(tmp_path / "news" / "self.md")
    errors = NewsCollection.read(tmp_path / "news", on_error="collect").errors
    assert [error.path for error in errors] == [str(tmp_path / "news" / name) for name in ("broken.md", "self.md")]


def test_odd_names(tmp_path: Path) -> None:
    """Names with line ends, blanks and bytes that are no UTF-8 are read; what is no file is not."""
    fill(tmp_path, "two\nlines.md", " .md")
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "link.md").symlink_to(tmp_path / "pipe.md")
    (tmp_path / "folder.md").mkdir()
    fill(tmp_path, "folder.md/x.md")
    assert found(tmp_path) == [" .md", "folder.md/x.md", "two\nlines.md"]
    with open(os.fsencode(tmp_path) + b"/\xff.md", "wb") as file:  # noqa: PTH123
        file.write(TEXT)
    assert len(found(tmp_path)) == 4


def test_a_folder_is_read_again_along_another_way(tmp_path: Path) -> None:
    """A folder that a link leads to, or that is named too, is read for what the pattern means there."""
    fill(tmp_path, "a/1.md", "a/b/2.md", "drafts/3.md")
    (tmp_path / "aaa").symlink_to(tmp_path / "drafts")
    assert found(tmp_path, pattern="**/drafts/*.md") == ["drafts/3.md"]
    both = NewsCollection.read([tmp_path, tmp_path / "a"], pattern="*/*.md")
    assert [item.path for item in both] == [tmp_path / name for name in ("a/1.md", "aaa/3.md", "a/b/2.md")]
    assert [item.path for item in NewsCollection.read([tmp_path, tmp_path / "a"], pattern="*")] == [tmp_path / "a/1.md"]


def test_folders_in_which_nothing_can_match_are_not_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pattern for files of the folder itself opens no other folder, whatever that is called."""
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
    """A folder with a file 1,500 folders below it, which is removed step by step: what removes trees has a stack."""
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
    """Folders may nest deeper than Python's stack."""
    news = NewsCollection.read(deep)
    assert [len(Path(item.path or "").relative_to(deep).parts) for item in news] == [1_501]


# Errors


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """A folder with two good files, one that is no item, and one that is a link to nothing."""
    fill(tmp_path, "1.md", "4.md")
    (tmp_path / "2.md").write_text("---\nheat: x\n---\n")
    (tmp_path / "3.md").symlink_to(tmp_path / "nothing")
    return tmp_path


def test_raise_stops_at_the_first(mixed: Path) -> None:
    """The first file that cannot be read ends the reading with its error."""
    with pytest.raises(newsitem.ValidationError, match=r"2\.md"):
        NewsCollection.read(mixed)
    (mixed / "2.md").unlink()
    with pytest.raises(FileNotFoundError):
        NewsCollection.read(mixed)


def test_collect_goes_on(mixed: Path) -> None:
    """All files that can be read are, and the errors have their paths and problems."""
    news = NewsCollection.read(mixed, on_error="collect")
    assert [item.path for item in news] == [mixed / "1.md", mixed / "4.md"]
    assert [type(error) for error in news.errors] == [newsitem.ValidationError, newsitem.NewsItemError]
    assert [error.path for error in news.errors] == [str(mixed / "2.md"), str(mixed / "3.md")]
    assert {problem.field for problem in news.errors[0].problems} >= {"heat", "title"}
    assert str(news.errors[1]) == f"{mixed}/3.md: No such file or directory"


def test_a_folder_that_cannot_be_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that the system refuses to list is an error with its path, and the rest is read."""
    fill(tmp_path, "a/1.md", "b/2.md")
    true_scandir = os.scandir

    def scandir(path: Path) -> Any:
        if path.name == "a":  # root may list every folder
            raise PermissionError(13, "Permission denied", str(path))
        return true_scandir(path)

    monkeypatch.setattr(os, "scandir", scandir)
    news = NewsCollection.read(tmp_path, on_error="collect")
    assert [item.path for item in news] == [tmp_path / "b/2.md"]
    assert [str(error) for error in news.errors] == [f"{tmp_path}/a: Permission denied"]
    with pytest.raises(PermissionError):
        NewsCollection.read(tmp_path)


def test_source_that_is_not_there(tmp_path: Path) -> None:
    """A single source that does not exist raises at once, whatever on_error says; one of many is one of the errors."""
    with pytest.raises(FileNotFoundError):
        NewsCollection.iter(tmp_path / "typo", on_error="collect")
    fill(tmp_path, "1.md")
    news = NewsCollection.read([tmp_path / "1.md", tmp_path / "typo"], on_error="collect")
    assert (len(news), [error.path for error in news.errors]) == (1, [str(tmp_path / "typo")])


def test_sources_that_cannot_be_looked_at(tmp_path: Path) -> None:
    """Among many sources one that the system refuses to look at is an error with its path."""
    fill(tmp_path, "1.md")
    long = tmp_path / ("a" * 300)
    news = NewsCollection.read([long, tmp_path / "1.md"], on_error="collect")
    assert (len(news), [error.path for error in news.errors]) == (1, [str(long)])
    with pytest.raises(ValueError, match=r"empty path: use '\.' for the current folder"):
        NewsCollection.read([""])


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="there is no file here that cannot be read")
def test_an_error_while_a_file_is_read(tmp_path: Path) -> None:
    """Where a file opens but does not read, as on a failing disk, the error has its path."""
    (tmp_path / "1.md").symlink_to("/proc/self/mem")
    (error,) = NewsCollection.read(tmp_path, on_error="collect").errors
    assert str(error) == f"{tmp_path}/1.md: Input/output error"
    with pytest.raises(OSError, match=f"Input/output error: '{tmp_path}/1.md'"):
        newsitem.load(tmp_path / "1.md")


@pytest.mark.parametrize("source", [5, None, b"news", [5], [b"news"]])
def test_source_of_a_wrong_type(source: Any) -> None:
    """What is no path, nor paths, is refused."""
    with pytest.raises(TypeError):
        NewsCollection.read(source)


def test_on_error_of_another_name(tmp_path: Path) -> None:
    """There are two ways to take errors."""
    with pytest.raises(ValueError, match="on_error must be 'raise' or 'collect', not 'ignore'"):
        NewsCollection.read(tmp_path, on_error="ignore")  # type: ignore[arg-type]


# One after the other


def test_iter_reads_when_asked(mixed: Path) -> None:
    """Files are read when their turn comes, and errors are known from then on."""
    reader = NewsCollection.iter(mixed, on_error="collect")
    assert iter(reader) is reader
    assert next(reader).path == mixed / "1.md"
    assert list(reader.errors) == []
    fill(mixed, "2.md")
    assert [item.path for item in reader] == [mixed / "2.md", mixed / "4.md"]
    assert [error.path for error in reader.errors] == [str(mixed / "3.md")]
    with pytest.raises(StopIteration):
        next(reader)


def test_iter_holds_one_item(tmp_path: Path) -> None:
    """Memory does not grow with the number of files."""
    import tracemalloc

    fill(tmp_path, *(f"{number}.md" for number in range(300)))
    sum(1 for _ in NewsCollection.iter(tmp_path))
    tracemalloc.start()
    assert sum(1 for _ in NewsCollection.iter(tmp_path)) == 300
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 30 * len(TEXT) + 300 * 500  # the listing of the folder, and a few items


# Progress


def test_progress_function(mixed: Path) -> None:
    """A function is called after each file, read or not, with how many are done and how many there are."""
    calls: list[tuple[int, int]] = []
    NewsCollection.read(mixed, on_error="collect", progress=lambda done, total: calls.append((done, total)))
    assert calls == [(1, 4), (2, 4), (3, 4), (4, 4)]
    news = NewsCollection.read(mixed, on_error="collect")
    calls.clear()
    news.save(progress=lambda done, total: calls.append((done, total)))
    assert calls == [(1, 2), (2, 2)]
    calls.clear()
    news[:1].write(mixed / "new", progress=lambda done, total: calls.append((done, total)))
    assert calls == [(1, 1)]


def test_progress_bar(mixed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A bar shows how many files are done, how fast, and how many cannot be read."""
    pytest.importorskip("tqdm", reason="tqdm is not installed: pip install 'newsitem[progress]'")
    NewsCollection.read(mixed, on_error="collect", progress=True)
    shown = capsys.readouterr().err
    assert "4/4" in shown
    assert "files/s" in shown
    assert "errors=2" in shown


def test_progress_bar_of_what_is_written(mixed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The bar of `save` shows how many of the items were written, and how many could not be; `write` has one too."""
    pytest.importorskip("tqdm", reason="tqdm is not installed: pip install 'newsitem[progress]'")
    fill(mixed, "5.md", "6.md")
    news = NewsCollection.read(mixed, on_error="collect")
    news.save(progress=True)
    shown = capsys.readouterr().err
    assert "4/4" in shown
    assert "items/s" in shown
    assert "written" not in shown
    for item in news[1:]:
        item.heat = 4711
    (mixed / "5.md").write_text("changed by somebody")
    news.save(progress=True)
    shown = capsys.readouterr().err
    assert "4/4" in shown
    assert "written=2, conflicts=1" in shown
    news[:1].write(mixed / "new", progress=True)
    assert "1/1" in capsys.readouterr().err


def test_progress_bar_without_tqdm(mixed: Path, without: Callable[..., None]) -> None:
    """Without tqdm a bar gives an error that says how to get it; the rest works."""
    without("tqdm")
    with pytest.raises(ImportError, match=r"pip install 'newsitem\[progress\]' \(or: pip install tqdm\)"):
        NewsCollection.read(mixed, on_error="collect", progress=True)
    assert len(NewsCollection.read(mixed, on_error="collect")) == 2


def test_progress_of_a_wrong_type(mixed: Path) -> None:
    """Progress is a boolean or a function."""
    message = r"progress must be True, False or a function \(done, total\), not 'yes'"
    with pytest.raises(TypeError, match=message):
        NewsCollection.read(mixed, progress="yes")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=message):
        NewsCollection().write(mixed / "new", progress="yes")  # type: ignore[arg-type]
    assert not (mixed / "new").exists()
