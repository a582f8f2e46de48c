"""``clustergov survey weights`` and ``outcome``: who of the frame answered, and weights that make up for who did not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from clustergov.cli.table import print_table, refuse_unwritable
from clustergov.problems import InputError, Problem

if TYPE_CHECKING:
    import pandas as pd

    from clustergov.survey.frame.frame import SamplingFrame
    from clustergov.survey.frame.margins import Margins
    from clustergov.survey.frame.outcome import Outcome
    from clustergov.survey.frame.weighting import Weighting
    from clustergov.survey.responses import Responses

FILE = click.Path(path_type=Path)
MINIMUM = 5
"""Smallest count of real respondents in a category that the terminal shows."""


@click.command()
@click.argument("data", metavar="DATA", type=FILE)
@click.option("--questionnaire", required=True, type=FILE, help="The questionnaire that DATA answers.")
@click.option("--frame", required=True, type=FILE, help="The sampling frame: pseudonym, country, sector, …")
@click.option("--by", required=True, help="Variables of the frame to weight on, with commas: country,sector.")
@click.option("--targets", type=FILE, help="Margins (variable, category, count or share) in place of the frame’s.")
@click.option("--dispositions", type=FILE, help="What became of members: those not eligible do not count.")
@click.option(
    "--cap", type=click.FloatRange(1, min_open=True), help="Largest weight, as a multiple of the mean weight."
)
@click.option("--out", type=FILE, help="The CSV of weights to write.")
@click.option("--json", "json_file", type=FILE, help="A file for the whole report, in full precision.")
@click.option("--overwrite", is_flag=True, help="Replace files of that name that differ.")
@click.pass_context
def weights(
    context: click.Context, data: Path, questionnaire: Path, frame: Path, by: str, targets: Path | None,
    dispositions: Path | None, cap: float | None, out: Path | None, json_file: Path | None, overwrite: bool,
) -> None:  # fmt: skip
    """Weight respondents by raking, so that their margins are those of the frame (or of TARGETS).

    Respondents are matched to the frame by pseudonym; in anonymous responses the questionnaire's own variables of those
    names are used. Exit code 1 when the margins cannot all be met (weights are written, and the report says by how much
    they miss).
    """
    from clustergov.study.writing import write_files
    from clustergov.survey.frame.raking import rake
    from clustergov.survey.writing import csv_of

    if out is not None:
        refuse_unwritable(out)
    responses, whole = _read(data, questionnaire, frame, dispositions)
    names = list(dict.fromkeys(name.strip() for name in by.split(",") if name.strip()))
    margins = _margins(whole, names, targets, file=frame)
    linked = _linked(responses, whole)
    categories = _categories(responses, whole, names, linked=linked)
    base = whole.weights.loc[responses.frame.index] if linked and whole.weights is not None else None
    found = rake(categories, margins, base=base, cap=cap)
    files = {} if out is None else {out: csv_of(found.frame()[["id", "weight"]])}
    if json_file is not None:
        files[json_file] = _json(_weighting(found, responses))
    write_files(files, overwrite=overwrite)
    _print_weighting(found, responses)
    for path in files:
        click.echo(f"Written: {path}")
    if not found.converged:
        context.exit(1)


@click.command()
@click.argument("data", metavar="DATA", type=FILE)
@click.option("--questionnaire", required=True, type=FILE, help="The questionnaire that DATA answers.")
@click.option("--frame", required=True, type=FILE, help="The sampling frame: pseudonym, country, sector, …")
@click.option("--dispositions", type=FILE, help="What became of those who did not answer: pseudonym, disposition.")
@click.option("--fieldwork", type=FILE, help="fieldwork.yml, for the share from which an interview is partial.")
@click.option(
    "--eligible", type=click.FloatRange(0, 1), help="Share e of unknown cases that are eligible; else estimated."
)
@click.option("--silence", type=click.Choice(["unknown", "noncontact"]), default="unknown", show_default=True,
              help="What a member is that nothing was heard of: of unknown eligibility, or eligible and not reached.")  # fmt: skip
@click.option("--json", "json_file", type=FILE, help="A file for rates and comparison, in full precision.")
@click.option("--overwrite", is_flag=True, help="Replace a file of that name that differs.")
def outcome(
    data: Path, questionnaire: Path, frame: Path, dispositions: Path | None, fieldwork: Path | None,
    eligible: float | None, silence: Literal["unknown", "noncontact"], json_file: Path | None, overwrite: bool,
) -> None:  # fmt: skip
    """Outcome rates by AAPOR's definitions, and respondents held against the frame on each of its variables."""
    from clustergov.study.writing import write_files
    from clustergov.survey.collection.fieldwork import read_fieldwork
    from clustergov.survey.frame.comparison import MOST, compare, left_out
    from clustergov.survey.frame.outcome import outcome as outcome_of

    responses, whole = _read(data, questionnaire, frame, dispositions)
    found = outcome_of(
        responses,
        whole,
        partial_from=read_fieldwork(fieldwork).partial_from if fieldwork else 0.5,
        eligibility=eligible,
        silence="UH" if silence == "unknown" else "NC",
    )
    minimum = None if responses.synthetic else MINIMUM
    compared = compare(responses.frame.index, whole, minimum=minimum) if found.linked else ()
    if json_file is not None:
        from clustergov.study.plain import plain

        write_files(
            {json_file: _json({"synthetic": responses.synthetic, "outcome": plain(found.frame()),
                               "comparison": [plain(each) for each in compared]})},
            overwrite=overwrite,
        )  # fmt: skip
    _print_outcome(found, responses)
    for each in compared:
        click.echo("")
        click.echo(each.sentence("en"))
        rows = each.table.drop(columns="weighted_share").to_dict("records")
        print_table(
            (each.variable, "frame", "respondents", "frame %", "respondents %", "difference", "95% interval"),
            [(str(row["category"]), _count(row["frame"]), _count(row["respondents"]), _points(row["frame_share"]),
              _points(row["respondent_share"]), _points(row["difference"]),
              _ends(row['low'], row['high'])) for row in rows],
        )  # fmt: skip
    if found.linked and (names := left_out(whole)):
        click.echo(f"Not compared, because there are more than {MOST} categories: {', '.join(names)}.")
    if json_file is not None:
        click.echo(f"Written: {json_file}")


