"""Reading ``multiverse.yml``: every mistake in it at once, with line and column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from clustergov.analysis.multiverse.declaration import Fork, Measure, Missing, MultiverseSpecification, Option, Scoring
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.instruments.routing import parse
from clustergov.problems import InputError, Problem
from clustergov.yaml_file import Place, Positions, read

MOST_UNIVERSES = 20_000
ONCE = ("outcome", "focal", "scoring", "missing", "model", "covariance")
ALLOWED = {
    "outcome": {"origin"}, "focal": {"origin"}, "scoring": {"rule", "minimum_valid"},
    "exclusion": {"keep_if", "straightliners"}, "missing": {"rule"}, "covariates": {"terms"}, "model": {"kind"},
    "covariance": {"errors", "groups"},
}  # fmt: skip
"""Fields of an option that its fork makes use of."""
RULES = {"scoring": get_args(Scoring), "missing": get_args(Missing)}


def read_multiverse(path: Path | str, questionnaire: Questionnaire) -> MultiverseSpecification:
    """Read a declaration of a multiverse and hold it against the questionnaire.

    Raises
    ------
    InputError
        With every mistake: unknown variables, constructs and covariates, values without order, a fork without a reason
        or with fewer than two options, options that stand twice, not exactly one preregistered option, conditions that
        cannot be read, an outcome that is part of a predictor, too many universes (with their number).
    """
    found, positions = read(path, MultiverseSpecification, wanted="a declaration of a multiverse")
    problems = [
        *_origins(found, questionnaire, positions),
        *(problem for place, fork in enumerate(found.forks) for problem in _fork(found, place, fork, questionnaire, positions)),
        *_whole(found, questionnaire, positions),
    ]  # fmt: skip
    if problems:
        raise InputError(problems)
    return found


def _origins(found: MultiverseSpecification, asked: Questionnaire, positions: Positions) -> Iterator[Problem]:
    for name, origin in (("outcome", found.outcome), ("focal", found.focal)):
        forked = bool(found.about("outcome" if name == "outcome" else "focal"))
        if (origin is None) == (not forked):
            told = "both stand here" if forked else "neither stands here"
            yield positions.problem((name,), f"one-{name}", f"expected `{name}` or one fork about it; {told}.",
                                    "Keep the one that is meant.")  # fmt: skip
        if origin is not None:
            yield from origin.problems((name,), asked, positions)
    codes = [covariate.code for covariate in found.covariates]
    for place, covariate in enumerate(found.covariates):
        if codes.index(covariate.code) != place:
            yield positions.problem(("covariates", place, "code"), "duplicate-code",
                                    f"the covariate “{covariate.code}” stands twice.", "Rename or remove one.")  # fmt: skip
        yield from covariate.problems(("covariates", place), asked, positions)
    for place, term in enumerate(found.always):
        yield from _term(term, ("always", place), codes, positions)


def _term(term: str, place: Place, codes: list[str], positions: Positions) -> Iterator[Problem]:
    if term not in codes:
        yield positions.problem(place, "unknown-covariate", f"no covariate has the code “{term}”.",
                                f"Declared are: {', '.join(codes) or 'none'}.")  # fmt: skip


def _fork(
    found: MultiverseSpecification, number: int, fork: Fork, asked: Questionnaire, positions: Positions
) -> Iterator[Problem]:
    place: Place = ("forks", number)
    if len(fork.options) < 2:
        yield positions.problem((*place, "options"), "no-choice", f"a fork has two options or more; this has {len(fork.options)}.",
                                "Add the other options, or remove the fork.")  # fmt: skip
    if not any(text.strip() for text in fork.reason.values()):
        yield positions.problem((*place, "reason"), "no-reason", "a fork needs the reason why it could have been otherwise.",
                                "Write it in a sentence.")  # fmt: skip
    marked = [option.code for option in fork.options if option.preregistered]
    if len(marked) != 1:
        yield positions.problem((*place, "options"), "no-preregistered-universe",
                                f"expected one option that is `preregistered: true`, found {len(marked)}: without it there is no preregistered universe.",
                                "Mark the option that was laid down beforehand.")  # fmt: skip
    codes = Counter(option.code for option in fork.options)
    for code in (code for code, count in codes.items() if count > 1):
        yield positions.problem((*place, "options"), "duplicate-code", f"the option “{code}” stands twice.",
                                "Rename or remove one.")  # fmt: skip
    for index, option in enumerate(fork.options):
        if option.preregistered and fork.standing_of(option) == "wrong in hindsight":
            yield positions.problem((*place, "options", index), "preregistered-wrong",
                                    "the preregistered option is declared wrong in hindsight.",
                                    "Keep it as preregistered, and tell the deviation; give the class to the other options only where it is theirs.")  # fmt: skip
        yield from _option(found, fork, option, (*place, "options", index), asked, positions)


def _option(
    found: MultiverseSpecification, fork: Fork, option: Option, place: Place, asked: Questionnaire, positions: Positions
) -> Iterator[Problem]:
    given = option.model_fields_set - {"code", "label", "preregistered", "standing", "reason"}
    for name in sorted(given - ALLOWED[fork.about]):
        yield positions.problem((*place, name.replace("_", " ")), "unused-key",
                                f"“{name.replace('_', ' ')}” says nothing in a fork about {fork.about}.",
                                f"It knows: {', '.join(sorted(ALLOWED[fork.about])).replace('_', ' ')}.")  # fmt: skip
    if fork.about in ("outcome", "focal"):
        if option.origin is None:
            yield positions.problem(place, "no-origin", "expected `origin`: where its numbers come from.",
                                    "Write origin: {label: …, variable: …}.")  # fmt: skip
        else:
            yield from option.origin.problems((*place, "origin"), asked, positions)
    if fork.about in RULES and option.rule not in RULES[fork.about]:
        yield positions.problem((*place, "rule"), "unknown-rule", f"no rule is called “{option.rule}”.",
                                f"Rules of {fork.about} are: {', '.join(RULES[fork.about])}.")  # fmt: skip
    codes = [covariate.code for covariate in found.covariates]
    for index, term in enumerate(option.terms):
        yield from _term(term, (*place, "terms", index), codes, positions)
    yield from _exclusion(option, place, asked, positions)
    if option.errors == "CR2" and option.groups not in asked.by_name:
        yield positions.problem((*place, "groups"), "unknown-variable",
                                f"expected the variable that makes the groups, found “{option.groups}”.",
                                "Write groups: country, or another variable.")  # fmt: skip


def _exclusion(option: Option, place: Place, asked: Questionnaire, positions: Positions) -> Iterator[Problem]:
    if option.keep_if:
        try:
            condition = parse(option.keep_if)
        except InputError as error:
            for problem in error.problems:
                yield positions.problem((*place, "keep if"), problem.rule, problem.message, problem.fix)
            return
        for name in condition.variables:
            if name not in asked.by_name:
                yield positions.problem((*place, "keep if"), "unknown-variable",
                                        f"the questionnaire has no variable “{name}”.", "Use the name of a variable.")  # fmt: skip
    codes = {question.code for question in asked.questions}
    for question in option.straightliners:
        if question not in codes:
            yield positions.problem((*place, "straightliners"), "unknown-question",
                                    f"the questionnaire has no question “{question}”.", "Use a question's code.")  # fmt: skip


def _whole(found: MultiverseSpecification, asked: Questionnaire, positions: Positions) -> Iterator[Problem]:
    codes = [fork.code for fork in found.forks]
    for number, fork in enumerate(found.forks):
        if codes.index(fork.code) != number:
            yield positions.problem(("forks", number, "code"), "duplicate-code", f"the fork “{fork.code}” stands twice.",
                                    "Rename or remove one.")  # fmt: skip
        if fork.about in ONCE and found.about(fork.about)[0] != number:
            yield positions.problem(("forks", number, "about"), "two-forks", f"a second fork about {fork.about}.",
                                    "Put its options into the first.")  # fmt: skip
    if found.universes > MOST_UNIVERSES:
        yield positions.problem(("forks",), "too-many-universes",
                                f"the forks make {found.universes:,} universes; at most {MOST_UNIVERSES:,} are taken.",
                                "Remove options that nobody would defend.")  # fmt: skip
    yield from _shared(found, asked, positions)


def _shared(found: MultiverseSpecification, asked: Questionnaire, positions: Positions) -> Iterator[Problem]:
    """An outcome cannot be explained by its own parts, nor a focal predictor be held equal to itself."""
    outcomes, focals = _all_of(found, "outcome"), _all_of(found, "focal")
    parts = {name for origin in outcomes for name in origin.parts(asked)}
    asked_after = {name for origin in focals for name in origin.parts(asked)}
    if shared := sorted(parts & asked_after):
        yield positions.problem(("focal",), "shared-part", f"outcome and focal predictor share {', '.join(shared)}.",
                                "Remove it from one of them.")  # fmt: skip
    for place, covariate in enumerate(found.covariates):
        own = set(covariate.parts(asked))
        if shared := sorted(own & (parts | asked_after)):
            yield positions.problem(("covariates", place), "shared-part",
                                    f"“{covariate.code}” shares {', '.join(shared)} with the outcome or the focal predictor.",
                                    "Remove it from one of them.")  # fmt: skip


def _all_of(found: MultiverseSpecification, about: str) -> list[Measure]:
    own = found.outcome if about == "outcome" else found.focal
    forked = [option.origin for fork in found.forks if fork.about == about for option in fork.options if option.origin]
    return [*([own] if own is not None else []), *forked]
