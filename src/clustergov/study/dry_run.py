"""A whole study before its fieldwork: drawn many times from its simulation, to see what it can find and what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clustergov.analysis.planning.rate import Rate, distribution
from clustergov.study.analyse import LARGE_DRAW
from clustergov.study.plan import Plan
from clustergov.study.replication import DriverRow, Replication, driver_rows, replicate
from clustergov.study.uses import Use, uses

if TYPE_CHECKING:
    from clustergov.analysis.claims.rehearsal import Origin, Outcome
    from clustergov.survey.responses import Responses
    from clustergov.survey.synthetic.truth import Truth

REPLICATIONS = 200
LOOKED_AT = 10
"""Draws of each size in which the tables are held against the rules for real respondents."""

ALPHA = 0.05
"""Adjusted p below which a driver counts as found; and, in the large draw, as planted."""

Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class PartPower:
    """One part of a claim at one n.

    Attributes
    ----------
    planted : float or None
        On the scale of the part's measure, log odds for odds ratios; None where nothing is known to be planted.
    outcomes : mapping of outcome to share of draws
    found : Rate or None
        Draws in which the verdict says something true of the planted number; None without one.
    n : float
        Mean number of respondents used.
    """

    part: str
    asserted: bool
    planted: float | None
    origin: Origin
    outcomes: Mapping[Outcome, float]
    found: Rate | None
    n: float


@dataclass(frozen=True, slots=True)
class ClaimPower:
    """One claim at one n.

    Attributes
    ----------
    found : Rate or None
        Draws in which every asserted part is found.
    wrong : Rate
        Draws in which one of them at least says something that is not true of what was planted.
    verdicts : mapping of verdict to share of draws
    """

    claim: str
    found: Rate | None
    wrong: Rate
    verdicts: Mapping[str, float]
    parts: tuple[PartPower, ...]


@dataclass(frozen=True, slots=True)
class DriverPower:
    """One coefficient at one n.

    Attributes
    ----------
    planted : float
        The same coefficient on a large draw, log odds ratio or linear; 0 where that is not told apart from none.
    found : Rate
        Draws in which it is told apart from none with the planted sign; where none is planted, with any sign: false
        alarms.
    failed : float
        Share of draws in which the model could not be fitted.
    """

    model: str
    outcome: str
    term: str
    planted: float
    found: Rate
    failed: float


@dataclass(frozen=True, slots=True)
class AtSize:
    """Everything at one number of respondents.

    Attributes
    ----------
    n : int
    submitted : float
        Mean.
    claims : tuple of ClaimPower
    drivers : tuple of DriverPower
    used : mapping of model to mean number of respondents
    tables, chapters : mapping of name to (mapping of what is left to share of draws)
    """

    n: int
    submitted: float
    claims: tuple[ClaimPower, ...]
    drivers: tuple[DriverPower, ...]
    used: Mapping[str, float]
    tables: Mapping[str, Mapping[str, float]]
    chapters: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class DryRun:
    """A study's dry run.

    Attributes
    ----------
    simulation : str
        Name of the model that was drawn from.
    seed, replications : int
        Draw k of size n has the seed sequence (seed, n, k).
    sizes : tuple of AtSize
    uses : tuple of Use
    unasked : tuple of str
        Parts of claims for which nobody gave a usable answer in any draw.
    """

    simulation: str
    seed: int
    replications: int
    sizes: tuple[AtSize, ...]
    uses: tuple[Use, ...]
    unasked: tuple[str, ...]

    @property
    def unused(self) -> tuple[Use, ...]:
        """Questions and constructs that no claim, driver, indicator, construct or routing looks at."""
        return tuple(use for use in self.uses if not use.by)


@dataclass(frozen=True)
class Population:
    """What the draws are held against: the planted number of each part, and the drivers on a large draw."""

    parts: Mapping[str, tuple[float | None, Origin]]
    drivers: tuple[DriverRow, ...]


def dry_run(
    plan: Plan, *, replications: int = REPLICATIONS, sizes: Sequence[int] = (), jobs: int = 1, tell: Tell | None = None
) -> DryRun:
    """Draw and analyse a study `replications` times at each of `sizes` (by default its simulation's n).

    Parameters
    ----------
    jobs : int
        Processes; the result does not depend on it.
    tell : callable
        Told (what, done, of how many) as the draws come in.
    """
    if plan.simulation is None:
        raise ValueError("a dry run needs a simulation")
    wanted = tuple(sizes) or (plan.simulation.n,)
    told = tell or (lambda stage, done, total: None)
    total = len(wanted) * replications
    told("what is planted", 0, total)
    against = population(plan)
    tasks = [(n, k) for n in wanted for k in range(replications)]
    drawn: dict[int, list[Replication]] = {n: [] for n in wanted}
    for done, ((n, _), found) in enumerate(zip(tasks, _replications(plan, tasks, jobs), strict=True), start=1):
        drawn[n].append(found)
        told(f"n = {n}", done, total)
    sizes_found = tuple(_at(plan, n, drawn[n], against) for n in wanted)
    return DryRun(
        plan.simulation.declared.simulation, plan.study.seed, replications, sizes_found, uses(plan),
        _unasked([replication for found in drawn.values() for replication in found]),
    )  # fmt: skip


def population(plan: Plan) -> Population:
    """Find what is planted, on a large draw of respondents who read and leave nothing open where a sketch allows it."""
    from clustergov.analysis.claims.rehearsal import planted_number
    from clustergov.analysis.models.drivers import drivers_of_performance

    large, truth = _large(plan)
    parts = {}
    for claim in plan.declared.claims.claims if plan.declared.claims else ():
        for part in claim.parts:
            assert plan.declared.claims is not None
            parts[part.id] = planted_number(part, plan.declared.claims, truth, large)
    drivers = driver_rows(drivers_of_performance(plan.declared.drivers, large).frame()) if plan.declared.drivers else ()
    return Population(parts, drivers)


def _large(plan: Plan) -> tuple[Responses, Truth]:
    from clustergov.survey.synthetic.simulation import Sketch, simulate

    model = plan.simulation.attentive() if isinstance(plan.simulation, Sketch) else plan.simulation
    if model is None:
        raise ValueError("a dry run needs a simulation")
    seed = np.random.SeedSequence(plan.study.seed).spawn(2)[1]
    drawn = simulate(model, plan.questionnaire, n=LARGE_DRAW, rng=np.random.default_rng(seed))
    return drawn.responses, drawn.truth


_plan: Plan | None = None
"""In a process of the pool: the plan that it was started with."""


def _begin(plan: Plan) -> None:
    global _plan
    _plan = plan


def _one(task: tuple[int, int]) -> Replication:
    assert _plan is not None
    n, k = task
    return replicate(_plan, n, (_plan.study.seed, n, k), tables=k < LOOKED_AT)


def _replications(plan: Plan, tasks: Sequence[tuple[int, int]], jobs: int) -> Iterator[Replication]:
    if jobs == 1:
        _begin(plan)
        yield from map(_one, tasks)
        return
    with ProcessPoolExecutor(jobs, initializer=_begin, initargs=(plan,)) as pool:
        try:
            yield from pool.map(_one, tasks, chunksize=2)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _at(plan: Plan, n: int, drawn: Sequence[Replication], against: Population) -> AtSize:
    looked_at = [replication for replication in drawn if replication.tables or replication.chapters]
    return AtSize(
        n,
        _mean(replication.submitted for replication in drawn),
        tuple(_claims(plan, drawn, against)),
        tuple(_drivers(drawn, against)),
        {model: _mean(replication.used[model] for replication in drawn) for model in drawn[0].used},
        _left([replication.tables for replication in looked_at]),
        _left([replication.chapters for replication in looked_at]),
    )


def _mean(numbers: Iterable[float]) -> float:
    return float(np.mean(list(numbers)))


def _left(found: Sequence[Mapping[str, str]]) -> dict[str, dict[str, float]]:
    names = dict.fromkeys(name for each in found for name in each)
    return {name: distribution([each.get(name, "empty") for each in found]) for name in names}


def _claims(plan: Plan, drawn: Sequence[Replication], against: Population) -> Iterator[ClaimPower]:
    from clustergov.analysis.claims.rehearsal import outcome_of

    if plan.declared.claims is None or plan.declared.decisions is None:
        return
    for claim in plan.declared.claims.claims:
        parts = []
        outcomes: dict[str, list[Outcome]] = {}
        for part in claim.parts:
            planted, origin = against.parts[part.id]
            found = [outcome_of(each.parts[part.id][0], part, plan.declared.decisions, planted) for each in drawn]
            rate = None if planted is None else Rate.of(outcome == "recovered" for outcome in found)
            n = _mean(each.parts[part.id][1] for each in drawn)
            parts.append(PartPower(part.id, part.asserted, planted, origin, distribution(found), rate, n))  # type: ignore[arg-type]  # the outcomes themselves
            if part.asserted:
                outcomes[part.id] = found
        draws = list(zip(*outcomes.values(), strict=True))
        known = all(part.found is not None for part in parts if part.asserted)
        yield ClaimPower(
            claim.id,
            Rate.of(all(outcome == "recovered" for outcome in draw) for draw in draws) if known else None,
            Rate.of("wrong" in draw for draw in draws),
            distribution([each.verdicts[claim.id] for each in drawn]),
            tuple(parts),
        )


def _drivers(drawn: Sequence[Replication], against: Population) -> Iterator[DriverPower]:
    for place, row in enumerate(against.drivers):
        planted = row.estimate if not row.failure and row.p_adjusted < ALPHA else 0.0
        found = [each.drivers[place] for each in drawn]
        yield DriverPower(
            row.model, row.outcome, row.term, planted,
            Rate.of(
                each.p_adjusted < ALPHA and (not planted or (each.estimate > 0) == (planted > 0)) for each in found
            ),
            _mean(bool(each.failure) for each in found),
        )  # fmt: skip


def _unasked(drawn: Sequence[Replication]) -> tuple[str, ...]:
    return tuple(part for part in drawn[0].parts if all(each.parts[part][1] == 0 for each in drawn))
