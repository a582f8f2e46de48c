"""Keys of respondents: random, shown once, and known to the database only by hashes that cannot be tied together."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets

_FORM = re.compile(r"[a-z2-7]{26}")
BITS = 128


def random_key() -> str:
    """128 bits from the operating system as 26 letters and digits: easy to copy, nothing in it that a mail breaks."""
    return base64.b32encode(secrets.token_bytes(BITS // 8)).decode().rstrip("=").lower()


def well_formed(key: str) -> bool:
    return _FORM.fullmatch(key) is not None


def _hash(purpose: str, key: str) -> str:
    return hashlib.sha256(f"{purpose}:{key}".encode()).hexdigest()


def invitation_hash(token: str) -> str:
    """By which an invitation is stored. Only who has the token can tell it belongs to `response_hash` of the same."""
    return _hash("invitation", token)


def response_hash(key: str) -> str:
    """By which a response is stored; of a personal token or of an open respondent's random key."""
    return _hash("response", key)


def step_hash(key: str, step: str, content: bytes) -> str:
    """One posting of one page: the same when it is repeated, another when anything in it was changed since."""
    digest = hashlib.sha256(f"step:{key}:{step}:".encode())
    digest.update(content)
    return digest.hexdigest()
