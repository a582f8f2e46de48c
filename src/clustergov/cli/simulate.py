"""``clustergov survey simulate``: synthetic responses of a study, of a model, or of any questionnaire."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from clustergov.cli.table import refuse_unwritable
from clustergov.problems import InputError, Problem

if TYPE_CHECKING:
    from clustergov.instruments.questionnaire import Questionnaire
    from clustergov.survey.synthetic.simulation import Simulated, Simulation, Sketch

FILE = click.Path(path_type=Path)


@click.command()
@click.argument("study", metavar="STUDY_OR_FILE", type=FILE)
@click.option("--questionnaire", type=FILE, help="Needed with a model: the questionnaire that it is about.")
@click.option("--n", "n", type=click.IntRange(1, 1_000_000), help="Respondents; as the model says by default.")
@click.option("--seed", type=click.IntRange(0), help="By default that of the study, or of the model.")
@click.option("--out", type=FILE, required=True, help="The CSV to write; the truth stands beside it.")
def simulate(study: Path, questionnaire: Path | None, n: int | None, seed: int | None, out: Path) -> None:
    """Draw SYNTHETIC responses.

    STUDY_OR_FILE is a study (a folder with study.yml), whose model is drawn from; a model, with --questionnaire; or a
    questionnaire alone: then every plausible answer is drawn, and nothing is planted. A model may be a sketch, which
    declares what one cares about: distributions, associations, effects, careless answers, questions left open, dropout.

    Beside answers.csv stand answers-truth.csv and answers-truth.json: what was planted and an analysis ought to find.
    With the study's own seed and n the responses are those of `clustergov run`.
    """
    from clustergov.survey.synthetic.simulation import generator
    from clustergov.survey.synthetic.simulation import simulate as draw
    from clustergov.survey.synthetic.truth import write_truth
    from clustergov.survey.writing import write_responses

    refuse_unwritable(out)
    model, asked, own_seed = _model(study, questionnaire)
    chosen = next(value for value in (seed, own_seed, model.seed) if value is not None)
    simulated = draw(model, asked, n=n, rng=generator(chosen))
    write_responses(simulated.responses, out)
    table, whole = write_truth(simulated.truth, out.with_name(f"{out.stem}-truth.json"))
    click.echo(f"SYNTHETIC: {simulated.responses.n} respondents, seed {chosen}: {out}")
    click.echo(f"What was planted: {table}, {whole}")
    _tell(simulated)


def _tell(simulated: Simulated) -> None:
    """What only the simulation knows of its respondents."""
    careless = simulated.careless[simulated.careless != ""]
    if len(careless):
        counts = ", ".join(f"{count} {kind}" for kind, count in careless.value_counts().sort_index().items())
        click.echo(f"Careless: {counts}")
    for question, count in simulated.redrawn.items():
        click.echo(
            f"{question}: drawn anew for {count} to keep to its constraint; its distribution is not the declared one"
        )


def _model(study: Path, questionnaire: Path | None) -> tuple[Simulation | Sketch, Questionnaire, int | None]:
    """The model, its questionnaire, and the study's seed where there is a study."""
    from clustergov.instruments.check import read_questionnaire
    from clustergov.survey.synthetic.simulation import plain_sketch, read_model

    if questionnaire is not None:
        asked = read_questionnaire(questionnaire)
        return read_model(study, asked), asked, None
    file = study / "study.yml" if study.is_dir() else study
    if file.name == "study.yml":
        return _of_study(file)
    if not _is_questionnaire(file):
        raise InputError(
            Problem("which-questionnaire", "a model alone does not tell its questionnaire.",
                    "Add --questionnaire FILE, or name the folder of a study, or a questionnaire alone.", file=str(study))
        )  # fmt: skip
    asked = read_questionnaire(file)
    return plain_sketch(asked), asked, None


def _is_questionnaire(file: Path) -> bool:
    """Whether a file says of itself that it has sections of questions."""
    return file.is_file() and any(line.startswith(b"sections:") for line in file.read_bytes().splitlines())


def _of_study(file: Path) -> tuple[Simulation | Sketch, Questionnaire, int | None]:
    from clustergov.instruments.check import read_questionnaire
    from clustergov.study.study_file import Study
    from clustergov.survey.synthetic.simulation import read_model
    from clustergov.yaml_file import read

    plan, positions = read(file, Study, wanted="the study.yml of a study")
    model = plan.responses.simulation or plan.responses.rehearsal
    if not model:
        raise InputError(
            positions.problem(("responses",), "no-simulation", "this study has real responses and no simulation.",
                              "Name a study with `simulation:` or `rehearsal:` under `responses:`, or its questionnaire.")
        )  # fmt: skip
    asked = read_questionnaire(file.parent / plan.questionnaire)
    return read_model(file.parent / model, asked), asked, plan.seed
