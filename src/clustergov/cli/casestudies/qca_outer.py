"""Robustness and the XY plot of a QCA of a table: what follows a solution on the command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from clustergov.cli.table import print_table
from clustergov.language import Text, number, say

if TYPE_CHECKING:
    from clustergov.casestudies.qca.calibrated_table import Array
    from clustergov.casestudies.qca.qca import Qca
    from clustergov.casestudies.qca.solution import Solution, SolutionKind

MOVED = 0.2
BESIDE = 0.05
"""Other choices tried: anchors by this share of the distance to the next one, inclusion and PRI by this much, frequency by one."""


def robust(
    found: Qca, raw: Mapping[str, Array], kind: SolutionKind, draws: int, seed: int, language: str
) -> dict[str, Any]:
    """Show what the solution is under other choices and by chance; and as a record."""
    from clustergov.casestudies.qca.robustness import Varied, robustness
    from clustergov.casestudies.qca.shuffled import shuffled
    from clustergov.casestudies.qca.specified import Specified

    table = found.truth_table
    conditions = tuple(one.name for one in table.conditions)
    asked = Specified(table.table, raw, table.outcome, conditions, table.cut_offs, found.minimisation.expectations,
                      table.excluded, kind)  # fmt: skip
    cut_offs = table.cut_offs
    around = [round(value, 10) for value in (cut_offs.inclusion - BESIDE, cut_offs.inclusion + BESIDE)]
    varied = Varied(
        MOVED, tuple(value for value in around if (cut_offs.contradiction or 0) < value <= 1),
        tuple(round(value, 10) for value in (cut_offs.pri - BESIDE, cut_offs.pri + BESIDE) if 0 <= value <= 1),
        tuple(n for n in (cut_offs.frequency - 1, cut_offs.frequency + 1) if n >= 1),
    )  # fmt: skip
    steady = robustness(asked, varied)
    if isinstance(steady, Text):
        click.echo(steady.to(language))
        return {"refused": steady}
    click.echo("\n" + say("qca_robustness.title", language))
    click.echo(steady.sentence(language))
    rows = [[one.choice, f"{one.name} {one.place + 1}" if one.choice == "anchor" else "", number(one.declared, language, 3),
             f"{'≤ ' if one.farthest_low else ''}{number(one.low, language, 3)}",
             f"{'≥ ' if one.farthest_high else ''}{number(one.high, language, 3)}"] for one in steady.ranges]  # fmt: skip
    print_table(
        [say(f"qca_robustness.column.{key}", language) for key in ("choice", "anchor", "declared", "from", "to")], rows
    )
    carrying = [one.name for one in steady.by_case if not one.same]
    click.echo(say("qca_robustness.left_out", language, n=len(steady.by_case), changed=len(carrying))
               + (f" ({', '.join(carrying)})" if carrying else ""))  # fmt: skip
    chance = shuffled(asked, draws=draws, seed=seed)
    record: dict[str, Any] = {"solution": kind, "ranges": steady.ranges_frame(), "alternatives": steady.frame(),
                              "core": steady.core, "fit": steady.fit, "without": steady.without}  # fmt: skip
    if isinstance(chance, Text):
        return record
    click.echo("\n" + chance.sentence(language))
    return record | {"chance": {"draws": draws, "seed": seed, "rows": chance.rows, "any_solution": chance.any_solution,
                                "as_consistent": chance.as_consistent, "parts": chance.frame()}}  # fmt: skip


def solution_of(found: Qca, kind: SolutionKind) -> Solution:
    """The solution asked for; of the intermediate ones the first."""
    minimised = found.minimisation
    return {"conservative": minimised.conservative, "parsimonious": minimised.parsimonious,
            "intermediate": minimised.intermediate[0]}[kind]  # fmt: skip


def plot_of(found: Qca, solution: Solution, language: str, banner: str = "") -> bytes:
    """The XY plot of the first model of a solution as PNG, with the names of the most deviant cases."""
    from clustergov.reports.figures.set_plot import set_plot

    table, expression = found.truth_table.table, solution.models[0].expression
    x, y = expression.membership(table), found.truth_table.outcome.membership(table)
    against = [at for at in range(len(x)) if (x[at] > 0.5) != (y[at] > 0.5)]
    names = {at: table.cases[at] for at in sorted(against, key=lambda at: -abs(x[at] - y[at]))}
    label = str(expression).replace("*", " * ")
    return set_plot(
        x, y, x_label=label, y_label=str(found.truth_table.outcome), names=names, language=language, banner=banner
    )
