"""Every format of every shipped questionnaire: made, twice the same, without touching the questionnaire."""

from __future__ import annotations

from pathlib import Path

import pytest

from clustergov.instruments.check import read_questionnaire
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.problems import InputError
from clustergov.study.formats import ALL, FORMATS, chosen, export, languages_of

SHIPPED = ("benchmark", "cluster-organisation", "governance")


@pytest.fixture(scope="module", params=SHIPPED)
def shipped(request: pytest.FixtureRequest, root: Path) -> Questionnaire:
    return read_questionnaire(root / "instruments" / f"{request.param}.yml")


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_made_and_twice_the_same(name: str, shipped: Questionnaire) -> None:
    before = shipped.model_dump_json()
    made = export(shipped, [name], stem="x")
    assert shipped.model_dump_json() == before
    wanted = {"nl", "en"} if FORMATS[name].per_language else {"nl"}
    assert set(made) == {"x" + FORMATS[name].ending.format(language=language) for language in wanted}
    assert all(each.content for each in made.values())
    assert all(note.severity == "warning" and note.message for each in made.values() for note in each.notes)
    assert export(shipped, [name], stem="x") == made


def test_names_of_formats() -> None:
    assert chosen(["lss,TXT", " sav "]) == ("lss", "txt", "sav")
    assert chosen(["txt", ALL]) == tuple(FORMATS)
    for wrong in (["pdf"], [""], [","]):
        with pytest.raises(InputError, match="Choose from: lss, txt"):
            chosen(wrong)


def test_languages(shipped: Questionnaire) -> None:
    assert languages_of(shipped, []) == ("nl", "en")
    assert languages_of(shipped, ["en", "en"]) == ("en",)
    with pytest.raises(InputError, match="not in “fr”"):
        languages_of(shipped, ["fr"])


def test_what_cannot_be_translated_names_the_formats_that_can(shipped: Questionnaire) -> None:
    data = shipped.model_dump() | {"imported_from": "LimeSurvey"}
    data["sections"][0]["questions"][1]["relevance"] = "regexMatch('/x/', country)"
    routed = Questionnaire.model_validate(data)
    with pytest.raises(InputError) as caught:
        export(routed, ["lss", "xlsform", "surveyjs"], stem="x")
    assert "not translatable to xlsform, surveyjs" in caught.value.summary
    assert "--to lss" in caught.value.summary
    code = routed.questions[1].code
    assert all(code in problem.place or code in problem.message for problem in caught.value.problems)
