"""Copy the inventory of another project's documentation, with its Python names alone: ``update.py objects.inv NAME``.

Intersphinx reads the copies, so the documentation is built without a network. Debian's packages ``python3.11-doc``,
``python-attr-doc`` and ``python-pandas-doc`` contain the originals, below ``/usr/share/doc``.
"""

import sys
import zlib
from pathlib import Path

if __name__ == "__main__":
    *head, entries = Path(sys.argv[1]).read_bytes().split(b"\n", maxsplit=4)
    names = [line for line in zlib.decompress(entries).splitlines(keepends=True) if b" py:" in line]
    written = b"\n".join([*head, zlib.compress(b"".join(names), 9)])
    Path(__file__).with_name(f"{sys.argv[2]}.inv").write_bytes(written)
