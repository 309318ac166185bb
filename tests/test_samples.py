"""The sample files that come with the package."""

from __future__ import annotations

from pathlib import Path

import pytest
from samples import EXAMPLES

import newsitem


def test_copies_of_the_examples(tmp_path: Path) -> None:
    """The folder is created, and gets exact copies of the sample files, whose paths are returned."""
    paths = newsitem.samples(tmp_path / "new" / "news")
    assert [path.name for path in paths] == [path.name for path in EXAMPLES]
    assert [path.read_bytes() for path in paths] == [path.read_bytes() for path in EXAMPLES]
    assert sorted((tmp_path / "new" / "news").iterdir()) == paths


def test_second_call(tmp_path: Path) -> None:
    """A second call writes only the files that are missing, and returns the same paths."""
    paths = newsitem.samples(str(tmp_path))
    before = paths[0].stat()
    paths[1].unlink()
    assert newsitem.samples(str(tmp_path)) == paths
    assert (paths[0].stat().st_ino, paths[0].stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert paths[1].read_bytes() == EXAMPLES[1].read_bytes()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """Files that differ and other entries of the same names are in one error, and nothing is written."""
    (tmp_path / EXAMPLES[0].name).write_text("my own words")
    (tmp_path / EXAMPLES[2].name).mkdir()
    (tmp_path / EXAMPLES[3].name).symlink_to("nowhere")
    with pytest.raises(newsitem.ConflictError, match="pass another folder") as caught:
        newsitem.samples(tmp_path)
    assert [problem.path for problem in caught.value.problems] == [
        str(tmp_path / EXAMPLES[number].name) for number in (0, 2, 3)
    ]
    assert len(list(tmp_path.iterdir())) == 3


def test_a_file_created_meanwhile_is_not_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that another program creates while the samples are written stays, and is a conflict."""
    theirs, original_mkdir = tmp_path / EXAMPLES[5].name, Path.mkdir

    def mkdir_and_create(self: Path, **options: bool) -> None:
        original_mkdir(self, **options)
        theirs.write_text("theirs")

    monkeypatch.setattr(Path, "mkdir", mkdir_and_create)
    with pytest.raises(newsitem.ConflictError, match="a different file with this name"):
        newsitem.samples(tmp_path)
    assert theirs.read_text() == "theirs"


def test_file_instead_of_a_folder(tmp_path: Path) -> None:
    """If the folder is a file, the error names it."""
    (tmp_path / "news").write_text("")
    with pytest.raises(FileExistsError) as caught:
        newsitem.samples(tmp_path / "news")
    assert caught.value.filename == str(tmp_path / "news")


def test_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``~`` in the path is the user's home folder."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert newsitem.samples("~/news")[0].parent == tmp_path / "news"
