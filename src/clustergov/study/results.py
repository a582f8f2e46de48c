"""What a run found, as plain data: the content of results.json."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import clustergov
from clustergov.analysis.models.driver_probabilities import effects, odds
from clustergov.language import Text
from clustergov.study.plain import plain

if TYPE_CHECKING:
    from clustergov.analysis.models.drivers import Drivers
    from clustergov.analysis.multiverse.result import Multiverse
    from clustergov.reports.findings import Cases, Findings


def results(findings: Findings) -> Iterator[tuple[str, Any]]:
    """Every result as plain data. Answers of single respondents are not among them."""
    yield "clustergov", clustergov.__version__
    yield "synthetic", findings.responses.synthetic
    yield "n", findings.responses.n
    if findings.responses.design is not None:
        yield "design", dict(_design(findings))
    plan = findings.preregistered
    yield "plan", None if plan is None else {"kept": plan.kept, "hash": plan.hash, "deviations": plain(plan.frame())}
    yield "overview", plain(findings.overview.frame())
    yield "reliability", plain(findings.reliability)
    yield "structures", plain(findings.structures)
    yield "measurement", None if findings.measurement is None else plain(findings.measurement.frame())
    yield "funding", plain(findings.funding)
    claimed = findings.claimed
    yield "claims", None if claimed is None else plain(claimed.assessments)
    yield "replication", None if claimed is None else plain(claimed.beside)
    yield "rehearsal", None if claimed is None else plain(claimed.rehearsal)
    drivers = findings.drivers
    yield "drivers", None if drivers is None else dict(_drivers(drivers))
    yield "missing", None if findings.imputed is None else plain(findings.imputed.frame())
    spot = findings.sweet_spot
    mean = None if spot is None or spot.mean_share is None else spot.mean_share.frame()
    yield "sweet spot", None if spot is None else {"test": plain(spot.frame()), "mean share": plain(mean)}
    yield "multiverse", _universes(findings.multiverse)
    if findings.qca is not None:
        from clustergov.casestudies.qca.shown import frames

        yield from ((name, plain(frame)) for name, frame in frames(findings.qca).items())
    if findings.cases is not None:
        yield from _cases(findings.cases)


def _cases(found: Cases) -> Iterator[tuple[str, Any]]:
    """The matrix, agreement of coders, and how the cases meet claims and model."""
    yield "case matrix", plain(found.matrix)
    yield "agreement", {"what": plain(found.agreement.frame()), "where": plain(found.agreement.where_frame())}
    if found.joint is not None:
        yield "joint display", plain(found.joint.frame())
        yield "joint passages", plain(found.joint.passages())
        yield "joint estimates", plain(found.joint.estimates())
    if found.model is None or isinstance(found.model, Text):
        yield "cases under the model", plain(found.model)
        return
    yield "case selection", plain(found.model.frame())
    yield "case profiles", plain(found.model.profiles())
    yield "case predictions", plain(found.model.predictions())
    yield "omitted drivers", plain(found.model.omitted())
    yield "necessity", plain(found.model.necessity())
    sides = found.model.sides
    yield "paths", plain(sides if sides is None or isinstance(sides, Text) else sides.frame())


def _drivers(found: Drivers) -> Iterator[tuple[str, Any]]:
    """Estimates, who is lost, changes in probability, and tests of proportional odds."""
    yield "estimates", plain(found.frame())
    yield "flow", plain(found.flow())
    yield "effects", plain(effects(found))
    yield "proportional odds", plain(odds(found))


def _universes(found: Multiverse | Text | None) -> Any:
    """Every universe; the reason, where none could be fitted."""
    if found is None or isinstance(found, Text):
        return plain(found)
    return {"universes": plain(found.frame()), "influence": plain(found.influence()), "curves": plain(found.curves)}


def _design(findings: Findings) -> Iterator[tuple[str, Any]]:
    """The population and what became of it, without anybody's weight or stratum."""
    from clustergov.survey.frame.weighting import kish

    design = findings.responses.design
    if design is None:
        return
    yield "population", design.population
    yield "strata", len(design.populations) or 1
    yield "design effect", 1.0 if design.weights is None else kish(design.weights)
    if findings.fielded is not None:
        yield "outcome", plain(findings.fielded.outcome.frame())
        yield "comparison", [plain(found) for found in findings.fielded.comparisons]
