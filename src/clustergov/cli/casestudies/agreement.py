"""``clustergov casestudies agreement``: how far coders agree, of a study or of a table; and how much to code twice."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clustergov.cli.casestudies.inputs import FILE, LANGUAGE, folder_of, read_study, with_json, write_json

if TYPE_CHECKING:
    from clustergov.casestudies.agreement.agreement import Agreement
    from clustergov.casestudies.agreement.tables import CodedTable

SCALES = ("nominal", "ordinal", "interval", "ratio")
WEIGHTS = ("identity", "linear", "quadratic", "ordinal", "radical", "ratio", "circular", "bipolar")
INTERVALS = ("auto", "t", "log-t", "chi-square", "bootstrap", "pairs")


@click.command()
@click.argument("data", metavar="STUDY|CSV", type=FILE, default=Path())
@click.option("--plan", is_flag=True, help="Say how many passages to code twice, and compute nothing.")
@click.option("--width", type=float, default=0.2, show_default=True, help="With --plan: how wide the interval may be.")
@click.option(
    "--prevalence", type=float, multiple=True, help="With --plan: share of passages with the code; repeatable."
)
@click.option("--alpha", "assumed", type=float, default=0.7, show_default=True, help="With --plan: the alpha assumed.")
@click.option("--number", type=int, default=2, show_default=True, help="With --plan: number of coders.")
@click.option("--scale", type=click.Choice(SCALES), default="nominal", show_default=True, help="Of alpha, for a table.")
@click.option(
    "--weights",
    type=click.Choice(WEIGHTS),
    default="identity",
    show_default=True,
    help="Of the other coefficients, for a table.",
)
@click.option(
    "--interval",
    type=click.Choice(INTERVALS),
    default="auto",
    show_default=True,
    help="What intervals rest on, for a table; pairs is Krippendorff's own bootstrap.",
)
@click.option(
    "--categories", default="", help="All values of a table in their order, such as low,mid,high; numbers need none."
)
@click.option("--coders", type=click.Choice(["rows", "columns"]), help="Where the coders of a table stand.")
@click.option("--unit-column", default="", help="The column that names the units.")
@click.option("--coder-column", default="", help="The column that names the coders, with a row per coding.")
@click.option("--code-column", default="", help="The column with the codes, with a row per coding.")
@click.option("--length", type=int, default=0, help="Length of the text, for a table of stretches.")
@click.option("--unread", is_flag=True, help="A coder without a row for a unit did not read it (several codes a unit).")
@click.option(
    "--rare", type=int, default=5, show_default=True, help="Units from which a code of a table has a coefficient."
)
@click.option("--population", type=int, help="Number of units of which those of a table are a sample.")
@click.option("--level", type=float, default=0.95, show_default=True, help="Of the intervals.")
@click.option(
    "--draws", type=int, default=1000, show_default=True, help="Of a bootstrap, or simulated rounds of a plan."
)
@click.option("--seed", type=int, default=1, show_default=True)
@with_json
@LANGUAGE
def agreement(data: Path, plan: bool, json_file: Path | None, overwrite: bool, language: str, **asked: Any) -> None:
    """How far coders agree: what they see, per code and round, and where they see it.

    STUDY is a study or its folder of case studies. CSV has a row per unit and a column per coder; or a row per coding
    (unit, coder, code); or a row per marked stretch (document, coder, start, end, code; the end exclusive).
    """
    from clustergov.problems import missing_file

    _check(asked)
    if data.suffix and not data.exists():
        raise missing_file(data, wanted="a study or a table of codings")
    if plan:
        content = _planned(data, asked, language)
    elif data.is_file():
        content = _of_table(data, asked, language)
    else:
        content = _of_study(data, language)
    write_json(content, json_file, overwrite=overwrite)


def _check(asked: dict[str, Any]) -> None:
    from clustergov.problems import InputError, Problem

    wrong = [
        (not 0.5 <= asked["level"] < 1, "--level", "a share from 0.5 to below 1", asked["level"]),
        (not 50 <= asked["draws"] <= 1_000_000, "--draws", "50 to 1,000,000", asked["draws"]),
        (asked["length"] < 0, "--length", "a number from 1 on", asked["length"]),
        (asked["seed"] < 0, "--seed", "a whole number from 0 on", asked["seed"]),
        (asked["rare"] < 1, "--rare", "a number from 1 on", asked["rare"]),
        (asked["population"] is not None and asked["population"] < 1, "--population", "a number from 1 on",
         asked["population"]),
    ]  # fmt: skip
    problems = [
        Problem("option", f"expected {wanted}, found {value}.", "Correct it.", place=name)
        for bad, name, wanted, value in wrong
        if bad
    ]
    if problems:
        raise InputError(problems)


def _planned(data: Path, asked: dict[str, Any], language: str) -> dict[str, Any]:
    """A plan per prevalence; of the codes of a study where none is named."""
    from clustergov.casestudies.agreement.planner import Assumed, plan
    from clustergov.cli.casestudies.agreement_tables import show_plans

    wanted = [(f"{share:g}", share) for share in asked["prevalence"]] or _prevalences(data, language)
    plans = [
        (name, plan(Assumed(share, asked["assumed"], asked["number"], asked["width"], asked["level"]),
                    draws=asked["draws"], seed=asked["seed"]))
        for name, share in wanted
    ]  # fmt: skip
    show_plans(plans, language)
    return {"plans": [{"name": name, **made.frame().to_dict("records")[0]} for name, made in plans]}


USUAL = ((0.05, "0.05"), (0.1, "0.1"), (0.25, "0.25"))
"""Shares of passages with a code for which a plan is made where neither a study nor --prevalence names any."""


def _prevalences(data: Path, language: str) -> list[tuple[str, float]]:
    """Codes of a study with the share of statements and paragraphs in which they were seen, by one coder or more."""
    from clustergov.casestudies.agreement.comparison import prevalences
    from clustergov.problems import InputError

    try:
        found = prevalences(read_study(data))
    except InputError:
        if data != Path():
            raise
        found = ()
    shares = [(name.to(language), share) for name, share in found if share < 1]
    return shares or [(name, share) for share, name in USUAL]


def _compared(data: Path) -> Agreement:
    from clustergov.casestudies.agreement.comparison import agreement as compare
    from clustergov.casestudies.agreement.declaration import FILE as DECLARATION
    from clustergov.casestudies.agreement.declaration import read_agreement

    corpus = read_study(data)
    return compare(corpus, read_agreement(folder_of(data) / DECLARATION, corpus))


def _of_study(data: Path, language: str) -> dict[str, Any]:
    from clustergov.cli.casestudies.agreement_tables import show_study

    found = _compared(data)
    show_study(found, language)
    return {
        "coders": list(found.coders), "rounds": list(found.rounds), "round": found.round, "rare": found.rare,
        "level": found.level, "reason": found.reason, "codes": _records(found.frame()),
        "documents": [
            {"case": d.case, "document": d.document, "units": d.units, "differing": d.differing, "alpha": d.sets.value,
             "low": d.sets.low, "high": d.sets.high, "reason": d.sets.reason}
            for d in found.documents
        ],
        "sets": [{"kind": kind, "alpha": each.value, "low": each.low, "high": each.high, "reason": each.reason}
                 for kind, each in found.sets],
        "where": _records(found.where_frame()),
    }  # fmt: skip


def _of_table(data: Path, asked: dict[str, Any], language: str) -> dict[str, Any]:
    from clustergov.casestudies.agreement.measure import Settings
    from clustergov.casestudies.agreement.table_agreement import table_agreement
    from clustergov.casestudies.agreement.tables import Columns, read_codings
    from clustergov.cli.casestudies.agreement_tables import show_table

    columns = Columns(
        asked["unit_column"], asked["coder_column"], asked["code_column"], asked["coders"] or "", asked["length"],
        asked["unread"], tuple(name.strip() for name in asked["categories"].split(",") if name.strip()),
    )  # fmt: skip
    table: CodedTable = read_codings(data, columns)
    settings = Settings(
        asked["interval"], asked["level"], asked["draws"], asked["seed"], float(asked["population"] or "inf")
    )
    found = table_agreement(
        table, scale=asked["scale"], weights=asked["weights"], rare=asked["rare"], settings=settings
    )
    show_table(table, found, language)
    return {
        "file": table.file, "form": table.form, "units": table.units, "coders": list(table.coders),
        "transposed": table.transposed, "coefficients": _records(found.frame()), "where": _records(found.where_frame()),
    }  # fmt: skip


def _records(frame: Any) -> list[dict[str, Any]]:
    return [
        {key: None if value is None or value != value else value for key, value in row.items()}
        for row in frame.to_dict("records")
    ]
