"""The QCA that a study declares, on the terminal, as data and as a document of its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clustergov.cli.table import print_table
from clustergov.language import Text, number, say
from clustergov.problems import InputError, Problem, missing_file

if TYPE_CHECKING:
    import pandas as pd

    from clustergov.casestudies.qca.respondents import DeclaredQca
    from clustergov.study.plan import Plan


def declared(study: Path) -> tuple[Plan, DeclaredQca]:
    """Read a study, and analyse what its declaration asks.

    Raises
    ------
    InputError
        A mistake in any input; the study declares no QCA.
    """
    from clustergov.casestudies.qca.respondents import declared_qca
    from clustergov.study.analyse import draw
    from clustergov.study.plan import check_study

    if not (study if study.is_file() else study / "study.yml").is_file():
        raise missing_file(study / "study.yml", wanted="a study, or a table of cases (.csv, .tsv, .xlsx)")
    plan = check_study(study)
    if plan.declared.qca is None:
        raise InputError(Problem("no-qca", "the study declares no qualitative comparative analysis.",
                                 "Name a declaration under `qca` in study.yml.", file=str(plan.folder / "study.yml")))  # fmt: skip
    drawn = draw(plan)
    responses = drawn.responses if drawn else plan.responses
    if responses is None:
        raise RuntimeError("a checked plan has a simulation or responses")
    return plan, declared_qca(plan.declared.qca, responses)


def show(found: DeclaredQca, language: str) -> None:
    """Print what was found, what holds of it, and what chance gives; only what may be shown."""
    from clustergov.casestudies.qca.qca import Qca
    from clustergov.casestudies.qca.robustness import Robustness
    from clustergov.casestudies.qca.shown import solution_frame, truth_table_frame
    from clustergov.casestudies.qca.shuffled import Shuffled

    if found.synthetic:
        click.echo(say("qca_study.synthetic.title", language))
    for one, name in (
        (found.outcome, found.declaration.outcome.name),
        (found.negated, f"~{found.declaration.outcome.name}"),
    ):
        if isinstance(one, Text):
            click.echo(say("qca_study.none", language, outcome=name, reason=one))
        if not isinstance(one, Qca):
            continue
        click.echo("\n" + one.sentence(language))
        drop = ["outcome", "cases", "unique_cases", "deviant_cases"]
        _table(truth_table_frame(one, found.minimum).drop(columns=drop, errors="ignore"), language)
        _table(solution_frame(one, found.minimum).drop(columns=drop, errors="ignore"), language)
    if isinstance(found.robustness, Robustness):
        click.echo("\n" + found.robustness.sentence(language))
    if isinstance(found.shuffled, Shuffled):
        click.echo("\n" + found.shuffled.sentence(language))


def content(found: DeclaredQca) -> dict[str, Any]:
    """Everything that may be shown, as tables in full precision."""
    from clustergov.casestudies.qca.robustness import Robustness
    from clustergov.casestudies.qca.shown import frames
    from clustergov.casestudies.qca.shuffled import Shuffled

    told = {
        name: one.sentence("en") if isinstance(one, Robustness | Shuffled) else one
        for name, one in (("robustness", found.robustness), ("chance", found.shuffled))
    }
    return {"synthetic": found.synthetic, "sentences": told, **frames(found)}


def plot(found: DeclaredQca, language: str) -> bytes:
    """The XY plot of the first intermediate model.

    Raises
    ------
    InputError
        There is no solution, or the responses are real: a point per organisation would show each by itself.
    """
    from clustergov.casestudies.qca.qca import Qca
    from clustergov.cli.casestudies.qca_outer import plot_of

    if not isinstance(found.outcome, Qca):
        raise InputError(Problem("qca-no-plot", "there is no solution to plot.", "See the reason above."))
    if found.minimum is not None:
        raise InputError(Problem("qca-no-plot", "a plot of real responses would show every organisation by itself.",
                                 "Use the table of cases per type in the report."))  # fmt: skip
    banner = say("chapters.banner", language) if found.synthetic else ""
    return plot_of(found.outcome, found.outcome.minimisation.intermediate[0], language, banner)


def _table(frame: pd.DataFrame, language: str) -> None:
    import pandas as pd

    def cell(value: Any) -> str:
        if pd.isna(value):
            return "–"
        return number(value, language, 3) if isinstance(value, float) else str(value)

    print_table(
        list(frame.columns), [[cell(value) for value in row] for row in frame.astype(object).to_numpy().tolist()]
    )
