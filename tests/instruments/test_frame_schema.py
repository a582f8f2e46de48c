"""The pandera schema: it finds what validation finds, in memory and as a module that runs without this package."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clustergov.instruments.check import read_questionnaire
from clustergov.instruments.frames import checks as frame_checks
from clustergov.instruments.frames.schema import frame_schema, to_pandera
from clustergov.instruments.limesurvey import read_limesurvey
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.survey import total
from clustergov.survey.blank_options import with_blank_options
from clustergov.survey.blanks import explain_blanks, substantive
from clustergov.survey.responses import Origin, Responses
from clustergov.survey.synthetic.simulation import read_simulation, simulate
from clustergov.survey.validation import validate
from clustergov.survey.writing import write_responses
from coded_answers import coded_answers
from questionnaire_strategy import EXAMPLES, questionnaires, tries

Found = set[tuple[str, str, str]]
"""Rule, variable or question, respondent."""


def violations(schema: Any, frame: pd.DataFrame) -> Found:
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases
    else:
        return set()
    found = set()
    for context, column, check, who in cases[["schema_context", "column", "check", "index"]].itertuples(index=False):
        rule, _, rest = check.partition(": ")
        name = column if context == "Column" else rest.split(":")[0].split(" ")[0]
        found.add((rule, str(name), str(who)))
    return found


def validated(responses: Responses) -> Found:
    table = validate(responses)
    who = responses.frame.index
    kept = table[~table["rule"].isin(["required"])]
    return {(rule, name, str(who[row - 2])) for row, name, _, rule in kept.itertuples(index=False)}


def module_of(questionnaire: Questionnaire) -> dict[str, Any]:
    """What the exported module defines."""
    namespace: dict[str, Any] = {"__name__": "schema"}
    exec(compile(to_pandera(questionnaire).content, "schema.py", "exec"), namespace)
    return namespace


def answered(questionnaire: Questionnaire, seed: int, n: int = 12) -> Responses:
    """Respondents who answer by chance, whatever routing says, and all submit."""
    coded = coded_answers(questionnaire, n=n, seed=seed)
    codes = coded.mask(coded.isin([*range(-996, -990), *map(str, range(-996, -990))]))
    kinds = {each.name: "float64" if each.kind == "number" else "str" for each in questionnaire.variables}
    codes = codes.astype(kinds)
    blanks = explain_blanks(codes, questionnaire, complete=pd.Series(True, index=codes.index))
    return Responses(questionnaire, substantive(codes, blanks, questionnaire), blanks, Origin("real"))


def filled(questionnaire: Questionnaire, responses: Responses, found: Found) -> Found:
    """Without the totals of questions of which a field is blank: the schema cannot tell why it is."""
    fields = {question.code: [v.name for v in questionnaire.of(question.code) if v.kind == "number"]
              for question in questionnaire.questions}  # fmt: skip
    return {
        (rule, name, who)
        for rule, name, who in found
        if rule != "total" or responses.frame.loc[who, fields[name]].notna().all()
    }


@pytest.fixture(scope="module")
def own(root: Path) -> Questionnaire:
    return read_questionnaire(root / "instruments" / "cluster-organisation.yml")


@pytest.fixture(scope="module")
def simulated(root: Path, own: Questionnaire) -> Responses:
    model = read_simulation(root / "survey" / "simulation.yml", own)
    return simulate(model, own, n=300, rng=np.random.default_rng(20261122)).responses


def test_simulated_answers_keep_to_the_schema(own, simulated):
    assert validated(simulated) == set()
    assert violations(frame_schema(own), simulated.frame) == set()
    assert violations(frame_schema(own), with_blank_options(simulated)) == set()


BREAKS = [
    ("unknown-code", "legal", {"legal": "J"}),
    ("out-of-range", "year", {"year": 1949.0}),
    ("out-of-range", "proximity", {"firms": 3.0, "proximity": 100.5}),
    ("not-integer", "firms", {"firms": 2.5}),
    ("answered-but-not-asked", "board_fin", {"legal": "N", "board_fin": 2.0}),
    ("answered-but-not-asked", "board_fin", {"legal": None, "board_fin": 2.0}),
    ("answered-but-not-asked", "board_fin", {"legal": "98", "board_fin": 2.0}),
    (
        "total",
        "funding",
        {f"funding_{item}": 17.0 for item in ("fees", "sales", "natpub", "regpub", "intpub", "other")},
    ),
]


@pytest.mark.parametrize(("rule", "name", "answers"), BREAKS)
def test_every_rule_finds_its_break(own, simulated, rule, name, answers):
    frame = simulated.frame.iloc[:20].copy()
    for column, answer in answers.items():
        frame.loc[frame.index[4], column] = answer
    found = violations(frame_schema(own), frame)
    assert (rule, name, str(frame.index[4])) in found
    assert {who for _, _, who in found} == {str(frame.index[4])}
    assert violations(module_of(own)["SCHEMA"], frame) == found


def test_frames_of_another_form_are_refused(own, simulated):
    schema, frame = frame_schema(own), simulated.frame
    with pytest.raises(pa.errors.SchemaErrors):
        schema.validate(frame.drop(columns="legal"), lazy=True)
    with pytest.raises(pa.errors.SchemaErrors):
        schema.validate(frame.assign(extra="x"), lazy=True)
    with pytest.raises(pa.errors.SchemaErrors):
        schema.validate(pd.concat([frame, frame]), lazy=True)
    with pytest.raises(pa.errors.SchemaErrors):
        schema.validate(frame.astype({"firms": "str"}), lazy=True)
    schema.validate(frame.iloc[:0], lazy=True)


@tries(EXAMPLES * 2 // 5)  # pandera takes long to tell the cells of a row that breaks a rule
@given(questionnaire=questionnaires(), seed=st.integers(0, 2**32 - 1))
def test_schema_module_and_validation_agree(questionnaire, seed):
    responses = answered(questionnaire, seed)
    found = violations(frame_schema(questionnaire), responses.frame)
    # The module gets the frame as a file holds it: options marked blank stand in it and change nothing.
    assert violations(module_of(questionnaire)["SCHEMA"], with_blank_options(responses)) == found
    assert found == filled(questionnaire, responses, validated(responses))


CONDITIONS = [
    "firms_priv + firms_publ * 2 <= 30 and firms_priv > 2 * firms_publ",
    "sum(firms_priv, firms_publ) / firms_publ > 1.5",
    'count("Y", box_a, box_b) >= 1 or not answered(pick)',
    "count(firms_priv, firms_publ) = 1",
    'count("3", firms_priv, firms_publ) = 1',
    "pick in [1, 2] and pick != 3",
    'not pick = 2 and not (pick in ["1"])',
    'pick != "2"',
    "firms_priv - firms_publ != 0",
    "-firms_priv < 0 - 2",
    "firms_priv / (firms_publ - 3) >= 0",
    "pick >= 2 or firms_priv = 3",
    "legal != 1",
    "0.1 * firms_priv = 0.3",
]


@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("key", ["when", "constraint"])
def test_conditions_mean_the_same_in_the_module(condition, key):
    said = {"en": "Text"}
    options = [{"code": code, "text": said} for code in "123"] + [
        {"code": "98", "text": said, "blank": "refused or don't know"}
    ]
    items = [{"code": code, "text": said} for code in ("priv", "publ")]
    boxes = [{"code": code, "text": said} for code in "ab"]
    questions = [
        {"code": "pick", "kind": "single", "scale": "s", "text": said},
        {"code": "legal", "kind": "single", "scale": "t", "text": said},
        {"code": "box", "kind": "multiple", "items": boxes, "text": said},
        {"code": "firms", "kind": "numbers", "items": items, "text": said},
        {"code": "last", "kind": "number", "text": said, key: condition},
    ]
    letters = [{"code": code, "text": said} for code in ("N", "Y")]
    scales = {"s": {"direction": "ascending", "options": options}, "t": {"direction": "none", "options": letters}}
    questionnaire = Questionnaire.model_validate(
        {"questionnaire": "q", "version": "1", "title": said, "languages": ["en"], "scales": scales,
         "sections": [{"code": "one", "title": said, "questions": questions}]}
    )  # fmt: skip
    rng = np.random.default_rng(20261122)
    n = 400
    frame = pd.DataFrame(
        {
            "pick": rng.choice(["1", "2", "3", "98", None], n),
            "legal": rng.choice(["N", "Y", None], n),
            "box_a": rng.choice(["N", "Y", None], n),
            "box_b": rng.choice(["N", "Y", None], n),
            "firms_priv": rng.choice([0.0, 3.0, 7.5, np.nan], n),
            "firms_publ": rng.choice([0.0, 3.0, 2.0, np.nan], n),
            "last": 1.0,
        },
        index=pd.Index([str(place) for place in range(n)], dtype="str", name="id"),
    ).astype(dict.fromkeys(("pick", "legal", "box_a", "box_b"), "str"))
    found = violations(frame_schema(questionnaire), frame)
    assert violations(module_of(questionnaire)["SCHEMA"], frame) == found
    assert len(found) < n
    assert found or key == "constraint", "nobody is made to answer by a constraint"


def test_the_module_runs_on_its_own(own, simulated, tmp_path):
    script = tmp_path / "schema.py"
    script.write_bytes(to_pandera(own).content)
    write_responses(simulated, tmp_path / "right.csv")
    broken = pd.read_csv(tmp_path / "right.csv", dtype="str", keep_default_na=False)
    broken.loc[2, ["legal", "year"]] = ["J", "1800"]
    broken.loc[5, ["legal", "board_fin"]] = ["N", "2"]
    broken.to_csv(tmp_path / "broken.csv", index=False)
    code = (
        "import runpy, sys; sys.modules['clustergov'] = None\n"
        "for name in sys.argv[1:]:\n"
        "    sys.argv = ['schema.py', name]\n"
        "    try: runpy.run_path('schema.py', run_name='__main__'); print(name, 0)\n"
        "    except SystemExit as end: print(name, end.code)\n"
    )
    run = subprocess.run(
        [sys.executable, "-W", "error", "-I", "-c", code, "right.csv", "broken.csv"],
        cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert run.stderr == ""
    lines = [" ".join(line.split()) for line in run.stdout.splitlines()]
    assert lines[0] == "right.csv 0"
    assert lines[-1] == "broken.csv 1"
    third, sixth = broken.loc[2, "id"], broken.loc[5, "id"]
    assert f"{third} legal unknown-code J" in lines
    assert f"{third} year out-of-range: at least 1950 1800.0" in lines
    assert f'{sixth} answered-but-not-asked: board_fin is asked only when legal = "Y"' in lines


def test_the_module_names_no_part_of_this_package(own):
    text = to_pandera(own).content.decode()
    assert "clustergov" not in text
    assert text == to_pandera(own).content.decode()


@pytest.mark.parametrize("name", ["rse-2017-uk-core.lss", "rse-2017-za.structure.txt"])
def test_imported_questionnaires_have_a_schema(shared, name):
    questionnaire = read_limesurvey(shared / "data" / "limesurvey" / name).questionnaire
    responses = answered(questionnaire, seed=1, n=3)
    found = violations(frame_schema(questionnaire), responses.frame)
    assert violations(module_of(questionnaire)["SCHEMA"], responses.frame) == found
    assert found == filled(questionnaire, responses, validated(responses))


def test_the_tolerance_of_totals_is_that_of_validation():
    assert frame_checks.TOTAL_TOLERANCE == total.TOTAL_TOLERANCE


def test_a_word_where_a_number_belongs_is_told_beside_the_other_mistakes(own, tmp_path):
    (tmp_path / "schema.py").write_bytes(to_pandera(own).content)
    (tmp_path / "answers.csv").write_text("id,year,legal\na,soon,Y\nb,1999,J\n", encoding="utf-8")
    command = [sys.executable, "-I", "schema.py"]
    run = subprocess.run(
        [*command, "answers.csv"], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    lines = [" ".join(line.split()) for line in run.stdout.splitlines()]
    assert run.returncode == 1, run.stderr
    assert "a year not a number soon" in lines
    assert "b legal unknown-code J" in lines
    alone = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert alone.returncode == 1
    assert "Name one CSV file" in alone.stderr
