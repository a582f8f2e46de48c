"""From a checked plan to findings: simulated answers are drawn, then everything that the study declares is computed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clustergov.analysis.models.design import FitError
from clustergov.language import LANGUAGES, Text
from clustergov.problems import InputError
from clustergov.study.plan import Plan

if TYPE_CHECKING:
    from clustergov.analysis.description.funding import Funding
    from clustergov.analysis.models.drivers import Drivers
    from clustergov.analysis.multiverse.result import Multiverse
    from clustergov.analysis.sweet_spot.sweet_spot import SweetSpot
    from clustergov.casestudies.qca.respondents import DeclaredQca
    from clustergov.reports.findings import Cases, Claimed, Fielded, Findings
    from clustergov.survey.responses import Responses
    from clustergov.survey.synthetic.truth import Truth

MINIMUM = 5
"""Smallest count of real respondents that a report or a results file shows."""

LARGE_DRAW = 20_000
"""Size of the draw that stands for the population where the planted truth has no closed form (odds ratios, orders)."""


@dataclass(frozen=True)
class Drawn:
    """Simulated responses, what was planted in them, and a large draw of the same model."""

    responses: Responses
    truth: Truth
    large: Responses


def draw(plan: Plan) -> Drawn | None:
    """Draw the responses of a study that has a simulation in place of a file; None for the others."""
    if plan.simulation is None:
        return None
    from clustergov.survey.synthetic.simulation import Sketch, simulate

    seeds = np.random.SeedSequence(plan.study.seed).spawn(2)
    small = simulate(plan.simulation, plan.questionnaire, n=None, rng=np.random.default_rng(seeds[0]))
    # What was planted is what careful respondents say who leave nothing open.
    population = plan.simulation.attentive() if isinstance(plan.simulation, Sketch) else plan.simulation
    large = simulate(population, plan.questionnaire, n=LARGE_DRAW, rng=np.random.default_rng(seeds[1]))
    return Drawn(small.responses, small.truth, large.responses)


def analyse(
    plan: Plan, responses: Responses, drawn: Drawn | None = None, *, stage: Callable[[str], None] = lambda name: None
) -> Findings:
    """Compute everything that the study declares; `stage` is called with the name of each stage before it begins."""
    from clustergov.analysis.description.overview import overview
    from clustergov.analysis.missing.imputed_drivers import impute_drivers
    from clustergov.analysis.models.drivers import drivers_of_performance
    from clustergov.analysis.scales.consistency import with_omega
    from clustergov.analysis.scales.measurement import measurement
    from clustergov.analysis.scales.reliability import reliability_of_arrays, reliability_of_constructs
    from clustergov.analysis.scales.structure import structures_of_constructs
    from clustergov.reports.findings import Findings

    minimum = None if responses.synthetic else MINIMUM
    stage("analyse")
    described = overview(responses, minimum=minimum)
    scales = (*reliability_of_constructs(responses), *reliability_of_arrays(responses))
    reliability = with_omega(scales, responses, seed=plan.study.seed)
    structures = structures_of_constructs(responses, seed=plan.study.seed)
    measured = None if plan.declared.measurement is None else measurement(plan.declared.measurement, responses)
    shares = funding_of(plan, responses, minimum)
    stage("claims")
    claimed = _claimed(plan, responses, drawn)
    stage("drivers")
    drivers = (
        drivers_of_performance(plan.declared.drivers, responses, minimum=minimum, beside=True)
        if plan.declared.drivers
        else None
    )
    imputed = None
    if drivers is not None and plan.declared.missing is not None:
        stage("missing")
        imputed = impute_drivers(plan.declared.missing, drivers, responses, seed=plan.study.seed)
    stage("robustness")
    spot = _sweet_spot(plan, responses, minimum)
    universes = _multiverse(plan, responses)
    stage("cases")
    found = _qca(plan, responses, minimum)
    cases = _cases(plan, responses, claimed, drivers, found, minimum)
    return Findings(
        title=plan.study.title,
        subtitle=plan.wording.subtitle,
        author=plan.wording.author,
        date=plan.study.date,
        introduction=plan.wording.introduction,
        limits=plan.wording.limits,
        seed=plan.study.seed,
        minimum=minimum,
        responses=responses,
        overview=described,
        reliability=reliability,
        funding=shares,
        claimed=claimed,
        drivers=drivers,
        cases=cases,
        fielded=_fielded(plan, responses, minimum),
        structures=structures,
        measurement=measured,
        imputed=imputed,
        sweet_spot=spot,
        multiverse=universes,
        qca=found,
        preregistered=plan.preregistered,
    )


def _multiverse(plan: Plan, responses: Responses) -> Multiverse | Text | None:
    """One that cannot be fitted to these responses is told with the reason; the rest of the report stands."""
    from clustergov.analysis.multiverse.multiverse import NoUniverseError, multiverse

    if plan.declared.multiverse is None:
        return None
    try:
        return multiverse(plan.declared.multiverse, responses, seed=plan.study.seed)
    except (FitError, NoUniverseError) as failure:
        return failure.reason
    except InputError as failure:
        return Text(dict.fromkeys(LANGUAGES, str(failure)))


def _sweet_spot(plan: Plan, responses: Responses, minimum: int | None) -> SweetSpot | None:
    from clustergov.analysis.sweet_spot.sweet_spot import sweet_spot

    if plan.declared.sweet_spot is None:
        return None
    return sweet_spot(
        plan.declared.sweet_spot, responses, reference_year=_reference_year(plan), seed=plan.study.seed, minimum=minimum
    )


def _reference_year(plan: Plan) -> int:
    """The year from which ages are counted."""
    return plan.study.fieldwork or int(plan.study.date[:4])


def _fielded(plan: Plan, responses: Responses, minimum: int | None) -> Fielded | None:
    from clustergov.reports.findings import Fielded
    from clustergov.survey.frame.comparison import compare, left_out

    if plan.frame is None or plan.outcome is None:
        return None
    if not plan.outcome.linked:
        return Fielded(plan.outcome, ())
    weights = responses.design.weights if responses.design else None
    compared = compare(responses.frame.index, plan.frame, weights=weights, minimum=minimum, seed=plan.study.seed)
    return Fielded(plan.outcome, compared, left_out(plan.frame))


def funding_of(plan: Plan, responses: Responses, minimum: int | None) -> Funding | None:
    """Only a questionnaire with our funding question has a funding composition."""
    from clustergov.analysis.description.funding import PUBLIC_SOURCES, funding_composition

    needed = {"year", *(f"funding_{source}" for source in PUBLIC_SOURCES)}
    if not needed <= set(plan.questionnaire.by_name):
        return None
    return funding_composition(responses, reference_year=_reference_year(plan), minimum=minimum)


def _claimed(plan: Plan, responses: Responses, drawn: Drawn | None) -> Claimed | None:
    from clustergov.analysis.claims.assessment import assess
    from clustergov.analysis.claims.rehearsal import rehearse
    from clustergov.analysis.claims.replicated import replicated
    from clustergov.reports.findings import Claimed

    if plan.declared.claims is None or plan.declared.decisions is None:
        return None
    assessments = assess(plan.declared.claims, plan.declared.decisions, responses)
    rehearsal = (
        rehearse(plan.declared.claims, plan.declared.decisions, assessments, drawn.truth, large=drawn.large)
        if drawn
        else None
    )
    beside = replicated(plan.declared.claims, plan.declared.decisions, assessments)
    return Claimed(plan.declared.claims, plan.declared.decisions, assessments, beside, rehearsal)


def _qca(plan: Plan, responses: Responses, minimum: int | None) -> DeclaredQca | None:
    from clustergov.casestudies.qca.respondents import declared_qca

    return None if plan.declared.qca is None else declared_qca(plan.declared.qca, responses, minimum=minimum)


def _cases(
    plan: Plan,
    responses: Responses,
    claimed: Claimed | None,
    drivers: Drivers | None,
    found: DeclaredQca | None,
    minimum: int | None,
) -> Cases | None:
    from clustergov.casestudies.agreement.comparison import agreement
    from clustergov.casestudies.matrix import case_matrix
    from clustergov.reports.findings import Cases
    from clustergov.reports.joint.inputs import joint_findings

    if plan.corpus is None or plan.agreement is None:
        return None
    joint = model = None
    if plan.joint is not None and plan.joint_inputs is not None and claimed is not None:
        joint, model = joint_findings(
            plan.joint_inputs, plan.corpus, plan.joint, claimed.assessments, responses,
            drivers=drivers, specification=plan.declared.drivers, minimum=minimum, qca=found,
        )  # fmt: skip
    return Cases(plan.corpus, case_matrix(plan.corpus), agreement(plan.corpus, plan.agreement), joint, model)
