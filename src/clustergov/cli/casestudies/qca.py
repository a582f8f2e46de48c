"""``clustergov casestudies qca``: truth table, necessity and the three solutions of a table of cases."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clustergov.cli.casestudies.inputs import FILE, LANGUAGE, with_json, write_json
from clustergov.problems import InputError, Problem

if TYPE_CHECKING:
    from clustergov.casestudies.qca.calibrated_table import Array, CalibratedTable
    from clustergov.casestudies.qca.expression import SetLiteral


@click.command()
@click.argument("data", metavar="DATA", type=FILE)
@click.option("--outcome", help="The outcome: Y, ~Y for its absence, Y[2] for a level.")
@click.option("--conditions", help="The conditions, with commas between them.")
@click.option("--inclusion", type=float, default=0.8, show_default=True, help="Least inclusion of a row with OUT 1.")
@click.option("--contradiction", type=float, help="Rows from here up to --inclusion are contradictions (OUT C).")
@click.option("--frequency", type=int, default=1, show_default=True, help="Least number of cases of a row.")
@click.option("--pri", type=float, default=0.0, show_default=True, help="Least PRI of a row with OUT 1.")
@click.option("--expect", default="", help="Directional expectations, such as A,~B,- (- for none).")
@click.option("--exclude", multiple=True, help="Remainders never to be assumed, as an expression; may be repeated.")
@click.option(
    "--calibrate", "calibrations", multiple=True, help="Anchors of a raw column: “A: 10, 20, 30”; may be repeated."
)
@click.option("--case-column", help="The column that names the cases.")
@click.option(
    "--half", is_flag=True, help="Allow memberships of exactly 0.5: such cases belong to no row and are named."
)
@click.option("--necessity", is_flag=True, help="Show what is necessary for the outcome, alone and together.")
@click.option("--test", "formulas", multiple=True, help="Show the fit of a formula of your own, such as A*~B + C.")
@click.option("--irredundant", is_flag=True, help="List every model without a spare term, not only the shortest.")
@click.option(
    "--robustness", "robust", is_flag=True, help="Show how far choices can be moved, what holds, what chance gives."
)
@click.option(
    "--solution",
    default="intermediate",
    show_default=True,
    help="The solution that --robustness and --plot look at.",
    type=click.Choice(["conservative", "parsimonious", "intermediate"]),
)
@click.option(
    "--draws",
    type=click.IntRange(1, 100_000),
    default=500,
    show_default=True,
    help="Shuffled outcomes of --robustness.",
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Their beginning.")
@click.option("--plot", "plot_file", type=FILE, help="A file (.png) for the cases: solution against outcome.")
@click.option("--least-cases", type=int, help="Fewest cases taken; below the default only to repeat published work.")
@with_json
@LANGUAGE
def qca(
    data: Path, outcome: str | None, conditions: str | None, calibrations: tuple[str, ...], case_column: str | None,
    necessity: bool, plot_file: Path | None, json_file: Path | None, overwrite: bool, language: str, **asked: Any,
) -> None:  # fmt: skip
    """Qualitative comparative analysis of the cases in DATA (.csv, .tsv or .xlsx, one row per case), or of a study.

    Shows the truth table and the conservative, parsimonious and intermediate solutions with all their models; with
    --json FILE everything in full precision. Where DATA is the folder of a study, the analysis is the one that it
    declares.
    """
    _check_plot(plot_file)
    if data.is_dir() or data.suffix in (".yml", ".yaml"):
        _of_study(data, bool(outcome or conditions), plot_file, json_file, overwrite=overwrite, language=language)
        return
    if outcome is None or conditions is None:
        raise click.UsageError("A table of cases needs --outcome and --conditions.")
    from clustergov.casestudies.qca.qca import analyse
    from clustergov.casestudies.qca.truth_table import CutOffs
    from clustergov.casestudies.qca.truth_table_building import LEAST_CASES, truth_table
    from clustergov.cli.casestudies.qca_outer import plot_of, robust, solution_of
    from clustergov.cli.casestudies.qca_tables import record, show_necessity, show_solutions, show_truth_table

    names = [name.strip() for name in conditions.split(",") if name.strip()]
    table, explained = _calibrated(data, outcome, names, calibrations, case_column)
    asks = _Asked(table, names, asked)
    built = truth_table(
        table, explained, names,
        CutOffs(asked["inclusion"], asked["contradiction"], asked["frequency"], asked["pri"]),
        exclude=asks.excluded, half=asked["half"], least_cases=asked["least_cases"] or LEAST_CASES,
    )  # fmt: skip
    show_truth_table(built, language)
    found = analyse(built, asks.expectations, which="irredundant" if asked["irredundant"] else "fewest")
    if necessity:
        show_necessity(found, language)
    show_solutions(found, language)
    fits = asks.tested(explained, language)
    content = {"data": str(data), **record(found), "formulas": fits}
    if asked["robust"]:
        raw = _raw(data, calibrations, case_column, list(table.names))
        content["robustness"] = robust(found, raw, asked["solution"], asked["draws"], asked["seed"], language)
    if plot_file is not None:
        _write_plot(plot_of(found, solution_of(found, asked["solution"]), language), plot_file, overwrite=overwrite)
    write_json(content, json_file, overwrite=overwrite)


def _of_study(
    study: Path, asked: bool, plot_file: Path | None, json_file: Path | None, *, overwrite: bool, language: str
) -> None:
    from clustergov.cli.casestudies.qca_study import content, declared, plot, show

    if asked:
        raise click.UsageError("A study declares its outcome and conditions: leave --outcome and --conditions out.")
    _, found = declared(study)
    show(found, language)
    if plot_file is not None:
        _write_plot(plot(found, language), plot_file, overwrite=overwrite)
    write_json({"study": str(study), **content(found)}, json_file, overwrite=overwrite)


def _check_plot(plot_file: Path | None) -> None:
    if plot_file is None or (plot_file.suffix.casefold() == ".png" and plot_file.parent.is_dir()):
        return
    raise InputError(Problem("plot-file", "expected a file name ending in .png in a folder that exists.", "Correct --plot.",
                             file=str(plot_file)))  # fmt: skip


def _write_plot(png: bytes, plot_file: Path, *, overwrite: bool) -> None:
    from clustergov.study.writing import write_files

    write_files({plot_file: png}, overwrite=overwrite)
    click.echo(f"Written: {plot_file}")


def _raw(data: Path, calibrations: tuple[str, ...], case_column: str | None, used: list[str]) -> dict[str, Array]:
    """The raw numbers of the sets that are calibrated here: only their anchors can be moved."""
    from clustergov.casestudies.qca.calibration_reading import parse_calibrations
    from clustergov.cli.casestudies.case_table import read_cases

    frame = read_cases(data, case_column, used)
    return {name: frame[name].to_numpy(dtype=float) for name in parse_calibrations(calibrations) if name in used}


def _calibrated(
    data: Path, outcome: str, names: list[str], calibrations: tuple[str, ...], case_column: str | None
) -> tuple[CalibratedTable, SetLiteral]:
    from clustergov.casestudies.qca.calibrating import calibrate
    from clustergov.casestudies.qca.calibration_reading import parse_calibrations
    from clustergov.casestudies.qca.expression_reading import parse_literal
    from clustergov.cli.casestudies.case_table import read_cases

    bare = re.sub(r"[\[{].*", "", outcome.strip().lstrip("~").strip()).strip()
    wanted = list(dict.fromkeys([*names, bare]))
    table = calibrate(read_cases(data, case_column, wanted), wanted, parse_calibrations(calibrations))
    return table, parse_literal(outcome, table.sets)


class _Asked:
    """Expressions of the command line, read against the sets of the table."""

    def __init__(self, table: CalibratedTable, names: list[str], asked: dict[str, Any]) -> None:
        from clustergov.casestudies.qca.expression_reading import parse_expectations, parse_expression

        conditions = [table[name] for name in names]
        self.table = table
        self.expectations = parse_expectations(asked["expect"], conditions)
        self.excluded = [parse_expression(text, conditions) for text in asked["exclude"]]
        self.formulas = [parse_expression(text, table.sets) for text in asked["formulas"]]

    def tested(self, outcome: SetLiteral, language: str) -> list[dict[str, Any]]:
        """Show the fit of each formula; and as a record."""
        from clustergov.casestudies.qca.fit import necessity, sufficiency
        from clustergov.cli.casestudies.qca_tables import formula_record, show_formula

        y = outcome.membership(self.table)
        fits = [
            (one, sufficiency(x, y), necessity(x, y)) for one in self.formulas for x in [one.membership(self.table)]
        ]
        for formula, enough, needed in fits:
            show_formula(formula, enough, needed, language)
        return [formula_record(*one) for one in fits]