def _read(data: Path, questionnaire: Path, frame: Path, dispositions: Path | None) -> tuple[Responses, SamplingFrame]:
    from clustergov.instruments.check import read_questionnaire
    from clustergov.survey.frame.disposition import read_dispositions
    from clustergov.survey.frame.frame import read_frame
    from clustergov.survey.reading import read_responses

    asked, problems = read_questionnaire(questionnaire), list[Problem]()
    responses: Responses | None = None
    whole: SamplingFrame | None = None
    try:
        whole = read_frame(frame)
        if dispositions is not None:
            whole = whole.noted(read_dispositions(dispositions, set(whole.members.index)))
    except InputError as error:
        problems += error.problems
    try:
        responses = read_responses(data, asked, strict=True)
    except InputError as error:
        problems += error.problems
    if responses is None or whole is None:
        raise InputError(problems)
    return responses, whole


def _linked(responses: Responses, frame: SamplingFrame) -> bool:
    """Whether responses are known in the frame; all of them are then eligible, and never are there too many."""
    from clustergov.survey.frame.design import membership
    from clustergov.survey.frame.outcome import refuse_mixed

    linked = refuse_mixed(responses, frame)
    size = len(frame.eligible)
    _, problems = membership(responses.frame.index, frame=frame if linked else None, population=size, file=frame.file)
    if problems:
        raise InputError(problems)
    return linked


def _margins(frame: SamplingFrame, names: list[str], targets: Path | None, *, file: Path) -> Margins:
    from clustergov.survey.frame.margins import Margins, margins_of, read_margins

    if not names:
        raise InputError(Problem("by", "expected variables to weight on, found none.", "Write --by country,sector."))
    if targets is None:
        return margins_of(frame, names)
    read = read_margins(targets, population=len(frame.eligible))
    missing = [name for name in names if name not in read.targets]
    if missing:
        raise InputError(
            Problem("no-target", f"the targets have no {', '.join(missing)}.", "Add them, or leave them out of --by.",
                    file=str(targets))
        )  # fmt: skip
    return Margins({name: read.targets[name] for name in names}, read.source)


def _categories(responses: Responses, frame: SamplingFrame, names: list[str], *, linked: bool) -> pd.DataFrame:
    """The category of each respondent, from the frame where they are known in it, else from their own answers."""
    import pandas as pd

    from clustergov.survey.frame.frame import UNKNOWN

    if linked:
        return pd.DataFrame({name: frame.categories(name).loc[responses.frame.index] for name in names})
    strange = [name for name in names if name not in responses.questionnaire.by_name]
    if strange:
        raise InputError(
            Problem("not-in-frame", "no response’s id is a pseudonym of the frame, and the questionnaire does not ask for "
                    f"{', '.join(strange)}.", "Use responses whose ids are pseudonyms, or weight on what was asked.",
                    file=responses.origin.file)
        )  # fmt: skip
    return pd.DataFrame({name: responses.frame[name].astype("str").fillna(UNKNOWN) for name in names})


def _weighting(found: Weighting, responses: Responses) -> dict[str, Any]:
    from clustergov.study.plain import plain

    return {
        "synthetic": responses.synthetic, "n": found.n, "population": plain(float(found.weights.sum())),
        "converged": found.converged, "iterations": found.iterations, "cap": found.cap,
        "capped": found.capped, "design effect": plain(found.design_effect), "effective n": plain(found.effective_n),
        "range": plain(found.range), "largest deviation": plain(found.largest), "margins": plain(found.deviations),
    }  # fmt: skip


def _json(content: dict[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def _print_weighting(found: Weighting, responses: Responses) -> None:
    mark = "SYNTHETIC: " if responses.synthetic else ""
    click.echo(f"{mark}{found.sentence('en')}")
    rows = [
        (row["variable"], row["category"], f"{row['target']:.1f}", f"{row['unweighted']:.1f}", f"{row['weighted']:.1f}",
         f"{100 * row['deviation']:.2g}%")
        for row in found.deviations.to_dict("records")
    ]  # fmt: skip
    print_table(("variable", "category", "target", "before", "weighted", "deviation"), rows)


def _print_outcome(found: Outcome, responses: Responses) -> None:
    from clustergov.language import say

    mark = "SYNTHETIC: " if responses.synthetic else ""
    click.echo(f"{mark}{found.sentence('en')}")
    counts = [(say(f"frame.disposition.{code}", "en"), str(n)) for code, n in found.counts.items()]
    print_table(("disposition", "n"), [*counts, ("frame", str(found.n))])
    rates = found.rates
    print_table(
        ("rate", "numerator", "denominator", "value", "meaning"),
        [(name, f"{above:g}", f"{below:.1f}", "–" if rates[name] != rates[name] else f"{rates[name]:.3f}",
          say(f"frame.rate.{name}", "en")) for name, (above, below) in found.parts.items()],
    )  # fmt: skip


def _count(value: float) -> str:
    return "–" if value != value else f"{value:.0f}"


def _points(value: float) -> str:
    return "–" if value != value else f"{100 * value:.1f}"


def _ends(low: float, high: float) -> str:
    return "–" if low != low else f"{_points(low)} to {_points(high)}"
