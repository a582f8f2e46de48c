"""The codebook of a questionnaire: one row per variable, in as many languages as the questionnaire has."""

from __future__ import annotations

from dataclasses import dataclass, fields

from clustergov.instruments.questionnaire import Indicator, Question, Questionnaire, Scale, Variable
from clustergov.instruments.rules.texts import OWN_CHOICE
from clustergov.language import LANGUAGES, number, say


@dataclass(frozen=True, slots=True)
class CodebookRow:
    """One variable as one reader sees it; every field is plain text, empty where it does not apply.

    Attributes
    ----------
    variable : str
        Its name: ``code``, ``code_item``, ``code_other`` or ``code_comment``.
    section, question, item : str
        Title of the section, text of the question, text of the item.
    kind : str
        What a cell holds, in words.
    answers : tuple of str
        ``code = label`` for each answer, in the order shown; answers that count as blank say so.
    direction : str
        Whether a higher position in the scale means more.
    range : str
        Limits, whole number or not, total, unit.
    routing : str
        The condition under which it is asked, its question's and its item's; empty means always.
    constraint : str
        What must hold among the answers, and what respondents are told when it does not.
    help : str
        The explanation under the question.
    required : str
        Yes or no.
    source, mark : str
        Where its content is known from and how well: the item's, else the question's.
    scale_source : str
        The same for the response scale: source and mark.
    constructs : str
        Codes of the scale scores it is part of.
    """

    variable: str
    section: str
    question: str
    item: str
    kind: str
    answers: tuple[str, ...]
    direction: str
    range: str
    routing: str
    constraint: str
    help: str
    required: str
    source: str
    mark: str
    scale_source: str
    constructs: str

    @property
    def cells(self) -> tuple[str, ...]:
        """Its fields in order, answers one a line."""
        values = (getattr(self, each.name) for each in fields(self))
        return tuple("\n".join(value) if isinstance(value, tuple) else value for value in values)


@dataclass(frozen=True, slots=True)
class Codebook:
    """The codebook in one language.

    Attributes
    ----------
    language : str
        Of headings and set words, nl or en.
    text_language : str
        Of the questionnaire's own texts: the same, or its base language where there is no translation.
    title : str
    headings : tuple of str
        One per field of a row, in the same order.
    rows : tuple of CodebookRow
        In the order of the questionnaire.
    scores : tuple of str
        One sentence per construct: its title, its items, how many have to be valid.
    indicators : tuple of str
        One sentence per indicator: its title, formula, unit, what more of it means, and the evidence asked for.
    welcome, closing : str
        The texts before the first question and after the last.
    """

    language: str
    text_language: str
    title: str
    headings: tuple[str, ...]
    rows: tuple[CodebookRow, ...]
    scores: tuple[str, ...]
    indicators: tuple[str, ...] = ()
    welcome: str = ""
    closing: str = ""

    def row(self, variable: str) -> CodebookRow | None:
        return next((row for row in self.rows if row.variable == variable), None)


def codebook(questionnaire: Questionnaire, language: str) -> Codebook:
    """Write the codebook for a reader of `language`.

    Parameters
    ----------
    questionnaire : Questionnaire
    language : str
        nl or en for the headings too; for any other language headings are English and texts as far as there are any.
    """
    words = language if language in LANGUAGES else "en"
    shown = questionnaire.title.language(language)
    return Codebook(
        language=words,
        text_language=shown,
        title=questionnaire.title.to(language),
        headings=tuple(say(f"codebook.heading.{each.name}", words) for each in fields(CodebookRow)),
        rows=tuple(_row(variable, questionnaire, words, shown) for variable in questionnaire.variables),
        scores=tuple(_scores(questionnaire, words, shown)),
        indicators=tuple(_indicator(each, words, shown) for each in questionnaire.indicators),
        welcome=questionnaire.text.to(shown) if questionnaire.text is not None else "",
        closing=questionnaire.closing.to(shown) if questionnaire.closing is not None else "",
    )


