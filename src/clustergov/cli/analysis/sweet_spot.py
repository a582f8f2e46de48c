"""``clustergov analysis sweet-spot``: whether an outcome is best at a named share, such as 60/40."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clustergov.cli.analysis.finite import Finite
from clustergov.cli.analysis.inputs import banner, finish, names, on_data
from clustergov.problems import InputError, Problem

if TYPE_CHECKING:
    import pandas as pd

    from clustergov.analysis.sweet_spot.sweet_spot import SweetSpot
    from clustergov.study.data import Data

MINIMUM = 5
"""Smallest group of real respondents that is shown."""


@dataclass(frozen=True, slots=True)
class _Claim:
    optimum: float
    margin: float
    mean_margin: float
    limits: tuple[float, float]


@click.command("sweet-spot")
@on_data
@click.option("--share", help="The column with the share; several, with commas, are added up.")
@click.option("--outcome", help="The column with the outcome.")
@click.option(
    "--optimum", default=60.0, show_default=True, help="The share at which the outcome is claimed to be best."
)
@click.option("--margin", type=float, help="What counts as near it, on each side; by default a tenth of --limits.")
@click.option("--limits", default="0:100", show_default=True, help="Smallest and largest possible share, as LOW:HIGH.")
@click.option("--controls", help="Columns that are held equal, with commas.")
@click.option("--country", help="Column with groups, for the mean share by country.")
@click.option(
    "--mean-margin", type=float, help="What counts as the same in a mean share; by default a twentieth of --limits."
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=1,
    show_default=True,
    help="Of the resamples behind the interval of the optimum.",
)
@click.option("--level", type=Finite(0.5, 1, min_open=True, max_open=True), default=0.95, show_default=True)
def sweet_spot(
    data: Path, questionnaire: Path | None, json_file: Path | None, overwrite: bool, share: str | None,
    outcome: str | None, optimum: float, margin: float | None, limits: str, controls: str | None, country: str | None,
    mean_margin: float | None, seed: int, level: float,
) -> None:  # fmt: skip
    """Test whether an outcome of DATA is best at a named share, and whether the mean share is the named one.

    Of a study, without --share, its own analysis/sweet-spot.yml. Distance from the named share alone is shown as the
    wrong way, and decides nothing.
    """
    from clustergov.study.data import read_data

    given = read_data(data, questionnaire)
    if share is None and outcome is None and given.plan is not None:
        found = _declared(given, seed)
    else:
        claim = _claim(optimum, margin, mean_margin, _limits(limits))
        found = _asked(given, names(share), outcome, claim, names(controls), country, seed, level)
    banner(given)
    told = () if found.failure else found.told("en")  # a failure is told as the error that it is
    for sentence in (*told, *(found.mean_share.told("en") if found.mean_share else ())):
        click.echo(sentence)
    if found.failure is not None:
        raise InputError(
            Problem("sweet-spot", found.failure.reason["en"], "Correct the columns, or the data.", file=str(data))
        )
    verdict = found.tested.verdict if found.tested else ""
    content = {"verdict": verdict, "sentences": {"nl": found.told("nl"), "en": found.told("en")}, "result": found}
    finish(content, json_file, data=given, overwrite=overwrite)


def _declared(given: Data, seed: int) -> SweetSpot:
    from clustergov.analysis.sweet_spot.sweet_spot import read_sweet_spot
    from clustergov.analysis.sweet_spot.sweet_spot import sweet_spot as test

    plan, responses = given.plan, given.responses
    if plan is None or responses is None:  # only called for a study
        raise AssertionError
    specification = read_sweet_spot(plan.folder / "analysis" / "sweet-spot.yml", plan.questionnaire)
    year = plan.study.fieldwork or int(plan.study.date[:4])
    return test(specification, responses, reference_year=year, seed=seed, minimum=_minimum(given))


def _asked(
    given: Data, parts: list[str], outcome: str | None, claim: _Claim, controls: list[str], country: str | None,
    seed: int, level: float,
) -> SweetSpot:  # fmt: skip
    from clustergov.analysis.models.design import FitError
    from clustergov.analysis.sweet_spot.share_optimum import ShareOptimum, share_optimum
    from clustergov.analysis.sweet_spot.sweet_spot import SweetSpot, mean_share, refuse_outside
    from clustergov.language import Text

    _refuse_clashes(parts, outcome, controls)
    columns = given.numbers(parts, option="--share")
    result = given.numbers([outcome] if outcome else [], option="--outcome").iloc[:, 0]
    held = given.numbers(controls, option="--controls") if controls else None
    groups = given.labels(country, option="--country") if country else None
    total: pd.Series[float] = columns.sum(axis=1, skipna=False).rename(" + ".join(parts))
    tested: ShareOptimum | None = None
    failure: FitError | None = None
    minimum = _minimum(given)
    try:
        refuse_outside(total, claim.limits)
        tested = share_optimum(
            total, result, held, named=claim.optimum, margin=claim.margin, level=level, seed=seed, minimum=minimum
        )
    except FitError as error:
        failure = error
    mean = mean_share(total, None, groups, value=claim.optimum, margin=claim.mean_margin, level=level,
                      responses=given.responses, seed=seed, minimum=minimum)  # fmt: skip

    def same(words: str) -> Text:
        return Text({"nl": words, "en": words})

    return SweetSpot(same(f"{outcome} ~ {total.name}"), same(str(total.name)), same(str(outcome)), tuple(map(same, controls)),
                     tested, failure, mean, len(total), given.synthetic)  # fmt: skip


def _minimum(given: Data) -> int | None:
    return MINIMUM if given.responses is not None and not given.synthetic else None


def _limits(text: str) -> tuple[float, float]:
    try:
        low, high = (float(part) for part in text.split(":"))
    except ValueError:
        raise InputError(
            Problem("limits", f"expected two numbers such as 0:100, found “{text}”.", "Correct --limits.")
        ) from None
    return low, high


def _claim(optimum: float, margin: float | None, mean_margin: float | None, limits: tuple[float, float]) -> _Claim:
    """The claim with its margins, which are parts of the limits where they are not given."""
    width = limits[1] - limits[0]
    claim = _Claim(optimum, width / 10 if margin is None else margin,
                   width / 20 if mean_margin is None else mean_margin, limits)  # fmt: skip
    for option, own in (("--margin", claim.margin), ("--mean-margin", claim.mean_margin)):
        if not (own > 0 and limits[0] < optimum - own < optimum + own < limits[1]):
            told = (
                f"expected --optimum ± {option} inside --limits, found {optimum:g} ± {own:g} in "
                f"{limits[0]:g}:{limits[1]:g}."
            )
            raise InputError(Problem("margin", told, "An optimum at an end is none: correct one of the three."))
    return claim


def _refuse_clashes(parts: list[str], outcome: str | None, controls: list[str]) -> None:
    """One column cannot be two of share, outcome and what is held equal."""
    asked = {"--share": parts, "--outcome": [outcome] if outcome else [], "--controls": controls}
    for one, other in (("--share", "--outcome"), ("--share", "--controls"), ("--outcome", "--controls")):
        if both := [name for name in asked[one] if name in asked[other]]:
            told = f"{', '.join(both)} is named in {one} and in {other}."
            raise InputError(Problem("twice", told, "Name every column once."))
