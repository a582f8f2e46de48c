"""A word is found however a file packs it."""

from __future__ import annotations

import base64
import io
import quopri
import zipfile
from pathlib import Path

import pytest

from clustergov.survey.privacy.search import bearing

WORD = "Zoë O'Brien & Co"


def packed(content: bytes, name: str = "member.xml") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


MAIL = b"MIME-Version: 1.0\r\nContent-Transfer-Encoding: "
LONG = f"{'Dear respondent, ' * 12}{WORD}{', thank you' * 12}".encode()


@pytest.mark.parametrize(
    "content",
    [
        WORD.encode(), WORD.encode("utf-16"), WORD.encode("latin-1"), b"x" * 5000 + WORD.encode() + b"y",
        b"Zo&#235; O&#x27;Brien &amp; Co", b'{"name": "Zo\\u00eb O\'Brien & Co"}', "<b>Zoë O'Brien &amp; Co</b>".encode(),
        packed(WORD.encode()), packed(packed("<t>Zoë O'Brien &amp; Co</t>".encode())), packed(b"", f"{WORD}.txt"),
        MAIL + b"quoted-printable\r\n\r\n" + quopri.encodestring(LONG), MAIL + b"base64\r\n\r\n" + base64.encodebytes(LONG),
    ],
)  # fmt: skip
def test_it_is_found(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file").write_bytes(content)
    (tmp_path / "other").write_bytes(b"PK no archive, nobody")
    assert bearing(tmp_path, {WORD}) == [tmp_path / "deep" / "file"]
    assert bearing(tmp_path, {WORD}, skip={"deep"}) == []


def test_a_name_of_a_file_tells_too(tmp_path: Path) -> None:
    (tmp_path / "A3CDEFGH.eml").write_bytes(b"")
    assert bearing(tmp_path, {"A3CDEFGH", ""}) == [tmp_path / "A3CDEFGH.eml"]
