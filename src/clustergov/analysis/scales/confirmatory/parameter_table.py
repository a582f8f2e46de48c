"""Every parameter of a model in every group, with lavaan's defaults for confirmatory factor analysis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import pandas as pd

from clustergov.analysis.scales.confirmatory.model_syntax import Operator, Setting, Term
from clustergov.problems import InputError, Problem


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of one group.

    Attributes
    ----------
    left, operator, right : str
        As in the model's syntax.
    group : int
        From 0.
    free : int
        Place among the free parameters from 0, shared by parameters that are equal; −1: fixed.
    value : float
        Where it is fixed.
    label : str
    user : bool
        Written in the model, not a default.
    """

    left: str
    operator: Operator
    right: str
    group: int
    free: int
    value: float = 0.0
    label: str = ""
    user: bool = False

    @property
    def name(self) -> str:
        return f"{self.left} {self.operator} {self.right}".strip()


@dataclass(frozen=True, slots=True)
class ParameterTable:
    """The parameters of a model.

    Attributes
    ----------
    parameters : tuple of Parameter
        Group by group.
    items, factors : tuple of str
        Observed and latent variables in the order in which the model names them.
    thresholds : mapping of item to their number
        Empty for continuous items.
    groups : int
    size : int
        Free parameters, equal ones counted once.
    means : bool
        Whether means are modelled.
    """

    parameters: tuple[Parameter, ...]
    items: tuple[str, ...]
    factors: tuple[str, ...]
    thresholds: Mapping[str, int]
    groups: int
    size: int
    means: bool

    def frame(self) -> pd.DataFrame:
        """One row per parameter: lhs, op, rhs, group (from 1), free (from 1, 0 when fixed), value, label."""
        return pd.DataFrame(
            [(p.left, p.operator, p.right, p.group + 1, p.free + 1, p.value, p.label) for p in self.parameters],
            columns=["lhs", "op", "rhs", "group", "free", "value", "label"],
        )


