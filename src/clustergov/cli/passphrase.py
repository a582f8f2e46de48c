"""The passphrase of a key file: from the environment, the system's keyring, or typed without being shown."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from clustergov.problems import InputError, Problem

ENVIRONMENT = "CLUSTERGOV_PASSPHRASE"
SERVICE = "clustergov-key-file"
"""Under this name the system's keyring has passphrases; the user's name there is the key file's full path."""


def ask_passphrase(key_file: Path, *, new: bool = False) -> str:
    """The passphrase of `key_file`; a new one is typed twice and must not be weak.

    Raises
    ------
    InputError
        There is none and nobody can be asked, it was typed differently the second time, or a new one is weak.
    """
    found = os.environ.get(ENVIRONMENT) or _from_keyring(key_file) or _typed(new=new)
    if new:
        from clustergov.survey.privacy.key_file import refuse_weak

        refuse_weak(found)
    return found


def _from_keyring(key_file: Path) -> str:
    try:
        import keyring
        import keyring.errors
    except ImportError:
        return ""
    try:
        return keyring.get_password(SERVICE, str(key_file.resolve())) or ""
    except keyring.errors.KeyringError:
        return ""


def _typed(*, new: bool) -> str:
    if not sys.stdin.isatty():
        raise InputError(
            Problem("no-passphrase", "expected a passphrase, and there is no terminal to type it at.",
                    f"Set {ENVIRONMENT}, or store it once: keyring set {SERVICE} FULL-PATH-OF-THE-KEY-FILE")
        )  # fmt: skip
    first: str = click.prompt("Passphrase of the key file", hide_input=True, err=True)
    if new and click.prompt("The same again", hide_input=True, err=True) != first:
        raise InputError(
            Problem("passphrase-differs", "the two passphrases are not the same.", "Run the command again.")
        )
    return first
