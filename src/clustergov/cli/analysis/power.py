"""``clustergov analysis power``: how often an effect would be found, and which effect or n it takes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from clustergov.cli.analysis.finite import Finite
from clustergov.cli.analysis.inputs import banner, finish, names
from clustergov.cli.analysis.spreading import spread_over, spreading
from clustergov.problems import InputError, Problem

if TYPE_CHECKING:
    import numpy as np

    from clustergov.analysis.planning.power import Power, Scenario
    from clustergov.analysis.planning.predictor_draws import PredictorDraws
    from clustergov.study.data import Data

FAMILIES = ("linear", "ordinal", "binomial", "fractional", "tau", "groups", "equivalence")


@click.command()
@click.argument("data", metavar="[DATA]", type=click.Path(path_type=Path), required=False)
@click.option(
    "--questionnaire",
    type=click.Path(path_type=Path),
    help="The questionnaire that DATA answers; a study names its own.",
)
@click.option(
    "--json", "json_file", type=click.Path(path_type=Path), help="A file for the whole result, in full precision."
)
@click.option("--overwrite", is_flag=True, help="Replace a file of that name that differs.")
@spreading
@click.option("--family", type=click.Choice(FAMILIES), required=True, help="The model or test that will be used.")
@click.option("--effect", "effects", required=True, help="Effects to plant, with commas; in the units told above.")
@click.option("--n", "sizes", required=True, help="Numbers of organisations, with commas.")
@click.option(
    "--predictors",
    default="1",
    show_default=True,
    help="How many predictors, drawn as normal; or columns of DATA, from whose rows samples are drawn. The first is tested.",
)
@click.option("--outcome", help="A column of DATA whose distribution the outcome has; for groups: their column.")
@click.option("--shares", help="Shares of the outcome’s categories, with commas, in place of --outcome.")
@click.option(
    "--test",
    type=click.Choice(["HC3", "policy", "equal variance"]),
    default="HC3",
    show_default=True,
    help="Of a linear effect. policy: as the policy of inference chooses, which takes longer.",
)
@click.option(
    "--share",
    type=Finite(0, 1, min_open=True, max_open=True),
    default=0.5,
    show_default=True,
    help="Part that answers yes (binomial), mean (fractional), part in the group (groups).",
)
@click.option(
    "--precision",
    type=Finite(0, min_open=True),
    default=5.0,
    show_default=True,
    help="Of a fractional outcome: of its beta distribution.",
)
@click.option("--margin", type=Finite(0, min_open=True), default=5.0, show_default=True, help="Of equivalence.")
@click.option(
    "--sd",
    type=Finite(0, min_open=True),
    default=30.0,
    show_default=True,
    help="Of the answers, for equivalence without --outcome.",
)
@click.option("--population", type=click.IntRange(2), help="Size of the population, for equivalence.")
@click.option(
    "--countries", default=20, show_default=True, help="Number of countries of one size, for groups without --outcome."
)
@click.option(
    "--correlation",
    type=Finite(),
    default=0.05,
    show_default=True,
    help="Of two organisations of one country, for groups.",
)
@click.option("--by-country", is_flag=True, help="A country is in the group as a whole, for groups.")
@click.option("--sensitivity", is_flag=True, help="Also the smallest effect at every n and the n for every effect.")
@click.option(
    "--target",
    type=Finite(0, 1, min_open=True, max_open=True),
    default=0.8,
    show_default=True,
    help="Power that --sensitivity asks for.",
)
@click.option("--alpha", type=Finite(0, 0.5, min_open=True, max_open=True), default=0.05, show_default=True)
@click.option("--draws", type=click.IntRange(1), default=2000, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
def power(
    data: Path | None, questionnaire: Path | None, json_file: Path | None, overwrite: bool, jobs: int, scheduler: str,
    keep: Path | None, family: str, effects: str, sizes: str, sensitivity: bool, target: float, draws: int, seed: int,
    **settings: Any,
) -> None:  # fmt: skip
    """Simulate samples with a planted effect, fit the model that will be fitted, and count how often it is found.

    DATA is not needed. With it, predictors and outcome are distributed as there; of a study whose drivers are declared,
    “--predictors declared” takes these.

    Effects. linear: standard deviations of what the predictors leave open, per standard deviation of the first predictor.
    ordinal, binomial, fractional: log odds per standard deviation of it. tau: tau-b. groups: difference in standard
    deviations. equivalence: distance of the true mean from the named one.
    """
    from clustergov.analysis.planning.power import power as simulate
    from clustergov.analysis.planning.refusal import PowerError
    from clustergov.study.data import read_data

    given = None if data is None else read_data(data, questionnaire)
    planted, ns = _numbers(effects, "--effect"), [int(n) for n in _numbers(sizes, "--n")]
    try:
        scenario = _scenario(family, given, settings)
        with spread_over(jobs, scheduler, keep, "Power") as how:
            found = simulate(
                scenario, planted, ns, draws=draws, seed=seed, target=target, sensitivity=sensitivity, how=how
            )
    except PowerError as error:
        raise InputError(Problem("power", error.reason["en"], "", file=str(data or ""))) from None
    _show(found, given, json_file, overwrite)


def _show(found: Power, given: Data | None, json_file: Path | None, overwrite: bool) -> None:
    from clustergov.language import say
    from clustergov.study.data import Data

    if given is None:
        import pandas as pd

        given = Data("", pd.DataFrame())
    banner(given)
    for sentence in (*found.told("en"), say("power.simulated", "en", draws=found.draws)):
        click.echo(sentence)
    finish({"power": found, "table": found.frame()}, json_file, data=given, overwrite=overwrite)


def _scenario(family: str, given: Data | None, settings: dict[str, Any]) -> Scenario:
    from clustergov.analysis.planning.equivalence_scenario import EquivalenceScenario
    from clustergov.analysis.planning.group_scenario import GroupScenario
    from clustergov.analysis.planning.linear_scenario import LinearScenario
    from clustergov.analysis.planning.logit_scenario import LogitScenario
    from clustergov.analysis.planning.ordinal_scenario import OrdinalScenario
    from clustergov.analysis.planning.tau_scenario import TauScenario

    alpha, outcome = settings["alpha"], settings["outcome"]
    if family == "tau":
        return TauScenario(_first_shares(given, settings), _shares(given, outcome, settings["shares"]), alpha=alpha)
    if family == "equivalence":
        values = None if outcome is None else _values(given, outcome)
        sd = settings["sd"] if values is None else float(values.std(ddof=1))
        return EquivalenceScenario(settings["margin"], sd, values, settings["population"], alpha)
    if family == "groups":
        countries = (1.0,) * settings["countries"] if outcome is None else _group_shares(given, outcome)
        by: Literal["country", "organisation"] = "country" if settings["by_country"] else "organisation"
        return GroupScenario(countries, settings["correlation"], settings["share"], by, alpha)
    predictors = _predictors(given, settings["predictors"])
    if family == "linear":
        return LinearScenario(predictors, settings["test"], alpha)
    if family == "ordinal":
        return OrdinalScenario(predictors, _shares(given, outcome, settings["shares"]), alpha)
    share = settings["share"] if outcome is None else float(_values(given, outcome).mean())
    return LogitScenario(predictors, share, settings["precision"] if family == "fractional" else 0.0, alpha)


def _numbers(text: str, option: str) -> list[float]:
    try:
        found = [float(part) for part in names(text)]
    except ValueError:
        found = []
    if not found or (option == "--n" and any(not n.is_integer() or n < 1 for n in found)):
        raise InputError(
            Problem("numbers", f"expected numbers with commas between them, found “{text}”.", f"Correct {option}.")
        )
    return found


def _needs_data(given: Data | None, option: str) -> Data:
    if given is None:
        raise InputError(Problem("data", f"{option} names columns, and there is no DATA.", "Name a study or a file."))
    return given


def _predictors(given: Data | None, text: str) -> PredictorDraws:
    from clustergov.analysis.planning.predictor_draws import PredictorDraws

    if text.isdigit() and int(text) > 0:
        return PredictorDraws(int(text))
    data = _needs_data(given, "--predictors")
    if text != "declared":
        return PredictorDraws.of(data.numbers(names(text), option="--predictors"))
    import pandas as pd

    if data.plan is None or data.plan.declared.drivers is None:
        raise InputError(Problem("drivers", "expected a study that declares drivers.", "Name columns in --predictors."))
    columns = {}
    for predictor in data.plan.declared.drivers.predictors:
        parts = [predictor.score_of] if predictor.score_of else predictor.parts(data.plan.questionnaire)
        columns[predictor.code] = data.numbers(list(parts), option="--predictors").sum(axis=1, skipna=False)
    return PredictorDraws.of(pd.DataFrame(columns))


def _values(given: Data | None, outcome: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    import numpy as np

    column = _needs_data(given, "--outcome").numbers([outcome], option="--outcome").iloc[:, 0].dropna()
    return np.asarray(column, dtype=np.float64)


def _shares(given: Data | None, outcome: str | None, shares: str | None) -> tuple[float, ...]:
    if outcome is None:
        if shares is None:
            return (0.2,) * 5
        wanted = _numbers(shares, "--shares")
        if not all(0 < value < float("inf") for value in wanted):
            told = f"expected shares above 0 with commas between them, found “{shares}”."
            raise InputError(Problem("shares", told, "Leave out categories that do not occur in --shares."))
        return tuple(value / sum(wanted) for value in wanted)
    return _frequencies(_values(given, outcome))


def _first_shares(given: Data | None, settings: dict[str, Any]) -> tuple[float, ...]:
    """The other answer of a tau: the first column of --predictors."""
    text = settings["predictors"]
    return (0.2,) * 5 if text.isdigit() else _frequencies(_values(given, names(text)[0]))


def _frequencies(values: np.ndarray[Any, np.dtype[np.float64]]) -> tuple[float, ...]:
    import numpy as np

    counts = np.unique(values, return_counts=True)[1]
    return tuple(float(count) for count in counts / counts.sum())


def _group_shares(given: Data | None, outcome: str) -> tuple[float, ...]:
    labels = _needs_data(given, "--outcome").labels(outcome, option="--outcome").dropna()
    return tuple(float(share) for share in labels.value_counts(normalize=True))
