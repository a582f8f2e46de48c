"""Synthetic responses: drawn from a declared model, together with the truth that was planted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clustergov.instruments.questionnaire import Questionnaire
from clustergov.survey.responses import Origin, Responses
from clustergov.survey.synthetic.composition import Stream, group_share
from clustergov.survey.synthetic.drawing import draw
from clustergov.survey.synthetic.effects import behind, effect_targets
from clustergov.survey.synthetic.nonresponse import blank_out
from clustergov.survey.synthetic.published import targets
from clustergov.survey.synthetic.simulation_model import Simulation, read_simulation
from clustergov.survey.synthetic.sketch import Sketch, plain_sketch, read_sketch
from clustergov.survey.synthetic.streams import streams
from clustergov.survey.synthetic.truth import Target, Truth

__all__ = [
    "Simulated", "Simulation", "Sketch", "generator", "plain_sketch", "planted_truth", "read_model", "read_simulation",
    "simulate",
]  # fmt: skip


@dataclass(frozen=True)
class Simulated:
    """Synthetic responses and what was planted in them.

    Attributes
    ----------
    careless : Series of str
        By respondent: "" for who answered with care, else how not; empty where the model knows of no such thing.
    redrawn : mapping of question to int
        Respondents whose answers to it were drawn anew to keep to its constraint.
    """

    responses: Responses
    truth: Truth
    careless: pd.Series[str] = field(default_factory=lambda: pd.Series([], dtype="str"))
    redrawn: Mapping[str, int] = field(default_factory=dict)


def read_model(path: Path | str, questionnaire: Questionnaire) -> Simulation | Sketch:
    """Read a model of responses: one that declares everything, or a sketch.

    The former says under `missing` why answers are missing, and then has to declare the distribution of every
    variable; in a sketch everything may be left out.

    Raises
    ------
    InputError
        With every mistake.
    """
    path = Path(path)
    text = path.read_bytes() if path.is_file() else b""
    return (
        read_simulation(path, questionnaire)
        if re.search(rb"^missing\s*:", text, re.M)
        else read_sketch(path, questionnaire)
    )


def generator(seed: int) -> np.random.Generator:
    """The generator of a study's responses: the first that its seed spawns, so that a run can spawn others beside it."""
    return np.random.default_rng(np.random.SeedSequence(seed).spawn(1)[0])


def simulate(
    model: Simulation | Sketch, questionnaire: Questionnaire, *, n: int | None = None, rng: np.random.Generator
) -> Simulated:
    """Draw synthetic responses.

    Parameters
    ----------
    model : Simulation or Sketch
    questionnaire : Questionnaire
        The one that the model was read with.
    n : int or None
        Respondents; None takes the model's number.
    rng : Generator
        One number is taken from it. Every variable then has a stream of its own, so that a larger n only adds
        respondents, and a variable added to the model leaves those that it is not tied to, and all before it, as
        they were.

    Returns
    -------
    Simulated
        Why a cell is blank is known exactly: no cell is “not recorded”.
    """
    size = model.n if n is None else n
    stream = streams(rng)
    if isinstance(model, Sketch):
        found = draw(model, questionnaire, size, stream)
        return Simulated(found.responses, planted_truth(model, questionnaire), found.careless, found.redrawn)
    index = pd.Index([f"S{number:0{len(str(size))}d}" for number in range(1, size + 1)], name="respondent", dtype="str")
    answers = _answers(model, questionnaire, index, stream)
    frame, blanks, complete = blank_out(answers, questionnaire, model.declared.missing, stream)
    responses = Responses(
        questionnaire,
        frame,
        blanks,
        Origin("synthetic"),
        complete=pd.Series(complete, index=index, name="complete"),
    )
    return Simulated(responses, planted_truth(model, questionnaire))


def planted_truth(model: Simulation | Sketch, questionnaire: Questionnaire) -> Truth:
    """What the population of `model` is like; it does not depend on a draw.

    That of a sketch is the population of those who read what they answer and leave nothing open.
    """
    share = {
        code: group_share(composition.means(), frozenset(entry.mean_share.parts), composition.total)
        for (code, composition), entry in zip(
            model.compositions.items(), model.declared.compositions.values(), strict=True
        )
    }
    marks: dict[str, str] = dict.fromkeys(model.marginals, "U")
    marks |= {name: entry.mark for name, entry in model.declared.marginals.items()}
    for entry in model.declared.compositions.values():
        marks |= {name: part.mark for name, part in entry.parts.items()}
    effects = model.effects if isinstance(model, Sketch) else ()
    return Truth(
        targets=(
            *_taus(model), *targets(model.declared, questionnaire, model.marginals), *_shares(model, share),
            *effect_targets(effects),
        ),
        marginals=model.marginals,
        marks=marks,
        compositions=model.compositions,
        correlation=model.correlation,
        mean_public_share=next(iter(share.values()), None),
        drivers=behind(effects),
    )  # fmt: skip


def _taus(model: Simulation | Sketch) -> list[Target]:
    return [
        Target("tau", pair.first, pair.second, pair.tau, pair.published or (f"{pair.tau:g}" if pair.mark in "PS" else ""),
               pair.mark, pair.claim, pair.source, pair.note)
        for pair in model.planted
    ]  # fmt: skip


def _shares(model: Simulation | Sketch, share: dict[str, float]) -> list[Target]:
    entries = [(code, entry.mean_share) for code, entry in model.declared.compositions.items()]
    return [
        Target("mean share", " + ".join(entry.parts), code, share[code],
               f"{entry.share:g}" if entry.mark in "PS" else "", entry.mark, entry.claim, entry.source, entry.note)
        for code, entry in entries
    ]  # fmt: skip


def _latent(model: Simulation, n: int, stream: Stream) -> NDArray[np.float64]:
    """Correlated standard normal variables, one column per marginal."""
    independent = np.column_stack([stream(name).standard_normal(n) for name in model.marginals])
    return independent @ np.linalg.cholesky(model.correlation).T


def _answers(model: Simulation, questionnaire: Questionnaire, index: pd.Index[str], stream: Stream) -> pd.DataFrame:
    """Everybody's answer to everything, before anything goes missing; texts are blank."""
    latent = _latent(model, len(index), stream)
    drawn: dict[str, NDArray[np.float64] | list[str]] = {}
    for column, (name, marginal) in enumerate(model.marginals.items()):
        places = marginal.places(latent[:, column])
        number = questionnaire.by_name[name].kind == "number"
        drawn[name] = marginal.scores[places] if number else [str(marginal.values[place]) for place in places]
    for composition in model.compositions.values():
        drawn |= composition.draw(len(index), stream)
    columns = {}
    for variable in questionnaire.variables:
        kind = "float64" if variable.kind == "number" else "str"
        values = drawn.get(variable.name)
        columns[variable.name] = pd.Series(np.nan if values is None else values, index=index, dtype=kind)
    return pd.DataFrame(columns, index=index)
