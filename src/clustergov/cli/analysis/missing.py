"""``clustergov analysis missing``: what is missing, what it costs, and multiple imputation with its checks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from clustergov.cli.analysis.inputs import FILE, banner, finish, names, on_data
from clustergov.cli.table import print_table
from clustergov.problems import InputError, Problem

if TYPE_CHECKING:
    import pandas as pd

    from clustergov.analysis.missing.convergence import Convergence
    from clustergov.analysis.missing.flow import Flow
    from clustergov.analysis.missing.imputed import Imputed
    from clustergov.analysis.missing.plausibility import Plausibility
    from clustergov.analysis.missing.variables import Method
    from clustergov.study.data import Data

MOST_PATTERNS = 10


@click.command()
@on_data
@click.option("--items", required=True, help="Columns that are used together, outcome too, with commas.")
@click.option("--method", default="pmm", show_default=True,
              help="pmm, norm, logit or ordinal; or column=method, with commas, for some.")  # fmt: skip
@click.option(
    "-m", "--imputations", "m", type=click.IntRange(2, 1000), default=20, show_default=True, help="Completed tables."
)
@click.option("--iterations", type=click.IntRange(1, 1000), default=20, show_default=True, help="Rounds of each.")
@click.option(
    "--seed", type=click.IntRange(0), default=1, show_default=True, help="The same seed gives the same numbers."
)
@click.option("--out", type=FILE, help="A CSV for the completed tables, one under the other.")
def missing(
    data: Path, questionnaire: Path | None, json_file: Path | None, overwrite: bool, items: str, method: str, m: int,
    iterations: int, seed: int, out: Path | None,
) -> None:  # fmt: skip
    """Which answers of DATA are missing, how many rows are complete, and multiple imputation of the others.

    Each column is imputed from all the others in turn: name everything that an analysis will use, its outcome and the
    items of its scales. Answers that do not apply are left blank. Exit code 1 when the chains have not come together.
    """
    from clustergov.analysis.missing.chains import impute
    from clustergov.analysis.missing.convergence import convergence
    from clustergov.analysis.missing.flow import complete_case_flow, patterns
    from clustergov.analysis.missing.plausibility import plausibility
    from clustergov.cli.table import refuse_unwritable
    from clustergov.study.data import read_data

    given = read_data(data, questionnaire)
    table = given.numbers(names(items), option="--items")
    methods = _methods(method, list(table.columns), given.file)
    if out is not None:
        refuse_unwritable(out)
    flow = complete_case_flow(table)
    found = impute(table, methods, m=m, iterations=iterations, seed=seed, blank=_blank(given, table))
    mixed, plausible = convergence(found), plausibility(found)
    banner(given)
    _tell_scores(given, list(table.columns))
    _tell_flow(flow, table)
    _tell_imputed(found, mixed, plausible)
    if out is not None:
        _write(found, out, overwrite=overwrite)
    content = {
        "sentences": {language: _sentence(flow, found, mixed, plausible, language) for language in ("nl", "en")},
        "flow": flow.frame(), "patterns": patterns(table), "variables": found.counts(), "events": list(found.events),
        "m": m, "iterations": iterations, "seed": seed, "convergence": mixed.table, "plausibility": plausible.table,
        "chain_means": found.chain_means, "predictors": found.predictors,
    }  # fmt: skip
    finish(content, json_file, data=given, overwrite=overwrite)
    if mixed.apart():
        raise SystemExit(1)


def _methods(text: str, columns: list[str], file: str) -> dict[str, Method]:
    """``pmm`` for all, ``a=ordinal`` for one; the last word on a column counts."""
    from typing import get_args

    from clustergov.analysis.missing.variables import Method

    known: dict[str, Method] = {each: each for each in get_args(Method)}
    methods: dict[str, Method] = {}
    problems = []
    for part in names(text):
        column, _, kind = part.rpartition("=")
        if kind not in known:
            fix = f"Take one of {', '.join(known)}."
            problems.append(Problem("method", f"expected a method, found “{kind}”.", fix, file=file, place="--method"))
        elif column and column not in columns:
            message = f"expected one of --items before “=”, found “{column}”."
            problems.append(Problem("method", message, "Add it to --items.", file=file, place="--method"))
        else:
            methods |= (
                {column: known[kind]} if column else {name: known[kind] for name in columns if name not in methods}
            )
    if problems:
        raise InputError(problems)
    return methods


def _blank(given: Data, table: pd.DataFrame) -> pd.DataFrame | None:
    """Cells that do not apply, of responses to a questionnaire."""
    if given.responses is None:
        return None
    from clustergov.instruments.questionnaire import Blank

    blanks = given.responses.blanks.reindex(columns=table.columns)
    return blanks == Blank.NOT_APPLICABLE.value


def _tell_scores(given: Data, columns: list[str]) -> None:
    if given.responses is None:
        return
    asked = given.responses.questionnaire
    scores = [name for name in columns if name not in asked.by_name]
    if scores:
        click.echo(f"Caution: {', '.join(scores)} is a score; impute its items instead and compute it afterwards.")


def _tell_flow(flow: Flow, table: pd.DataFrame) -> None:
    from clustergov.analysis.missing.flow import patterns

    click.echo(flow.sentence("en"))
    print_table(
        ("variable", "missing", "lost here", "missing alone", "rows left"),
        [(row["variable"], *(str(row[key]) for key in ("missing", "lost", "alone", "n")))
         for row in flow.frame().query("step == 'lost'").to_dict("records")],
    )  # fmt: skip
    seen = patterns(table)
    rows = [
        (", ".join(name for name in table.columns if not row[name]) or "(nothing)", str(row["rows"]))
        for row in seen.head(MOST_PATTERNS).to_dict("records")
    ]
    print_table(("missing together", "rows"), rows)
    if len(seen) > MOST_PATTERNS:
        click.echo(f"… and {len(seen) - MOST_PATTERNS} more patterns.")


def _tell_imputed(found: Imputed, mixed: Convergence, plausible: Plausibility) -> None:
    if not found.methods:
        click.echo(" ".join([plausible.sentence("en"), *(event.text.to("en") for event in found.events)]))
        return
    from clustergov.language import number

    click.echo(found.sentence("en"))
    worst = mixed.table.groupby("variable")["r_hat"].max()
    rows = [
        (row["variable"], row["method"], str(row["observed"]), str(row["imputed"]), f"{row['observed_mean']:.3f}",
         f"{row['imputed_mean']:.3f}", f"{row['difference']:+.2f}", str(row["outside"]), number(float(worst[row["variable"]]), "en", 2))
        for row in plausible.table.to_dict("records")
    ]  # fmt: skip
    if rows:
        heads = (
            "variable",
            "method",
            "observed",
            "imputed",
            "mean",
            "imputed mean",
            "difference in SD",
            "outside",
            "R̂",
        )
        print_table(heads, rows)
    for result in (mixed, plausible):
        click.echo(result.sentence("en"))


def _sentence(flow: Flow, found: Imputed, mixed: Convergence, plausible: Plausibility, language: str) -> str:
    if not found.methods:
        return f"{flow.sentence(language)} {plausible.sentence(language)}"
    return " ".join(result.sentence(language) for result in (flow, found, mixed, plausible))


def _write(found: Imputed, out: Path, *, overwrite: bool) -> None:
    from clustergov.study.writing import write_files

    write_files({out: found.long().to_csv(index=False).encode()}, overwrite=overwrite)
    click.echo(f"Written: {out}")
