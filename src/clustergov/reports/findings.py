"""Everything that a report may tell: the results of one run, before a word is said about them."""

from __future__ import annotations

from dataclasses import dataclass

from clustergov.analysis.claims.assessment import Assessment
from clustergov.analysis.claims.claim import Claims
from clustergov.analysis.claims.rehearsal import Rehearsal
from clustergov.analysis.claims.replicated import Replicated
from clustergov.analysis.claims.verdicts import DecisionTable
from clustergov.analysis.description.funding import Funding
from clustergov.analysis.description.overview import Overview
from clustergov.analysis.missing.imputed_drivers import ImputedDrivers
from clustergov.analysis.models.drivers import Drivers
from clustergov.analysis.multiverse.result import Multiverse
from clustergov.analysis.planning.plan_deviations import PlanDeviations
from clustergov.analysis.scales.measurement import Measurement
from clustergov.analysis.scales.reliability import NotComputed, Reliability
from clustergov.analysis.scales.structure import NotExplored, Structure
from clustergov.analysis.sweet_spot.sweet_spot import SweetSpot
from clustergov.casestudies.agreement.agreement import Agreement
from clustergov.casestudies.corpus import Corpus
from clustergov.casestudies.matrix import CaseMatrix
from clustergov.casestudies.qca.respondents import DeclaredQca
from clustergov.language import Text
from clustergov.reports.joint.cases_and_model import CasesAndModel
from clustergov.reports.joint.display import JointDisplay
from clustergov.survey.frame.comparison import Comparison
from clustergov.survey.frame.outcome import Outcome
from clustergov.survey.responses import Responses


@dataclass(frozen=True)
class Fielded:
    """What became of the sampling frame: outcome rates, and respondents held against it on each of its variables.

    `left_out` names variables with too many categories to compare.
    """

    outcome: Outcome
    comparisons: tuple[Comparison, ...]
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class Claimed:
    """The claims and what became of them.

    Attributes
    ----------
    beside : Replicated
        What stands beside the verdicts: criteria of replication, published figures recomputed, deviations.
    rehearsal : Rehearsal or None
        For synthetic responses: every verdict beside the planted truth.
    """

    claims: Claims
    decisions: DecisionTable
    assessments: tuple[Assessment, ...]
    beside: Replicated
    rehearsal: Rehearsal | None


@dataclass(frozen=True)
class Cases:
    """The cases.

    Attributes
    ----------
    joint : JointDisplay or None
        How they meet the claims; None when the study declares no joint display.
    model : CasesAndModel, Text or None
        How they stand under the model of drivers; a text says why it cannot be fitted, None that no case was chosen by it.
    """

    corpus: Corpus
    matrix: CaseMatrix
    agreement: Agreement
    joint: JointDisplay | None
    model: CasesAndModel | Text | None


@dataclass(frozen=True)
class Findings:
    """One run's results. A part that the study leaves out is None, and its chapter says so.

    Attributes
    ----------
    title, subtitle : Text
    author, date : str
    introduction, limits : tuple of Text
        Wording that a person edited in ``reports/report.yml``.
    seed : int
    minimum : int or None
        Smallest count shown; None for synthetic responses, where there is nobody to protect.
    fielded : Fielded or None
        None where the study declares no frame.
    multiverse : Multiverse, Text or None
        A text says why it cannot be fitted to these responses.
    """

    title: Text
    subtitle: Text | None
    author: str
    date: str
    introduction: tuple[Text, ...]
    limits: tuple[Text, ...]
    seed: int
    minimum: int | None
    responses: Responses
    overview: Overview
    reliability: tuple[Reliability | NotComputed, ...]
    funding: Funding | None
    claimed: Claimed | None
    drivers: Drivers | None
    cases: Cases | None
    fielded: Fielded | None = None
    structures: tuple[Structure | NotExplored, ...] = ()
    measurement: Measurement | None = None
    imputed: ImputedDrivers | None = None
    sweet_spot: SweetSpot | None = None
    multiverse: Multiverse | Text | None = None
    qca: DeclaredQca | None = None
    preregistered: PlanDeviations | None = None
