"""``clustergov survey serve``: a questionnaire in the field with nothing but this project."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import click

from clustergov.cli.links import LOOPBACK
from clustergov.cli.retaining import tell_overdue
from clustergov.problems import InputError, Problem

if TYPE_CHECKING:
    from clustergov.survey.collection.fieldwork import Fieldwork
    from clustergov.survey.service.settings import Settings

FILE = click.Path(path_type=Path)
EXAMPLES = ("example.org", "example.com", "example.net")
"""Domains that nobody has (RFC 2606)."""


@click.command()
@click.argument("questionnaire", metavar="QUESTIONNAIRE|FIELDWORK|STUDY", type=FILE)
@click.option(
    "--database",
    "url",
    help="sqlite:///file.db or postgresql://user@host/name; by default a file beside the questionnaire.",
)
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 for all of this machine."
)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", type=click.IntRange(1, 64), help="Processes; by default 1 on SQLite and 2 on PostgreSQL.")
@click.option("--base-url", default="", help="Address by which respondents come, such as https://survey.example.org.")
@click.option(
    "--behind-proxy", is_flag=True, help="A proxy of yours in front ends https and tells the client's address."
)
def serve(
    questionnaire: Path, url: str | None, host: str, port: int, workers: int | None, base_url: str, behind_proxy: bool
) -> None:
    """Serve a questionnaire to respondents and keep their answers, on SQLite or PostgreSQL.

    An answer that was acknowledged is on the disk. Stop with Ctrl-C; started again, everybody goes on where they were.

    The manager's password comes from CLUSTERGOV_MANAGER_PASSWORD; without it one is made up and shown once. The
    database's address may come from CLUSTERGOV_DATABASE, so that no password stands in the list of processes.
    """
    from clustergov.survey.collection.fielding import read_fielding
    from clustergov.survey.service import server
    from clustergov.survey.service.database import parse_url, shown
    from clustergov.survey.service.listening import listen
    from clustergov.survey.service.settings import Settings

    server.leave_at_once()
    public = _public(base_url, host, port)
    fielding = read_fielding(questionnaire)
    tell_overdue(fielding.fieldwork)
    url = url or os.environ.get("CLUSTERGOV_DATABASE") or _beside(fielding.file)
    sqlite = parse_url(url).get_backend_name() == "sqlite"
    settings = Settings(url, public, behind_proxy=behind_proxy, secure=public.startswith("https:"))
    with listen(host, port) as listening:
        survey = server.make_ready(fielding, settings)
        password = server.set_manager_password(settings, os.environ.get("CLUSTERGOV_MANAGER_PASSWORD", ""))
        click.echo(f"{survey.questionnaire.title.to('en')}: {public}/")
        _tell(survey.fieldwork.access, survey.state, shown(parse_url(url)))
        _tell_manager(public, password)
        for warning in (*_placeholders(survey.fieldwork), *_unseen_proxy(settings), *server.warnings(url)):
            click.echo(f"Warning: {warning}", err=True)
        click.echo("Stop with Ctrl-C.")
        server.serve(settings, listening, workers=workers or (1 if sqlite else 2))
    click.echo("Stopped. Every answer that was acknowledged is in the database.")


def _public(base_url: str, host: str, port: int) -> str:
    """The address by which respondents come."""
    if not base_url:
        if host not in LOOPBACK:
            raise InputError(
                Problem("base-url", f"with --host {host} respondents come from elsewhere, and nothing tells by which address.",
                        "Add it: --base-url https://survey.example.org")
            )  # fmt: skip
        return f"http://{'[::1]' if host == '::1' else host}:{port}"
    parts = urlsplit(base_url)
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or parts.path.strip("/")
        or parts.query
        or parts.username
    ):
        raise InputError(
            Problem("base-url", f"expected an address such as https://survey.example.org, found “{base_url}”.",
                    "Give scheme and host, without a path: the survey needs a host name of its own.")
        )  # fmt: skip
    return f"{parts.scheme}://{parts.netloc}"


def _beside(file: Path) -> str:
    return "sqlite:///" + quote(str(file.absolute().with_suffix(".db")), safe="/ ()+,-._~:@")


def _tell(access: str, state: str, database: str) -> None:
    who = "Whoever has the address can answer." if access == "open" else "By invitation only: clustergov survey invite."
    click.echo(f"{who} Answers go to {database}" + ("" if state == "open" else " – the survey is CLOSED."))


def _placeholders(fieldwork: Fieldwork) -> Iterator[str]:
    """What respondents read and only the example's author wrote."""
    contact = fieldwork.contact
    if contact is not None and contact.email.rpartition("@")[2].casefold() in EXAMPLES:
        yield f"respondents are told to write to {contact.email}, which nobody reads. Change “contact” in the fieldwork file."


def _unseen_proxy(settings: Settings) -> Iterator[str]:
    """The service speaks no https: something in front of it does, and has to tell who comes."""
    if settings.secure and not settings.behind_proxy:
        yield (
            "respondents come by https, so a proxy stands in front, and all of them seem to come from its address: "
            "twenty wrong links of one would close personal links for everybody. Add --behind-proxy."
        )


def _tell_manager(public: str, password: str | None) -> None:
    told = f"password {password} (shown only now)" if password else "with the password that was set"
    click.echo(f"Manager: {public}/manage, {told}.")
