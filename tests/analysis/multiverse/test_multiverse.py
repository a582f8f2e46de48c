"""The shipped multiverse, and small ones with known answers: what counts, what stands apart, what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.models.design import FitError
from clustergov.analysis.models.linear import linear_model
from clustergov.analysis.multiverse.curve import REGIONS, region
from clustergov.analysis.multiverse.declaration import MultiverseSpecification
from clustergov.analysis.multiverse.duplicates import same_as
from clustergov.analysis.multiverse.multiverse import Multiverse, multiverse, multiverse_of, read_multiverse
from clustergov.analysis.multiverse.source import of_table
from clustergov.analysis.multiverse.subsets import every_subset
from clustergov.language import LANGUAGES
from clustergov.problems import InputError
from clustergov.spread import Spread


@pytest.fixture(scope="module")
def responses(shipped, respond, root):
    return respond(shipped, pd.read_csv(root / "tests" / "reference" / "shipped-responses.csv", dtype="str"))


@pytest.fixture(scope="module")
def declared(root, shipped) -> MultiverseSpecification:
    return read_multiverse(root / "analysis" / "multiverse.yml", shipped)


@pytest.fixture(scope="module")
def found(declared, responses) -> Multiverse:
    return multiverse(declared, responses, permutations=50)


def table(n: int = 80, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(rng.normal(size=(n, 5)), columns=list("yxabc"))
    return frame.assign(y=frame["y"] + 0.5 * frame["x"] + frame["a"], g=[f"g{i % 8}" for i in range(n)])


def run(
    frame: pd.DataFrame, *covariates: str, permutations: int = 0, how: Spread | None = None, **settings
) -> Multiverse:
    specification = every_subset(settings.pop("outcomes", ["y"]), ["x"], covariates, **settings)
    numbers = frame.select_dtypes("number").astype(float)
    return multiverse_of(
        specification, of_table(specification, numbers, frame[["g"]]), permutations=permutations, how=how
    )


def test_the_shipped_multiverse(declared, responses, found: Multiverse) -> None:
    before = responses.frame.copy(deep=True)
    again = multiverse(declared, responses, permutations=50)
    pd.testing.assert_frame_equal(responses.frame, before)
    pd.testing.assert_frame_equal(again.frame(), found.frame())
    assert again.curves[0].joint == found.curves[0].joint
    assert 100 <= len(found.n) <= 500
    frame = found.frame()
    assert frame["preregistered"].sum() == 1
    assert not frame.loc[frame["preregistered"], "wrong_in_hindsight"].any()
    curve = found.curves[0]
    assert sum(curve.regions.values()) == pytest.approx(1)
    assert sum(curve.whole.values()) == pytest.approx(1)
    assert not found.wrong[curve.counted].any()
    assert len(set(found.same[curve.counted])) == len(curve.counted)


def test_the_preregistered_universe_is_the_declared_linear_model(responses, found: Multiverse) -> None:
    def mean(*names: str, least: int) -> pd.Series:
        values = pd.concat([responses.values(name) for name in names], axis=1)
        return values.mean(axis=1).where(values.notna().sum(axis=1) >= least)

    asked = {construct.code: construct for construct in responses.questionnaire.constructs}
    y = mean(*asked["performance"].items, least=asked["performance"].minimum_valid).rename("y")
    public = sum(responses.values(f"funding_{kind}") for kind in ("natpub", "regpub", "intpub"))
    X = pd.DataFrame({
        "member": responses.values("member"), "strength": responses.values("strength"), "public": public,
        "experience": responses.values("experience"), "staff": responses.values("staff"),
        "interaction": mean(*asked["interaction"].items, least=asked["interaction"].minimum_valid),
    })  # fmt: skip
    fit = linear_model(y, X)
    at = found.preregistered
    spread = y[X.notna().all(axis=1) & y.notna()].std()
    assert found.n[at] == fit.n
    assert found.estimate[at] == pytest.approx(fit.estimates[0] / spread, rel=1e-9)
    assert found.error[at] == pytest.approx(fit.standard_errors[0] / spread, rel=1e-9)
    assert found.p[at] == pytest.approx(fit.p("member"), rel=1e-9)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sentence(found: Multiverse, language: str) -> None:
    told = found.sentence(language)
    for word in (str(len(found.n)), str(found.n[found.preregistered]), "95%"):
        assert word in told
    for never in ("prove", "bewij", "significant", "nan", "–"):
        assert never not in told.lower()


def test_the_same_numbers_with_two_jobs() -> None:
    one, two = (run(table(), "a", "b", permutations=230, how=Spread(jobs=jobs)) for jobs in (1, 2))
    assert one.curves[0].joint == two.curves[0].joint
    assert one.curves[0].joint is not None
    assert one.curves[0].joint.permutations == 230


def test_copies_are_counted_once() -> None:
    frame = table().assign(b=lambda f: f["a"])  # b says what a says, and both together cannot be told apart
    found = run(frame, "a", "b", "c")
    assert found.refusals() == {"collinear": 2}
    assert found.duplicates == 2
    assert len(found.curves[0].counted) == 4
    assert "2 × predictors are fixed" in found.sentence("en")
    assert "(a fork changes nothing there) and are not counted again: 2." in found.sentence("en")


def test_a_covariate_that_changes_nothing_makes_no_new_universe() -> None:
    rng = np.random.default_rng(3)
    frame = table(2000)
    frame["c"] = 0.0
    frame.loc[rng.integers(2000), "c"] = 1e-9
    same = run(frame.assign(c=frame["x"] * 0 + rng.normal(size=2000)), "a", "c")
    assert same.duplicates == 0  # it changes the estimate by more than a thousandth of its error
    estimate, error, n = np.array([0.5, 0.5 + 5e-5, 0.7, 0.7]), np.full(4, 0.1), np.array([100, 100, 100, 90])
    assert same_as(estimate, error, n, np.indices((2, 2)).reshape(2, -1).T, 1).tolist() == [1, 1, 2, 3]


def test_outcomes_of_unlike_scale_make_two_curves() -> None:
    frame = table().assign(other=lambda f: 100 * f["y"] + 1)
    apart = run(frame, "a", "b", outcomes=["y", "other"], scale="as answered")
    assert [curve.unit for curve in apart.curves] == ["y", "other"]
    assert "not added up" in apart.sentence("en")
    together = run(frame, "a", "b", outcomes=["y", "other"])
    assert [curve.unit for curve in together.curves] == ["sd"]
    assert together.duplicates == 4


def test_regions() -> None:
    low = np.array([0.3, 0.1, -0.1, -0.5, -0.4, -0.5, 0.01])
    high = np.array([0.5, 0.5, 0.1, 0.5, -0.1, -0.3, 0.1])
    told = ["far above", "above", "negligible", "inconclusive", "below", "far below", "negligible"]
    assert region(low, high, 0.2).tolist() == told
    assert set(told) == set(REGIONS)


def test_missing_values_and_n() -> None:
    frame = table()
    frame.loc[:9, "a"] = np.nan
    frame.loc[5:14, "y"] = np.nan
    found = run(frame, "a", "b").frame().set_index(["a", "b"])
    assert found["n"].to_dict() == {("without", "without"): 70, ("without", "with"): 70, ("with", "without"): 65, ("with", "with"): 65}  # fmt: skip


@pytest.mark.parametrize(
    ("told", "frame"),
    [
        ("8 × a predictor has the same value", table().assign(x=1.0)),
        ("8 × the outcome has the same value", table().assign(y=2.0)),
        ("8 × too few respondents", table(2)),
        ("8 × too few respondents", table().assign(y=np.nan)),
        ("8 × the outcome is fixed in every row", table().assign(y=lambda f: 3 * f["x"])),
    ],
)
def test_where_no_universe_can_be_fitted_it_is_told(told: str, frame: pd.DataFrame) -> None:
    with pytest.raises(InputError, match=told):
        run(frame, "a", "b", "c")


def test_a_short_name_does_not_cut_the_unit_off() -> None:
    found = run(table(), "a")
    assert found.curves[0].unit == "sd"
    assert "standard deviations of the outcome" in found.sentence("en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_all_that_is_fitted_is_wrong_in_hindsight_it_is_told(language: str) -> None:
    """The preregistered universe holds what is the same for everybody; what is left counts for nothing."""
    specification = every_subset(["y"], ["x"], ["a"])
    fork = specification.forks[0]
    wrong = fork.options[0].model_copy(update={"standing": "wrong in hindsight"})
    specification = specification.model_copy(
        update={"forks": (fork.model_copy(update={"options": (wrong, *fork.options[1:])}),)}
    )
    numbers = table().assign(a=1.0)[["y", "x", "a"]]
    found = multiverse_of(specification, of_table(specification, numbers, numbers[[]]), permutations=20)
    assert found.curves == ()
    told = found.sentence(language)
    assert {"nl": "achteraf gezien fout zijn: 1", "en": "wrong in hindsight: 1"}[language] in told
    assert "nan" not in told


def test_factor_scores_that_do_not_exist_are_refused_and_the_others_fitted(declared, responses) -> None:
    """Everybody gives the same answer to one item: a mean is still a mean, a factor score is none."""
    frame = responses.frame.assign(external_growth="4")
    flat = replace(responses, frame=frame)
    found = multiverse(declared, flat, permutations=20)
    rows = found.frame()
    none = (rows["scoring"] == "factor") & (rows["outcome"] != "internal")
    assert none.sum() == 96
    assert (rows.loc[none, "refusal"] == "no factor").all()
    assert (rows.loc[~none, "refusal"] == "").all()
    assert "allow no factor score" in found.sentence("en")


def test_infinite_values_are_refused() -> None:
    with pytest.raises(FitError, match="a"):
        run(table().assign(a=lambda f: f["a"].where(f.index > 0, np.inf)), "a", "b")


def test_one_group_is_told_and_the_others_are_fitted() -> None:
    found = run(table().assign(g="one"), "a", groups="g")
    assert found.refusals() == {"one group": 2}
    assert "cannot be computed" in found.sentence("en")
    assert "The preregistered universe has no estimate" in found.sentence("en")


def test_no_permutations_describe_and_negative_ones_are_refused() -> None:
    assert run(table(), "a").curves[0].joint is None
    assert "it describes" in run(table(), "a").sentence("en")
    with pytest.raises(InputError, match="0 or more permutations"):
        run(table(), "a", permutations=-1)


@pytest.mark.parametrize(
    ("told", "covariates", "settings"),
    [
        ("stands in two places", ["x"], {}), ("make one universe", [], {}),
        ("32,768 universes; at most 20,000", [f"c{i}" for i in range(15)], {}),
        ("stands in two places", ["a"], {"always": ["a"]}),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_of_a_table(told: str, covariates: list[str], settings: dict[str, list[str]]) -> None:
    with pytest.raises(InputError, match=told):
        every_subset(["y"], ["x"], covariates, **settings)
