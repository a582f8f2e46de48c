"""Check a questionnaire file: every mistake at once, each with its line, column and remedy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from clustergov import yaml_file
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.instruments.rules.answers import answer_problems
from clustergov.instruments.rules.catalogue import RULES
from clustergov.instruments.rules.codes import code_problems
from clustergov.instruments.rules.constructs import construct_problems
from clustergov.instruments.rules.indicators import indicator_problems
from clustergov.instruments.rules.reachability import reachability_problems
from clustergov.instruments.rules.routing import routing_problems
from clustergov.instruments.rules.scales import scale_problems
from clustergov.instruments.rules.sums import sum_problems
from clustergov.instruments.rules.targets import target_problems
from clustergov.instruments.rules.texts import source_problems, text_problems
from clustergov.instruments.salvage import certain, salvage
from clustergov.problems import InputError, Problem
from clustergov.yaml_file import Positions
from clustergov.yaml_form import LANGUAGE_CODE

FAMILIES: tuple[Callable[[Questionnaire, Positions], Iterator[Problem]], ...] = (
    code_problems,
    text_problems,
    source_problems,
    answer_problems,
    scale_problems,
    sum_problems,
    routing_problems,
    reachability_problems,
    construct_problems,
    indicator_problems,
    target_problems,
)


def check(path: Path | str) -> tuple[Questionnaire | None, list[Problem]]:
    """Read and check one questionnaire file.

    Returns
    -------
    Questionnaire or None
        None when the file does not have the form of a questionnaire; the problems are then those of its form, and
        those of its content that can be told for certain.
    list of Problem
        In the order of the file; warnings among them have the severity ``warning``. `rules.catalogue` says what each
        rule means, and which of them an imported questionnaire may break: its original was in the field that way, and
        its responses can still be read.
    """
    try:
        data, positions, problems = yaml_file.parse(path, wanted="a questionnaire (a YAML file)")
    except InputError as error:
        return None, list(error.problems)
    questionnaire: Questionnaire | None = None
    try:
        questionnaire = Questionnaire.model_validate(data)
        problems += check_questionnaire(questionnaire, positions)
    except ValidationError as error:
        problems += [*yaml_file.form_problems(error, positions), *_salvaged(data, error, positions)]
    problems += _lost_remarks(positions)
    return questionnaire, sorted(problems, key=_place_in_file)


def _salvaged(data: Any, error: ValidationError, positions: Positions) -> list[Problem]:
    """Mistakes in the content of a file whose form is broken."""
    found = salvage(data, error)
    if found is None:
        return []
    questionnaire, doubt = found
    return certain(check_questionnaire(questionnaire, positions), doubt, questionnaire)


def _lost_remarks(positions: Positions) -> Iterator[Problem]:
    """Texts of which YAML takes the end for a remark, as in ``nl: Question #1``."""
    for place, rest in positions.remarks():
        if place and LANGUAGE_CODE.fullmatch(str(place[-1])):
            shown = rest if len(rest) <= 40 else f"{rest[:40]}…"
            message = f"what follows # is a remark and no part of the text: “{shown}”."
            fix = "Put the whole text between double quotes, or the remark on a line of its own."
            yield positions.problem(place, "yaml-comment-in-text", message, fix, severity="warning")


def check_questionnaire(questionnaire: Questionnaire, positions: Positions | None = None) -> list[Problem]:
    """Check a questionnaire that is in memory; without positions every problem stands at line 1."""
    known = positions or Positions("")
    problems = [problem for rule in FAMILIES for problem in rule(questionnaire, known)]
    if questionnaire.imported_from:
        problems = [
            replace(each, severity="warning", imported=True) if RULES[each.rule].carried_over else each
            for each in problems
        ]
    return sorted(problems, key=_place_in_file)


def read_questionnaire(path: Path | str) -> Questionnaire:
    """Read one questionnaire file that has no mistakes; warnings are passed over.

    Raises
    ------
    InputError
        With every mistake.
    """
    questionnaire, problems = check(path)
    errors = [problem for problem in problems if problem.severity == "error"]
    if questionnaire is None or errors:
        raise InputError(errors, summary=f"{path} has {len(errors)} mistake{'s' if len(errors) > 1 else ''}:")
    return questionnaire


def _place_in_file(problem: Problem) -> tuple[int, int]:
    return problem.line or 0, problem.column or 0
