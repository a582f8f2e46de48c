"""Asking before something that cannot be taken back."""

from __future__ import annotations

import click

from clustergov.problems import InputError, Problem


def confirm(question: str, *, yes: bool) -> None:
    """Go on only after a yes: from ``--yes``, or typed.

    Raises
    ------
    InputError
        The answer is no, or there is nobody to answer.
    """
    if yes:
        return
    try:
        agreed = click.confirm(question)
    except click.Abort:
        click.echo()
        raise InputError(
            Problem("not-confirmed", "nobody confirmed it, so it was not done.", "Add --yes where nobody can be asked.")
        ) from None
    if not agreed:
        raise InputError(Problem("not-confirmed", "you said no, so it was not done."))
