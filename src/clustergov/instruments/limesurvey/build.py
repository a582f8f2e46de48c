"""From what a LimeSurvey file holds to a questionnaire: types to kinds, answers to scales, conditions to routing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from clustergov.instruments.exchange import Notes, spoken
from clustergov.instruments.limesurvey.attribute_notes import is_on, note_attributes
from clustergov.instruments.limesurvey.items import items_of
from clustergov.instruments.limesurvey.leftovers import note_leftovers
from clustergov.instruments.limesurvey.routes import old_condition, routed
from clustergov.instruments.limesurvey.scales import Scales
from clustergov.instruments.limesurvey.script.relevance import is_always
from clustergov.instruments.limesurvey.structure import LimeGroup, LimeQuestion, LimeSurvey, Texts
from clustergov.instruments.limesurvey.types import KINDS, WITH_ANSWERS, WITH_SUBQUESTIONS
from clustergov.instruments.limesurvey.wording import Wording
from clustergov.instruments.questionnaire import Kind, Question, Questionnaire, Section
from clustergov.language import Text


def build(survey: LimeSurvey, *, name: str, notes: Notes) -> Questionnaire:
    """Make a questionnaire of a structure; what it cannot express goes to `notes`.

    Parameters
    ----------
    survey : LimeSurvey
    name : str
        What the questionnaire is called in its file, such as ``rse-2017``.
    notes : Notes
    """
    wording = Wording(survey.languages, survey.persons, notes.file)
    scales = Scales(wording)
    codes = _unique_codes(survey, wording)
    sections = tuple(_sections(survey, wording, scales, codes))
    draft = Questionnaire(
        questionnaire=name, version="1", title=wording.required(survey.titles, "title", instead=name),
        text=wording.text(_opening(survey), "welcome text", whole_sentences=True),
        closing=wording.text(survey.closing, "end text", whole_sentences=True),
        languages=survey.languages, imported_from="LimeSurvey", scales=scales.named, sections=sections,
    )  # fmt: skip
    questions = routed(survey, codes, draft, wording)
    for group in survey.groups:
        for question in group.questions:
            note_attributes(question, codes[id(question)], wording.losses)
    note_leftovers(survey, wording.losses)
    if any(person.strip() for person in survey.persons):
        what = "the administrators' names and e-mail addresses are not imported"
        wording.losses.add("limesurvey-persons", what, "", at="settings")
    wording.report()
    finished = _finished(draft, questions, wording)
    order = {question.code: place for place, question in enumerate(finished.questions)}
    wording.losses.report(notes, order)
    return finished


def _opening(survey: LimeSurvey) -> Texts:
    """The description and the welcome text, one after the other as a respondent sees them."""
    languages = dict.fromkeys((*survey.description, *survey.welcome))
    both = {each: (survey.description.get(each, ""), survey.welcome.get(each, "")) for each in languages}
    return {each: "<p>".join(text for text in texts if text.strip()) for each, texts in both.items()}


def _finished(draft: Questionnaire, questions: Mapping[str, Question], wording: Wording) -> Questionnaire:
    """The questionnaire with its routing, and the languages that it speaks."""
    sections = tuple(
        section.model_copy(update={"questions": tuple(questions[question.code] for question in section.questions)})
        for section in draft.sections
    )
    languages, lacking = spoken(_texts(draft, questions), draft.languages)
    if lacking:
        what = "texts are not translated; the check names each of a language that is declared, and all are kept"
        wording.losses.add("limesurvey-language", what, "", value=lacking, at="languages")
    # A copy made by pydantic would keep the draft's cached variables.
    return Questionnaire(
        questionnaire=draft.questionnaire, version=draft.version, title=draft.title, text=draft.text, closing=draft.closing,
        imported_from=draft.imported_from, languages=languages, scales=draft.scales, sections=sections,
    )  # fmt: skip


def _texts(draft: Questionnaire, questions: Mapping[str, Question]) -> Iterator[Text]:
    yield from (text for text in (draft.title, draft.text, draft.closing) if text is not None)
    yield from (option.text for scale in draft.scales.values() for option in scale.options)
    for section in draft.sections:
        yield from (text for text in (section.title, section.text) if text is not None)
    for question in questions.values():
        own = (question.text, question.help, question.unit, question.constraint_message)
        yield from (text for text in own if text is not None)
        yield from (item.text for item in question.items)


def _unique_codes(survey: LimeSurvey, wording: Wording) -> dict[int, str]:
    """A code for every question (by identity), no two alike, and none that is the name of another's variable."""
    questions = [question for group in survey.groups for question in group.questions]
    names = {f"{question.code}_{sub.code}" for question in questions for sub in question.subquestions}
    names |= {f"{question.code}_{extra}" for question in questions for extra in ("other", "comment")}
    counts: Counter[str] = Counter()
    codes: dict[int, str] = {}
    for question in questions:
        wanted = code = question.code.strip() or "question"
        while code in names:
            counts[wanted] += 1
            code = f"{wanted}q{counts[wanted] + 1}"
        if code != question.code:
            what = "codes of questions are empty or already taken, and were changed"
            wording.losses.add("limesurvey-code", what, code, value=f"it was “{question.code}”", line=question.line)
        names.add(code)
        codes[id(question)] = code
    return codes


