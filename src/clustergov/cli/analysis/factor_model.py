"""``clustergov analysis factors --model FILE``: a confirmatory factor model in lavaan's syntax."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clustergov.cli.analysis.factor_tables import show_invariance, show_marker, show_model
from clustergov.cli.analysis.inputs import banner, finish, names

if TYPE_CHECKING:
    from clustergov.analysis.scales.confirmatory.factor_model import Estimator, FactorModel, Parameterization
    from clustergov.study.data import Data

FEW_CATEGORIES = 5
"""Answers from which on an item is taken as continuous when no estimator is asked for: Rhemtulla, M., Brosseau-Liard,
P. E. & Savalei, V. (2012). When can categorical variables be treated as continuous? Psychological Methods 17, 354–373."""


def run_model(
    data: Data, *, model: Path, estimator: str | None, group: str | None, json_file: Path | None, overwrite: bool,
    invariance: bool = False, marker: str | None = None, std_lv: bool = False, parameterization: str = "delta",
) -> None:  # fmt: skip
    """Fit the model in a file; over groups, in steps of invariance, or with a marker variable.

    Exit code 1 where a step of invariance could not be fitted.
    """
    from clustergov.analysis.scales.confirmatory.fitting import fitted, prepare
    from clustergov.analysis.scales.confirmatory.model_syntax import read_model
    from clustergov.analysis.scales.confirmatory.modification import modification_indices
    from clustergov.analysis.scales.confirmatory.parameter_table import variables

    terms = read_model(_text(model), file=str(model))
    items, _ = variables(terms)
    _refuse_clash(group, invariance, marker)
    _refuse_unknown(terms, items, data, str(model))
    values = data.numbers(items, option="--model")
    if marker:
        markers = data.numbers(names(marker), option="--marker")
        values = values.assign(**{str(name): markers[name] for name in markers})
    labels = data.labels(group, option="--group") if group else None
    banner(data)
    chosen = _estimator(estimator, values)
    if marker:
        _with_marker(data, terms, values, names(marker), chosen, json_file, overwrite)
        return
    if invariance and labels is not None:
        _over_groups(data, terms, values, labels, chosen, std_lv, json_file, overwrite)
        return
    prepared = prepare(terms, values, estimator=chosen, group=labels)
    found = fitted(
        terms, prepared, std_lv=std_lv, parameterization=_parameterization(parameterization), file=str(model)
    )
    suggestions = modification_indices(found, prepared)
    show_model(found, suggestions)
    finish({"model": content(found), "modification_indices": suggestions}, json_file, data=data, overwrite=overwrite)


def content(found: FactorModel) -> dict[str, Any]:
    """The fields of a result that a reader of the JSON file wants; no rows of respondents are among them."""
    return {
        "estimator": found.estimator, "parameterization": found.parameterization, "n": found.n, "lost": found.lost,
        "groups": found.groups, "sizes": found.sizes, "free_parameters": found.table.size, "parameters": found.frame(),
        "fit": found.fit_frame(), "baseline": found.baseline, "baseline_scaled": found.baseline_scaled, "srmr": found.srmr,
        "log_likelihood": found.log_likelihood, "aic": found.aic, "bic": found.bic, "r_squared": found.r_squared,
        "covariance": found.covariance, "steps": found.steps, "cautions": found.cautions,
        "sentence": {language: found.sentence(language) for language in ("nl", "en")},
    }  # fmt: skip


def _text(model: Path) -> str:
    from clustergov.problems import InputError, Problem, missing_file

    if not model.is_file():
        raise missing_file(model, wanted="a file with a model in lavaan's syntax")
    try:
        return model.read_text(encoding="utf-8-sig")  # editors may begin with a byte order mark
    except UnicodeDecodeError:
        raise InputError(Problem("encoding", "expected text in UTF-8, found other bytes.", "Save it as UTF-8 text.",
                                 file=str(model))) from None  # fmt: skip


def _refuse_unknown(terms: Any, items: tuple[str, ...], data: Data, file: str) -> None:
    """Name items that the data have no column for, where they stand in the model."""
    from clustergov.problems import InputError, Problem

    absent = {term.right: term for term in reversed(terms) if term.right in items and term.right not in data.table}
    if absent:
        raise InputError([
            Problem("unknown-column", f"{data.file} has no column {name}, and no factor of that name is measured.",
                    "Correct the name here, or the data.", file=file, line=absent[name].line, column=absent[name].column)
            for name in items if name in absent
        ])  # fmt: skip


def _refuse_clash(group: str | None, invariance: bool, marker: str | None) -> None:
    if invariance and not group:
        raise click.UsageError("--invariance compares groups: name their column with --group.")
    if marker and (group or invariance):
        raise click.UsageError("--marker checks all rows together: leave out --group and --invariance.")


def _estimator(asked: str | None, values: Any) -> Estimator:
    """The estimator asked for; otherwise WLSMV where an item has few different answers, else MLR; it is told."""
    match asked:
        case "ML" | "MLR" | "WLSMV":
            return asked
    few = bool((values.nunique() < FEW_CATEGORIES).any())
    click.echo(
        f"Estimator {'WLSMV' if few else 'MLR'}: "
        f"{'an item has' if few else 'no item has'} fewer than {FEW_CATEGORIES} different answers (--estimator chooses)."
    )
    return "WLSMV" if few else "MLR"


def _parameterization(text: str) -> Parameterization:
    return "theta" if text == "theta" else "delta"


def _over_groups(
    data: Data, terms: Any, values: Any, labels: Any, estimator: Estimator, std_lv: bool, json_file: Path | None, overwrite: bool
) -> None:  # fmt: skip
    from clustergov.analysis.scales.confirmatory.invariance import invariance

    found = invariance(terms, values, labels, estimator=estimator, std_lv=std_lv)
    show_invariance(found)
    whole = {"estimator": estimator, "groups": found.groups, "sizes": found.sizes, "n": found.n, "lost": found.lost,
             "levels": found.frame(), "models": {s.level: content(s.model) for s in found.steps if s.model},
             "sentence": {language: found.sentence(language) for language in ("nl", "en")}}  # fmt: skip
    finish({"invariance": whole}, json_file, data=data, overwrite=overwrite)
    if any(step.failure for step in found.steps):
        raise SystemExit(1)


def _with_marker(
    data: Data, terms: Any, values: Any, markers: list[str], estimator: Estimator, json_file: Path | None, overwrite: bool
) -> None:  # fmt: skip
    from clustergov.analysis.scales.confirmatory.marker import marker_check

    found = marker_check(terms, values, markers, estimator=estimator)
    show_marker(found)
    whole = {"markers": found.markers, "models": found.frame(), "kept": found.kept, "reference": found.reference,
             "correlations": found.correlations,
             "sentence": {language: found.sentence(language) for language in ("nl", "en")}}  # fmt: skip
    finish({"marker": whole}, json_file, data=data, overwrite=overwrite)
