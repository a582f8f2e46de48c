"""Search every file of a folder for words, also inside archives, and as other programs encode them."""

from __future__ import annotations

import base64
import html
import io
import json
import quopri
import zipfile
from collections.abc import Collection, Iterator
from pathlib import Path

DEEPEST = 4
"""Archives within archives that are opened."""
LARGEST = 256 * 1024 * 1024
"""Bytes of a member of an archive that is unpacked; a larger one counts as holding anything, so that it is looked at."""


def bearing(
    folder: Path, words: Collection[str], *, skip: Collection[str] = (), only: Path | None = None
) -> list[Path]:
    """The files under a folder that hold one of the words, or have one in their name; sorted.

    Looked for are the words in UTF-8, UTF-16 and Latin-1, as HTML, JSON and quoted-printable write them, and inside zip
    archives (.docx, .xlsx, .lsa). What is compressed or encrypted in another way cannot be seen.

    Parameters
    ----------
    skip : collection of str
        Names of folders that are not entered.
    only : Path, optional
        One file, to look into no other.
    """
    wanted = _spelt(words)
    return sorted(
        path for path in ([only] if only else _files(folder, frozenset(skip)))
        if any(word in path.name for word in words if word) or _holds(path, wanted)
    )  # fmt: skip


def _files(folder: Path, skip: frozenset[str]) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_symlink():
            continue
        if path.is_dir():
            if path.name not in skip:
                yield from _files(path, skip)
        elif path.is_file():
            yield path


def _spelt(words: Collection[str]) -> tuple[bytes, ...]:
    """Every way in which a file may write one of the words."""
    found: set[bytes] = set()
    for word in filter(None, words):
        texts = {
            word,
            html.escape(word),
            html.escape(word, quote=False),
            json.dumps(word)[1:-1],
            word.replace('"', '""'),
        }
        texts |= {text.encode("ascii", "xmlcharrefreplace").decode() for text in texts}
        for text in texts:
            found |= {text.encode(), text.encode("utf-16-le"), text.encode("utf-16-be")}
            found.add(quopri.encodestring(text.encode()).replace(b"=\n", b"").strip())
            found.add(text.encode("latin-1", "ignore") if _is_latin(text) else text.encode())
    return tuple(sorted(found))


def _is_latin(text: str) -> bool:
    return all(ord(sign) < 256 for sign in text)


def _holds(path: Path, wanted: tuple[bytes, ...]) -> bool:
    try:
        return _in_bytes(path.read_bytes(), wanted, depth=0)
    except OSError:
        return True  # what cannot be read has to be looked at by somebody who can


def _in_bytes(content: bytes, wanted: tuple[bytes, ...], *, depth: int) -> bool:
    if any(word in content for word in wanted) or any(word in text for text in _unfolded(content) for word in wanted):
        return True
    return depth < DEEPEST and content.startswith(b"PK") and _in_archive(content, wanted, depth=depth)


def _unfolded(content: bytes) -> Iterator[bytes]:
    """A mail's text, whose lines are broken anywhere (quoted-printable) or which is written in base64."""
    head = content[:4096].lower()
    if b"content-transfer-encoding" not in head and b"mime-version" not in head:
        return
    yield content.replace(b"=\r\n", b"").replace(b"=\n", b"")
    for block in content.replace(b"\r\n", b"\n").split(b"\n\n"):
        try:
            yield base64.b64decode(block.replace(b"\n", b""), validate=True)
        except ValueError:
            continue


def _in_archive(content: bytes, wanted: tuple[bytes, ...], *, depth: int) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.infolist():
                if any(word in member.filename.encode() for word in wanted) or member.file_size > LARGEST:
                    return True
                if _in_bytes(archive.read(member), wanted, depth=depth + 1):
                    return True
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError):
        return False
    return False
