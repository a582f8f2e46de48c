"""Linear specifications that use the same respondents: thousands of least-squares fits in a few matrix products."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lstsq

from clustergov.analysis.models.design import RANK_TOLERANCE
from clustergov.analysis.multiverse.clustered import clustered

Array = NDArray[np.float64]
Places = NDArray[np.int64]
Ticks = NDArray[np.bool_]
Refusal = Literal["", "too few", "no variance", "outcome constant", "collinear", "leverage", "one group", "exact"]
"""Why a specification has no fit; empty when it has one."""

CELLS = 16_000
"""Numbers of one array of a piece: 128 kB are reused by the allocator, and stay within a processor's cache."""
SUSPECT = 1e-5
"""Part of a unit column outside the others, squared, below which normal equations are not trusted."""


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Specifications on the same rows.

    Attributes
    ----------
    rows : array of int, shape (n,)
        Their places among all respondents, ascending.
    columns : array, shape (n, q)
        Every outcome, focal predictor and covariate that one of them uses; no missing value.
    outcome, focal : array of int, shape (m,)
        Column of each specification.
    covariates : array of bool, shape (m, q)
    groups : array of int, shape (n,)
        Each row's group, from 0.
    clustered : array of bool, shape (m,)
        Errors by CR2 over `groups`; by HC3 otherwise.
    """

    rows: Places
    columns: Array
    outcome: Places
    focal: Places
    covariates: Ticks
    groups: Places
    clustered: Ticks


@dataclass(frozen=True, slots=True, eq=False)
class Fits:
    """The focal coefficient of m specifications; NaN where `refusal` is not empty.

    Attributes
    ----------
    estimate, error, df : array, shape (m,)
        Units of the outcome per unit of the focal predictor; degrees of freedom of t.
    outcome_spread : array, shape (m,)
        Standard deviation of the outcome in the rows.
    refusal : array of str, shape (m,)
    """

    estimate: Array
    error: Array
    df: Array
    outcome_spread: Array
    refusal: NDArray[np.str_]


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Some specifications of a block, and all of them that does not depend on the outcome's order.

    Attributes
    ----------
    places : array of int, shape (m,)
        Which of the block's specifications.
    basis : array, shape (n, q)
        The block's columns, centred and of length 1; centring stands for the constant.
    inverse : array, shape (m, q, q)
        Inverse cross-products of each specification's covariates, 0 elsewhere.
    focal, outcome : array, shape (q, m)
        Weights of `basis` that give focal predictor and outcome, each less what the covariates explain of it.
    length : array, shape (m,)
        Sum of squares of the former.
    residual : array, shape (n, m)
        Focal predictor less what the covariates explain of it.
    scores : array, shape (n, m)
        Weight of each row's residual in the error of the coefficient.
    unit : array, shape (m,)
        Turns a coefficient between columns of `basis` into one between columns.
    df : array, shape (m,)
    refusal : array of str, shape (m,)
    """

    places: Places
    basis: Array
    inverse: Array
    focal: Array
    outcome: Array
    length: Array
    residual: Array
    scores: Array
    unit: Array
    df: Array
    groups: Places
    clustered: Ticks
    refusal: NDArray[np.str_]


def fit(block: Block) -> Fits:
    """Fit every specification by least squares with a constant; errors HC3 or CR2.

    By Frisch–Waugh–Lovell the focal coefficient is that of outcome residuals on focal residuals, both after the
    covariates. Residuals of all specifications are one product of the shared columns with a matrix of weights, and
    leverages one product of the columns' pairwise products with the inverse cross-products.
    """
    return fit_pieces(block, pieces(block))


def fit_pieces(block: Block, prepared: Iterable[Piece]) -> Fits:
    """The same of pieces that stand ready."""
    m = len(block.outcome)
    estimate, error, df = np.full(m, np.nan), np.full(m, np.nan), np.full(m, np.nan)
    refusal = np.full(m, "", dtype="U16")
    for piece in prepared:
        good = piece.refusal == ""
        slope, spread = observed(piece)
        at = piece.places
        # An outcome that is explained without a residual has no error: whatever is left is rounding.
        exact = good & (spread <= 1e-12 * np.maximum(np.abs(slope), 1e-12))
        good &= ~exact
        estimate[at], error[at] = np.where(good, [slope * piece.unit, spread * piece.unit], np.nan)
        df[at] = np.where(good, piece.df, np.nan)
        refusal[at] = np.where(exact, "exact", piece.refusal)
    deviation = block.columns.std(axis=0, ddof=1) if len(block.rows) > 1 else np.zeros(block.columns.shape[1])
    return Fits(estimate, error, df, deviation[block.outcome], refusal)


