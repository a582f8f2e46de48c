"""A study to start from: the shipped example, with or without one's own responses, or any LimeSurvey questionnaire."""

from __future__ import annotations

import dataclasses
import datetime
import json
import re
import shutil
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import clustergov
from clustergov.casestudies.documents.pseudonyms import FILE as PSEUDONYMS
from clustergov.problems import InputError, Problem, missing_file, report
from clustergov.study.output import check_new_folder, whole_folder

if TYPE_CHECKING:
    from clustergov.instruments.exchange import Imported
    from clustergov.survey.responses import Responses

FOLDERS = ("instruments", "survey", "analysis", "casestudies", "reports")

SELECTION = "analysis/case-selection.lock.json"
"""The shipped choice of organisations, frozen."""

FIELDED = (
    "raw", "*.db", "*.db-*", "*.enc", "responses.csv", "partial.csv", "dispositions.csv", "frame.csv", "weights.csv",
    "links.csv", "invitation-*", "reminder-*", "*.erasing",
)  # fmt: skip
"""What fieldwork leaves in ``survey/``: about people, so it goes into no copy and no history that others can clone."""


@dataclass(frozen=True, slots=True)
class NewStudy:
    """What was made.

    Attributes
    ----------
    folder : Path
    responses : Responses or None
        The user's own, as they were understood; None for the simulated example.
    notes : tuple of Problem
        What an imported questionnaire held and our model does not express.
    """

    folder: Path
    responses: Responses | None = None
    notes: tuple[Problem, ...] = ()


def shipped_study() -> Path:
    """The folder of the study that comes with clustergov: inside the installed package, or the repository itself."""
    package = Path(clustergov.__file__).parent
    for folder in (package / "example", package.parents[1]):
        if (folder / "study.yml").is_file():
            return folder
    raise missing_file(package / "example" / "study.yml", wanted="the study that is shipped with clustergov")


def new_example(folder: Path, *, responses: Path | None = None) -> NewStudy:
    """Copy the shipped study to `folder`; with `responses`, real answers stand in place of the simulation.

    Raises
    ------
    InputError
        The folder is in use, or the responses do not fit the shipped questionnaire; nothing has been written.
    """
    folder = check_new_folder(folder)
    source = shipped_study()
    read = None if responses is None else _read_own(responses, source)
    with whole_folder(folder) as fresh:
        for name in FOLDERS:
            shutil.copytree(
                source / name, fresh / name, ignore=shutil.ignore_patterns("__pycache__", ".*", PSEUDONYMS, *FIELDED)
            )
        study = _dated((source / "study.yml").read_text(encoding="utf-8"))
        if responses is not None:
            study = _with_file(study, responses.name)
            shutil.copyfile(responses, fresh / "survey" / responses.name)
            (fresh / "survey" / "simulation.yml").unlink()
            # The shipped choice of organisations was made from simulated answers: it says nothing about these.
            (fresh / SELECTION).unlink(missing_ok=True)
        (fresh / "study.yml").write_text(study, encoding="utf-8")
        _keep_out_of_git(fresh, responses)
    return NewStudy(folder, read)


def new_from_limesurvey(folder: Path, structure: Path, responses: Path) -> NewStudy:
    """Make a study of any LimeSurvey questionnaire (.lss, .txt) and its responses.

    The administrators' names and addresses stay behind; what the model does not express is listed in
    ``instruments/import-report.txt``, and how each column was understood in ``survey/columns.csv``.

    Raises
    ------
    InputError
        The folder is in use, a file cannot be read, or under a fifth of the columns match; nothing has been written.
    """
    from clustergov.instruments.limesurvey import read_limesurvey
    from clustergov.instruments.write import write_questionnaire
    from clustergov.survey.columns import columns_frame
    from clustergov.survey.reading import read_responses

    folder = check_new_folder(folder)
    imported = read_limesurvey(structure)
    read = read_responses(responses, imported.questionnaire, strict=False)
    name = slug(structure.stem)
    with whole_folder(folder) as fresh:
        for room in FOLDERS:
            (fresh / room).mkdir()
        write_questionnaire(imported.questionnaire, fresh / "instruments" / f"{name}.yml")
        (fresh / "instruments" / "import-report.txt").write_text(_import_report(imported, structure), encoding="utf-8")
        shutil.copyfile(responses, fresh / "survey" / responses.name)
        columns_frame(read.origin.columns).to_csv(fresh / "survey" / "columns.csv", index=False, lineterminator="\n")
        (fresh / "reports" / "report.yml").write_text(_REPORT, encoding="utf-8")
        study = _STUDY.format(
            name=json.dumps(name),
            title=json.dumps(dict(imported.questionnaire.title), ensure_ascii=False),
            date=datetime.date.today().isoformat(),
            questionnaire=json.dumps(f"instruments/{name}.yml"),
            file=json.dumps(f"survey/{responses.name}", ensure_ascii=False),
        )
        (fresh / "study.yml").write_text(study, encoding="utf-8")
        _keep_out_of_git(fresh, responses)
    return NewStudy(folder, read, imported.notes)


