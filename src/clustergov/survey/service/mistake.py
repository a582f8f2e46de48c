"""A mistake in what was entered, as a value: where it is, which rule it breaks, what a respondent is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as made

from clustergov.language import Text, say
from clustergov.survey.service.typed import shown_number


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something on a screen that has to be put right.

    Attributes
    ----------
    field : str
        Name of the first variable that it is about.
    question : str
        Code of the question.
    rule : str
        ``required``, ``unknown-code``, ``not-a-number``, ``thousands``, ``not-integer``, ``out-of-range``, ``total``,
        ``constraint``, ``not-a-date``, ``date-order``, ``too-long``, ``rank-twice`` or ``rank-gap``.
    whole : bool
        It is about the question as a whole and not about one field.
    """

    field: str
    question: str
    rule: str
    whole: bool = False
    values: Mapping[str, float] = made(default_factory=dict)
    message: Text | None = None

    def text(self, language: str) -> str:
        """What a respondent is told; `language` is nl or en for our own sentences."""
        if self.message is not None:
            return self.message.to(language)
        spoken = language if language == "nl" else "en"
        values = {name: shown_number(value, spoken) for name, value in self.values.items()}
        return say(f"service.mistake.{self.rule}", spoken, **values)
