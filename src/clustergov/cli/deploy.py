"""``clustergov survey deploy``: a questionnaire on a LimeSurvey server, as it is fielded, and found to be what it should be."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from clustergov.cli.confirming import confirm

if TYPE_CHECKING:
    from clustergov.survey.collection.fielding import Fielding
    from clustergov.survey.limesurvey.connection import Connection
    from clustergov.survey.limesurvey.deploy import Deployed

ONE_WAY = "Activating is a one-way gate: after it no question, answer or setting of privacy can be changed. Activate survey {number} on {host}?"


@click.command()
@click.argument("source", metavar="QUESTIONNAIRE_OR_FIELDWORK_OR_STUDY", type=click.Path(path_type=Path))
@click.option(
    "--number", type=click.IntRange(1), help="Import nothing: compare, and perhaps activate, this survey that is there."
)
@click.option(
    "--activate", "activating", is_flag=True, help="Open it for answers when nothing differs. There is no way back."
)
@click.option("--yes", is_flag=True, help="Do not ask before activating.")
@click.option(
    "--keep", is_flag=True, help="Leave a survey that differs on the server, not activated, for a look at it."
)
def deploy(source: Path, number: int | None, activating: bool, yes: bool, keep: bool) -> None:
    """Put a questionnaire on your LimeSurvey server.

    It is imported, set up as the fieldwork file says, read again and compared, word for word. When anything differs that
    is named, nothing is activated, and what was imported is deleted.

    The server is that of CLUSTERGOV_LIMESURVEY_URL (the address of RemoteControl), the account that of
    CLUSTERGOV_LIMESURVEY_USER; its password is CLUSTERGOV_LIMESURVEY_PASSWORD, or in the keyring
    (keyring set clustergov-limesurvey USER).
    """
    from clustergov.survey.collection.fielding import read_fielding
    from clustergov.survey.limesurvey.connection import Connection
    from clustergov.survey.limesurvey.credentials import Credentials
    from clustergov.survey.limesurvey.deploy import activate, compare
    from clustergov.survey.limesurvey.deploy import deploy as put

    fielding = read_fielding(source)
    with Connection(Credentials.find()) as server:
        if number is None:
            found = put(server, fielding.questionnaire, fielding.fieldwork, keep=keep)
        else:
            found = compare(server, number, fielding.questionnaire, fielding.fieldwork)
        _print_found(server, fielding, found, imported=number is None)
        if activating:
            confirm(ONE_WAY.format(number=found.number, host=server.credentials.host), yes=yes)
            if not yes:
                # Somebody may have changed it while it waited for an answer.
                compare(server, found.number, fielding.questionnaire, fielding.fieldwork)
            activate(server, found.number, fielding.fieldwork)
    _print_next(fielding, found, active=activating)


def _print_found(server: Connection, fielding: Fielding, found: Deployed, *, imported: bool) -> None:
    for note in found.notes:
        click.echo(f"Note: {note}", err=True)
    version = f"LimeSurvey {server.version}".strip()
    done = "Imported" if imported else "Compared"
    languages = ", ".join(found.links)
    click.echo(f"{done} “{fielding.questionnaire.questionnaire}” on {version} at {server.credentials.host}.")
    click.echo(
        f"Survey {found.number} is what the questionnaire says: {found.questions} questions, {found.fields} fields, {languages}."
    )
    if fielding.fieldwork.questionnaire == fielding.file.name:
        click.echo("There is no fieldwork file: the survey is open to whoever has its address, and anonymous.")


def _print_next(fielding: Fielding, found: Deployed, *, active: bool) -> None:
    for language, link in found.links.items():
        click.echo(f"  {language}: {link}")
    if not active:
        click.echo("It is not active yet: only who is logged in to LimeSurvey sees it at these addresses. To open it:")
        click.echo(f"  clustergov survey deploy {fielding.file} --number {found.number} --activate")
        return
    if fielding.fieldwork.access == "invited":
        click.echo("It is active, for invited persons only. To invite them:")
        study = fielding.file.parent.parent if fielding.file.parent.name == "survey" else "STUDY"
        click.echo(f"  clustergov survey invite {found.number} --study {study}")
    else:
        click.echo("It is active: whoever has one of these addresses can answer.")
    click.echo(
        f"Its address for the other commands: {found.number} (survey status {found.number}, survey fetch {found.number})"
    )
