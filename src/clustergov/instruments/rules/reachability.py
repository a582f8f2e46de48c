"""Rules that a solver proves: what can never be asked, what always holds, what no answer can meet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from clustergov.instruments.exchange import listed
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.instruments.routing import parse
from clustergov.instruments.rules.routing import site_problems, sites
from clustergov.instruments.rules.soundness import mentions, unsound
from clustergov.instruments.solver.reachability import Finding, findings
from clustergov.problems import Problem
from clustergov.yaml_file import Place, Positions


def reachability_problems(questionnaire: Questionnaire, positions: Positions) -> Iterator[Problem]:
    """What can be proved about conditions that are free of other mistakes.

    Where a code stands twice nothing is said: it is not known which of the two is meant. Nothing either of conditions
    that look at a question whose scale or limits are not sound.
    """
    codes = [question.code for question in questionnaire.questions]
    if len(set(codes)) < len(codes) or len(questionnaire.by_name) < len(questionnaire.variables):
        return
    doubtful = unsound(questionnaire)
    order = {code: index for index, code in enumerate(codes)}
    conditions = {
        site.place: parse(site.text)
        for site in sites(questionnaire)
        if not (doubtful and mentions(site.text, doubtful))
        and not any(each.severity == "error" for each in site_problems(site, order, questionnaire, positions))
    }
    for finding in findings(questionnaire, conditions):
        yield _problem(finding, questionnaire, positions)


def _problem(finding: Finding, questionnaire: Questionnaire, positions: Positions) -> Problem:
    where = finding.place
    what = _named(where, questionnaire)
    match finding.kind:
        case "contradiction":
            message = f"this contradicts itself, so {what} can never be asked."
            return positions.problem(where, "routing-contradiction", message, "Correct the condition.")
        case "unreachable":
            others = listed([f"“{code}”" for code in finding.about])
            message = f"{what} can never be asked, because of how {others} can be asked and answered."
            fix = "Compare this condition with the conditions, limits and constraints there."
            return positions.problem(where, "unreachable", message, fix)
        case "always":
            message = f"this holds for everybody who gets here, so {what} is always asked."
            return positions.problem(where, "routing-always", message, "Remove it, or correct it.", severity="warning")
        case "no answer passes":
            message = f"{what} is required, and its constraint rules out every answer."
            return positions.problem(where, "required-unanswerable", message, "Correct the constraint.")
        case "cannot hold":
            message = f"no answer to {what} can meet this, given the limits and what was answered before."
            return positions.problem(
                where, "constraint-contradiction", message, "Correct the constraint or the limits."
            )
        case "always holds":
            message = f"every answer to {what} that is allowed meets this anyway."
            fix = "Remove the constraint, or correct it."
            return positions.problem(where, "constraint-always", message, fix, severity="warning")
        case "never applies":
            message = "this is applied to nobody, as nobody can have answered all that it looks at."
            fix = "Remove the constraint, or correct it."
            return positions.problem(where, "constraint-always", message, fix, severity="warning")


def _named(place: Place, questionnaire: Questionnaire) -> str:
    _, i, _, j, *rest = place
    sections: Any = questionnaire.sections
    question = sections[i].questions[j]
    if rest[0] == "items":
        return f"the item “{question.items[rest[1]].code}” of “{question.code}”"
    return f"“{question.code}”"
