"""The key file: who is behind each pseudonym, encrypted with a passphrase; the only place that knows both."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from clustergov.problems import InputError, Problem, missing_file
from clustergov.survey.collection.collecting import Person
from clustergov.survey.collection.private_file import write_private

SHORTEST = 12
"""Characters of a passphrase."""
COST = 2**17
"""scrypt's n: 128 MB and about half a second for every guess (RFC 7914; OWASP's recommendation for n with r = 8, p = 1)."""
DEAREST = 2**20
"""No file may make us spend more than this: 1 GB."""
LARGEST = 256 * 1024 * 1024

_BLOCK, _LANES, _SALT, _NONCE = 8, 1, 16, 12
_HEADER = re.compile(
    rb"clustergov-key 1 scrypt n=(\d{1,8}) salt=([A-Za-z0-9_-]{22}) aes-256-gcm nonce=([A-Za-z0-9_-]{16})\n"
)
_LATER = re.compile(rb"clustergov-key \d{1,4} ")


@dataclass(frozen=True, slots=True)
class Entry:
    """What is kept of one person.

    Attributes
    ----------
    pseudonym : str
    cells : mapping of str to str
        The columns of the original list that are kept out of the frame, by heading.
    email, name, language : str
        Of these cells, how to write to them; empty where the list does not tell.
    """

    pseudonym: str
    cells: Mapping[str, str] = field(default_factory=dict, repr=False)
    email: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    language: str = ""


@dataclass(frozen=True, slots=True)
class KeyFile:
    """Everybody behind a pseudonym, in the order of the pseudonyms.

    Attributes
    ----------
    entries : tuple of Entry
    sha256 : str
        Of the file it was read from; empty for one that was never written.
    """

    entries: tuple[Entry, ...] = ()
    sha256: str = ""

    @property
    def pseudonyms(self) -> frozenset[str]:
        return frozenset(entry.pseudonym for entry in self.entries)

    def entry(self, pseudonym: str) -> Entry | None:
        """What is kept of one person; None where nobody bears the pseudonym."""
        return next((entry for entry in self.entries if entry.pseudonym == pseudonym), None)

    def with_entries(self, entries: Iterable[Entry]) -> KeyFile:
        """With these added, or in the place of those of the same pseudonym."""
        known = {entry.pseudonym: entry for entry in (*self.entries, *entries)}
        return KeyFile(tuple(known[name] for name in sorted(known)), self.sha256)

    def without(self, pseudonym: str) -> KeyFile:
        return KeyFile(tuple(each for each in self.entries if each.pseudonym != pseudonym), self.sha256)


def people(path: Path, passphrase: str) -> tuple[Person, ...]:
    """Whom a key file knows, as an invitation needs them; in the order of the pseudonyms.

    Raises
    ------
    InputError
        As `read_key_file`.
    """
    return tuple(
        Person(pseudonym=entry.pseudonym, email=entry.email, name=entry.name, language=entry.language)
        for entry in read_key_file(path, passphrase).entries
    )


def refuse_weak(passphrase: str) -> None:
    """Make sure that a new passphrase is worth its name.

    Raises
    ------
    InputError
        It is short, or hardly more than one sign repeated. The message does not repeat it.
    """
    plain = _normal(passphrase)
    if len(plain) < SHORTEST or len(set(plain)) < SHORTEST // 2:
        raise InputError(
            Problem("weak-passphrase", f"expected a passphrase of at least {SHORTEST} characters, {SHORTEST // 2} of them different.",
                    "Take for example four words that have nothing to do with each other.")
        )  # fmt: skip


def read_key_file(path: Path | str, passphrase: str) -> KeyFile:
    """Open a key file.

    Raises
    ------
    InputError
        There is none; or it cannot be opened: whether the passphrase is another, the file damaged or somebody else's
        cannot be told apart, and is told in one message.
    """
    path = Path(path)
    content = _bytes_of(path)
    if content is None:
        raise missing_file(path, wanted="an encrypted key file", rule="key-file")
    plain = _decrypted(content, passphrase)
    if plain is None:
        raise InputError(_unopened(content, path))
    return KeyFile(_entries(plain, path), hashlib.sha256(content).hexdigest())


def write_key_file(key_file: KeyFile, path: Path | str, passphrase: str) -> KeyFile:
    """Write a key file, readable and writable for its owner alone; it is there whole or as it was.

    Returns
    -------
    KeyFile
        The same, as it now stands in the file.

    Raises
    ------
    InputError
        It cannot be written, or was changed since it was read; or the passphrase is weak.
    """
    path = Path(path)
    content = sealed_bytes(key_file, passphrase)
    before = _bytes_of(path)
    if (hashlib.sha256(before).hexdigest() if before is not None else "") != key_file.sha256:
        message = "the key file was changed by somebody else since it was read; it is as they left it."
        raise InputError(Problem("key-file-changed", message, "Run the command again.", file=str(path)))
    write_private(path, content)
    return KeyFile(key_file.entries, hashlib.sha256(content).hexdigest())


def sealed_bytes(key_file: KeyFile, passphrase: str) -> bytes:
    """The bytes of a key file: a header of one line and, authenticated with it, everything else encrypted.

    Salt and nonce are new each time, so that no key is ever used twice.

    Raises
    ------
    InputError
        The passphrase is weak.
    """
    refuse_weak(passphrase)
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    salt, nonce = secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
    header = f"clustergov-key 1 scrypt n={COST} salt={_text(salt)} aes-256-gcm nonce={_text(nonce)}\n".encode()
    entries = [
        {"pseudonym": each.pseudonym, "cells": dict(each.cells), "email": each.email, "name": each.name,
         "language": each.language}
        for each in key_file.entries
    ]  # fmt: skip
    plain = json.dumps({"people": entries}, ensure_ascii=False, separators=(",", ":")).encode()
    return header + AESGCM(_derived(passphrase, salt, COST)).encrypt(nonce, plain, header)


def _bytes_of(path: Path) -> bytes | None:
    if not path.exists():
        return None
    try:
        if path.is_dir() or path.stat().st_size > LARGEST:
            return b""
        return path.read_bytes()
    except OSError as error:
        raise InputError(Problem("unreadable", f"cannot be read: {error.strerror}.", file=str(path))) from None


def _decrypted(content: bytes, passphrase: str) -> bytes | None:
    """What was encrypted; None when it does not open."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    header = _HEADER.match(content)
    if header is None:
        return None
    cost = int(header[1])
    if not (COST <= cost <= DEAREST and cost & (cost - 1) == 0):
        return None
    try:
        salt, nonce = _raw(header[2]), _raw(header[3])
        return AESGCM(_derived(passphrase, salt, cost)).decrypt(nonce, content[header.end() :], header[0])
    except (InvalidTag, ValueError):
        return None


