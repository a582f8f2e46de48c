"""The response scales of a LimeSurvey survey: fixed ones, those listed with a question, equal ones shared by name."""

from __future__ import annotations

from clustergov.instruments.limesurvey.structure import LimeQuestion
from clustergov.instruments.limesurvey.types import OTHER_ATTRIBUTE, OTHER_CODE, fixed_scale, other_option
from clustergov.instruments.limesurvey.wording import Wording
from clustergov.instruments.ordered_scale import no_answer, recognise
from clustergov.instruments.questionnaire import Option, Scale
from clustergov.instruments.rules.answers import OTHER_CODES
from clustergov.language import Text


class Scales:
    """Gathers scales under names; asked twice for the same options it gives the same name."""

    def __init__(self, wording: Wording) -> None:
        self.named: dict[str, Scale] = {}
        self._wording = wording
        self._languages = wording.languages
        self._losses = wording.losses
        self._names: dict[object, str] = {}
        self._known: dict[tuple[str, int], str] = {}

    def of(self, question: LimeQuestion, code: str, *, scale: int = 0) -> str:
        """Name of the scale by which a question is answered; the options are read on the first call."""
        if (code, scale) not in self._known:
            self._known[code, scale] = self._make(question, code, scale)
        return self._known[code, scale]

    def _make(self, question: LimeQuestion, code: str, scale: int) -> str:
        if fixed := fixed_scale(question.type, self._languages):
            return self._name(*fixed)
        if question.type == "I":
            options = tuple(
                Option(code=language, text=Text(dict.fromkeys(self._languages, language)))
                for language in self._languages
            )
            return self._name("languages", Scale(direction="none", options=options))
        options = self._options(question, code, scale)
        if not options:
            self._losses.add("limesurvey-no-answers", "questions list no answers", code, line=question.line)
        ordered = recognise([option.text for option in options if option.code != OTHER_CODE])
        if question.type == "R":
            return self._name(code, Scale(direction="none", options=options))
        if ordered.direction == "none" and question.type in ("F", "H", "1"):
            self._losses.add(
                "limesurvey-order", "answers have no known order", code, value=ordered.reason, line=question.line,
                fix="If they are ordered, set the scale's direction in the questionnaire's file.",
            )  # fmt: skip
        return self._name(
            code if scale == 0 else f"{code}_{scale}", Scale(direction=ordered.direction, options=options)
        )

    def _name(self, wanted: str, scale: Scale) -> str:
        content = (
            scale.direction,
            tuple((option.code, tuple(option.text.items()), option.blank) for option in scale.options),
        )
        if content in self._names:
            return self._names[content]
        name, count = wanted, 2
        while name in self.named:
            name, count = f"{wanted}r{count}", count + 1
        self.named[name] = scale
        self._names[content] = name
        return name

    def _options(self, question: LimeQuestion, code: str, scale: int) -> tuple[Option, ...]:
        options: dict[str, Option] = {}
        for answer in question.answers:
            if answer.scale != scale:
                continue
            if answer.code in options:
                self._losses.add("limesurvey-code", "answer codes stand twice; the first one is kept", code, value=answer.code,
                                 line=question.line)  # fmt: skip
                continue
            text = self._wording.required(answer.texts, f"{code}, answer {answer.code}", instead=answer.code)
            blank = None if question.type == "R" else no_answer(text)
            options[answer.code] = Option(code=answer.code, text=text, blank=blank)
        if question.other and question.type in ("L", "!") and OTHER_CODE not in options:
            return self._with_other(question, code, options)
        return tuple(options.values())

    def _with_other(self, question: LimeQuestion, code: str, options: dict[str, Option]) -> tuple[Option, ...]:
        """The options with LimeSurvey's “other”, under the code and at the place that our own export gave it."""
        words = self._wording.text(question.words("other_replace_text", self._languages), f"{code}, other")
        own = question.take(OTHER_ATTRIBUTE)
        if own in options or own.casefold() not in OTHER_CODES:
            own = OTHER_CODE
        other = Option(code=own, text=words or other_option(self._languages).text)
        found = list(options.values())
        place, after = question.attribute("other_position"), question.attribute("other_position_code")
        if place == "beginning" or (place == "specific" and after in options):
            question.expressed.update(("other_position", "other_position_code"))
            start = 0 if place == "beginning" else list(options).index(after) + 1
            return (*found[:start], other, *found[start:])
        return (*found, other)
