"""Rules for routing: a condition parses, looks back at earlier answers only, and compares them with what they can be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from clustergov.instruments.arithmetic import Arithmetic, Count, Number, as_number, variables_of
from clustergov.instruments.arithmetic import value as value_of
from clustergov.instruments.condition import Comparison, Condition, Leaf, Relation
from clustergov.instruments.questionnaire import Questionnaire, Variable
from clustergov.instruments.routing import parse
from clustergov.instruments.rules.codes import places
from clustergov.instruments.rules.soundness import names_one, unsound
from clustergov.instruments.solver.answer_classes import limits, representatives, terms
from clustergov.problems import InputError, Problem
from clustergov.yaml_file import Place, Positions

ORDERING = {"<", "<=", ">", ">="}


@dataclass(frozen=True, slots=True)
class Site:
    """A place at which a condition is written; `before` is the number of questions whose answers it may look at."""

    place: Place
    text: str
    before: int


def sites(questionnaire: Questionnaire) -> Iterator[Site]:
    """Every condition of a questionnaire: of questions, of items, and the constraints among answers."""
    for index, (place, question) in enumerate(places(questionnaire)):
        if question.when:
            yield Site((*place, "when"), question.when, index)
        for k, item in enumerate(question.items):
            if item.when:
                yield Site((*place, "items", k, "when"), item.when, index)
        if question.constraint:
            yield Site((*place, "constraint"), question.constraint, index + 1)


def routing_problems(questionnaire: Questionnaire, positions: Positions) -> Iterator[Problem]:
    """Every mistake in the conditions of a questionnaire, each on its own, and conditions that go round in a circle."""
    order = {question.code: index for index, question in enumerate(questionnaire.questions)}
    doubtful = unsound(questionnaire)
    for site in sites(questionnaire):
        yield from site_problems(site, order, questionnaire, positions, doubtful)
    yield from _cycle_problems(order, questionnaire, positions, doubtful)
    for place, question in places(questionnaire):
        if question.constraint and question.constraint_message is None:
            message = "nobody is told what is wrong when the constraint does not hold."
            fix = "Add a constraint message: with one sentence per language."
            yield positions.problem(
                (*place, "constraint"), "constraint-without-message", message, fix, severity="warning"
            )
        if question.constraint_message is not None and not question.constraint:
            fix = "Add the constraint, or remove its message."
            where = (*place, "constraint message")
            yield positions.problem(
                where, "message-without-constraint", "there is no constraint.", fix, severity="warning"
            )


def site_problems(
    site: Site,
    order: Mapping[str, int],
    questionnaire: Questionnaire,
    positions: Positions,
    doubtful: frozenset[str] = frozenset(),
) -> Iterator[Problem]:
    """Every mistake in one condition; `order` tells the number of each question by its code.

    Of how answers to `doubtful` questions are looked at nothing is said.
    """
    try:
        condition = parse(site.text)
    except InputError as error:
        yield from (positions.problem(site.place, each.rule, each.message, each.fix) for each in error.problems)
        return
    for name in condition.variables:
        variable = questionnaire.by_name.get(name)
        if names_one(name, doubtful):
            continue
        if variable is None:
            yield _unknown(name, site, questionnaire, positions)
        elif order[variable.question.code] >= site.before:
            message = f"“{name}” is asked at the same time or later, so it is still open when this is decided."
            fix = "Look at an earlier question, or move one of the two."
            yield positions.problem(site.place, "routing-forward", message, fix)
    yield from _leaf_problems(condition, site.place, questionnaire, positions, doubtful)


def _cycle_problems(
    order: Mapping[str, int], questionnaire: Questionnaire, positions: Positions, doubtful: frozenset[str]
) -> Iterator[Problem]:
    """Questions each of which waits for the next: told once a circle, at the question of it that comes first."""
    waits: dict[str, list[str]] = {}
    places_of: dict[str, Place] = {}
    for index, (place, question) in enumerate(places(questionnaire)):
        if order[question.code] != index:
            continue
        texts = {(*place, "when"): question.when}
        texts |= {(*place, "items", k, "when"): item.when for k, item in enumerate(question.items)}
        for where, text in texts.items():
            for code in _looked_at(text, questionnaire):
                waits.setdefault(question.code, []).append(code)
                places_of.setdefault(question.code, where)
    for circle in _circles(waits, order):
        # Who looks at itself is told so where it does.
        if len(circle) == 1 or doubtful.intersection(circle):
            continue
        shown = " → ".join((*circle, circle[0]))
        message = f"these questions wait for each other, so none of them can be asked first: {shown}."
        fix = f"Let the condition of one of them look at something else than “{circle[1 % len(circle)]}”."
        yield positions.problem(places_of[circle[0]], "routing-cycle", message, fix)


def _looked_at(text: str, questionnaire: Questionnaire) -> list[str]:
    """Codes of the questions that a condition looks at; none where it is no condition."""
    if not text:
        return []
    try:
        names = parse(text).variables
    except InputError:
        return []
    variables = (questionnaire.by_name.get(name) for name in names)
    return list(dict.fromkeys(variable.question.code for variable in variables if variable is not None))


def _circles(waits: Mapping[str, list[str]], order: Mapping[str, int]) -> Iterator[tuple[str, ...]]:
    """The shortest circle through each question that looks ahead, no question in two of them."""
    told: set[str] = set()
    for start in waits:
        if start in told or not any(order[code] >= order[start] for code in waits[start]):
            continue
        before: dict[str, str] = {}
        queue = [start]
        for code in queue:
            for after in waits.get(code, ()):
                if after not in before and after not in told:
                    before[after] = code
                    queue.append(after)
        if start not in before:
            continue
        circle = [start]
        while (code := before[circle[-1]]) != start:
            circle.append(code)
        circle = [start, *reversed(circle[1:])]
        told.update(circle)
        yield tuple(circle)


def _leaf_problems(
    condition: Condition,
    where: Place,
    questionnaire: Questionnaire,
    positions: Positions,
    doubtful: frozenset[str],
) -> Iterator[Problem]:
    for leaf in condition.leaves:
        if any(names_one(name, doubtful) for name in leaf.variables):
            continue
        if not questionnaire.by_name.keys() >= set(leaf.variables):
            continue
        if isinstance(leaf, Relation):
            yield from number_problems(leaf.left, where, questionnaire, positions)
            yield from number_problems(leaf.right, where, questionnaire, positions)
        else:
            yield from _value_problems(leaf, questionnaire.by_name[leaf.variable], where, positions)


def number_problems(
    number: Number, where: Place, questionnaire: Questionnaire, positions: Positions
) -> Iterator[Problem]:
    """Variables of a computed number that hold no numbers; of unknown ones nothing is said here."""
    if divides_by_zero(number):
        message = "this divides by 0, so there is never a number."
        yield positions.problem(where, "division-by-zero", message, "Divide by something else.")
    computed = dict.fromkeys(
        name for term in terms(number) if not isinstance(term, Count) for name in variables_of(term)
    )
    for name in computed:
        variable = questionnaire.by_name.get(name)
        if variable is not None and not _holds_numbers(variable):
            message = f"the answers of “{name}” are no numbers, so nothing can be computed with them."
            fix = f'Compare it with a code: {name} = "…", or count it: count("…", {name}).'
            yield positions.problem(where, "routing-no-number", message, fix)


def divides_by_zero(number: Number) -> bool:
    """Whether a constant 0 stands, or comes out, below a division."""
    match number:
        case Arithmetic(sign, left, right):
            constant = not any(True for _ in variables_of(right))
            if sign == "/" and constant and value_of(right, {}) == 0:
                return True
            return divides_by_zero(left) or divides_by_zero(right)
        case _:
            return False


def _holds_numbers(variable: Variable) -> bool:
    if variable.kind == "choice" and variable.scale is not None:
        return variable.scale.ordered and _numeric(variable.scale.codes)
    return variable.kind == "number"


def _unknown(name: str, site: Site, questionnaire: Questionnaire, positions: Positions) -> Problem:
    parts = [variable.name for variable in questionnaire.of(name)]
    known = f"; its answers are {', '.join(parts)}" if parts else ""
    coded = any(name in scale.codes for scale in questionnaire.scales.values())
    fix = f'Write "{name}" if it is a code.' if coded else "Correct its name: `code` or `code_item`."
    return positions.problem(site.place, "routing-unknown-variable", f"there is no variable “{name}”{known}.",
                             "Name one of them." if parts else fix)  # fmt: skip


def _value_problems(leaf: Leaf, variable: Variable, where: Place, positions: Positions) -> Iterator[Problem]:
    if not isinstance(leaf, Comparison):
        return
    yield from _range_problems(leaf, variable, where, positions)
    if variable.kind == "number":
        for value in leaf.values:
            if isinstance(value, str):
                message = f"“{variable.name}” is a number and is compared with the code “{value}”."
                yield positions.problem(where, "routing-code-for-number", message, "Leave the quotation marks out.")
    elif variable.scale is not None:
        if leaf.operator in ORDERING and (not variable.scale.ordered or not _numeric(variable.scale.codes)):
            message = (
                f"the answers of “{variable.name}” are not numbers with an order, so {leaf.operator} means nothing."
            )
            yield positions.problem(where, "routing-no-order", message, 'List the codes: in ["…", "…"].')
        elif leaf.operator not in ORDERING:
            yield from _code_problems(leaf, variable, where, positions)


def _range_problems(leaf: Comparison, variable: Variable, where: Place, positions: Positions) -> Iterator[Problem]:
    """Comparisons that come out the same for every answer, as the number compared with is out of range."""
    scale = variable.scale
    if variable.kind != "number" and (scale is None or leaf.operator not in ORDERING or not _numeric(scale.codes)):
        return
    for compared in (number for number in leaf.values if isinstance(number, float)):
        single = Comparison(leaf.variable, "=" if leaf.operator == "in" else leaf.operator, (compared,))
        answers = [*representatives(variable, [single])]
        if not answers or (held := {single.admits(answer) for answer in answers}) == {True, False}:
            continue
        low, high = _ends(variable)
        if held == {False}:
            message = f"no answer to “{variable.name}” that is allowed makes “{single}” hold."
            yield positions.problem(where, "routing-beyond-range", message, "Correct the number, or the limits.")
        elif not low <= compared <= high:
            message = f"“{single}” holds for every answer to “{variable.name}” that is allowed."
            fix = f"Correct the number, or write: answered({variable.name})."
            yield positions.problem(where, "comparison-always", message, fix, severity="warning")


def _ends(variable: Variable) -> tuple[float, float]:
    """The least and the most that can be answered."""
    if variable.scale is None:
        return limits(variable.question)
    numbers = [as_number(code) for code in variable.scale.codes]
    return min(numbers), max(numbers)


def _code_problems(leaf: Comparison, variable: Variable, where: Place, positions: Positions) -> Iterator[Problem]:
    scale = variable.scale
    codes = scale.codes if scale else ()
    for value in leaf.values:
        code = value if isinstance(value, str) else f"{value:g}"
        if code in codes:
            continue
        if scale and any(option.code == code for option in scale.options):
            message = f"“{code}” of “{variable.name}” is no substantive answer, and a comparison with a blank is false."
            yield positions.problem(where, "routing-blank-code", message, f"Use: not answered({variable.name}).")
        else:
            message = f"“{variable.name}” has no answer “{code}” (it has: {', '.join(codes)})."
            yield positions.problem(where, "routing-unknown-code", message, "Correct the code.")


def _numeric(codes: tuple[str, ...]) -> bool:
    return all(code.isascii() and code.isdigit() for code in codes)
