"""Conditions of two versions: in the same names and codes, do they mean the same?"""

from __future__ import annotations

from collections.abc import Iterator

from clustergov.instruments.arithmetic import Number, plain
from clustergov.instruments.condition import Comparison, Condition, Expression, Junction, Negation
from clustergov.instruments.routing import parse, parse_number
from clustergov.instruments.solver.formulas import Formulas
from clustergov.instruments.versions.matching import Matching
from clustergov.instruments.versions.renaming import Codes, in_one_order, renamed, renamed_number
from clustergov.instruments.versions.scales import code_map
from clustergov.problems import InputError

EFFORT = 2_000_000
"""What one proof may cost in z3's own unit, about 0.2 s; what is not proved by then counts as a difference."""


def same_condition(old: str, new: str, matching: Matching) -> bool:
    """Whether a condition of the older version means what one of the newer version means.

    In the newer version's names and codes they read the same but for the order of parts, or are proved to hold for the
    same answers. What cannot be read means the same only where it is written the same.
    """
    if old == new == "":
        return True
    try:
        before, after = (parse(text) if text else None for text in (old, new))
    except InputError:
        return old == new
    if before is None or after is None:
        return False
    before = renamed(before, matching.names, _codes(matching))
    return in_one_order(before) == in_one_order(after) or _proved(before, after, matching)


def otherwise_meant(old: str, new: str, matching: Matching) -> list[str]:
    """What stands in both conditions and is not the same: a name of another question, a code of another answer."""
    try:
        before, after = parse(old), parse(new)
    except InputError:
        return []
    found = [
        f"{name} is another question"
        for name in before.variables
        if name in after.variables and matching.names.get(name, name) != name
    ]
    codes, stands = _codes(matching), set(_compared(after.expression))
    for name, value in dict.fromkeys(_compared(before.expression)):
        if (matching.names.get(name, name), value) in stands and codes(name, value) != value:
            found.append(f"“{value}” of {name} means something else")
    return found


def _compared(expression: Expression) -> Iterator[tuple[str, str]]:
    """Every variable with every code that it is compared with for equality."""
    match expression:
        case Negation(part):
            yield from _compared(part)
        case Junction(_, parts):
            for part in parts:
                yield from _compared(part)
        case Comparison(variable, "=" | "!=" | "in", values):
            yield from ((variable, plain(value) if isinstance(value, float) else value) for value in values)


def same_formula(old: str, new: str, matching: Matching) -> bool:
    """Whether two formulas read the same in the newer version's names."""
    try:
        number: Number = renamed_number(parse_number(old), matching.names)
        return number == parse_number(new)
    except InputError:
        return old == new


def _codes(matching: Matching) -> Codes:
    known: dict[str, dict[str, str]] = {}

    def code(variable: str, value: str) -> str:
        if variable not in known:
            before = matching.old.by_name.get(variable)
            after = matching.new.by_name.get(matching.names.get(variable, ""))
            old, new = before.scale if before else None, after.scale if after else None
            known[variable] = code_map(old, new) if old is not None and new is not None else {}
        return known[variable].get(value, value)

    return code


def _proved(before: Condition, after: Condition, matching: Matching) -> bool:
    """Whether no answers to the newer version tell the conditions apart."""
    if not _of_one_kind({*before.variables, *after.variables}, matching):
        return False
    import z3

    context = z3.Context()
    formulas = Formulas(matching.new, (before, after), z3, context)
    one, other = formulas.formula(before.expression), formulas.formula(after.expression)
    solver = z3.Solver(ctx=context)
    solver.set("rlimit", EFFORT)
    solver.add(*formulas.fresh(), one != other)
    return bool(solver.check() == z3.unsat)


def _of_one_kind(names: set[str], matching: Matching) -> bool:
    """Whether both versions have these variables, and with the same scale or limits: else the same words say another."""
    for name in names:
        old, new = matching.old.by_name.get(matching.variables.get(name, "")), matching.new.by_name.get(name)
        if old is None or new is None or old.kind != new.kind:
            return False
        if (
            old.scale is not None
            and new.scale is not None
            and len(code_map(old.scale, new.scale)) < len(new.scale.codes)
        ):
            return False
    return True
