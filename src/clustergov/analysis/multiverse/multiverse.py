"""One question under every defensible choice: all universes fitted, their curves tested, each fork's part measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from clustergov.analysis.multiverse.curve import REGIONS, Curve, region
from clustergov.analysis.multiverse.declaration import MultiverseSpecification
from clustergov.analysis.multiverse.duplicates import same_as
from clustergov.analysis.multiverse.fitting import Fitted, draws, fitted, permuted_statistics
from clustergov.analysis.multiverse.influence import shares
from clustergov.analysis.multiverse.joint import Joint, joint, statistics
from clustergov.analysis.multiverse.multiverse_reading import read_multiverse
from clustergov.analysis.multiverse.ordinal_universes import with_ordinal
from clustergov.analysis.multiverse.result import Multiverse
from clustergov.analysis.multiverse.sampling import Sampled, sampled
from clustergov.analysis.multiverse.source import Source, of_responses
from clustergov.analysis.multiverse.universes import LOG_ODDS, Universes, universes_of
from clustergov.language import LANGUAGES, Text, both, say
from clustergov.problems import InputError, Problem
from clustergov.spread import Spread, spread
from clustergov.survey.responses import Responses

__all__ = ["Multiverse", "multiverse", "multiverse_of", "read_multiverse"]

Array = NDArray[np.float64]
Places = NDArray[np.int64]

SEED = 20_260_101
HERE = Spread()


class NoUniverseError(InputError):
    """Not one universe could be fitted; `reason` says why, in Dutch and English."""

    reason: Text


def multiverse(
    specification: MultiverseSpecification, responses: Responses, *, permutations: int = 500, seed: int = SEED,
    how: Spread = HERE,
) -> Multiverse:  # fmt: skip
    """Fit every universe of a declaration on responses, and test its curves by permutation.

    Parameters
    ----------
    permutations : int
        Of all respondents; 0 for none: the curves are then described and not tested.
    seed : int
        Of permutations and imputations.
    how : Spread
        Where the permutations are done.

    Raises
    ------
    InputError
        A negative number of permutations, no universe that can be fitted (with the reasons), or what `how` refuses.
    FitError
        Infinite values.
    """
    source = of_responses(specification, responses)
    found = multiverse_of(specification, source, permutations=permutations, seed=seed, how=how)
    return replace(found, synthetic=responses.synthetic)


def multiverse_of(
    specification: MultiverseSpecification, source: Source, *, permutations: int = 500, seed: int = SEED,
    how: Spread = HERE,
) -> Multiverse:  # fmt: skip
    """The same on numbers of any origin; see `multiverse`."""
    if permutations < 0:
        raise InputError(Problem("permutations", f"expected 0 or more permutations, found {permutations}.",
                                 "Take 1000; 0 only describes the curve."))  # fmt: skip
    universes = universes_of(specification, source)
    completed = _completed(specification, universes, source, seed)
    sample = sampled(universes, source, completed)
    fits = fitted(sample, standardised=specification.scale == "standardised")
    fits = with_ordinal(fits, universes, sample, [source, *completed], how)
    bare = (fits.refusal == "") & ~np.isfinite(fits.estimate)
    fits = replace(fits, refusal=np.select([sample.unscored, bare], ["no factor", "too few"], fits.refusal))
    return _Gathering(specification, universes, sample, fits).multiverse(permutations, seed, how)


def _completed(
    specification: MultiverseSpecification, universes: Universes, source: Source, seed: int
) -> Sequence[Source]:
    if not (universes.rule == "impute").any():
        return ()
    from clustergov.analysis.missing.chains import impute

    # A question that nobody answered is known of nobody: its universes have no respondents, and say so.
    known = source.numbers.columns[source.numbers.notna().any()]
    completed = impute(source.numbers[known], m=specification.imputations, seed=seed, blank=source.blank[known])
    return [source.completed(frame.reindex(columns=source.numbers.columns)) for frame in completed.frames()]


class _Gathering:
    """From fits to what they show."""

    def __init__(
        self, specification: MultiverseSpecification, universes: Universes, sample: Sampled, fits: Fitted
    ) -> None:
        self.specification, self.universes, self.sample, self.fits = specification, universes, sample, fits
        forks = specification.forks
        self.preregistered = int(
            np.ravel_multi_index([fork.preregistered for fork in forks], [len(fork.options) for fork in forks])
        )
        self._refuse_nothing()
        reach = stdtrit(fits.df, 0.5 + specification.level / 2) * fits.error
        self.low, self.high = fits.estimate - reach, fits.estimate + reach
        lying = region(self.low, self.high, specification.smallest_effect.value)
        self.region = np.where(fits.refusal == "", lying, "")
        self.same = same_as(fits.estimate, fits.error, sample.n, universes.options, self.preregistered)
        self.wrong = self._wrong()

    def _refuse_nothing(self) -> None:
        if np.isfinite(self.fits.estimate).any():
            return
        reasons, counts = np.unique(self.fits.refusal, return_counts=True)
        told = Text({
            language: "; ".join(
                f"{count} × {say(f'multiverse.refusal.{reason}', language)}"
                for reason, count in zip(reasons, counts, strict=True)
            )
            for language in LANGUAGES
        })  # fmt: skip
        failure = NoUniverseError(Problem("no-universe", f"no universe can be fitted: {told['en']}.",
                                     "Correct the data, or the forks."))  # fmt: skip
        failure.reason = both("multiverse.none", reasons=told)
        raise failure

    def _wrong(self) -> NDArray[np.bool_]:
        found = np.zeros(len(self.universes.options), dtype=bool)
        for place, fork in enumerate(self.specification.forks):
            bad = np.array([fork.standing_of(option) == "wrong in hindsight" for option in fork.options])
            found |= bad[self.universes.options[:, place]]
        return found

    def multiverse(self, permutations: int, seed: int, how: Spread) -> Multiverse:
        fits, own = self.fits, self.universes.unit[self.preregistered]
        units = sorted(set(self.universes.unit), key=lambda unit: (unit != own, unit))
        members = [np.flatnonzero((fits.refusal == "") & (self.universes.unit == unit)) for unit in units]
        counted = [self._counted(member) for member in members]
        tests = self._tests(units, counted, permutations, seed, how)
        curves = tuple(
            self._curve(str(unit), member, once, test)
            for unit, member, once, test in zip(units, members, counted, tests, strict=True)
            if len(once)
        )
        with np.errstate(divide="ignore"):
            p = 2 * stdtr(fits.df, -np.abs(fits.estimate / fits.error))
        return Multiverse(
            self.specification, self.universes.options, fits.estimate, fits.error, fits.df, self.low, self.high, p,
            self.sample.n, self.universes.parameters, self.universes.unit, fits.refusal, self.same, self.wrong,
            self.region, self.preregistered, curves, self.sample.total, False, seed,
        )  # fmt: skip

    def _counted(self, members: Places) -> Places:
        """One universe of each set that says the same, among those that are not wrong in hindsight."""
        good = members[~self.wrong[members]]
        kept: Places = good[np.unique(self.same[good], return_index=True)[1]]
        return kept

    def _tests(
        self, units: Sequence[str], counted: Sequence[Places], permutations: int, seed: int, how: Spread
    ) -> list[Joint | None]:
        found: list[Joint | None] = [None] * len(units)
        tested = [place for place, unit in enumerate(units) if unit != LOG_ODDS and len(counted[place])]
        if not permutations or not tested:
            return found
        level, standardised = self.specification.level, self.specification.scale == "standardised"
        curves = tuple(counted[place] for place in tested)
        work = partial(permuted_statistics, self.sample.only(np.concatenate(curves)), curves, standardised, level)
        parts = spread(work, draws(permutations, seed), how)
        for number, place in enumerate(tested):
            own, fits = counted[place], self.fits
            observed = statistics(fits.estimate[own], fits.error[own], fits.df[own], level=level)
            found[place] = joint(observed, np.concatenate([part[number] for part in parts]), len(own))
        return found

    def _curve(self, unit: str, members: Places, counted: Places, test: Joint | None) -> Curve:
        estimates = self.fits.estimate[counted]
        lying, count = np.unique(self.region[counted], return_counts=True)
        share = dict(zip(lying.tolist(), (count / len(counted)).tolist(), strict=True))
        good = members[~self.wrong[members]]
        options = self.universes.options[good]
        codes = [fork.code for fork in self.specification.forks]
        used = np.flatnonzero(options.max(axis=0) > options.min(axis=0))
        alone, whole = shares(self.fits.estimate[good], options[:, used])
        return Curve(
            unit, members, counted, float(np.median(estimates)), float(estimates.min()), float(estimates.max()),
            {name: share.get(name, 0.0) for name in REGIONS}, test,
            {codes[fork]: float(part) for fork, part in zip(used, alone, strict=True)},
            {codes[fork]: float(part) for fork, part in zip(used, whole, strict=True)},
        )  # fmt: skip
