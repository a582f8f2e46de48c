"""A qualitative comparative analysis on the terminal, and as a record for JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from clustergov.cli.table import print_table
from clustergov.language import number, say

if TYPE_CHECKING:
    from clustergov.casestudies.qca.expression import Expression
    from clustergov.casestudies.qca.fit import NecessityFit, SufficiencyFit
    from clustergov.casestudies.qca.qca import Qca
    from clustergov.casestudies.qca.solution import Solution
    from clustergov.casestudies.qca.truth_table import TruthTable

MOST_MODELS = 12
"""Models of a solution shown on the terminal; JSON has all that are listed."""


def show_truth_table(table: TruthTable, language: str) -> None:
    """Print every observed row, and what must be known of the table."""
    from clustergov.casestudies.qca.truth_table_building import contradictory_rows

    contradictory = {row.number for row in contradictory_rows(table)}
    names = [one.name for one in table.conditions]
    rows = [
        [*map(str, row.levels), row.out, str(row.n), number(row.inclusion, language, 3), number(row.pri, language, 3),
         ", ".join(row.cases), ", ".join(row.deviant) if row.number in contradictory or row.out == "1" else ""]
        for row in sorted(table.rows, key=lambda row: ("1C0?".index(row.out), -row.inclusion))
    ]  # fmt: skip
    click.echo(say("qca.heading.truth_table", language, outcome=str(table.outcome)))
    print_table([*names, "OUT", "n", "incl", "PRI", *(say(f"qca.heading.{key}", language) for key in ("cases", "deviant"))],
                rows)  # fmt: skip
    click.echo(say("qca.remainders", language, n=table.configurations - sum(row.out != "?" for row in table.rows),
                   configurations=table.configurations))  # fmt: skip
    for caution in table.cautions:
        click.echo(f"{say('qca.heading.caution', language)} {caution.to(language)}")


def show_necessity(found: Qca, language: str) -> None:
    """Print each condition as a superset of the outcome, and the sets that are necessary."""
    for key, relations in (("alone", found.conditions_alone), ("necessary", found.necessary)):
        click.echo("\n" + say(f"qca.heading.{key}", language, outcome=str(found.truth_table.outcome)))
        rows = [[str(one.expression), *(number(value, language, 3) for value in
                                         (one.fit.inclusion, one.fit.ron, one.fit.coverage)),
                 ", ".join(one.contradicting)] for one in relations]  # fmt: skip
        if rows:
            print_table(["", "inclN", "RoN", "covN", say("qca.heading.without", language)], rows)
        else:
            click.echo(say("qca.nothing_necessary", language))


def show_solutions(found: Qca, language: str) -> None:
    """Print the models of the three solutions."""
    from clustergov.casestudies.qca.qca import model_count

    shown: set[tuple[str, ...]] = set()
    for solution in found.solutions:
        models = tuple(str(model) for model in solution.models)
        if solution.kind == "intermediate" and models in shown:
            continue
        shown |= {models} if solution.kind == "intermediate" else set()
        pair = "" if solution.pair is None else f" (C{solution.pair[0]}P{solution.pair[1]})"
        click.echo("\n" + say(f"qca.heading.{solution.kind}", language) + pair)
        click.echo(model_count(solution, language))
        for place, model in enumerate(solution.models[:MOST_MODELS], 1):
            click.echo(f"M{place}: {model} → {found.truth_table.outcome}")
            rows = [[str(one.term), *_cells(one.fit, language), ", ".join(one.cases), ", ".join(one.deviant)]
                    for one in model.terms]  # fmt: skip
            rows.append([f"M{place}", *_cells(model.fit, language), "", ""])
            print_table(["", "inclS", "PRI", "covS", "covU",
                         *(say(f"qca.heading.{key}", language) for key in ("cases", "deviant"))], rows)  # fmt: skip
            if model.unexplained:
                click.echo(say("qca.unexplained", language, cases=", ".join(model.unexplained)))
        if len(solution.models) > MOST_MODELS:
            click.echo(say("qca.more_models", language, n=len(solution.models) - MOST_MODELS))
    click.echo("")
    for caution in found.cautions[len(found.truth_table.cautions) :]:
        click.echo(f"{say('qca.heading.caution', language)} {caution.to(language)}")


def show_formula(formula: Expression, fit: SufficiencyFit, needed: NecessityFit, language: str) -> None:
    """Print how a formula of the user's own fits, as sufficient and as necessary."""
    click.echo(say("qca.formula", language, formula=str(formula), inclusion=fit.inclusion, pri=fit.pri,
                   coverage=fit.coverage, needed=needed.inclusion, ron=needed.ron, covered=needed.coverage))  # fmt: skip


