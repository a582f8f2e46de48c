"""The text of a file's bytes: UTF-8 or UTF-16, with or without a mark of byte order."""

from __future__ import annotations

import codecs

from clustergov.problems import InputError, Problem

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_LOOKED_AT = 4096


def decode(content: bytes, file: str) -> str:
    """Text of the bytes.

    Raises
    ------
    InputError
        Neither UTF-8 nor UTF-16, or it holds characters that no text has.
    """
    name = encoding_of(content)
    try:
        text = content.decode(name)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        found = f"the byte {content[error.start]:#04x}, as Windows-1252 writes" if name == "utf-8" else "broken UTF-16"
        raise InputError(
            Problem("encoding", f"expected UTF-8 or UTF-16, found {found}.", "Save the file as UTF-8.", file=file, line=line)
        ) from None  # fmt: skip
    if (place := text.find("\0")) >= 0:
        line = text.count("\n", 0, place) + 1
        message = "expected text, found the character NUL: this is no text file, or it is damaged."
        raise InputError(Problem("encoding", message, "Export it again.", file=file, line=line))
    return text


def encoding_of(content: bytes) -> str:
    """Name of the encoding: by the mark of byte order, else by where the zero bytes stand."""
    for mark, name in _MARKS:
        if content.startswith(mark):
            return name
    head = content[: _LOOKED_AT - _LOOKED_AT % 2]
    even, odd = head[::2].count(0), head[1::2].count(0)
    # The column names of a table are ASCII, so in UTF-16 nearly every second byte at its beginning is zero.
    if odd > 0.4 * len(head) / 2 and even <= odd / 10:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 * len(head) / 2 and odd <= even / 10 else "utf-8"
