"""A multiverse of columns of a table: every outcome with every focal predictor and every set of covariates."""

from __future__ import annotations

from collections.abc import Sequence

from clustergov.analysis.multiverse.declaration import (
    About,
    Covariate,
    Fork,
    Measure,
    MultiverseSpecification,
    Option,
    Scale,
    SmallestEffect,
)
from clustergov.analysis.multiverse.multiverse_reading import MOST_UNIVERSES
from clustergov.language import LANGUAGES, Text, both
from clustergov.problems import InputError, Problem


def every_subset(
    outcomes: Sequence[str], focals: Sequence[str], covariates: Sequence[str], *, always: Sequence[str] = (),
    groups: str = "", smallest: float = 0.2, scale: Scale = "standardised", level: float = 0.95,
) -> MultiverseSpecification:  # fmt: skip
    """Declare what a person asks of a table without a file; the first of each, with all covariates, counts as preregistered.

    Raises
    ------
    InputError
        Nothing can be chosen, a column stands in two places, or there are more universes than are taken.
    """
    named = [*outcomes, *focals, *covariates, *always]
    if twice := sorted({name for name in named if named.count(name) > 1}):
        raise InputError(Problem("twice", f"{', '.join(twice)} stands in two places.",
                                 "Name a column once: as outcome, focal predictor or covariate."))  # fmt: skip
    forks = [
        *_one_of("outcome", outcomes), *_one_of("focal", focals),
        *(_in_or_out(name) for name in covariates), *([_errors(groups)] if groups else []),
    ]  # fmt: skip
    if not forks:
        raise InputError(Problem("no-choice", "one outcome, one focal predictor and no covariate make one universe.",
                                 "Name covariates, or a second outcome.", place="--covariates"))  # fmt: skip
    count = 1
    for fork in forks:
        count *= len(fork.options)
    if count > MOST_UNIVERSES:
        raise InputError(Problem("too-many-universes", f"this makes {count:,} universes; at most {MOST_UNIVERSES:,} are taken.",
                                 "Put covariates that nobody would leave out in --always.", place="--covariates"))  # fmt: skip
    return MultiverseSpecification(
        title=both("multiverse.subsets.title", outcome=", ".join(outcomes), focal=", ".join(focals)),
        mark="D", level=level, scale=scale,
        smallest_effect=SmallestEffect(value=smallest, reason=both("multiverse.subsets.smallest")),
        outcome=_origin(outcomes[0]) if len(outcomes) == 1 else None,
        focal=_origin(focals[0]) if len(focals) == 1 else None,
        covariates=tuple(Covariate(code=name, label=_name(name), variable=name) for name in (*covariates, *always)),
        always=tuple(always), forks=tuple(forks),
    )  # fmt: skip


def _name(name: str) -> Text:
    return Text(dict.fromkeys(LANGUAGES, name))


def _origin(name: str) -> Measure:
    return Measure(label=_name(name), variable=name)


def _one_of(about: About, columns: Sequence[str]) -> list[Fork]:
    if len(columns) < 2:
        return []
    options = tuple(
        Option(code=name, label=_name(name), preregistered=place == 0, origin=_origin(name))
        for place, name in enumerate(columns)
    )
    return [_fork(about, about, both(f"multiverse.subsets.{about}"), options)]


def _in_or_out(name: str) -> Fork:
    words = {held: both(f"multiverse.subsets.{held}") for held in ("without", "with")}
    options = (
        Option(code="without", label=words["without"]),
        Option(code="with", label=words["with"], preregistered=True, terms=(name,)),
    )
    return _fork(name, "covariates", _name(name), options)


def _errors(groups: str) -> Fork:
    options = (
        Option(code="HC3", label=_name("HC3"), errors="HC3"),
        Option(code="CR2", label=_name(f"CR2 ({groups})"), preregistered=True, errors="CR2", groups=groups),
    )
    return _fork("errors", "covariance", both("multiverse.subsets.errors"), options)


def _fork(code: str, about: About, label: Text, options: tuple[Option, ...]) -> Fork:
    reason = both("multiverse.subsets.reason")
    return Fork(code=code, about=about, label=label, standing="debatable", reason=reason, options=options)