def formula_record(formula: Expression, fit: SufficiencyFit, needed: NecessityFit) -> dict[str, Any]:
    """The fit of a formula as data."""
    return {"formula": str(formula), **_fit(fit), "inclN": needed.inclusion, "RoN": needed.ron, "covN": needed.coverage}


def record(found: Qca) -> dict[str, Any]:
    """The whole result with the field's own names of the parameters."""
    table = found.truth_table
    names = [one.name for one in table.conditions]
    return {
        "outcome": str(table.outcome),
        "conditions": [{"name": one.name, "kind": one.kind, "levels": one.levels, "calibration": one.calibration}
                       for one in table.conditions],
        "cut_offs": table.cut_offs,
        "expectations": [str(literal) for literal in found.minimisation.expectations],
        "excluded": [str(expression) for expression in table.excluded],
        "cases": table.table.cases,
        "truth_table": [
            {**dict(zip(names, row.levels, strict=True)), "row": row.number, "OUT": row.out, "n": row.n,
             "incl": row.inclusion, "PRI": row.pri, "cases": row.cases, "deviant": row.deviant} for row in table.rows
        ],
        "remainders": table.configurations - sum(row.out != "?" for row in table.rows),
        "unassigned": table.unassigned,
        "necessity": {
            key: [{"expression": str(one.expression), "form": one.form, "inclN": one.fit.inclusion, "RoN": one.fit.ron,
                   "covN": one.fit.coverage, "contradicting": one.contradicting} for one in relations]
            for key, relations in (("conditions", found.conditions_alone), ("necessary", found.necessary))
        },
        "conservative": _solution(found.minimisation.conservative, names),
        "parsimonious": _solution(found.minimisation.parsimonious, names),
        "intermediate": {f"C{one.pair[0]}P{one.pair[1]}": _solution(one, names)
                         for one in found.minimisation.intermediate if one.pair},
        "pairs": found.minimisation.pairs,
        "cautions": found.cautions,
    }  # fmt: skip


def _solution(solution: Solution, names: Sequence[str]) -> dict[str, Any]:
    models = [
        {
            "model": str(model), **_fit(model.fit), "unexplained": model.unexplained,
            "terms": [{"term": str(one.term), **_fit(one.fit), "covU": one.fit.unique_coverage, "cases": one.cases,
                       "unique_cases": one.unique_cases, "deviant": one.deviant,
                       "deviant_in_degree": one.deviant_in_degree} for one in model.terms],
        }
        for model in solution.models
    ]  # fmt: skip
    content = {
        "models": models, "count": solution.count, "exact": solution.exact, "least_terms": solution.least_terms,
        "essential": [str(term) for term in solution.essential], "prime_implicants": solution.prime_implicants,
    }  # fmt: skip
    if solution.pair is not None:
        content |= {
            key: [dict(zip(names, one, strict=True)) for one in rows]
            for key, rows in (
                ("easy_counterfactuals", solution.easy),
                ("difficult_counterfactuals", solution.difficult),
            )
        }
    return content


def _fit(fit: SufficiencyFit) -> dict[str, float]:
    return {"inclS": fit.inclusion, "PRI": fit.pri, "covS": fit.coverage}


def _cells(fit: SufficiencyFit, language: str) -> list[str]:
    unique = "" if fit.unique_coverage is None else number(fit.unique_coverage, language, 3)
    return [*(number(value, language, 3) for value in (fit.inclusion, fit.pri, fit.coverage)), unique]
