"""Criteria of replication on answers made by hand, and waves pooled."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.claims.assessment import Assessment, Claims, assess, read_claims
from clustergov.analysis.claims.criteria import PartCriteria, Says, criteria, standard_error, value_of
from clustergov.analysis.claims.reported import Sample
from clustergov.analysis.claims.verdicts import DecisionTable, read_verdicts
from clustergov.analysis.claims.waves import Wave, pool_waves, read_wave, wave_frame, wave_of
from clustergov.analysis.description.rank_correlation import kendall_tau_b
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.language import Text
from clustergov.problems import InputError
from clustergov.study.plain import plain
from clustergov.survey.responses import Responses
from clustergov.survey.synthetic.copula import latent_correlation
from clustergov.survey.synthetic.marginals import Marginal

Respond = Callable[..., Responses]


@pytest.fixture(scope="module")
def claims(root: Path, shipped: Questionnaire) -> Claims:
    found = read_claims(root / "analysis" / "claims.yml", shipped)
    return found.model_copy(
        update={"claims": tuple(claim for claim in found.claims if claim.id in ("2", "5", "9", "10"))}
    )


@pytest.fixture(scope="module")
def table(root: Path) -> DecisionTable:
    return read_verdicts(root / "analysis" / "verdicts.yml")


def answers(tau: float, n: int, seed: int) -> pd.DataFrame:
    """Experience and rating of competitiveness with this tau in the population; contact with firms and funding too."""
    rng = np.random.default_rng(seed)
    years = Marginal("years", tuple(map(str, range(10))), np.arange(10.0), np.full(10, 0.1), True)
    rating = Marginal("rating", tuple("12345"), np.arange(1.0, 6), np.array([0.05, 0.1, 0.3, 0.4, 0.15]), True)
    rho = latent_correlation(tau, years, rating)
    z = rng.normal(size=n)
    other = rho * z + math.sqrt(1 - rho**2) * rng.normal(size=n)
    public = np.clip(rng.normal(60, 20, n).round(), 0, 100)
    return pd.DataFrame({
        "experience": years.places(z).astype(float), "external_compet": (rating.places(other) + 1).astype(str),
        "contact_firms": rng.choice(["4", "5"], n, p=[0.15, 0.85]), "funding_natpub": public,
        "funding_regpub": np.zeros(n), "funding_intpub": np.zeros(n),
    })  # fmt: skip


def of(name: str, claims: Claims, table: DecisionTable, responses: Responses) -> tuple[PartCriteria, dict[str, Says]]:
    found = criteria(claims, table, assess(claims, table, responses))
    part = next(each for each in found.parts if each.part.id == name)
    return part, {each.name: each.says for each in part.criteria}


def test_a_large_replication_of_the_same_effect_agrees(
    claims: Claims, table: DecisionTable, shipped: Questionnaire, respond: Respond
) -> None:
    _, says = of("9a", claims, table, respond(shipped, answers(0.17, 1500, 1)))
    assert set(says.values()) == {"agrees"}


def test_no_effect_in_a_large_sample_disagrees(
    claims: Claims, table: DecisionTable, shipped: Questionnaire, respond: Respond
) -> None:
    part, says = of("9a", claims, table, respond(shipped, answers(0.0, 3000, 2)))
    assert says["published in interval"] == says["prediction interval"] == "disagrees"
    assert says["equivalence"] == says["small telescopes"] == says["Bayes factor"] == "disagrees"
    assert part.count("agrees") == 0
    assert "5" in part.sentence("nl")


def test_a_small_sample_leaves_most_open(
    claims: Claims, table: DecisionTable, shipped: Questionnaire, respond: Respond
) -> None:
    part, _ = of("9a", claims, table, respond(shipped, answers(0.05, 40, 3)))
    assert part.count("open") >= 4
    assert part.count("disagrees") == 0


def test_a_weaker_figure_may_be_within_both_errors(
    claims: Claims, table: DecisionTable, shipped: Questionnaire, respond: Respond
) -> None:
    """The verdict compares with the number as it stands; the note tells that its error could explain the gap."""
    responses = respond(shipped, answers(0.105, 3000, 7))
    assessed = assess(claims, table, responses)
    part, says = of("9a", claims, table, responses)
    verdict = next(each.verdict for claim in assessed for each in claim.parts if each.part.id == "9a")
    assert verdict == "weaker than published"
    assert says["prediction interval"] in ("agrees", "open")
    assert part.note is not None


def test_a_bound_and_a_value_have_fewer_criteria(
    claims: Claims, table: DecisionTable, shipped: Questionnaire, respond: Respond
) -> None:
    responses = respond(shipped, answers(0.1, 400, 4))
    bound, value = (of(name, claims, table, responses)[0] for name in ("5a", "2a"))
    assert bound.count("not applicable") == 4
    assert value.count("not applicable") == 4


def test_without_an_n_of_the_source_only_ours_is_used(
    claims: Claims, table: DecisionTable, shipped: Questionnaire, respond: Respond
) -> None:
    unknown = claims.model_copy(update={"samples": {}})
    part, says = of("9a", unknown, table, respond(shipped, answers(0.17, 400, 5)))
    assert part.n_original is None
    assert {name for name, each in says.items() if each != "not applicable"} == {
        "direction", "published in interval", "equivalence",
    }  # fmt: skip


def test_the_error_is_that_of_the_estimator(
    claims: Claims, table: DecisionTable, shipped: Questionnaire, respond: Respond
) -> None:
    responses = respond(shipped, answers(0.17, 400, 6))
    part = next(each for claim in assess(claims, table, responses) for each in claim.parts if each.part.id == "9a")
    plain_tau = kendall_tau_b(responses.values("experience"), responses.values("external_compet"))
    assert value_of(part) == plain_tau.tau
    # From an interval on Fisher's scale by t: the same to two digits at n = 400.
    assert standard_error(part) == pytest.approx(plain_tau.standard_error, rel=0.02)


def test_a_sample_needs_a_reason_when_it_is_ours() -> None:
    with pytest.raises(ValueError, match="reason"):
        Sample(low=100, high=200, mark="D")
    assert Sample(low=100, high=200, mark="D", reason=Text({"nl": "a", "en": "b"})).range == (100, 200)


# --- waves


@pytest.fixture(scope="module")
def waves(claims: Claims, table: DecisionTable, shipped: Questionnaire, respond: Respond) -> list[Wave]:
    found: list[tuple[Assessment, ...]] = [
        assess(claims, table, respond(shipped, answers(0.15, 300, seed))) for seed in (11, 12, 13)
    ]
    return [wave_of(f"wave {place}", each, synthetic=True) for place, each in enumerate(found)]


def test_waves_are_pooled_part_by_part(waves: list[Wave]) -> None:
    found = pool_waves(waves)
    values = [wave.estimates["9a"][0] for wave in waves]
    assert min(values) <= found.parts["9a"].estimate <= max(values)
    assert found.n["9a"] == 900
    assert found.parts["9a"].prediction is not None
    assert list(found.frame()["part"]) == list(found.parts)


def test_a_wave_is_read_back_as_it_was(waves: list[Wave], tmp_path: Path) -> None:
    file = tmp_path / "wave.json"
    file.write_text(json.dumps({"synthetic": True, "wave": plain(wave_frame(waves[0]))}), encoding="utf-8")
    assert read_wave(file).estimates == waves[0].estimates


def test_what_cannot_be_pooled_is_named(waves: list[Wave], tmp_path: Path) -> None:
    real = Wave("real", False, waves[0].estimates)
    other = Wave("other", True, {"9a": (0.1, 0.05, 100, "share")})
    for given, rule in (([waves[0]], "one-wave"), ([waves[0], real], "mixed"), ([waves[0], other], "other-measure")):
        with pytest.raises(InputError, match=rule):
            pool_waves(given)
    for content in (
        "nothing",
        "[]",
        '{"synthetic": true}',
        '{"synthetic": true, "wave": {"columns": ["a"], "rows": [[1]]}}',
    ):
        (tmp_path / "x.json").write_text(content, encoding="utf-8")
        with pytest.raises(InputError, match="no-wave"):
            read_wave(tmp_path / "x.json")
    row = plain(wave_frame(Wave("x", True, {"9a": (0.1, 0.0, 100, "tau")})))
    (tmp_path / "x.json").write_text(json.dumps({"synthetic": True, "wave": row}), encoding="utf-8")
    with pytest.raises(InputError, match="impossible-estimate"):
        read_wave(tmp_path / "x.json")
    with pytest.raises(InputError, match="missing-file"):
        read_wave(tmp_path / "absent.json")


def test_parts_of_one_wave_stay_alone(waves: list[Wave]) -> None:
    fewer = Wave("fewer", True, {"9a": waves[1].estimates["9a"]})
    found = pool_waves([waves[0], fewer])
    assert list(found.parts) == ["9a"]
    assert set(found.alone) == set(waves[0].estimates) - {"9a"}