def _derived(passphrase: str, salt: bytes, cost: int) -> bytes:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    return Scrypt(salt=salt, length=32, n=cost, r=_BLOCK, p=_LANES).derive(_normal(passphrase).encode())


def _normal(passphrase: str) -> str:
    # One keyboard writes é as one sign, another as two; a surrogate stands for a byte that is no text.
    return unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _unopened(content: bytes, path: Path) -> Problem:
    if _LATER.match(content) and not content.startswith(b"clustergov-key 1 "):
        return Problem("key-file", "this key file was made by a later version of clustergov.",
                       "Install the current version.", file=str(path))  # fmt: skip
    return Problem(
        "key-file", "cannot be opened: another passphrase is needed, or the file is damaged or no key file of clustergov.",
        "Try the passphrase again; otherwise take the file from a backup.", file=str(path),
    )  # fmt: skip


def _entries(plain: bytes, path: Path) -> tuple[Entry, ...]:
    try:
        found = json.loads(plain)["people"]
        entries = (
            Entry(str(each["pseudonym"]), {str(k): str(v) for k, v in each["cells"].items()},
                  str(each["email"]), str(each["name"]), str(each["language"]))
            for each in found
        )  # fmt: skip
        return tuple(sorted(entries, key=lambda entry: entry.pseudonym))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise InputError(
            Problem("key-file", "opened, and its content is not that of a key file.", "Take it from a backup.", file=str(path))
        ) from None  # fmt: skip


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _raw(text: bytes) -> bytes:
    return base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4))