def observed(piece: Piece) -> tuple[Array, Array]:
    """Slope and error of each specification, in units of `basis`."""
    x, y = piece.residual, piece.basis @ piece.outcome
    slope = np.einsum("ij,ij->j", x, y) / piece.length
    y -= slope * x
    y *= piece.scores
    return slope, np.sqrt(sum_of_squares(y, piece))


def sum_of_squares(scored: Array, piece: Piece) -> Array:
    """Sum over rows, or over groups where errors are clustered, of squared sums; `scored`: (…, n, m)."""
    found: Array = np.einsum("...ij,...ij->...j", scored, scored)
    if piece.clustered.any():
        order = np.argsort(piece.groups, kind="stable")
        starts = np.flatnonzero(np.diff(piece.groups[order], prepend=-1))
        sums = np.add.reduceat(scored[..., order, :][..., piece.clustered], starts, axis=-2)
        found[..., piece.clustered] = np.einsum("...ij,...ij->...j", sums, sums)
    return found


def pieces(block: Block, at_once: int = 0) -> Iterator[Piece]:
    """Prepare the specifications, `at_once` at a time; 0 for as many as are fastest."""
    n = len(block.columns)
    centred = block.columns - block.columns.mean(axis=0) if n else block.columns
    length = np.sqrt(np.einsum("ij,ij->j", centred, centred))
    flat = length <= 1e-12 * np.maximum(np.abs(block.columns).max(axis=0, initial=0) * np.sqrt(max(n, 1)), 1e-300)
    basis = np.where(flat, 0.0, centred / np.where(flat, 1.0, length))
    gram = basis.T @ basis
    np.fill_diagonal(gram, 1.0)
    pairs = _pairs(basis, np.asarray(block.covariates.any(axis=0)))
    at_once = at_once or max(16, CELLS // max(n, 1))
    for start in range(0, len(block.outcome), at_once):
        places = np.arange(start, min(start + at_once, len(block.outcome)))
        yield _piece(block, places, basis, gram, pairs, np.where(flat, 1.0, length), flat)


def _piece(block: Block, places: Places, basis: Array, gram: Array, pairs: _Pairs, length: Array, flat: Ticks) -> Piece:
    n = len(basis)
    chosen, x, y = block.covariates[places], block.focal[places], block.outcome[places]
    parameters = chosen.sum(axis=1) + 2
    inverse = _inverses(gram, chosen)
    focal, outcome = _less(gram, inverse, x), _less(gram, inverse, y)
    refusal = np.full(len(places), "", dtype="U16")
    for fault, where in (
        ("too few", n <= parameters),
        ("outcome constant", flat[y]),
        ("no variance", flat[x] | (chosen & flat).any(axis=1)),
    ):
        refusal[(refusal == "") & where] = fault
    # Normal equations lose as many digits again as the columns do; the residuals give them back.
    focal -= _explained(inverse, basis.T @ (basis @ focal))
    outcome -= _explained(inverse, basis.T @ (basis @ outcome))
    residual = basis @ focal
    rest = np.einsum("ij,ij->j", residual, residual)
    room = _quadratic(pairs, inverse)
    np.subtract(1 - 1 / max(n, 1), room, out=room)
    _mend(basis, chosen, x, y, inverse, focal, outcome, residual, rest, room, refusal)
    scores = residual * residual
    scores /= np.where(rest > 0, rest, 1.0)
    room -= scores
    refusal[(refusal == "") & (room.min(axis=0, initial=1.0) < 1e-10)] = "leverage"
    good = refusal == ""
    room[:, ~good] = 1.0
    np.divide(residual, room, out=scores)
    scores *= np.where(good, 1 / np.where(good, rest, 1.0), 0.0)
    df = (n - parameters).astype(float)
    by_group = block.clustered[places]
    if by_group.any():
        _cluster(block, places, basis, chosen, residual, rest, scores, df, refusal)
    unit = length[y] / length[x]
    return Piece(places, basis, inverse, focal, outcome, np.where(refusal == "", rest, 1.0), residual,
                 scores, unit, df,
                 block.groups, by_group, refusal)  # fmt: skip


def _inverses(gram: Array, chosen: Ticks) -> Array:
    """Inverse of the chosen part of the cross-products, per row of `chosen`; (m, q, q), 0 outside of that part."""
    used = np.flatnonzero(chosen.any(axis=0))
    own, small = chosen[:, used], gram[np.ix_(used, used)]
    both = own[:, :, None] & own[:, None, :]
    # Ones on the rest of the diagonal: every part is then inverted in one batch, whatever its size. A singular part
    # is pushed off by a trifle here and looked at again by `_mend`.
    unit = np.eye(len(used))
    inverted = np.asarray(np.linalg.inv(np.where(both, small, unit) + 1e-13 * unit), dtype=np.float64)
    inverted[~both] = 0.0
    found = np.zeros((len(chosen), len(gram), len(gram)))
    found[:, used[:, None], used] = inverted
    return found


def _less(gram: Array, inverse: Array, column: Places) -> Array:
    """Weights (q, m) that leave of a column what the covariates do not explain."""
    weights = -np.einsum("mqr,mr->qm", inverse, gram[column])
    weights[column, np.arange(len(column))] += 1
    return np.asarray(weights)


def _explained(inverse: Array, products: Array) -> Array:
    found: Array = (inverse @ products.T[:, :, None])[:, :, 0].T
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    """Products of every two columns that are a covariate somewhere; those of unlike columns count twice."""

    first: Places
    second: Places
    products: Array


def _pairs(basis: Array, used: Ticks) -> _Pairs:
    columns = np.flatnonzero(used)
    one, other = np.triu_indices(len(columns))
    first, second = columns[one], columns[other]
    twice = np.where(first == second, 1.0, 2.0)
    return _Pairs(first, second, basis[:, first] * basis[:, second] * twice)


def _quadratic(pairs: _Pairs, inverse: Array) -> Array:
    """Leverage (n, m) of the covariates: b'Gb of every row b under every inverse G."""
    found: Array = pairs.products @ inverse[:, pairs.first, pairs.second].T
    return found


def _mend(
    basis: Array, chosen: Ticks, x: Places, y: Places, inverse: Array, focal: Array, outcome: Array,
    residual: Array, rest: Array, room: Array, refusal: NDArray[np.str_],
) -> None:  # fmt: skip
    """Fit by orthogonal columns, one by one, what normal equations cannot be trusted with; refuse what is dependent."""
    large = np.abs(np.diagonal(inverse, axis1=1, axis2=2)).max(axis=1, initial=0.0)
    for at in np.flatnonzero((refusal == "") & ((rest < SUSPECT) | (large > 1 / SUSPECT))):
        columns = np.flatnonzero(chosen[at])
        Q, R = np.linalg.qr(np.column_stack([basis[:, columns], basis[:, x[at]]]))
        if (np.abs(np.diag(R)) <= RANK_TOLERANCE).any():
            refusal[at] = "collinear"
            continue
        own = Q[:, :-1]
        for weights, column in ((focal, x[at]), (outcome, y[at])):
            weights[:, at] = 0
            weights[column, at] = 1
            if len(columns):
                weights[columns, at] -= lstsq(basis[:, columns], basis[:, column])[0]
        residual[:, at] = Q[:, -1] * R[-1, -1]
        rest[at] = R[-1, -1] ** 2
        room[:, at] = 1 - 1 / len(basis) - (own**2).sum(axis=1)
        inverse[np.ix_([at], columns, columns)] = np.linalg.inv(R[:-1, :-1]) @ np.linalg.inv(R[:-1, :-1]).T


def _cluster(
    block: Block, places: Places, basis: Array, chosen: Ticks, residual: Array, rest: Array, scores: Array, df: Array,
    refusal: NDArray[np.str_],
) -> None:  # fmt: skip
    """Put CR2's scores and Satterthwaite's degrees of freedom in place of HC3's."""
    mended = np.isin(refusal, ("", "leverage")) & block.clustered[places]
    if len(np.unique(block.groups)) < 2:
        refusal[mended] = "one group"
        return
    # CR2 bears a row that the model follows exactly: the direction that it alone determines stays out.
    refusal[mended] = ""
    counts = chosen.sum(axis=1)
    for count in np.unique(counts[mended]):
        own = np.flatnonzero(mended & (counts == count))
        held = np.nonzero(chosen[own])[1].reshape(len(own), count)
        columns = np.concatenate(
            [np.ones((len(own), len(basis), 1)), basis[:, held].transpose(1, 0, 2), residual[:, own].T[:, :, None]], axis=2
        )  # fmt: skip
        direction = (residual[:, own] / rest[own]).T
        turned, df[own] = clustered(columns, direction, block.groups)
        scores[:, own] = turned.T
