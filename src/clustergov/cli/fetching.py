"""``clustergov survey fetch``: responses home from the field, raw and laid out for the rest of the road."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clustergov.cli.field_inputs import parsed, study_folder
from clustergov.cli.retaining import tell_overdue
from clustergov.cli.table import print_table
from clustergov.problems import InputError, Problem

if TYPE_CHECKING:
    from clustergov.instruments.questionnaire import Questionnaire
    from clustergov.survey.collection.address import Address
    from clustergov.survey.collection.fetching import Fetched
    from clustergov.survey.collection.fieldwork import Fieldwork
    from clustergov.survey.collection.raw_store import RawStore

FILE = click.Path(path_type=Path)
FEW, SMALL_PART = 3, 0.1
"""Deletions since the last fetch that are believed without asking: so many, or this part of what was fetched (our choice)."""


@click.command()
@click.argument("address", metavar="ADDRESS")
@click.option(
    "--study", type=FILE, help="The study's folder: its questionnaire, survey/fieldwork.yml, and survey/ for --out."
)
@click.option("--questionnaire", type=FILE, help="Instead of a study: the questionnaire that was fielded.")
@click.option("--fieldwork", type=FILE, help="How it was fielded, where that is not survey/fieldwork.yml.")
@click.option("--out", type=FILE, help="Folder to write; raw exports go to its folder raw.")
@click.option("--use", default="", help="Keep only who agreed to this use of the answers, such as analysis.")
@click.option("--accept-deleted", is_flag=True, help="Leave out whatever the software has no more, however much it is.")
@click.option("--overwrite", is_flag=True, help="Replace tables that were edited after they were fetched.")
def fetch(
    address: str, study: Path | None, questionnaire: Path | None, fieldwork: Path | None, out: Path | None, use: str,
    accept_deleted: bool, overwrite: bool,
) -> None:  # fmt: skip
    """Fetch what came in since the last time, and lay everything out.

    What the survey software gave is stored unaltered in OUT/raw. responses.csv has who submitted, partial.csv who did
    not, dispositions.csv what became of every questionnaire that was opened. Rows are known by pseudonym where people
    were invited. Who refused a consent without which nobody takes part is in none of the first two.
    """
    from clustergov.survey.breaking_off import told_apart
    from clustergov.survey.collection.fetching import lay_out
    from clustergov.survey.collection.fieldwork import Fieldwork
    from clustergov.survey.collection.laid_out import DISPOSITIONS, PARTIAL, RESPONSES, write_laid_out
    from clustergov.survey.collection.raw_rows import gather
    from clustergov.survey.collection.raw_store import RawStore

    asked, described, folder = _inputs(study, questionnaire, fieldwork, out)
    store = RawStore(folder / "raw")
    pseudonyms = _bring_home(parsed(address), store, gone=accept_deleted)
    found = lay_out(gather(store), asked, pseudonyms=pseudonyms, fieldwork=described, use=use)
    limit = (described or Fieldwork(fieldwork="", questionnaire="")).partial_from
    found = told_apart(found, asked, partial_from=limit)
    files = {
        RESPONSES: found.complete.content(),
        PARTIAL: found.partial.content() if found.partial.rows else None,
        DISPOSITIONS: found.dispositions.content(),
    }
    write_laid_out(folder, store.folder, files, overwrite=overwrite)
    _tell(found, folder, use)
    _tell_mistakes(folder / RESPONSES, asked, found)
    if described is not None:
        tell_overdue(described)


def _bring_home(where: Address, store: RawStore, *, gone: bool) -> dict[str, str]:
    """Store what is new; who the rows belong to."""
    from clustergov.survey.collection.address import opened
    from clustergov.survey.collection.linked import remember
    from clustergov.survey.collection.raw_rows import gather

    with opened(where) as survey:
        name = survey.status().address if where.kind == "limesurvey" else where.shown
        store.refuse_another(name)
        have = gather(store).complete
        exports = survey.fetch(have=have.keys())
        pseudonyms = survey.pseudonyms()
    if not gone:
        _refuse_an_emptied_survey(len(have), sum(len(export.deleted) for export in exports), name)
    for export in exports:
        store.add(export, address=name)
    total = len(gather(store).complete)
    click.echo(f"{name}: {total - len(have):+d} complete since the last fetch, {total} in all.")
    return remember(store.folder, pseudonyms, by="token" if where.kind == "limesurvey" else "response")


def _refuse_an_emptied_survey(have: int, deleted: int, name: str) -> None:
    """Single responses are deleted by people; many at once more likely by a survey that was deactivated or made anew."""
    if deleted > max(FEW, have * SMALL_PART):
        raise InputError(
            Problem("responses-gone", f"{deleted} of the {have} complete responses that were fetched before are not in {name} any more.",
                    "What was fetched is safe, and nothing was changed. Look whether the survey was deactivated, emptied or "
                    "replaced; if they were deleted on purpose, add --accept-deleted.")
        )  # fmt: skip


def _inputs(
    study: Path | None, questionnaire: Path | None, fieldwork: Path | None, out: Path | None
) -> tuple[Questionnaire, Fieldwork | None, Path]:
    from clustergov.instruments.check import read_questionnaire
    from clustergov.survey.collection.fieldwork import read_fieldwork

    folder = study_folder(study) if questionnaire is None else None
    if questionnaire is None and folder is None:
        raise InputError(
            Problem("which-questionnaire", "it is not told which questionnaire was fielded.",
                    "Add --study DIR or --questionnaire FILE.")
        )  # fmt: skip
    if out is None and folder is None:
        raise InputError(Problem("out", "it is not told where responses go.", "Add --out DIR."))
    asked = read_questionnaire(questionnaire if questionnaire is not None else _of_study(folder or Path()))
    described = fieldwork or (folder / "survey" / "fieldwork.yml" if folder is not None else None)
    there = described is not None and (fieldwork is not None or described.is_file())
    return asked, read_fieldwork(described) if there and described else None, out or (folder or Path()) / "survey"


def _of_study(folder: Path) -> Path:
    from clustergov.study.study_file import Study
    from clustergov.yaml_file import read

    plan, _ = read(folder / "study.yml", Study, wanted="the study.yml of a study")
    return folder / plan.questionnaire


def _tell(found: Fetched, folder: Path, use: str) -> None:
    counts = Counter(str(disposition) for _, disposition in found.dispositions.rows)
    words = {
        "complete": "submitted", "partial": "begun, not submitted",
        "break-off": "begun, and too little answered to be partial", "refused": "without the consent that taking part needs",
        "begun": "stopped before saying whether to consent",
    }  # fmt: skip
    print_table(
        ("disposition", "responses", ""),
        [(name, str(counts[name]), text) for name, text in words.items() if counts[name]],
    )
    told = f"{folder / 'responses.csv'}: {len(found.complete.rows)} responses"
    click.echo(f"{told}, {found.linked} of all questionnaires by pseudonym." if found.linked else f"{told}.")
    remarks = [
        (found.without_use, f"submitted without agreeing to the use “{use}” and left out"),
        (found.set_aside, "of persons who answered more than once, set aside; the last submitted one counts"),
        (len(found.deleted), "deleted in the survey software since they were fetched, and left out"),
        (len(found.missing), f"variables of the questionnaire are in no export: {', '.join(found.missing[:8])}"),
        (len(found.unknown), f"columns of the exports are not in the questionnaire: {', '.join(found.unknown[:8])}"),
    ]
    for count, text in remarks:
        if count:
            click.echo(f"{count} {text}.")


def _tell_mistakes(path: Path, asked: Questionnaire, found: Fetched) -> None:
    """Read what was written as the road will, and count the answers that the questionnaire does not allow."""
    if not found.complete.rows:
        return
    from clustergov.survey.reading import read_responses
    from clustergov.survey.validation import WARNINGS, validate

    rules = validate(read_responses(path, asked, strict=False))["rule"]
    mistakes = rules[~rules.isin(WARNINGS)].value_counts()
    for rule, count in mistakes.items():
        click.echo(f"{count} answers break the rule “{rule}”: see clustergov survey check {path}.")
