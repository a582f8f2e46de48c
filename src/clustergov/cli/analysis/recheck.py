"""``clustergov analysis recheck``: whether published figures can stand together; it needs no data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from clustergov.cli.analysis.inputs import FILE, names
from clustergov.problems import InputError, Problem

STATISTICS = ("tau", "r", "t", "F", "chi2", "z", "mean", "percentage", "odds ratio", "shares")


@click.command()
@click.option("--statistic", required=True, type=click.Choice(STATISTICS))
@click.option("--value", required=True, help="As printed, with trailing zeros: .11, 0.110, 89%; shares: 33,33,34.")
@click.option("--p", default="", help="As printed: .03, or “<= .05”.")
@click.option("--n", default="", metavar="N|LOW:HIGH", help="Respondents, or between which their number lies.")
@click.option("--df", default="", metavar="DF[,DF]", help="Degrees of freedom of t, F, chi2.")
@click.option("--sd", default="", help="Of a mean.")
@click.option("--items", default=1, show_default=True, help="Items per respondent that a mean is of.")
@click.option("--scale", default="", metavar="LOW:HIGH", help="Least and largest answer.")
@click.option("--interval", default="", metavar="LOW:HIGH", help="Of an odds ratio, as printed.")
@click.option("--level", default=0.95, show_default=True, help="Of that interval.")
@click.option("--categories", default="0,0", metavar="K,L", help="Of a tau: values of each variable; 0: not known.")
@click.option("--direction", type=click.Choice(["positive", "negative"]), help="Where one tail was announced: which.")
@click.option("--truncated", is_flag=True, help="Digits were cut off, not rounded.")
@click.option("--language", type=click.Choice(["nl", "en"]), default="en", show_default=True)
@click.option("--json", "json_file", type=FILE, help="A file for the result.")
@click.option("--overwrite", is_flag=True, help="Replace a file of that name that differs.")
def recheck(statistic: str, value: str, language: str, json_file: Path | None, overwrite: bool, **given: Any) -> None:
    """Hold a published figure against its p, n, degrees of freedom, standard deviation or interval.

    Exit code 1: they cannot stand together.
    """
    from clustergov.study.plain import plain
    from clustergov.study.writing import write_files

    found = _found(statistic, value, given)
    click.echo(found.sentence(language))
    if json_file is not None:
        text = json.dumps(plain(found), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
        write_files({json_file: text.encode()}, overwrite=overwrite)
        click.echo(f"Written: {json_file}")
    if found.finding == "inconsistent":
        raise SystemExit(1)


def _found(statistic: str, value: str, given: dict[str, Any]) -> Any:
    from pydantic import ValidationError

    from clustergov.analysis.claims.reported import Reported, Sample
    from clustergov.analysis.claims.reported import recheck as recheck_reported
    from clustergov.analysis.recheck.granularity import recheck_shares
    from clustergov.analysis.recheck.rounding import printed

    if statistic == "shares":
        return recheck_shares([printed(each, truncated=given["truncated"], place="--value") for each in names(value)])
    n = _range(given["n"], "--n")
    try:
        sample = Sample(low=n[0], high=n[1], mark="P") if n else None
        reported = Reported(
            statistic=statistic, value=value, mark="P", p=given["p"], df=tuple(names(given["df"])), sd=given["sd"],
            items=given["items"], level=given["level"], categories=_pair(given["categories"], ",", "--categories"),
            scale=_pair(given["scale"], ":", "--scale") if given["scale"] else None,
            interval=_texts(given["interval"]), direction=given["direction"], truncated=given["truncated"],
        )  # fmt: skip
    except ValidationError as error:
        raise InputError([_told(each) for each in error.errors()]) from None
    return recheck_reported(reported, sample)


def _told(detail: Any) -> Problem:
    from clustergov.yaml_form import words

    key = str(detail["loc"][0] if detail["loc"] else "statistic")
    option = "--n" if key in ("low", "high") else f"--{key}"
    message, fix = words(detail, key)
    return Problem("impossible-figure", message, fix or f"Correct {option}.", place=option)


def _range(text: str, option: str) -> tuple[int, int] | None:
    if not text:
        return None
    low, high = _pair(text if ":" in text else f"{text}:{text}", ":", option)
    if not 4 <= low <= high:
        raise InputError(Problem("impossible-figure", f"expected n of at least 4, the smaller first, found “{text}”.",
                                 f"Correct {option}.", place=option))  # fmt: skip
    return low, high


def _pair(text: str, between: str, option: str) -> tuple[int, int]:
    try:
        low, high = (int(part) for part in text.split(between))
    except ValueError:
        raise InputError(Problem("not-a-range", f"expected two whole numbers with “{between}” between them, found “{text}”.",
                                 f"Correct {option}.", place=option)) from None  # fmt: skip
    return low, high


def _texts(text: str) -> tuple[str, str] | None:
    if not text:
        return None
    low, found, high = text.partition(":")
    if not found:
        raise InputError(Problem("not-a-range", f"expected two numbers with “:” between them, found “{text}”.",
                                 "Correct --interval.", place="--interval"))  # fmt: skip
    return low, high