def variables(terms: Sequence[Term]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Items and factors of a model, in the order in which it names them as indicators (and first as factors)."""
    factors = tuple(dict.fromkeys(term.left for term in terms if term.operator == "=~"))
    named = [term.right for term in terms if term.operator == "=~"]
    return tuple(dict.fromkeys(name for name in named if name not in factors)), factors


def parameter_table(
    terms: Sequence[Term], *, thresholds: Mapping[str, int] | None = None, groups: int = 1, means: bool = False,
    std_lv: bool = False, equal: Sequence[str] = (), theta: bool = False, stepwise: bool = False, file: str = "",
) -> ParameterTable:  # fmt: skip
    """Expand a model as ``lavaan::cfa`` does.

    The first loading of each factor is 1 (or, with `std_lv`, factor variances are 1); residual variances, factor
    variances and covariances are free; means are free for items and 0 for factors, except that equal intercepts or
    thresholds free the factors' means from the second group on; ordinal items have free thresholds, mean 0 and scale 1
    (equal thresholds free the scales, or with `theta` the residual variances, from the second group on).

    With `stepwise`, ordinal items are compared across groups in the order of Wu, H. & Estabrook, R. (2016). Psychometrika
    81, 1014–1045: equal thresholds also free the items' intercepts in later groups, and factor means wait until the
    intercepts are equal (to 0).

    Raises
    ------
    InputError
        A formula speaks of variables that no factor measures, or of what cannot be modelled here; per-group modifiers
        whose number is not that of the groups.
    """
    items, factors = variables(terms)
    ordinal = dict(thresholds or {})
    means = means or groups > 1 or bool(ordinal) or any(term.operator == "~1" for term in terms)
    problems = list(_misplaced(terms, set(items), set(factors), ordinal, groups, file))
    if problems:
        raise InputError(problems)
    rows = _rows(terms, items, factors, ordinal, means)
    defaults = _Defaults.of(terms, factors, ordinal, std_lv, equal, theta, stepwise)
    settled = [_modified(defaults.parameter(row, g), terms, groups) for g in range(groups) for row in rows]
    numbered = _numbered(_equated(settled, equal, len(rows), set(items)))
    size = 1 + max((parameter.free for parameter in numbered), default=-1)
    return ParameterTable(tuple(numbered), items, factors, ordinal, groups, size, means)


def _misplaced(
    terms: Sequence[Term], items: set[str], factors: set[str], ordinal: Mapping[str, int], groups: int, file: str
) -> Iterator[Problem]:
    """What no parameter can be made of."""
    known = items | factors
    for term in terms:
        wrong = ""
        if term.operator == "~" and not {term.left, term.right} <= factors:
            wrong = f"regressions are fitted among factors only; {term.left} ~ {term.right} has an observed variable."
        elif term.operator in ("~~", "~1", "~*~") and not {term.left, term.right} - {""} <= known:
            name = next(name for name in (term.left, term.right) if name and name not in known)
            wrong = f"no factor is measured by “{name}”, and it is no factor itself."
        elif term.operator == "~~" and (term.left in items) != (term.right in items):
            wrong = f"{term.left} ~~ {term.right} is a covariance of an item with a factor."
        elif term.operator == "|" and not _has_threshold(term, ordinal):
            wrong = f"“{term.left}” has no threshold {term.right}" + (f": it has {ordinal[term.left]}." if term.left in ordinal else ": it is not ordinal here.")  # fmt: skip
        elif term.operator == "~*~" and term.left not in ordinal:
            wrong = f"“{term.left}” has no scaling: it is not ordinal here."
        elif term.operator == "=~" and term.left == term.right:
            wrong = f"“{term.left}” measures itself."
        if wrong:
            yield Problem(
                "model", wrong, "Correct or leave out this part.", file=file, line=term.line, column=term.column
            )
        for modifier in term.modifiers:
            if len(modifier) not in (1, groups):
                yield Problem("groups", f"expected one modifier or one for each of {groups} groups, found {len(modifier)}.",
                              "Give as many as there are groups.", file=file, line=term.line, column=term.column)  # fmt: skip


def _has_threshold(term: Term, ordinal: Mapping[str, int]) -> bool:
    number = term.right.removeprefix("t")
    return term.right.startswith("t") and number.isdigit() and 1 <= int(number) <= ordinal.get(term.left, 0)


Row = tuple[str, Operator, str, bool]


def _rows(
    terms: Sequence[Term], items: Sequence[str], factors: Sequence[str], ordinal: Mapping[str, int], means: bool
) -> list[Row]:
    """The parameters of one group: those written, then the defaults."""
    rows: list[Row] = [(term.left, term.operator, term.right, True) for term in terms]
    written = {(a, op, b) for a, op, b, _ in rows} | {(b, "~~", a) for a, op, b, _ in rows if op == "~~"}
    measured = {term.right for term in terms if term.operator == "=~"}
    explained = {term.left for term in terms if term.operator == "~"}
    explaining = {term.right for term in terms if term.operator == "~"}
    outer = [factor for factor in factors if factor not in measured | explained]
    last = [factor for factor in factors if factor in explained and factor not in measured | explaining]
    defaults: list[tuple[str, Operator, str]] = [
        (item, "|", f"t{k + 1}") for item in items for k in range(ordinal.get(item, 0))
    ]
    defaults += [(name, "~~", name) for name in (*items, *factors)]
    defaults += [(a, "~~", b) for group in (outer, last) for a, b in combinations(group, 2)]
    defaults += [(item, "~*~", item) for item in items if item in ordinal]
    defaults += [(name, "~1", "") for name in (*items, *factors) if means]
    return rows + [(*row, False) for row in defaults if row not in written]


@dataclass(frozen=True, slots=True)
class _Defaults:
    """What a parameter is unless the model says otherwise.

    Attributes
    ----------
    firsts : frozenset of (factor, indicator)
        Loadings that are 1, so that each factor has a scale.
    singles : frozenset of str
        Items that alone measure a factor: without residual.
    """

    factors: frozenset[str]
    ordinal: frozenset[str]
    firsts: frozenset[tuple[str, str]]
    singles: frozenset[str]
    std_lv: bool
    equal: frozenset[str]
    theta: bool
    stepwise: bool

    @classmethod
    def of(
        cls, terms: Sequence[Term], factors: Sequence[str], ordinal: Mapping[str, int], std_lv: bool,
        equal: Sequence[str], theta: bool, stepwise: bool,
    ) -> _Defaults:  # fmt: skip
        indicators: dict[str, list[str]] = {factor: [] for factor in factors}
        for term in terms:
            if term.operator == "=~":
                indicators[term.left].append(term.right)
        firsts = frozenset((factor, names[0]) for factor, names in indicators.items() if not std_lv)
        every = [name for names in indicators.values() for name in names]
        singles = {names[0] for names in indicators.values() if len(names) == 1 and every.count(names[0]) == 1}
        return cls(frozenset(factors), frozenset(ordinal), firsts, frozenset(singles - set(factors)), std_lv,
                   frozenset(equal), theta, stepwise)  # fmt: skip

    def parameter(self, row: Row, group: int) -> Parameter:
        left, operator, right, user = row
        value = self._fixed(left, operator, right, group, user)
        return Parameter(left, operator, right, group, 0 if value is None else -1, value or 0.0, user=user)

    def _fixed(self, left: str, operator: str, right: str, group: int, user: bool) -> float | None:
        """The value at which a parameter is fixed by default; None when it is free."""
        later, levelled = group > 0, "thresholds" in self.equal
        if operator == "=~":
            return 1.0 if (left, right) in self.firsts else None
        if operator == "~~" and left == right:
            if left in self.factors:
                released = later and "loadings" in self.equal and "lv.variances" not in self.equal
                return 1.0 if self.std_lv and not released else None
            if left in self.ordinal and not user:
                return None if self.theta and later and levelled else 1.0
            return 0.0 if left in self.singles and not user else None
        if operator == "~*~" and not user:
            return None if later and levelled and not self.theta else 1.0
        if operator == "~1" and not user:
            same = "intercepts" in self.equal
            if left in self.ordinal:
                return None if self.stepwise and later and levelled and not same else 0.0
            released = later and (same or (levelled and not self.stepwise)) and "means" not in self.equal
            return 0.0 if left in self.factors and not released else None
        return None


def _modified(parameter: Parameter, terms: Sequence[Term], groups: int) -> Parameter:
    """Apply what the model asks of a parameter."""
    if not parameter.user:
        return parameter
    term = next(
        t for t in terms if (t.left, t.operator, t.right) == (parameter.left, parameter.operator, parameter.right)
    )
    for modifier in term.modifiers:
        setting: Setting = modifier[parameter.group if len(modifier) == groups and groups > 1 else 0]
        if setting is None:
            parameter = replace(parameter, free=0)
        elif isinstance(setting, str):
            parameter = replace(parameter, label=setting)
        else:
            parameter = replace(parameter, free=-1, value=setting)
    return parameter


def _equated(parameters: list[Parameter], equal: Sequence[str], width: int, items: set[str]) -> list[Parameter]:
    """Hold kinds of parameters equal across groups; what is labelled by the user stays as it is."""
    held = []
    for place, parameter in enumerate(parameters):
        first = parameters[place % width]
        if parameter.group and not first.label and not parameter.label and _kind(parameter, items) in equal:
            fixed = first.free < 0
            parameter = replace(parameter, free=-1 if fixed else parameter.free, value=first.value)
            label = "" if fixed else _own(first)
            parameter = replace(parameter, label=label)
        held.append(parameter)
    return held


def _own(parameter: Parameter) -> str:
    return f".{parameter.name}"


def _kind(parameter: Parameter, items: set[str]) -> str:
    observed = parameter.left in items
    match parameter.operator:
        case "=~":
            return "loadings"
        case "|":
            return "thresholds"
        case "~1":
            return "intercepts" if observed else "means"
        case "~~" if parameter.left == parameter.right:
            return "residuals" if observed else "lv.variances"
        case "~~":
            return "residual.covariances" if observed else "lv.covariances"
    return ""


def _numbered(parameters: list[Parameter]) -> list[Parameter]:
    """Number the free parameters; equal labels share one number, and a fixed one fixes all of its label."""
    fixed = {p.label: p.value for p in parameters if p.label and p.free < 0}
    numbers: dict[str, int] = {}
    numbered = []
    for place, parameter in enumerate(parameters):
        key = parameter.label or (_own(parameter) if parameter.group == 0 else f".{place}")
        if parameter.label in fixed:
            parameter = replace(parameter, free=-1, value=fixed[parameter.label])
        elif parameter.free >= 0:
            parameter = replace(parameter, free=numbers.setdefault(key, len(numbers)))
        numbered.append(parameter)
    return numbered
