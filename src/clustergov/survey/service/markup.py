"""The HTML of one question in one language, made once: only answers and mistakes are filled in for a respondent."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from types import ModuleType
from typing import Any

from markupsafe import Markup, escape

from clustergov.instruments.questionnaire import Option
from clustergov.language import say
from clustergov.survey.service.row import Marks, Row
from clustergov.survey.service.screens import Field, Posed
from clustergov.survey.service.shown import ShownField, ShownOption, ShownQuestion, hint_of, layout_of
from clustergov.survey.service.typed import LONG_TEXT, SHORT_TEXT
from clustergov.survey.service.wording import environment, lang_attribute, worded, words_language

__all__ = ["QuestionMarkup", "environment", "lang_attribute", "worded", "words_language"]

MOST_POINTS = 11
"""With more options each row of an array is a list that opens."""


@cache
def _macros() -> ModuleType:
    return environment().get_template("question.html").module  # type: ignore[return-value]  # a TemplateModule has the macros


WORDS = (
    "required", "choose", "none", "erase", "error", "other", "other_beside", "comment", "multiple", "ranking", "date",
)  # fmt: skip


class QuestionMarkup:
    """One question in one language.

    Parameters
    ----------
    posed : Posed
    number : int
        Of the question in the questionnaire, for ids.
    ids : mapping of str to str
        Id of each of its variables.
    language : str
    """

    def __init__(self, posed: Posed, number: int, ids: Mapping[str, str], language: str) -> None:
        self.posed, self.ids, self.language = posed, ids, language
        spoken = words_language(language)
        question, own = posed.question, layout_of(posed)
        self._spoken = spoken
        self._shown = ShownQuestion(
            id=f"q{number}", layout=own, text=worded(question.text, language),
            help=worded(question.help, language) if question.help else "", hint=hint_of(posed, spoken),
            required=question.required, field_id=ids[posed.fields[0].name] if posed.fields else "",
            words={word: say(f"service.page.{word}", spoken) for word in WORDS},
            words_lang=lang_attribute(spoken, language),
        )  # fmt: skip
        self._head = self._heading(())
        self._tail = str(_macros().tail(self._shown))
        self._rows = {each.name: self._row(each, ()) for each in posed.fields}
        self._options = self._single_options() if question.kind == "single" and question.random_order else {}
        self._grids = self._grid_heads()
        self._erase = self._erasing() if own == "radios" else None
        self._plain = not question.random_order

    @property
    def id(self) -> str:
        return self._shown.id

    def named(self, field: str, *, whole: bool) -> str:
        """What a link to a field is called: the question, and the item where it is about one."""
        question = self._shown.text.striptags()
        each = next(each for each in self.posed.fields if each.name == field)
        if whole or (each.item is None and each.role == "answer") or each.kind == "tick":
            return _short(question, 120)
        return f"{_short(question, 70)} {_short(self._label(each)[0].striptags(), 60)}"

    def html(
        self,
        fields: tuple[Field, ...],
        values: Mapping[str, str],
        errors: Mapping[str, Sequence[str]],
        seed: str,
    ) -> str:
        """The question with its answers.

        Parameters
        ----------
        fields : tuple of Field
            Those that are shown.
        values : mapping
            What is chosen or typed, by variable.
        errors : mapping
            Messages by variable; those about the whole question by "".
        seed : str
            Of the order of chance.
        """
        whole = self._whole(fields, errors)
        head = self._heading(whole) if whole else self._head
        parts = [head]
        if self._grids and self.posed.question.kind == "array":
            parts += self._grid(fields, values, errors, seed)
        else:
            ordered = self._shuffled(fields, seed)
            parts += [self._field(each, values, errors, whole, seed) for each in ordered]
        if self._erase is not None:
            parts.append(self._erase.filled(values))
        parts.append(self._tail)
        return "".join(parts)

    def _whole(self, fields: tuple[Field, ...], errors: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
        """Messages that stand under the question itself: also those of its only field."""
        found = list(errors.get("", ()))
        if self._shown.layout in ("radios", "list", "field", "long") and fields:
            found += errors.get(fields[0].name, ())
        return tuple(found)

    def _heading(self, errors: Sequence[str]) -> str:
        return str(_macros().head(self._shown, errors))

    def _field(
        self,
        each: Field,
        values: Mapping[str, str],
        errors: Mapping[str, Sequence[str]],
        whole: Sequence[str],
        seed: str,
    ) -> str:
        own = errors.get(each.name, ())
        first = each is self.posed.fields[0]
        if self._options and first:
            return self._in_order(each, values, seed)
        if self.posed.question.kind == "ranking" and self.posed.question.random_order:
            return self._row(each, own, seed=seed).filled(values)
        if first and self._shown.layout in ("list", "field", "long") and whole:
            return self._row(each, whole).filled(values)
        if whole and self.posed.question.kind == "numbers":
            return self._row(each, own, invalid=True).filled(values)
        return (self._row(each, own) if own else self._rows[each.name]).filled(values)

    def _row(self, each: Field, errors: Sequence[str], *, invalid: bool = False, seed: str | None = None) -> Row:
        number = self.posed.fields.index(each)
        shown = replace(self._shown_field(each), invalid=invalid)
        codes = tuple(option.code for option in each.scale.options) if each.scale and each.kind == "choice" else ("Y",)
        marks = Marks(number, codes)
        options = self._shown_options(each)
        if seed is not None:
            options = _by_chance(options, f"{seed}:{self.posed.code}")
        html = str(self._written(each, shown, options, marks, errors))
        return Row(html, {number: (each.name, codes)})

    def _written(
        self, each: Field, shown: ShownField, options: Sequence[ShownOption], marks: Marks, errors: Sequence[str]
    ) -> Any:
        macros, q = _macros(), self._shown
        if each.kind == "tick":
            return macros.box(q, shown, marks)
        if each.kind == "choice":
            if q.layout == "radios":
                return macros.radios(q, shown, options, marks)
            if q.layout == "list":
                return macros.choice(q, shown, options, marks, errors, True)
            if q.layout == "grid" and len(options) <= MOST_POINTS:
                return macros.scale_row(q, shown, options, marks, errors)
            return macros.choice_row(q, shown, options, marks, errors)
        if each.role == "answer" and q.layout in ("field", "long"):
            return macros.typed(q, shown, marks, errors, True)
        return macros.typed_row(q, shown, marks, errors)

    def _shown_field(self, each: Field) -> ShownField:
        question = self.posed.question
        text, lang = self._label(each)
        number = each.kind == "number"
        signed = question.minimum is None or question.minimum < 0
        return ShownField(
            name=each.name, id=self.ids[each.name], text=text, kind=each.kind, role=each.role, label_lang=lang,
            unit=worded(question.unit, self.language) if number and question.unit else "",
            # A telephone's number pad may lack the minus sign.
            inputmode="text" if number and signed else "numeric" if question.integer else "decimal",
            long=each.kind == "text" and (each.role != "other" and question.kind != "texts"),
            most=LONG_TEXT if question.kind == "text" else SHORT_TEXT,
            must=question.required and each.role == "answer",
        )  # fmt: skip

    def _label(self, each: Field) -> tuple[Markup, Markup]:
        """What a field is called, and its language where these are our own words."""
        words_lang = self._shown.words_lang
        if each.role == "other":
            beside = self.posed.question.kind == "single" and self.posed.other
            return Markup(escape(self._shown.words["other_beside" if beside else "other"])), words_lang
        if each.role == "comment":
            if each.item is None:
                return Markup(escape(self._shown.words["comment"])), words_lang
            item = " ".join(each.item.text.to(self.language).split())
            return Markup(escape(say("service.page.comment_beside", self._spoken, item=item))), words_lang
        return worded(each.item.text, self.language) if each.item else self._shown.text, Markup("")

    def _shown_options(self, each: Field) -> tuple[ShownOption, ...]:
        options: tuple[Option, ...] = each.scale.options if each.scale and each.kind == "choice" else ()
        return tuple(
            ShownOption(
                option.code, worded(option.text, self.language), place, place == 0, option.code == self.posed.other
            )
            for place, option in enumerate(options)
        )

    def _single_options(self) -> dict[str, Row]:
        """A row per option, for a single choice in an order of chance."""
        if self._shown.layout != "radios":
            return {}
        each = self.posed.fields[0]
        options = self._shown_options(each)
        codes = tuple(option.code for option in options)
        shown, marks = self._shown_field(each), Marks(0, codes)
        return {
            option.code: Row(str(_macros().radios(self._shown, shown, [option], marks)), {0: (each.name, codes)})
            for option in options
        }

    def _erasing(self) -> Row:
        """What takes an answer to a single choice back; shown to whoever has given one."""
        each = self.posed.fields[0]
        return Row(str(_macros().erase(self._shown, self._shown_field(each), Marks(0))), {0: (each.name, ())})

    def _in_order(self, each: Field, values: Mapping[str, str], seed: str) -> str:
        """Options by chance; those that are no answer, and “other”, stay at the end."""
        last = each.blank | {self.posed.other}
        free = [code for code in self._options if code not in last]
        random.Random(f"{seed}:{self.posed.code}").shuffle(free)
        fixed = [code for code in self._options if code in last]
        return "".join([self._options[code].filled(values) for code in (*free, *fixed)])

    def _shuffled(self, fields: tuple[Field, ...], seed: str) -> Iterable[Field]:
        """Items by chance, each with its remark; other fields stay at the end. Places of a ranking stay."""
        if self._plain or self.posed.question.kind not in ("multiple", "array", "numbers", "texts"):
            return fields
        return _items_by_chance(fields, f"{seed}:{self.posed.code}")

    def _grid_heads(self) -> dict[str, tuple[str, str]]:
        """Head and tail of each grid by the options that its columns are."""
        if self.posed.question.kind != "array":
            return {}
        found = {}
        for each in self.posed.fields:
            options = self._shown_options(each)
            if each.role == "answer" and _columns(each) not in found:
                grid = 1 < len(options) <= MOST_POINTS
                found[_columns(each)] = (
                    (str(_macros().scale_head(self._shown, options)), str(_macros().scale_tail())) if grid else ("", "")
                )
        return found

    def _grid(
        self, fields: tuple[Field, ...], values: Mapping[str, str], errors: Mapping[str, Sequence[str]], seed: str
    ) -> list[str]:
        """The rows, gathered by their options (a dual scale makes two grids)."""
        ordered = list(self._shuffled(fields, seed))
        parts = []
        for columns, (head, tail) in self._grids.items():
            rows = [
                self._field(each, values, errors, (), seed)
                for each in ordered
                if each.role == "answer" and _columns(each) == columns
            ]
            parts += [head, *rows, tail] if rows else []
        return parts + [self._field(each, values, errors, (), seed) for each in ordered if each.role != "answer"]


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _columns(each: Field) -> str:
    return "\n".join(option.code for option in each.scale.options) if each.scale else ""


def _by_chance(options: tuple[ShownOption, ...], seed: str) -> tuple[ShownOption, ...]:
    shuffled = list(options)
    random.Random(seed).shuffle(shuffled)
    return tuple(shuffled)


def _items_by_chance(fields: tuple[Field, ...], seed: str) -> list[Field]:
    groups: dict[str, list[Field]] = {}
    for each in fields:
        groups.setdefault("" if each.item is None else each.beside or each.name, []).append(each)
    last = groups.pop("", [])
    shuffled = list(groups.values())
    random.Random(seed).shuffle(shuffled)
    return [each for group in shuffled for each in group] + last
