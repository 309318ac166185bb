"""Progress bars, and calls of the user's progress function."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from folders import fill, mixed_folder

from newsitem import NewsCollection


def test_progress_function(tmp_path: Path) -> None:
    """A function is called after each file, read or not, with how many are done and how many there are."""
    mixed = mixed_folder(tmp_path)
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


def test_progress_bar(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A bar shows how many files are done, how fast, and how many cannot be read."""
    mixed = mixed_folder(tmp_path)
    pytest.importorskip("tqdm", reason="tqdm is not installed: pip install 'newsitem[progress]'")
    NewsCollection.read(mixed, on_error="collect", progress=True)
    shown = capsys.readouterr().err
    assert "4/4" in shown
    assert "files/s" in shown
    assert "errors=2" in shown


def test_progress_bar_of_what_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The bar of `save` shows how many of the items were written, and how many could not be; `write` has one too."""
    mixed = mixed_folder(tmp_path)
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


def test_progress_bar_without_tqdm(tmp_path: Path, without: Callable[..., None]) -> None:
    """Without tqdm a bar gives an error that says how to get it; the rest works."""
    mixed = mixed_folder(tmp_path)
    without("tqdm")
    with pytest.raises(ImportError, match=r"pip install 'newsitem\[progress\]' \(or: pip install tqdm\)"):
        NewsCollection.read(mixed, on_error="collect", progress=True)
    assert len(NewsCollection.read(mixed, on_error="collect")) == 2


def test_progress_of_a_wrong_type(tmp_path: Path) -> None:
    """Progress is a boolean or a function."""
    mixed = mixed_folder(tmp_path)
    message = r"progress must be True, False or a function \(done, total\), not 'yes'"
    with pytest.raises(TypeError, match=message):
        NewsCollection.read(mixed, progress="yes")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=message):
        NewsCollection().write(mixed / "new", progress="yes")  # type: ignore[arg-type]
    assert not (mixed / "new").exists()
