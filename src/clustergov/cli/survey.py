"""``clustergov survey``: simulate responses, check a file of responses, pool waves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from clustergov.cli.pooling import pool
from clustergov.cli.table import print_table, refuse_unwritable
from clustergov.problems import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clustergov.survey.responses import Responses

FILE = click.Path(path_type=Path)
MOST = 60
"""Rows of a table of mistakes that the terminal shows."""


@click.group()
def survey() -> None:
    """Responses: simulate them, check a file of them, pool waves."""


survey.add_command(pool)


@survey.command()
@click.argument("study", metavar="STUDY_OR_FILE", type=FILE)
@click.option("--questionnaire", type=FILE, help="Needed with a FILE: the questionnaire that the model is about.")
@click.option("--n", "n", type=click.IntRange(1, 1_000_000), help="Respondents; as the model says by default.")
@click.option("--seed", type=click.IntRange(0), help="By default that of the study, or of the model.")
@click.option("--out", type=FILE, required=True, help="The CSV to write; the truth stands beside it.")
def simulate(study: Path, questionnaire: Path | None, n: int | None, seed: int | None, out: Path) -> None:
    """Draw SYNTHETIC responses from the model of a study (a folder with study.yml), or from a model FILE.

    Beside answers.csv stand answers-truth.csv and answers-truth.json: what was planted and an analysis ought to find.
    With the study's own seed and n the responses are those of `clustergov run`.
    """
    from clustergov.instruments.check import read_questionnaire
    from clustergov.survey.simulation import generator, read_simulation
    from clustergov.survey.simulation import simulate as draw
    from clustergov.survey.truth import write_truth
    from clustergov.survey.writing import write_responses

    refuse_unwritable(out)
    model_file, questionnaire_file, own_seed = _inputs(study, questionnaire)
    asked = read_questionnaire(questionnaire_file)
    model = read_simulation(model_file, asked)
    chosen = next(value for value in (seed, own_seed, model.seed) if value is not None)
    simulated = draw(model, asked, n=n, rng=generator(chosen))
    write_responses(simulated.responses, out)
    table, whole = write_truth(simulated.truth, out.with_name(f"{out.stem}-truth.json"))
    click.echo(f"SYNTHETIC: {simulated.responses.n} respondents, seed {chosen}: {out}")
    click.echo(f"What was planted: {table}, {whole}")


@survey.command()
@click.argument("data", metavar="DATA", type=FILE)
@click.option("--questionnaire", required=True, type=FILE, help="The questionnaire that DATA answers.")
@click.pass_context
def check(context: click.Context, data: Path, questionnaire: Path) -> None:
    """Read responses (LimeSurvey CSV, CSV, Excel) and tell what they are; every mistake in a table, with exit code 2."""
    from clustergov.instruments.check import read_questionnaire
    from clustergov.survey.reading import read_responses

    asked = read_questionnaire(questionnaire)
    try:
        responses = read_responses(data, asked, strict=True)
    except InputError as error:
        if not all(problem.place.startswith("row ") for problem in error.problems):
            raise
        click.echo(error.summary or f"{len(error.problems)} answers are not what the questionnaire allows:")
        _print_mistakes(error.problems)
        context.exit(2)
    _print_summary(responses)


def _inputs(study: Path, questionnaire: Path | None) -> tuple[Path, Path, int | None]:
    """The model's file, the questionnaire's, and the study's seed where there is a study."""
    if questionnaire is not None:
        return study, questionnaire, None
    file = study / "study.yml" if study.is_dir() else study
    if file.name != "study.yml":
        raise InputError(
            Problem("which-questionnaire", "a model alone does not tell its questionnaire.",
                    "Add --questionnaire FILE, or name the folder of a study.", file=str(study))
        )  # fmt: skip
    from clustergov.study.plan import Study
    from clustergov.yaml_file import read

    plan, positions = read(file, Study, wanted="the study.yml of a study")
    if not plan.responses.simulation:
        raise InputError(
            positions.problem(("responses",), "no-simulation", "this study has real responses and no simulation.",
                              "Name a study with `simulation:` under `responses:`.")
        )  # fmt: skip
    return file.parent / plan.responses.simulation, file.parent / plan.questionnaire, plan.seed


def _print_mistakes(problems: Sequence[Problem]) -> None:
    rows = [(problem.place, problem.message, problem.fix, problem.rule) for problem in problems[:MOST]]
    print_table(("where", "mistake", "what to do", "rule"), rows)
    if len(problems) > MOST:
        click.echo(f"… and {len(problems) - MOST} more.")


def _print_summary(responses: Responses) -> None:
    columns = responses.origin.columns
    matched = sum(bool(column.variable) for column in columns)
    origin = "SYNTHETIC responses" if responses.synthetic else "responses"
    click.echo(f"{responses.origin.file}: {responses.n} {origin} to {responses.questionnaire.questionnaire}")
    kinds = [column.match for column in columns]
    told = ", ".join(f"{kinds.count(kind)} {kind}" for kind in sorted(set(kinds)))
    click.echo(f"{matched} of {len(columns)} columns are variables of the questionnaire ({told})")
    if responses.complete is not None:
        click.echo(f"{int(responses.complete.sum())} of {responses.n} submitted")
    counts = responses.blank_counts()
    kept = [name for name in counts.columns if name == "answered" or counts[name].any()]
    print_table(("variable", *kept), [(name, *map(str, row)) for name, *row in counts[kept].itertuples(name=None)])
