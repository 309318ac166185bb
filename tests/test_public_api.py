"""The public API is what `tests/data/public_api.txt` says; `tests/public_api.py` says how to renew that."""

from __future__ import annotations

import pytest
from public_api import COMMAND, COPY, MODULES, section


@pytest.mark.parametrize("title", [*MODULES, COMMAND])
def test_the_public_api_is_as_agreed(title: str) -> None:
    """No public name, signature, attribute, base class or option changes unless its copy changes too."""
    try:
        public = section(title)
    except ImportError as error:
        pytest.skip(str(error))
    copies = {copy.partition("\n")[0]: copy.splitlines() for copy in COPY.read_text(encoding="utf-8").split("\n\n")}
    assert public == copies[f"# {title}"], "renew the copy on purpose: PYTHONPATH=tests python -m public_api"