def _row(variable: Variable, questionnaire: Questionnaire, words: str, shown: str) -> CodebookRow:
    question, item, scale = variable.question, variable.item, variable.scale
    known = item if item is not None and (item.source or item.mark) else question
    part_of = [each.code for each in questionnaire.constructs if variable.name in each.items]
    # Ticks share one built-in scale, which has no source.
    sourced = f"{_source(scale.source, words)} ({scale.mark})" if scale and scale.source and scale.mark else ""
    return CodebookRow(
        variable=variable.name,
        section=variable.section.title.to(shown),
        question=question.text.to(shown),
        item=_item_label(variable, words, shown),
        kind=say(f"codebook.kind.{variable.kind}", words),
        answers=_answers(scale, words, shown) if scale is not None else (),
        direction=say(f"codebook.direction.{scale.direction}", words) if variable.kind == "choice" and scale else "",
        range=_range(question, words, shown) if variable.kind == "number" else "",
        routing=_routing(variable, words),
        constraint=_constraint(question, shown),
        help=question.help.to(shown) if question.help is not None else "",
        required=say("codebook.required" if question.required else "codebook.optional", words),
        source=_source(known.source, words),
        mark=known.mark or "",
        scale_source=sourced,
        constructs=", ".join(part_of),
    )


def _source(source: str, words: str) -> str:
    return say("codebook.own_choice", words) if source == OWN_CHOICE else source


def _item_label(variable: Variable, words: str, shown: str) -> str:
    """The item's text; for the free text beside a question or a tick, what it is."""
    item = variable.item.text.to(shown) if variable.item is not None else ""
    if variable.kind != "text":
        return item
    if variable.question.kind == "multiple" and variable.item is not None:
        return f"{say('codebook.comment', words)}: {item}"
    beside = {f"{variable.question.code}_{word}": word for word in ("other", "comment")}
    return item or (say(f"codebook.{beside[variable.name]}", words) if variable.name in beside else "")


def _answers(scale: Scale, words: str, shown: str) -> tuple[str, ...]:
    lines = []
    for option in scale.options:
        line = f"{option.code} = {option.text.to(shown)}"
        if option.blank:
            reason = say(f"codebook.blank.{option.blank}", words)
            line += f" ({say('codebook.blank_answer', words, reason=reason)})"
        lines.append(line)
    return tuple(lines)


def _range(question: Question, words: str, shown: str) -> str:
    low, high = _plain(question.minimum, words), _plain(question.maximum, words)
    parts = []
    if low and high:
        parts.append(say("codebook.between", words, low=low, high=high))
    elif low:
        parts.append(say("codebook.at_least", words, low=low))
    elif high:
        parts.append(say("codebook.at_most", words, high=high))
    parts += [question.unit.to(shown)] if question.unit is not None else []
    parts += [say("codebook.integer", words)] if question.integer else []
    parts += [say("codebook.total", words, total=_plain(question.total, words))] if question.total is not None else []
    return "; ".join(parts)


def _plain(value: float | None, words: str) -> str:
    if value is None:
        return ""
    whole = float(value).is_integer()
    # A year keeps its form: 1950, not 1,950.
    return str(int(value)) if whole and 1000 <= value < 10_000 else number(value, words, 0 if whole else 2)


def _routing(variable: Variable, words: str) -> str:
    question = variable.question
    if question.relevance and not question.when:
        return say("codebook.unread", words, relevance=question.relevance)
    own = variable.item.when if variable.item is not None else ""
    if question.when and own:
        return f"({question.when}) and ({own})"
    return question.when or own


def _constraint(question: Question, shown: str) -> str:
    if not question.constraint or question.constraint_message is None:
        return question.constraint
    return f"{question.constraint} (“{question.constraint_message.to(shown)}”)"


def _scores(questionnaire: Questionnaire, words: str, shown: str) -> list[str]:
    sentences = []
    for construct in questionnaire.constructs:
        head = say(f"codebook.score.{construct.score}", words, title=construct.title.to(shown), n=len(construct.items),
                   minimum=construct.minimum_valid)  # fmt: skip
        items = (
            say("codebook.reversed", words, variable=name) if name in construct.reversed else name
            for name in construct.items
        )
        sentences.append(f"{construct.code} – {head}: {', '.join(items)}.")
    return sentences


def _indicator(indicator: Indicator, words: str, shown: str) -> str:
    told = say(
        "codebook.indicator", words, title=indicator.title.to(shown), formula=indicator.formula, unit=indicator.unit.to(shown),
        direction=say(f"codebook.indicator_direction.{indicator.direction}", words), evidence=indicator.evidence.to(shown).rstrip("."),
    )  # fmt: skip
    return f"{indicator.code} – {told}"