def _sections(survey: LimeSurvey, wording: Wording, scales: Scales, codes: dict[int, str]) -> Iterator[Section]:
    for place, group in enumerate(survey.groups, start=1):
        code = f"section{place}"
        if not group.questions:
            for language in dict.fromkeys((*group.titles, *group.texts)) or ("",):
                shown = " – ".join(filter(None, (group.titles.get(language), group.texts.get(language))))
                wording.losses.add("limesurvey-empty-group", "groups without questions are left out", code, value=shown)
            continue
        yield Section(
            code=code,
            title=wording.required(group.titles, code, instead=f"{place}"),
            text=wording.text(group.texts, f"{code}, text", whole_sentences=True),
            questions=tuple(
                _question(question, codes[id(question)], _condition(question, group), wording, scales)
                for question in group.questions
            ),
        )


def _condition(question: LimeQuestion, group: LimeGroup) -> str:
    own = question.relevance.strip() or question.take("relevance")
    if question.attribute("relevance") == own:
        question.take("relevance")
    if is_always(own) and question.conditions:
        own = old_condition(question.conditions)
    parts = [part.strip() for part in (group.relevance, own) if not is_always(part)]
    return parts[0] if len(parts) == 1 else " and ".join(f"({part})" for part in parts)


def _question(question: LimeQuestion, code: str, relevance: str, wording: Wording, scales: Scales) -> Question:
    kind = _kind(question, code, wording)
    _note_parts(question, kind, code, wording)
    text = wording.required(question.texts, code, instead=code)
    numeric = kind in ("number", "numbers")
    return Question(
        code=code,
        kind=kind,
        text=text,
        help=wording.text(question.help, f"{code}, help"),
        scale=scales.of(question, code) if kind in ("single", "array", "ranking") else "",
        items=items_of(question, code, text, wording, scales) if kind in _WITH_ITEMS else (),
        relevance=relevance,
        required=question.mandatory == "Y",
        minimum=_number(question, "min_num_value_n", "slider_min", "multiflexible_min") if numeric else None,
        maximum=_number(question, "max_num_value_n", "slider_max", "multiflexible_max") if numeric else None,
        integer=numeric and is_on(question, "num_value_int_only"),
        unit=wording.text(question.words("suffix", wording.languages), f"{code}, suffix") if numeric else None,
        random_order=_is_random(question, kind),
        other=question.other and question.type in _WITH_OTHER,
        comment=question.type in ("O", "P"),
    )


_WITH_ITEMS = ("multiple", "array", "ranking", "numbers", "texts")
_WITH_OTHER = ("L", "!", "M", "P")


def _kind(question: LimeQuestion, code: str, wording: Wording) -> Kind:
    kind = KINDS.get(question.type)
    if kind is None:
        what = "question types are not known; the questions are taken as text"
        wording.losses.add("limesurvey-type", what, code, value=f"“{question.type}”", line=question.line)
    if question.type == "*":
        what = "answers are computed; their formulas are not imported"
        wording.losses.add("limesurvey-computed", what, code, value=question.take("equation"), line=question.line)
    if question.type == ":" and is_on(question, "multiflexible_checkbox"):
        return "multiple"
    return kind or "text"


def _note_parts(question: LimeQuestion, kind: Kind, code: str, wording: Wording) -> None:
    """Note what stands with a question and has no place in one of its kind."""
    add = wording.losses.add
    if question.mandatory == "S":
        what = "answers are asked for but may be withheld (soft mandatory); here they may be left open"
        add("limesurvey-mandatory", what, code, line=question.line)
    elif question.mandatory not in ("Y", "N", ""):
        what = "whether an answer is needed is not known; it may be left open"
        add("limesurvey-mandatory", what, code, value=question.mandatory)
    if question.pattern.strip():
        add(
            "limesurvey-validation",
            "patterns of answers are not checked",
            code,
            value=question.pattern,
            line=question.line,
        )
    if question.other and question.type not in _WITH_OTHER:
        add("limesurvey-other", "a free “other” is not imported for this type of question", code)
    fits = question.type in WITH_ANSWERS
    for answer in question.answers:
        if not fits or (answer.scale == 1 and question.type != "1"):
            what = "answers that do not belong to this type of question are not imported"
            add("limesurvey-stray", what, f"{code}, answer {answer.code}", value=next(iter(answer.texts.values()), ""))
    fits = question.type in WITH_SUBQUESTIONS
    for sub in question.subquestions:
        if not fits or (sub.scale == 1 and question.type not in (":", ";")):
            what = "subquestions that do not belong to this type of question are not imported"
            add("limesurvey-stray", what, f"{code}_{sub.code}", value=next(iter(sub.texts.values()), ""))


def _is_random(question: LimeQuestion, kind: Kind) -> bool:
    """Whether items, or the options of a single choice, are in random order; cells of a grid have no order of their own."""
    if question.type in (":", ";", "1") or kind not in (*_WITH_ITEMS, "single"):
        return False
    of_options = kind in ("single", "ranking")
    names = ("random_order", "answer_order") if of_options else ("random_order", "subquestion_order")
    found = [name for name in names if question.attribute(name) in ("1", "Y", "random")]
    for name in found:
        question.take(name)
    return bool(found)


def _number(question: LimeQuestion, *names: str) -> float | None:
    for name in names:
        value = question.attribute(name).replace(",", ".")
        if re.fullmatch(r"-?\d{1,15}(\.\d{1,9})?", value):
            question.take(name)
            return float(value)
    return None