def _keep_out_of_git(folder: Path, responses: Path | None) -> None:
    """Answers of real people, and what a run makes of them, do not belong into a history that others can clone."""
    kept = ["out/", f"casestudies/{PSEUDONYMS}", *(f"survey/{name}" for name in FIELDED)]
    if responses is not None and f"survey/{responses.name}" not in kept:
        kept.append(f"survey/{responses.name}")
    (folder / ".gitignore").write_text("\n".join(kept) + "\n", encoding="utf-8")


def slug(text: str) -> str:
    """A name for files: lower-case letters, digits and hyphens.

    >>> slug("RSE 2017 (Zürich)")
    'rse-2017-zurich'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "study"


def _read_own(responses: Path, source: Path) -> Responses:
    from clustergov.instruments.check import read_questionnaire
    from clustergov.survey.reading import read_responses
    from clustergov.yaml_file import load

    study, _ = load(source / "study.yml")
    return read_responses(responses, read_questionnaire(source / study["questionnaire"]), strict=True)


def _dated(study: str) -> str:
    return _replaced(study, r"^date: .*$", lambda _: f"date: {datetime.date.today().isoformat()}")


def _with_file(study: str, name: str) -> str:
    study = _replaced(study, r"^fieldwork: .*$", lambda _: f"fieldwork: {datetime.date.today().year}")
    return _replaced(
        study, r"^  simulation: .*$", lambda _: f"  file: {json.dumps(f'survey/{name}', ensure_ascii=False)}"
    )


def _replaced(text: str, pattern: str, line: Callable[[re.Match[str]], str]) -> str:
    changed, count = re.subn(pattern, line, text, flags=re.MULTILINE)
    if count != 1:
        raise InputError(
            Problem("shipped-study", f"expected one line that fits {pattern} in the shipped study.yml, found {count}.",
                    "Install clustergov anew.")
        )  # fmt: skip
    return changed


def _import_report(imported: Imported, structure: Path) -> str:
    questionnaire = imported.questionnaire
    head = (
        f"{structure.name}: {len(questionnaire.questions)} questions, {len(questionnaire.variables)} variables, "
        f"languages {', '.join(questionnaire.languages)}.\n"
        f"{len(imported.notes)} things that the questionnaire file held and that were changed or left out:\n"
    )
    # The file's name is enough: where it lay on somebody's machine is nobody else's business.
    notes = [dataclasses.replace(note, file=structure.name) for note in imported.notes]
    return head + report(notes, most=len(notes) + 1) + "\n"


_STUDY = """\
# A study of an imported LimeSurvey questionnaire. `clustergov run` in this folder writes its reports.
# Add `claims`, `verdicts`, `drivers` and `cases` when you have them: without, the reports leave those chapters out.
study: {name}
title: {title}
languages: [nl, en]

# Stands on the reports; given here and not taken from the clock, so that two runs give equal bytes.
date: {date}
seed: 1

questionnaire: {questionnaire}

responses:
  file: {file}
  # Published answers are often recoded: those that the questionnaire does not list are kept apart as “unlisted”.
  strict: false

report: reports/report.yml
"""

_REPORT = """\
# Wording of the reports that a person may edit. Numbers never stand here: they come from results.
author: ""
introduction: []
limits: []
"""
