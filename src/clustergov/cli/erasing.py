"""``clustergov survey erase``: take a person out of everything that was collected."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clustergov.cli.confirming import confirm
from clustergov.cli.passphrase import ask_passphrase
from clustergov.cli.retaining import tell_overdue_of
from clustergov.cli.table import print_table
from clustergov.problems import InputError, Problem

if TYPE_CHECKING:
    from clustergov.survey.collection.address import Address
    from clustergov.survey.limesurvey.collector import LimeSurveyCollector
    from clustergov.survey.privacy.erasure import Erased, Journal
    from clustergov.survey.privacy.erasure_plan import ErasurePlan, Key
    from clustergov.survey.privacy.study_files import SurveyFiles
    from clustergov.survey.privacy.tombstone import Reason
    from clustergov.survey.service.collector import ServiceCollector

    Software = LimeSurveyCollector | ServiceCollector

FILE = click.Path(path_type=Path)


@click.command()
@click.argument("who", metavar="ID")
@click.option("--study", type=FILE, default=Path(), help="The study's folder; this one by default.")
@click.option("--address", metavar="ADDRESS", help="Where the survey is in the field, and the response lies too.")
@click.option("--key", type=FILE, help="The key file; survey/key.enc of the study by default.")
@click.option(
    "--response", "responses", metavar="ID", multiple=True, help="A response that is known to be theirs. Repeat it."
)
@click.option("--reason", type=click.Choice(["request", "withdrawn", "retention", "duplicate", "mistake"]),
              default="request", show_default=True, help="Why; all that is written down of it.")  # fmt: skip
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(
    who: str, study: Path, address: str | None, key: Path | None, responses: tuple[str, ...], reason: Reason, yes: bool,
) -> None:  # fmt: skip
    """Erase a person by pseudonym, or by the id of a response.

    Their rows go from stored raw exports, responses, frame, weights and links, their letters, their entry in the key
    file, and their response and invitation in the survey software that you name. What others gave stays byte for byte.
    One line in survey/erased.jsonl tells that it was done, and nothing of whom. An erasure that was interrupted is
    finished by running the same command again.
    """
    from clustergov.survey.collection.address import parse
    from clustergov.survey.privacy.erasure import begun
    from clustergov.survey.privacy.pseudonym import as_typed
    from clustergov.survey.privacy.study_files import SurveyFiles

    files = SurveyFiles(study)
    if not files.folder.is_dir():
        raise InputError(
            Problem("no-survey", "expected a study with a folder “survey”, found none.", "Name it with --study.", file=str(study))
        )  # fmt: skip
    tell_overdue_of(files.folder)
    who = as_typed(who)
    _refuse_names(who)
    journal = begun(files)
    where = None if address is None else parse(address)
    if journal is not None:
        _refuse_other(journal, who, where)
        files = SurveyFiles(study, {each.name: each.after for each in journal.files})
        click.echo("This erasure was begun and interrupted; it is finished now.")
    opened_key = _key(files, key)
    with _software(where) as software:
        plan = _plan(files, who, journal, opened_key, where, software, responses)
        _show(files, plan, where)
        confirm("Erase this for good?", yes=yes or journal is not None)
        erased = _carry_out(files, plan, journal, who, where, software, reason)
    _tell(files, erased)


def _refuse_names(who: str) -> None:
    """A name or an address would end up in shell histories and messages; it is not repeated here."""
    if not who or "@" in who or " " in who:
        raise InputError(
            Problem("not-an-id", "expected a pseudonym or the id of a response, found something else.",
                    "Look the pseudonym up: clustergov survey who --key survey/key.enc")
        )  # fmt: skip


@contextlib.contextmanager
def _software(where: Address | None) -> Iterator[Software | None]:
    from clustergov.survey.collection.address import opened

    if where is None:
        yield None
        return
    with opened(where) as software:
        yield software  # type: ignore[misc]  # both kinds can erase, which other collectors need not


def _refuse_other(journal: Journal, who: str, where: Address | None) -> None:
    if journal.who != who:
        raise InputError(
            Problem("unfinished-erasure", f"the erasure of {journal.who} was begun here and is not finished.",
                    f"First run: clustergov survey erase {journal.who}")
        )  # fmt: skip
    if journal.collected and (where is None or where.kind != journal.collected):
        raise InputError(
            Problem("unfinished-erasure", "this erasure was begun with the survey's address named.",
                    "Add --address and the same address again.")
        )  # fmt: skip


def _key(files: SurveyFiles, key: Path | None) -> Key | None:
    from clustergov.survey.privacy.erasure_plan import Key
    from clustergov.survey.privacy.key_file import read_key_file

    path = key or files.folder / "key.enc"
    if key is None and not path.exists():
        return None
    passphrase = ask_passphrase(path)
    return Key(path, read_key_file(path, passphrase), passphrase)


def _plan(
    files: SurveyFiles, who: str, journal: Journal | None, key: Key | None, where: Address | None,
    software: Software | None, responses: tuple[str, ...],
) -> ErasurePlan:  # fmt: skip
    from clustergov.survey.privacy.erasure_plan import plan_erasure
    from clustergov.survey.privacy.identification import identify, known_to_others

    collected = software.pseudonyms() if software is not None else {}
    content = key.content if key else None
    by_token = where is not None and where.kind == "limesurvey"
    traces = identify(files, who, key=content, collected=collected, by_token=by_token, responses=responses)
    if journal is not None:
        traces = traces.with_(responses=journal.traces.responses, tokens=journal.traces.tokens)
    others = known_to_others(files, content, collected)
    return plan_erasure(files, traces, key=key, others=others, named=software is not None, database=_file_of(where))


def _file_of(where: Address | None) -> Path | None:
    """The file of a SQLite database."""
    if where is None or not where.text.startswith("sqlite:"):
        return None
    return Path(where.shown.removeprefix("sqlite:///"))


def _show(files: SurveyFiles, plan: ErasurePlan, where: Address | None) -> None:
    rows = [
        (files.name(change.path), change.role, str(change.rows) if change.content is not None and change.rows else "",
         "rewritten" if change.content is not None else "deleted")
        for change in plan.changes
    ]  # fmt: skip
    if rows:
        print_table(("file", "what it is", "rows taken out", "becomes"), rows)
    if where is not None:
        click.echo(f"And what is theirs in {where.shown}.")


def _carry_out(
    files: SurveyFiles, plan: ErasurePlan, journal: Journal | None, who: str, where: Address | None,
    software: Software | None, reason: Reason,
) -> Erased:  # fmt: skip
    from clustergov.survey.privacy.erasure import erase as carry_out
    from clustergov.survey.privacy.erasure import new_journal

    if software is None and not plan.changes and journal is None:
        raise _nobody(files, who)
    removed: list[str] = []

    def from_software() -> None:
        assert software is not None
        others = set(software.pseudonyms().values())
        # First by pseudonym: the software knows best what is theirs. Then what only the files knew.
        for name in (plan.traces.pseudonym, *sorted(plan.traces.responses - others)):
            removed.extend(software.erase(name) if name else ())
        if not removed and not plan.changes and journal is None:
            raise _nobody(files, who)

    fresh = journal or new_journal(who, plan.traces, where.kind if where else "", reason)
    return carry_out(files, plan, fresh, from_software=from_software if software is not None else None)


def _nobody(files: SurveyFiles, who: str) -> InputError:
    from clustergov.survey.privacy.tombstone import FILE as STONES
    from clustergov.survey.privacy.tombstone import tombstones

    stones = tombstones(files.folder)
    told = (
        f" {len(stones)} erased so far, the last on {stones[-1].get('date')}; {STONES} does not say who."
        if stones
        else ""
    )
    return InputError(
        Problem("nobody", f"nobody is known by “{who}” in this study.{told}",
                "Check the spelling; name the survey in the field with --address.", file=str(files.folder))
    )  # fmt: skip


def _tell(files: SurveyFiles, erased: Erased) -> None:
    from clustergov.survey.privacy.tombstone import FILE as STONES

    click.echo(f"Erased; {files.folder / STONES} has the date, the files and their hashes, and nothing of whom.")
    for path in erased.bearing:
        click.echo(f"Not altered, has words of theirs: {path}")
    if not any(each.role in ("raw export", "responses", "partial responses") for each in erased.tombstone.files):
        click.echo("No stored answers were found under this id: nobody answered by it, or the answers are anonymous.")
    click.echo("What remains to be done by hand:")
    for told in erased.tombstone.by_hand:
        click.echo(f"- {told}")
