"""Progress bars, and calls of the user's progress function."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from folders import fill, mixed_folder

from newsitem import NewsCollection


def test_progress_function(tmp_path: Path) -> None:
    """A function is called after each file, valid or not, with the numbers of done and of all files."""
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
    """The bar of `read` shows how many files are done, the speed, and the number of errors."""
    mixed = mixed_folder(tmp_path)
    pytest.importorskip("tqdm", reason="tqdm is not installed: pip install 'newsitem[progress]'")
    NewsCollection.read(mixed, on_error="collect", progress=True)
    shown = capsys.readouterr().err
    assert "4/4" in shown
    assert "files/s" in shown
    assert "errors=2" in shown


def test_progress_bar_of_save_and_write(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The bar of `save` shows the numbers of written items and conflicts, and `write` has a bar too."""
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
    """Without tqdm, a bar raises an error with installation instructions, and reading without a bar works."""
    mixed = mixed_folder(tmp_path)
    without("tqdm")
    with pytest.raises(ImportError, match=r"pip install 'newsitem\[progress\]' \(or: pip install tqdm\)"):
        NewsCollection.read(mixed, on_error="collect", progress=True)
    assert len(NewsCollection.read(mixed, on_error="collect")) == 2


def test_wrong_progress(tmp_path: Path) -> None:
    """Progress that is not a boolean or a function is refused, and nothing is written."""
    mixed = mixed_folder(tmp_path)
    message = r"progress must be True, False or a function \(done, total\), not 'yes'"
    with pytest.raises(TypeError, match=message):
        NewsCollection.read(mixed, progress="yes")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=message):
        NewsCollection().write(mixed / "new", progress="yes")  # type: ignore[arg-type]

    async def later(_done: int, _total: int) -> None: ...

    with pytest.raises(TypeError, match="progress must be a plain function, not async"):
        NewsCollection.read(mixed, on_error="collect", progress=later)
    assert not (mixed / "new").exists()
