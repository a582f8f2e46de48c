"""Consent as questions: the questionnaire as it is fielded, and who agreed to a use of the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clustergov.instruments.condition import Comparison, Condition, Expression, Junction
from clustergov.instruments.questionnaire import Option, Question, Questionnaire, Scale, Section
from clustergov.instruments.routing import LONGEST, parse
from clustergov.language import Text
from clustergov.problems import InputError, Problem
from clustergov.survey.collection.fieldwork import Consent, Fieldwork
from clustergov.survey.privacy.notice import has_notice, notice, sentence

if TYPE_CHECKING:
    import pandas as pd

    from clustergov.survey.responses import Responses

SECTION = "privacy"
NOTICE = "privacynotice"
AGREED, DECLINED = "Y", "N"


def question_of(use: str) -> str:
    """The code of the question, and of the variable, that asks for consent to a use."""
    return f"consent{use}"


def fielded(questionnaire: Questionnaire, fieldwork: Fieldwork) -> Questionnaire:
    """The questionnaire with its section ``privacy`` in front, as a respondent gets it.

    The section has the notice and one compulsory question ``consent<use>`` (Y or N) per use, first the uses without
    which nobody can take part. Everything after those is asked only of who agreed to them all. Where fieldwork
    declares nothing to tell or to ask, the questionnaire is returned as it is.

    Raises
    ------
    InputError
        A code is taken by the questionnaire, a text lacks one of its languages, or a condition gets too long.
    """
    if not has_notice(fieldwork):
        return questionnaire
    problems = [*_taken(questionnaire, fieldwork), *_untranslated(questionnaire, fieldwork)]
    if problems:
        raise InputError(problems)
    asking = _free("consent", questionnaire)
    required = [consent for consent in fieldwork.consent if consent.required]
    optional = [consent for consent in fieldwork.consent if not consent.required]
    agreed = tuple(Comparison(question_of(consent.use), "=", (AGREED,)) for consent in required)
    languages = questionnaire.languages
    first = [Question(code=NOTICE, kind="note", text=notice(fieldwork, languages))]
    first += [_question(consent, asking, languages) for consent in required]
    first += [_only_with(_question(consent, asking, languages), agreed) for consent in optional]
    title = "section" if fieldwork.consent else "notice only"
    privacy = Section(
        code=SECTION,
        title=Text({language: sentence(title, language) for language in languages}),
        questions=tuple(first),
    )
    later = tuple(
        section.model_copy(update={"questions": tuple(_only_with(question, agreed) for question in section.questions)})
        for section in questionnaire.sections
    )
    scales = questionnaire.scales | ({asking: _scale(languages)} if fieldwork.consent else {})
    # Built anew: a copy would keep the list of variables that the original has worked out.
    own = {name: getattr(questionnaire, name) for name in Questionnaire.model_fields}
    return Questionnaire(**(own | {"sections": (privacy, *later), "scales": scales}))


def permitted(answers: Responses | pd.DataFrame, use: str) -> pd.Series[bool]:
    """Who agreed to a use of the answers.

    Only a given yes counts: a blank, an answer that is not on the list and a question that routing passed by do not.
    Where somebody stands more than once, one refusal holds for all of their rows.

    Parameters
    ----------
    answers : Responses or DataFrame
        A frame is one of codes, indexed by respondent.

    Returns
    -------
    Series of bool
        One value per row.

    Raises
    ------
    InputError
        The use was never asked.
    """
    import pandas as pd

    name = question_of(use)
    frame = answers if isinstance(answers, pd.DataFrame) else answers.frame
    if name not in frame.columns:
        asked = [str(column) for column in frame.columns if str(column).startswith("consent")]
        raise InputError(
            Problem("consent-not-asked", f"nobody was asked for consent to the use “{use}”: there is no “{name}”.",
                    f"Consent was asked in: {', '.join(asked) or 'none'}. Without consent leave the answers out.")
        )  # fmt: skip
    agreed = (frame[name] == AGREED).fillna(False).astype(bool)
    if not isinstance(answers, pd.DataFrame):
        agreed &= answers.blanks[name] == ""
    refused = frame.index[(frame[name] == DECLINED).fillna(False).astype(bool)]
    return agreed & ~frame.index.isin(refused)


def _question(consent: Consent, scale: str, languages: tuple[str, ...]) -> Question:
    text = Text({language: consent.text[language] for language in languages})
    return Question(code=question_of(consent.use), kind="single", text=text, scale=scale, required=True)


def _scale(languages: tuple[str, ...]) -> Scale:
    def option(code: str, word: str) -> Option:
        return Option(code=code, text=Text({each: sentence(f"choice.{word}", each) for each in languages}))

    return Scale(direction="none", options=(option(AGREED, "yes"), option(DECLINED, "no")))


def _only_with(question: Question, agreed: tuple[Comparison, ...]) -> Question:
    """The question, asked as before, but only of who agreed."""
    if not agreed:
        return question
    parts: list[Expression] = list(agreed)
    if question.when:
        own = parse(question.when).expression
        parts += own.parts if isinstance(own, Junction) and own.operator == "and" else [own]
    when = str(Condition(parts[0] if len(parts) == 1 else Junction("and", tuple(parts))))
    if len(when) > LONGEST:
        raise InputError(
            Problem("consent-condition", f"with consent the condition of “{question.code}” has {len(when)} characters.",
                    f"Shorten the question's condition: at most {LONGEST} in all.", place=question.code)
        )  # fmt: skip
    return question.model_copy(update={"when": when, "relevance": _script(question.relevance, agreed)})


def _script(relevance: str, agreed: tuple[Comparison, ...]) -> str:
    """A condition that stays as LimeSurvey wrote it gets consent before it, in the same language."""
    if not relevance:
        return ""
    given = " and ".join(f'{each.variable}.NAOK == "{AGREED}"' for each in agreed)
    return f"({given}) and ({relevance})"


def _taken(questionnaire: Questionnaire, fieldwork: Fieldwork) -> list[Problem]:
    """Codes of ours that the questionnaire has already; upper and lower case are one, as in every check of codes."""
    wanted = [NOTICE, *(question_of(consent.use) for consent in fieldwork.consent)]
    theirs = [question.code for question in questionnaire.questions]
    theirs += [construct.code for construct in questionnaire.constructs]
    names = {name.casefold() for name in (*theirs, *questionnaire.by_name)}
    told = [("question", code) for code in wanted if code.casefold() in names]
    told += [("section", SECTION) for section in questionnaire.sections if section.code.casefold() == SECTION]
    return [
        Problem("consent-code", f"the {what} “{code}” is added in the field, and the questionnaire has one of that name.",
                "Rename that of the questionnaire, or the use under “consent”.", place=code)
        for what, code in told
    ]  # fmt: skip


def _untranslated(questionnaire: Questionnaire, fieldwork: Fieldwork) -> list[Problem]:
    texts = {"notice": fieldwork.notice} if fieldwork.notice is not None else {}
    texts |= {f"consent {consent.use}": consent.text for consent in fieldwork.consent}
    return [
        Problem("missing-translation", f"there is no text in “{language}”, a language of the questionnaire.",
                "Translate it: nobody can agree to what they cannot read.", place=place)
        for place, text in texts.items() for language in questionnaire.languages if not text.get(language, "").strip()
    ]  # fmt: skip


def _free(name: str, questionnaire: Questionnaire) -> str:
    taken = {each.casefold() for each in questionnaire.scales}
    return next(each for each in (name, *(f"{name}{k}" for k in range(2, 10_000))) if each.casefold() not in taken)
