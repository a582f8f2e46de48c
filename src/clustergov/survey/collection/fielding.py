"""What is put into the field: found from a study's folder, a description of fieldwork, or a questionnaire alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from clustergov.instruments.check import read_questionnaire
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.problems import InputError, Problem
from clustergov.survey.collection.fieldwork import Fieldwork, read_fieldwork
from clustergov.survey.privacy.consent import fielded
from clustergov.yaml_file import load


@dataclass(frozen=True, slots=True)
class Fielding:
    """A questionnaire on its way to respondents.

    Attributes
    ----------
    questionnaire : Questionnaire
        As it is fielded: with the notice and the questions of consent in front.
    fieldwork : Fieldwork
    file : Path
        That was named, or found in the folder that was.
    """

    questionnaire: Questionnaire
    fieldwork: Fieldwork
    file: Path


def read_fielding(path: Path) -> Fielding:
    """Read what a study's folder, a ``fieldwork.yml`` or a questionnaire says about fieldwork.

    A questionnaire alone is open to whoever has the address, anonymous, and without notice or consent.

    Raises
    ------
    InputError
        With every mistake in the first file that has one.
    """
    file = _found(path)
    content, _ = load(
        file, wanted="a questionnaire, a description of fieldwork (fieldwork.yml), or the folder of a study"
    )
    keys = set(content) if isinstance(content, dict) else set()
    if "sections" in keys:
        questionnaire = read_questionnaire(file)
        fieldwork = Fieldwork(fieldwork=questionnaire.questionnaire, questionnaire=file.name)
    elif {"fieldwork", "responses"} <= keys or "claims" in keys:
        return _of_study(file, str(content.get("questionnaire", "")))
    else:
        fieldwork = read_fieldwork(file)
        questionnaire = read_questionnaire(file.parent / fieldwork.questionnaire)
    return Fielding(fielded(questionnaire, fieldwork), fieldwork, file)


def _found(path: Path) -> Path:
    if not path.is_dir():
        return path
    for name in ("survey/fieldwork.yml", "fieldwork.yml", "study.yml"):
        if (path / name).is_file():
            return path / name
    raise InputError(
        Problem("no-fieldwork", "expected survey/fieldwork.yml or study.yml in this folder, found neither.",
                "Name the questionnaire's file, or write survey/fieldwork.yml.", file=str(path))
    )  # fmt: skip


def _of_study(file: Path, questionnaire: str) -> Fielding:
    beside = file.parent / "survey" / "fieldwork.yml"
    return read_fielding(beside if beside.is_file() else file.parent / questionnaire)
