"""Drawing from a sketch: every respondent's answers, then who is asked what, who leaves it open, and who stops."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clustergov.instruments.condition import Condition
from clustergov.instruments.questionnaire import Questionnaire, Variable
from clustergov.instruments.rules.answers import OTHER_CODES
from clustergov.survey.responses import Responses
from clustergov.survey.synthetic.assembling import as_responses, names
from clustergov.survey.synthetic.careless import make_careless, manners
from clustergov.survey.synthetic.composition import Stream
from clustergov.survey.synthetic.hazard import sections_seen
from clustergov.survey.synthetic.open_cells import blank_options, left_open
from clustergov.survey.synthetic.plausible import Manner, answers_to, day, is_beside, shares, words
from clustergov.survey.synthetic.sketch import Sketch
from clustergov.survey.synthetic.steps import Answer, Step, steps_of, substantive

Column = NDArray[np.object_] | NDArray[np.float64]

OTHER = 0.1
"""How often a text stands beside the boxes of a multiple choice that offers “other”."""
REMARK = 0.1


@dataclass(frozen=True)
class Draw:
    """Synthetic responses and what only their simulation knows of them.

    Attributes
    ----------
    responses : Responses
    careless : Series of str
        By respondent: "" or the kind of carelessness.
    redrawn : mapping of question to int
        Respondents whose answers were drawn anew because they did not keep to the question's constraint: of these
        questions the distribution is not the declared one.
    """

    responses: Responses
    careless: pd.Series[str]
    redrawn: Mapping[str, int]


def draw(sketch: Sketch, questionnaire: Questionnaire, n: int, stream: Stream) -> Draw:
    """Draw n respondents.

    A question whose condition rests on something left open is passed by, as in fieldwork. Files are never handed in.
    """
    drawn = model_answers(sketch, n, stream)
    manner = manners(sketch.declared.careless, n, stream)
    make_careless(drawn, manner, questionnaire, sketch.marginals, stream)
    seen = sections_seen(sketch.hazards, n, stream)
    sheet = _Sheet(sketch, questionnaire, drawn, seen, stream)
    order = {section.code: place for place, section in enumerate(questionnaire.sections)}
    for step in steps_of(questionnaire).steps:
        sheet.fill(step, seen > order[step.section.code])
    index = names(n)
    responses = as_responses(sheet.frame(index), questionnaire, seen)
    return Draw(responses, pd.Series(manner, index=index, name="careless", dtype="str"), dict(sheet.redrawn))


def model_answers(sketch: Sketch, n: int, stream: Stream) -> dict[str, Column]:
    """What everybody would answer to everything that has a distribution, before anything goes missing."""
    if not sketch.marginals:
        return {}
    normal = np.column_stack([stream(name).standard_normal(n) for name in sketch.marginals])
    latent = normal if not sketch.planted else normal @ np.linalg.cholesky(sketch.correlation).T
    places = {name: m.places(latent[:, k]) for k, (name, m) in enumerate(sketch.marginals.items())}
    where = {name: k for k, name in enumerate(sketch.marginals)}
    scores = {name: sketch.marginals[name].scores[place] for name, place in places.items()} if sketch.effects else {}
    for effect in sketch.effects:
        places[effect.outcome] = effect.places(scores, latent[:, where[effect.outcome]])
        scores[effect.outcome] = sketch.marginals[effect.outcome].scores[places[effect.outcome]]
    drawn: dict[str, Column] = {}
    for name, marginal in sketch.marginals.items():
        number = isinstance(marginal.values[0], float)
        drawn[name] = (marginal.scores if number else np.array(marginal.values, dtype=object))[places[name]]
    return drawn


class _Sheet:
    """Everybody's answers, filled in question by question."""

    def __init__(
        self,
        sketch: Sketch,
        questionnaire: Questionnaire,
        drawn: dict[str, Column],
        seen: NDArray[np.intp],
        stream: Stream,
    ) -> None:
        self.sketch, self.questionnaire, self.drawn, self.stream = sketch, questionnaire, drawn, stream
        self.n = len(seen)
        self.language = questionnaire.languages[0]
        self.codes = {name: self._empty(variable) for name, variable in questionnaire.by_name.items()}
        self.known = {name: column.copy() for name, column in self.codes.items()}
        self.redrawn: dict[str, int] = {}

    def _empty(self, variable: Variable) -> Column:
        return np.full(self.n, np.nan) if variable.kind == "number" else np.full(self.n, None, dtype=object)

    def frame(self, index: pd.Index[str]) -> pd.DataFrame:
        kinds = {name: "float64" if v.kind == "number" else "str" for name, v in self.questionnaire.by_name.items()}
        return pd.DataFrame(
            {name: pd.Series(column, index=index, dtype=kinds[name]) for name, column in self.codes.items()},
            index=index,
        )

    def fill(self, step: Step, here: NDArray[np.bool_]) -> None:
        """Put one question to those who are still there (`here`)."""
        shown = {variable.name: here & self._holds(condition) for variable, condition in step.asked}
        own = [variable for variable, _ in step.asked if not is_beside(variable)]
        if not any(mask.any() for mask in shown.values()):
            return
        given = self._given(step, own, shown)
        for name, skipped in left_open(
            step, self.n, self.sketch.declared.nonresponse, self.questionnaire, self.drawn, self.stream
        ).items():
            given[name][skipped] = np.nan if given[name].dtype == float else None
        for variable in own:
            given[variable.name][~shown[variable.name]] = np.nan if variable.kind == "number" else None
        blank_options(step, given, shown, self.sketch.declared.nonresponse, self.stream)
        self._store(step, own, given)
        if step.constraint is not None:
            self._mend(step, own, shown)
        for variable, _ in step.asked:
            if is_beside(variable):
                self._beside(step, variable, shown[variable.name])

    def _holds(self, condition: Condition | None) -> NDArray[np.bool_]:
        return np.ones(self.n, dtype=bool) if condition is None else condition.holds_in(self.known)

    def _given(self, step: Step, own: list[Variable], shown: Mapping[str, NDArray[np.bool_]]) -> dict[str, Column]:
        match step.question.kind:
            case "ranking":
                return self._order(step, own)
            case "numbers" if step.question.total is not None:
                return self._shares(step, own, shown)
            case "multiple" if step.question.required:
                return self._ticked(step, own, shown)
        return {variable.name: self._one(variable) for variable in own}

    def _one(self, variable: Variable) -> Column:
        if variable.name in self.drawn:
            return self.drawn[variable.name].copy()
        rng = self.stream(variable.name)
        if variable.kind == "text":
            return np.array([words(rng, self.language) for _ in range(self.n)], dtype=object)
        if variable.kind == "date":
            return np.array([day(rng) for _ in range(self.n)], dtype=object)
        return self._empty(variable)

    def _order(self, step: Step, own: list[Variable]) -> dict[str, Column]:
        scale = own[0].scale if own else None
        codes = np.array(scale.codes if scale is not None else (), dtype=object)
        mixed = codes[self.stream(step.question.code).random((self.n, len(codes))).argsort(axis=1)]
        return {
            v.name: mixed[:, k].copy() if k < len(codes) else np.full(self.n, None, dtype=object)
            for k, v in enumerate(own)
        }

    def _shares(self, step: Step, own: list[Variable], shown: Mapping[str, NDArray[np.bool_]]) -> dict[str, Column]:
        """Parts of a total: from the declared composition where all are shown, else at random among those shown."""
        masks = np.column_stack([shown[variable.name] for variable in own])
        composition = self.sketch.compositions.get(step.question.code)
        given: dict[str, Column] = {variable.name: np.full(self.n, np.nan) for variable in own}
        if composition is not None:
            given |= composition.draw(self.n, self.stream)
        rng = self.stream(f"{step.question.code} shares")
        for row in np.flatnonzero(masks.any(axis=1) & (~masks.all(axis=1) if composition is not None else True)):
            parts = shares(step.question, int(masks[row].sum()), rng)
            for variable, amount in zip(
                [v for v, mask in zip(own, masks[row], strict=True) if mask], parts, strict=False
            ):
                given[variable.name][row] = amount
            if not parts:
                for variable in own:
                    given[variable.name][row] = np.nan
        return given

    def _ticked(self, step: Step, own: list[Variable], shown: Mapping[str, NDArray[np.bool_]]) -> dict[str, Column]:
        """Boxes of a compulsory question: one at least of those shown is ticked."""
        given = {variable.name: self.drawn[variable.name].copy() for variable in own}
        masks = np.column_stack([shown[variable.name] for variable in own])
        ticks = np.column_stack([given[variable.name] == "Y" for variable in own]) & masks
        chance = np.where(masks, self.stream(f"{step.question.code} tick").random(masks.shape), -1.0).argmax(axis=1)
        for row in np.flatnonzero(masks.any(axis=1) & ~ticks.any(axis=1)):
            given[own[chance[row]].name][row] = "Y"
        return given

    def _store(self, step: Step, own: list[Variable], given: Mapping[str, Column]) -> None:
        for variable in own:
            column = given[variable.name]
            self.codes[variable.name] = column
            if variable.scale is None:
                self.known[variable.name] = column
            else:
                listed = set(variable.scale.codes)
                self.known[variable.name] = np.array(
                    [code if code in listed else None for code in column], dtype=object
                )

    def _mend(self, step: Step, own: list[Variable], shown: Mapping[str, NDArray[np.bool_]]) -> None:
        """Draw anew what does not keep to the constraint, respondent by respondent; leave open what cannot."""
        assert step.constraint is not None
        looked_at = step.constraint.variables
        answered = np.zeros(self.n, dtype=bool)
        for variable in own:
            answered |= _there(self.codes[variable.name])
        broken = np.flatnonzero(answered & ~step.constraint.holds_in(self.known))
        rng, manner = self.stream(f"{step.question.code} again"), Manner(blank=0.0, language=self.language)
        for row in broken.tolist():
            known = {name: self.known[name][row] for name in looked_at if _there(self.known[name][row : row + 1])[0]}
            asked = [v for v in own if shown[v.name][row] and _there(self.codes[v.name][row : row + 1])[0]]
            known = {name: value for name, value in known.items() if name not in {v.name for v in own}}
            self._put(row, own, answers_to(step, asked, known, rng, manner))
        if len(broken):
            self.redrawn[step.question.code] = len(broken)

    def _put(self, row: int, own: list[Variable], given: Mapping[str, Answer]) -> None:
        for variable in own:
            none = np.nan if variable.kind == "number" else None
            answer = given.get(variable.name, none)
            self.codes[variable.name][row] = answer
            fits = answer is not None and (answer is none or substantive(variable, answer))
            self.known[variable.name][row] = answer if fits else None

    def _beside(self, step: Step, variable: Variable, shown: NDArray[np.bool_]) -> None:
        """Texts beside “other” of those who chose it, and remarks of some who answered."""
        question, rng = step.question, self.stream(variable.name)
        own = [each for each, _ in step.asked if not is_beside(each)]
        answered = np.zeros(self.n, dtype=bool)
        for each in own:
            answered |= _there(self.codes[each.name])
        chance = rng.random(self.n)
        if question.other and variable.name == f"{question.code}_other":
            chosen = [str(code).casefold() in OTHER_CODES for code in self.codes.get(question.code, [])]
            wanted = np.array(chosen) if question.kind == "single" else answered & (chance < OTHER)
        elif question.kind == "multiple":
            wanted = (self.codes[variable.name.removesuffix("comment")] == "Y") & (chance < REMARK)
        else:
            wanted = answered & (chance < REMARK)
        texts = [words(rng, self.language) for _ in range(self.n)]
        column = np.array(
            [text if yes else None for text, yes in zip(texts, wanted & shown, strict=True)], dtype=object
        )
        self.codes[variable.name] = self.known[variable.name] = column


def _there(column: Column) -> NDArray[np.bool_]:
    return np.asarray(pd.notna(column), dtype=bool)
