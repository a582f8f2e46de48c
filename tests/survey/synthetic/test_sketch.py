"""Reading a sketch: what it declares is planted, what it leaves out is plausible, and every mistake is told at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import kendalltau

from clustergov.instruments.check import read_questionnaire
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.problems import InputError
from clustergov.survey.reading import read_responses
from clustergov.survey.synthetic.simulation import Sketch, plain_sketch, read_model, read_simulation, simulate
from clustergov.survey.synthetic.sketch import read_sketch
from clustergov.survey.synthetic.truth import write_truth
from clustergov.survey.writing import write_responses

HEAD = "simulation: s\nquestionnaire: clusterorganisation\n"


@pytest.fixture(scope="module")
def shipped(root: Path) -> Questionnaire:
    return read_questionnaire(root / "instruments" / "cluster-organisation.yml")


def read_text(text: str, questionnaire: Questionnaire, folder: Path) -> Sketch:
    path = folder / "sketch.yml"
    path.write_text(HEAD + text, encoding="utf-8")
    return read_sketch(path, questionnaire)


def test_a_model_that_says_why_answers_are_missing_declares_everything(
    root: Path, shipped: Questionnaire, tmp_path: Path
) -> None:
    whole = read_model(root / "survey" / "simulation.yml", shipped)
    assert type(whole) is type(read_simulation(root / "survey" / "simulation.yml", shipped))
    part = tmp_path / "part.yml"
    part.write_text(HEAD, encoding="utf-8")
    assert isinstance(read_model(part, shipped), Sketch)
    with pytest.raises(InputError, match="missing-file"):
        read_model(tmp_path / "nowhere.yml", shipped)


def test_nothing_declared_is_the_plain_sketch(shipped: Questionnaire, tmp_path: Path) -> None:
    declared, plain = read_text("", shipped, tmp_path), plain_sketch(shipped)
    frames = [simulate(s, shipped, n=50, rng=np.random.default_rng(1)).responses.frame for s in (declared, plain)]
    pd.testing.assert_frame_equal(*frames)
    assert declared.n == 200


def test_what_is_declared_is_met(shipped: Questionnaire, tmp_path: Path) -> None:
    sketch = read_text(
        "marginals: {legal: {probabilities: {N: 0.3, Y: 0.7}}}\n"
        "associations: [{of: experience, to: [strength, external_growth], tau: 0.25}]\n"
        "compositions:\n  funding:\n    step: 5\n    mean share: {parts: [funding_natpub], share: 0.4, mark: U}\n"
        "    parts:\n" + "".join(f"      funding_{part}: {{present: 0.7, weight: 1, mark: U}}\n" for part in
                                 ("fees", "sales", "natpub", "regpub", "intpub", "other"))
        + "nonresponse: {rate: 0, refused: 0, not applicable: 0}\n",
        shipped, tmp_path,
    )  # fmt: skip
    drawn = simulate(sketch, shipped, n=6000, rng=np.random.default_rng(2))
    responses = drawn.responses
    assert (responses.codes("legal") == "Y").mean() == pytest.approx(0.7, abs=4 * np.sqrt(0.21 / 6000))
    assert drawn.truth.tau("experience", "strength") == pytest.approx(0.25, abs=1e-9)
    for other in ("strength", "external_growth"):
        both = pd.DataFrame({name: responses.values(name) for name in ("experience", other)}).dropna()
        # Four standard errors: that of tau-b at 6,000 is at most 0.0105.
        assert kendalltau(both["experience"], both[other]).statistic == pytest.approx(0.25, abs=0.042)
    assert (responses.frame[[v.name for v in shipped.of("funding")]].sum(axis=1) == 100).all()
    assert responses.frame["funding_natpub"].mean() == pytest.approx(40, abs=1.6)  # four standard errors of sd 30
    table, _ = write_truth(drawn.truth, tmp_path / "truth")
    assert "0.25" in table.read_text(encoding="utf-8")


MISTAKES = {
    "another questionnaire": ("", "other-questionnaire"),
    "a variable that is not there": ("marginals: {legl: {probabilities: {N: 1}}}", "unknown-variable"),
    "part of a total": ("marginals: {funding_fees: {quantiles: [[0, 0], [1, 9]]}}", "unknown-variable"),
    "shares that do not add up": ("marginals: {legal: {probabilities: {N: 0.5}}}", "probabilities-total"),
    "an impossible share": ("careless: {share: 1.2}", "careless.share"),
    "an unknown kind": ("careless: {share: 0.2, kinds: [sleepy]}", "careless.kinds"),
    "an association of something unknown": ("associations: [{of: legl, to: strength, tau: 0.1}]", "unknown-variable"),
    "a correlation out of reach": ("associations: [{of: legal, to: strength, tau: 0.99}]", "tau-out-of-reach"),
    "taus that contradict each other": (
        "associations: [{of: experience, to: [strength, external_growth], tau: 0.6}, "
        "{of: strength, to: external_growth, tau: -0.5}]", "contradicting-taus",
    ),
    "an unknown outcome": ("effects: [{outcome: strenght, drivers: {legal: {step: 1}}}]", "unknown-variable"),
    "an unknown driver": ("effects: [{outcome: strength, drivers: {legl: {step: 1}}}]", "unknown-variable"),
    "no driver": ("effects: [{outcome: strength, drivers: {}}]", "effect"),
    "an outcome without order": ("effects: [{outcome: country, drivers: {legal: {step: 1}}}]", "no-order"),
    "a driver without order": ("effects: [{outcome: strength, drivers: {country: {step: 1}}}]", "no-order"),
    "two kinds of coefficients": (
        "effects: [{outcome: strength, drivers: {legal: {step: 1}, member: {standardised: 0.1}}}]", "effect",
    ),
    "a coefficient in two forms": ("effects: [{outcome: strength, drivers: {legal: {step: 1, standardised: 0.1}}}]", "standardised"),
    "effects in a circle": (
        "effects: [{outcome: strength, drivers: {legal: {step: 1}}}, {outcome: legal, drivers: {strength: {step: 1}}}]", "circle",
    ),
    "an outcome twice": (
        "effects: [{outcome: strength, drivers: {legal: {step: 1}}}, {outcome: strength, drivers: {member: {step: 1}}}]",
        "duplicate-outcome",
    ),
    "an outcome that is associated too": (
        "effects: [{outcome: strength, drivers: {legal: {step: 1}}}]\nassociations: [{of: strength, to: member, tau: 0.1}]",
        "outcome-associated",
    ),
    "effects that leave nothing to chance": (
        "effects: [{outcome: strength, drivers: {legal: {standardised: 0.8}, member: {standardised: 0.8}}}]", "effects-too-large",
    ),
    "a driver that does not vary": (
        "marginals: {legal: {probabilities: {Y: 1}}}\neffects: [{outcome: strength, drivers: {legal: {step: 1}}}]", "constant-driver",
    ),
    "a condition that cannot be read": (
        "nonresponse: {exceptions: [{questions: strength, rate: 0.1, when: legal is Y}]}", "routing-syntax",
    ),
    "a condition on what is not drawn": (
        "nonresponse: {exceptions: [{questions: strength, rate: 0.1, when: funding_fees > 3}]}", "not-drawn",
    ),
    "a hazard beyond one": ("dropout: {start: 0.5, growth: 2}", "impossible-hazard"),
    "a section after everybody has stopped": (
        "dropout: {sections: {manager: 1, performance: 0.1}}", "unreachable-dropout",
    ),
    "an unknown key": ("carless: {share: 0.1}", "carless"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_with_its_line(name: str, shipped: Questionnaire, tmp_path: Path) -> None:
    text, told = MISTAKES[name]
    path = tmp_path / "sketch.yml"
    head = HEAD.replace("clusterorganisation", "other") if name == "another questionnaire" else HEAD
    path.write_text(head + text + "\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_sketch(path, shipped)
    assert told in str(caught.value)
    assert all(problem.line and problem.column for problem in caught.value.problems), caught.value


def test_the_mark_of_a_simulation_is_in_its_names_too(shipped: Questionnaire, tmp_path: Path) -> None:
    drawn = simulate(plain_sketch(shipped), shipped, n=30, rng=np.random.default_rng(1)).responses
    write_responses(drawn, tmp_path / "r.csv")
    table = pd.read_csv(tmp_path / "r.csv", dtype="str").drop(columns="synthetic")
    table.to_csv(tmp_path / "bare.csv", index=False)
    assert read_responses(tmp_path / "bare.csv", shipped, strict=True).synthetic
    table.loc[3, "id"] = "p0001"
    table.to_csv(tmp_path / "mixed.csv", index=False)
    with pytest.raises(InputError, match="mixed-origin"):
        read_responses(tmp_path / "mixed.csv", shipped, strict=True)


def test_respondents_without_fault_are_what_was_planted(shipped: Questionnaire, tmp_path: Path) -> None:
    sketch = read_text("careless: {share: 0.9}\ndropout: {start: 0.5}\nnonresponse: {rate: 0.5}\n", shipped, tmp_path)
    drawn = simulate(sketch.attentive(), shipped, n=60, rng=np.random.default_rng(1))
    assert (drawn.careless == "").all()
    assert drawn.responses.complete is not None
    assert drawn.responses.complete.all()
    assert set(np.unique(drawn.responses.blanks["strength"])) == {""}


def test_a_questionnaire_of_notes_alone_is_refused(shipped: Questionnaire) -> None:
    notes = shipped.sections[0].questions[0].model_copy(update={"kind": "note", "scale": "", "when": ""})
    section = shipped.sections[0].model_copy(update={"questions": (notes,)})
    with pytest.raises(InputError, match="nothing-asked"):
        plain_sketch(
            Questionnaire(
                questionnaire="notes", version="1", title=shipped.title, languages=("nl", "en"), sections=(section,)
            )
        )
