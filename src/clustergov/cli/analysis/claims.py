"""``clustergov analysis claims``: verdicts on published claims, with everything that stands beside them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from clustergov.cli.analysis.inputs import FILE, banner, finish, on_data
from clustergov.cli.table import print_table
from clustergov.problems import InputError, Problem

if TYPE_CHECKING:
    from clustergov.analysis.claims.assessment import Assessment
    from clustergov.analysis.claims.claim import Claims
    from clustergov.analysis.claims.replicated import Replicated
    from clustergov.analysis.claims.verdicts import DecisionTable
    from clustergov.analysis.claims.waves import PooledWaves
    from clustergov.study.data import Data


@click.command()
@on_data
@click.option(
    "--claims", "registries", type=FILE, multiple=True, help="A registry of claims; may be given several times."
)
@click.option("--verdicts", type=FILE, help="The decision table; by default the study's, or the one that is shipped.")
@click.option("--recheck", is_flag=True, help="Tell what each published figure comes to when it is recomputed.")
@click.option(
    "--pool", "others", type=FILE, multiple=True, help="The --json of another wave; may be given several times."
)
@click.option("--language", type=click.Choice(["nl", "en"]), default="en", show_default=True)
def claims(
    data: Path, questionnaire: Path | None, json_file: Path | None, overwrite: bool, registries: tuple[Path, ...],
    verdicts: Path | None, recheck: bool, others: tuple[Path, ...], language: str,
) -> None:  # fmt: skip
    """Give published claims their verdicts on DATA, and tell how they replicate.

    A study names its own claims; responses need --questionnaire and --claims. Exit code 1 with --recheck: a published
    figure cannot stand together with what is published beside it.
    """
    from clustergov.analysis.claims.assessment import assess
    from clustergov.analysis.claims.replicated import replicated
    from clustergov.analysis.claims.waves import pool_waves, read_wave, wave_frame, wave_of
    from clustergov.study.data import read_data

    waves = [read_wave(path) for path in others]
    source = read_data(data, questionnaire)
    registry, table = _registry(source, registries, verdicts)
    responses = source.responses
    assert responses is not None  # `_registry` refuses a plain table
    assessments = assess(registry, table, responses)
    beside = replicated(registry, table, assessments)
    own = wave_of(source.file, assessments, synthetic=source.synthetic)
    pooled = pool_waves([own, *waves]) if waves else None
    banner(source, language)
    _tell(assessments, beside, language)
    if pooled is not None:
        _tell_pooled(pooled)
    if recheck:
        _tell_rechecks(beside, language)
    content = {"claims": assessments, "wave": wave_frame(own), "criteria": beside.criteria.frame(),
               "rechecks": beside.recheck_frame(), "deviations": beside.deviations_frame(language),
               "samples": dict(beside.samples), "pooled": None if pooled is None else pooled.frame()}  # fmt: skip
    finish(content, json_file, data=source, overwrite=overwrite)
    if recheck and any(found.finding == "inconsistent" for _, found in beside.rechecks):
        raise SystemExit(1)


def _registry(source: Data, registries: tuple[Path, ...], verdicts: Path | None) -> tuple[Claims, DecisionTable]:
    from clustergov.analysis.claims.claim_reading import read_claims
    from clustergov.analysis.claims.verdicts import read_verdicts
    from clustergov.study.new import shipped_study

    if source.responses is None:
        raise InputError(Problem("no-questionnaire", "claims are about questions, and a plain table has none.",
                                 "Name the questionnaire with --questionnaire, or a study.", file=source.file))  # fmt: skip
    plan = source.plan
    registry = (
        read_claims(registries, source.responses.questionnaire)
        if registries
        else plan.declared.claims
        if plan
        else None
    )
    if registry is None:
        raise InputError(Problem("no-claims", "expected claims, found none.", "Name a registry with --claims.",
                                 file=source.file))  # fmt: skip
    if verdicts is None and plan is not None and plan.declared.decisions is not None:
        return registry, plan.declared.decisions
    return registry, read_verdicts(verdicts or shipped_study() / "analysis" / "verdicts.yml")


def _tell(assessments: tuple[Assessment, ...], beside: Replicated, language: str) -> None:
    from clustergov.language import say

    rows = [
        (found.claim.id, (found.claim.title or found.claim.statement).to(language), str(found.n),
         say(f"claims.verdict.{found.verdict}", language))
        for found in assessments
    ]  # fmt: skip
    print_table(("claim", "about", "n", "verdict"), rows)
    click.echo()
    for part in beside.criteria.parts:
        click.echo(part.sentence(language))
    if beside.deviations:
        click.echo(f"\nDeviations from the originals: {len(beside.deviations)}.")
        told = beside.deviations_frame(language)
        print_table(
            ("of", "aspect", "original", "here"), [tuple(map(str, row[:4])) for row in told.itertuples(index=False)]
        )


def _tell_pooled(pooled: PooledWaves) -> None:
    click.echo(f"\nPooled over {len(pooled.waves)} waves (random effects, Hartung–Knapp; odds ratios as logs):")
    rows = [
        (part, str(pooled.n[part]), str(found.k), f"{found.estimate:.3f}", f"{found.interval.low:.3f} to "
         f"{found.interval.high:.3f}", f"{found.i2:.0%}")
        for part, found in pooled.parts.items()
    ]  # fmt: skip
    print_table(("part", "n", "waves", "estimate", "95% interval", "between waves"), rows)
    if pooled.alone:
        click.echo(f"In one wave only: {', '.join(pooled.alone)}.")


def _tell_rechecks(beside: Replicated, language: str) -> None:
    click.echo(f"\n{beside.recheck_sentence(language)}")
    for part, found in beside.rechecks:
        click.echo(f"{part}  {found.sentence(language)}")
