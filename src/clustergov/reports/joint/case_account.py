"""One case under the model: what is known of its drivers, where that lies among respondents, and what the model expects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from clustergov.analysis.case_selection.modelled import Prediction
from clustergov.analysis.case_selection.selection import CaseSelection
from clustergov.analysis.models.driver_specification import DriverSpecification, Predictor
from clustergov.casestudies.case import Case
from clustergov.casestudies.corpus import Corpus
from clustergov.casestudies.profile import KnownValue
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.language import Text, both

Link = Literal["respondent", "profile", "none"]
"""How a case meets the survey: as one of its respondents, by what is publicly known of it, or not at all."""
Knowledge = Literal["known", "uncertain", "not known"]


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """One driver of one case.

    Attributes
    ----------
    label, step : Text
    value : float or None
        In units of the answers.
    knowledge : Knowledge
        uncertain: mark U; shown, and used for nothing.
    percentile : float or None
        0 to 100: respondents that lie lower, and half of those that lie equal. None: see `why`.
    peers : int or None
        Respondents it is held against, the case itself not among them.
    why : Text or None
        Why there is no percentile.
    words : Text or None
        The answer that the value stands for, on a scale of answers.
    """

    driver: str
    label: Text
    step: Text
    value: float | None
    knowledge: Knowledge
    percentile: float | None = None
    peers: int | None = None
    why: Text | None = None
    mark: str = ""
    source: Text | None = None
    period: str = ""
    words: Text | None = None


@dataclass(frozen=True, slots=True, eq=False)
class CaseAccount:
    """One case.

    Attributes
    ----------
    link : Link
    rules : tuple of str
        By which the respondent was chosen; empty for others.
    prediction : Prediction or None
    observed, residual, deviance : float or None
        See `Modelled`; None where not known or not shown.
    inside : bool or None
        Whether the observed value lies within the prediction interval.
    profile : tuple of ProfileRow
        One per driver of the model.
    remarks : tuple of Text
        What a reader must know: why something is not shown, what is missing for a prediction.
    """

    case: str
    title: Text
    link: Link
    rules: tuple[str, ...]
    prediction: Prediction | None
    observed: float | None
    residual: float | None
    deviance: float | None
    inside: bool | None
    profile: tuple[ProfileRow, ...]
    remarks: tuple[Text, ...]


def answers_of(drivers: DriverSpecification, questionnaire: Questionnaire) -> dict[str, tuple[Text, ...]]:
    """Predictor that is one ordered answer → the words of its answers, from the least on."""
    found = {}
    for predictor in drivers.predictors:
        variable = questionnaire.by_name.get(predictor.variable)
        if variable is not None and variable.scale is not None and variable.scale.ordered:
            texts = tuple(option.text for option in variable.scale.options if option.blank is None)
            found[predictor.code] = texts[::-1] if variable.scale.direction == "descending" else texts
    return found


def in_words(account: CaseAccount, answers: Mapping[str, Sequence[Text]]) -> CaseAccount:
    """The same with the answers that values stand for."""
    rows = tuple(
        replace(row, words=answers[row.driver][int(row.value) - 1])
        if row.value is not None and row.driver in answers and row.value in range(1, len(answers[row.driver]) + 1)
        else row
        for row in account.profile
    )
    return replace(account, profile=rows)


def case_accounts(corpus: Corpus, selection: CaseSelection, minimum: int | None) -> tuple[CaseAccount, ...]:
    """Hold every case against the model, as far as its respondent or its profile allows.

    Nothing of a real case is set against made-up respondents: where the responses are simulated, a profile from public
    sources is shown without percentile and prediction. A case that names a respondent of simulated responses is as made up
    as that respondent, and says so. On real responses a respondent is shown only with the organisation's consent.

    Parameters
    ----------
    minimum : int or None
        Fewest respondents on one side of a case for its percentile to be shown; None for simulated responses.
    """
    return tuple(_account(case, selection, minimum) for case in corpus.cases)


def _account(case: Case, selection: CaseSelection, minimum: int | None) -> CaseAccount:
    if case.respondent:
        refusal = _refusal(case, selection)
        if refusal is None:
            return _of_respondent(case.case, case.title, case.respondent, selection, minimum)
        return _empty(case, "respondent", selection, (refusal,))
    known = {entry.driver: entry for entry in case.profile}
    if not known:
        return _empty(case, "none", selection, (both("joint.account.no_profile"),))
    return _of_profile(case, known, selection, minimum)


def _refusal(case: Case, selection: CaseSelection) -> Text | None:
    if not selection.synthetic and not case.link_consent:
        return both("joint.account.no_consent")
    if case.respondent not in selection.modelled.respondents:
        return both("joint.account.not_in_model", n=selection.modelled.n)
    return None


def made_up_accounts(selection: CaseSelection) -> tuple[CaseAccount, ...]:
    """On simulated responses, the road shown on respondents that do not exist: the first typical and deviant ones."""
    if not selection.synthetic:
        return ()
    wanted = ("typical", "deviant high", "deviant low")
    chosen = [each for each in selection.chosen if each.rule.rule in wanted and each.rank == 1]
    people = [selection.respondents(each)[0] for each in chosen]
    return tuple(_of_respondent(who, Text({"nl": who, "en": who}), who, selection, None) for who in people)


def _of_respondent(
    code: str, title: Text, respondent: str, selection: CaseSelection, minimum: int | None
) -> CaseAccount:
    """One respondent under the model."""
    modelled = selection.modelled
    at = modelled.respondents.index(respondent)
    rows = tuple(
        _placed(predictor, float(modelled.predictors[at, column] * predictor.per), selection, minimum, without=at)
        for column, predictor in enumerate(selection.drivers.predictors)
    )
    return CaseAccount(
        code, title, "respondent", tuple(each.rule.rule for each in selection.rules_of(respondent)),
        modelled.predict(modelled.predictors[at]), float(modelled.observed[at]), float(modelled.residual[at]),
        float(modelled.deviance[at]), bool(modelled.inside[at]), rows,
        (both("joint.account.made_up"),) if selection.synthetic else (),
    )  # fmt: skip


def _of_profile(case: Case, known: dict[str, KnownValue], selection: CaseSelection, minimum: int | None) -> CaseAccount:
    rows = tuple(
        _known_row(case, predictor, known.get(predictor.code), selection, minimum)
        for predictor in selection.drivers.predictors
    )
    if selection.synthetic:
        return CaseAccount(
            case.case, case.title, "profile", (), None, None, None, None, None, rows, (both("joint.account.rehearsal"),)
        )
    missing = [row.label for row in rows if row.knowledge != "known"]
    if missing:
        names = {language: "; ".join(label.to(language) for label in missing) for language in ("nl", "en")}
        remark = both("joint.account.incomplete", missing=Text(names), n=len(missing), all=len(rows))
        return CaseAccount(case.case, case.title, "profile", (), None, None, None, None, None, rows, (remark,))
    values = [(row.value or 0.0) / p.per for row, p in zip(rows, selection.drivers.predictors, strict=True)]
    prediction = selection.modelled.predict(np.array(values))
    remark = both("joint.account.no_outcome")
    return CaseAccount(case.case, case.title, "profile", (), prediction, None, None, None, None, rows, (remark,))


def _empty(case: Case, link: Link, selection: CaseSelection, remarks: tuple[Text, ...]) -> CaseAccount:
    rows = tuple(ProfileRow(p.code, p.label, p.step, None, "not known") for p in selection.drivers.predictors)
    return CaseAccount(case.case, case.title, link, (), None, None, None, None, None, rows, remarks)


def _known_row(
    case: Case, predictor: Predictor, entry: KnownValue | None, selection: CaseSelection, minimum: int | None
) -> ProfileRow:
    if entry is None:
        return ProfileRow(predictor.code, predictor.label, predictor.step, None, "not known")
    source = Text({"nl": case.citation(entry, "nl"), "en": case.citation(entry, "en")})
    if isinstance(entry.value, str) or entry.usable is None:
        value = None if isinstance(entry.value, str) else float(entry.value)
        knowledge: Knowledge = "not known" if value is None else "uncertain"
        return ProfileRow(predictor.code, predictor.label, predictor.step, value, knowledge, mark=entry.mark,
                          source=source, period=entry.period)  # fmt: skip
    if selection.synthetic:
        return ProfileRow(predictor.code, predictor.label, predictor.step, entry.usable, "known",
                          why=both("joint.account.not_compared"), mark=entry.mark, source=source, period=entry.period)  # fmt: skip
    placed = _placed(predictor, entry.usable, selection, minimum)
    return ProfileRow(
        predictor.code, predictor.label, predictor.step, entry.usable, "known", placed.percentile, placed.peers, placed.why,
        entry.mark, source, entry.period,
    )  # fmt: skip


def _placed(
    predictor: Predictor, value: float, selection: CaseSelection, minimum: int | None, without: int | None = None
) -> ProfileRow:
    column = selection.modelled.terms.index(predictor.code)
    peers: NDArray[np.float64] = selection.modelled.predictors[:, column] * predictor.per
    if without is not None:
        peers = np.delete(peers, without)
    share, why = percentile(value, peers, minimum)
    return ProfileRow(predictor.code, predictor.label, predictor.step, value, "known", share, len(peers), why)


def percentile(value: float, peers: NDArray[np.float64], minimum: int | None) -> tuple[float | None, Text | None]:
    """Where a value lies among peers, 0 to 100, or why that is not shown.

    On real responses it is hidden among fewer than `minimum` peers, and where 1 to `minimum` − 1 of them lie on one side:
    they could be told by their number.
    """
    below, above = int((peers < value - 1e-9).sum()), int((peers > value + 1e-9).sum())
    if minimum is not None and len(peers) < minimum:
        return None, both("joint.account.few_peers", minimum=minimum)
    if minimum is not None and (0 < below < minimum or 0 < above < minimum):
        return None, both("joint.account.few_beside", minimum=minimum)
    if not len(peers):
        return None, both("joint.account.few_peers", minimum=1)
    return 100 * (below + (len(peers) - below - above) / 2) / len(peers), None
