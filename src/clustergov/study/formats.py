"""Every format in which a questionnaire leaves the house, by the name that `--to` knows it by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from clustergov.instruments.exchange import Exported
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.problems import InputError, Problem

if TYPE_CHECKING:
    from clustergov.survey.responses import Responses

Make = Callable[[Questionnaire, str, "Responses | None"], Exported]
"""Questionnaire, language, responses if there are any."""


@dataclass(frozen=True, slots=True)
class Format:
    """One format.

    Attributes
    ----------
    ending : str
        What its file's name ends in; ``{language}`` stands in it where every language has a file of its own.
    meaning : str
        What it is, in a few words for the command line's help.
    make : callable
        Makes the content.
    persons : bool
        Whether, given responses, it holds the answers of single persons.
    """

    ending: str
    meaning: str
    make: Make
    persons: bool = False

    @property
    def per_language(self) -> bool:
        return "{language}" in self.ending


def _lss(questionnaire: Questionnaire, language: str, responses: Responses | None) -> Exported:
    from clustergov.instruments.limesurvey.write import to_lss

    return to_lss(questionnaire)


def _txt(questionnaire: Questionnaire, language: str, responses: Responses | None) -> Exported:
    from clustergov.instruments.limesurvey.write import to_txt

    return to_txt(questionnaire)


def _xlsform(questionnaire: Questionnaire, language: str, responses: Responses | None) -> Exported:
    from clustergov.instruments.xlsform import to_xlsform

    return to_xlsform(questionnaire)


def _surveyjs(questionnaire: Questionnaire, language: str, responses: Responses | None) -> Exported:
    from clustergov.instruments.surveyjs import to_surveyjs

    return to_surveyjs(questionnaire)


def _word(questionnaire: Questionnaire, language: str, responses: Responses | None) -> Exported:
    from clustergov.reports.questionnaire_document import to_word

    return to_word(questionnaire, language)


def _ddi(questionnaire: Questionnaire, language: str, responses: Responses | None) -> Exported:
    from clustergov.instruments.ddi import to_ddi

    if responses is None:
        return to_ddi(questionnaire)
    from clustergov.survey.variable_counts import variable_counts

    return to_ddi(questionnaire, variable_counts(responses), synthetic=responses.synthetic)


def _sav(questionnaire: Questionnaire, language: str, responses: Responses | None) -> Exported:
    from clustergov.instruments.statistical.package import to_sav

    frame = _with_missing_codes(responses)
    return to_sav(questionnaire, frame, language=language, synthetic=responses is not None and responses.synthetic)


def _dta(questionnaire: Questionnaire, language: str, responses: Responses | None) -> Exported:
    from clustergov.instruments.statistical.package import to_dta

    frame = _with_missing_codes(responses)
    return to_dta(questionnaire, frame, language=language, synthetic=responses is not None and responses.synthetic)


def _with_missing_codes(responses: Responses | None):  # type: ignore[no-untyped-def]  # pandas is not imported here
    if responses is None:
        return None
    from clustergov.survey.missing_codes import with_missing_codes

    return with_missing_codes(responses)


def _json_schema(questionnaire: Questionnaire, language: str, responses: Responses | None) -> Exported:
    from clustergov.instruments.json_schema import to_json_schema

    return to_json_schema(questionnaire)


def _pandera(questionnaire: Questionnaire, language: str, responses: Responses | None) -> Exported:
    from clustergov.instruments.frames.schema import to_pandera

    return to_pandera(questionnaire)


def _codebook_html(questionnaire: Questionnaire, language: str, responses: Responses | None) -> Exported:
    from clustergov.reports.codebook_html import render_codebook_html

    return Exported(render_codebook_html(questionnaire, responses=responses).encode("utf-8"))


def _codebook_word(questionnaire: Questionnaire, language: str, responses: Responses | None) -> Exported:
    from clustergov.reports.codebook_word import render_codebook_word

    return Exported(render_codebook_word(questionnaire, language, responses=responses))


def _measures(questionnaire: Questionnaire, language: str, responses: Responses | None) -> Exported:
    from clustergov.reports.measures import to_measures

    return to_measures(questionnaire, language, responses=responses)


FORMATS: dict[str, Format] = {
    "lss": Format(".lss", "LimeSurvey survey structure (XML)", _lss),
    "txt": Format(".txt", "LimeSurvey survey structure (tab-separated)", _txt),
    "xlsform": Format(".xlsform.xlsx", "XLSForm for ODK and Kobo", _xlsform),
    "surveyjs": Format(".surveyjs.json", "SurveyJS form", _surveyjs),
    "word": Format(".questionnaire.{language}.docx", "questionnaire on paper, in Word", _word),
    "ddi": Format(".ddi.xml", "DDI-Codebook 2.5 for an archive", _ddi),
    "sav": Format(".sav", "SPSS file with labels and missing codes", _sav, persons=True),
    "dta": Format(".dta", "Stata file with labels and missing codes", _dta, persons=True),
    "json-schema": Format(".schema.json", "JSON Schema of one response", _json_schema),
    "pandera": Format(".schema.py", "pandera schema of the frame of codes", _pandera),
    "codebook-html": Format(".codebook.html", "codebook as one page, all languages", _codebook_html),
    "codebook-word": Format(".codebook.{language}.docx", "codebook in Word", _codebook_word),
    "measures": Format(".measures.{language}.docx", "the Measures paragraph of a paper, in Word", _measures),
}
ALL = "all"


def chosen(names: Iterable[str]) -> tuple[str, ...]:
    """The formats that a list such as ``lss,txt`` or ``all`` stands for, in the order of `FORMATS`.

    Raises
    ------
    InputError
        Names that are no format, or no name at all.
    """
    wanted = [part.strip().casefold() for name in names for part in name.split(",") if part.strip()]
    unknown = [name for name in wanted if name != ALL and name not in FORMATS]
    if unknown or not wanted:
        found = f"“{', '.join(unknown)}”" if unknown else "none"
        raise InputError(
            Problem("format", f"expected formats, found {found}.", f"Choose from: {', '.join((*FORMATS, ALL))}.", place="--to")
        )  # fmt: skip
    return tuple(FORMATS) if ALL in wanted else tuple(name for name in FORMATS if name in wanted)


def languages_of(questionnaire: Questionnaire, languages: Iterable[str]) -> tuple[str, ...]:
    """The languages asked for, or all that the questionnaire has.

    Raises
    ------
    InputError
        The questionnaire has none of that name.
    """
    wanted = tuple(dict.fromkeys(languages))
    own = questionnaire.languages or tuple(questionnaire.title)
    problems = [
        Problem("language", f"the questionnaire is not in “{language}”.", f"It is in: {', '.join(own)}.", place="--language")
        for language in wanted
        if language not in own
    ]  # fmt: skip
    if problems:
        raise InputError(problems)
    return wanted or own


def export(
    questionnaire: Questionnaire,
    formats: Iterable[str],
    *,
    stem: str,
    languages: Iterable[str] = (),
    responses: Responses | None = None,
) -> dict[str, Exported]:
    """Make a questionnaire in several formats.

    Parameters
    ----------
    formats : iterable of str
        Keys of `FORMATS`.
    stem : str
        How the names of the files begin.
    languages : iterable of str
        For formats with a file per language; the first is also that of labels where a file can hold only one.
    responses : Responses, optional
        For formats that can hold them: SPSS, Stata, and counts in DDI and the codebooks.

    Returns
    -------
    dict of str to Exported
        By the name of the file.

    Raises
    ------
    InputError
        Everything that cannot be translated, in all these formats; their names stand before each problem's place.
    """
    spoken = languages_of(questionnaire, languages)
    made: dict[str, Exported] = {}
    problems: list[Problem] = []
    failed: list[str] = []
    names = tuple(formats)
    for name, language, file in _files(names, spoken, stem):
        try:
            made[file] = FORMATS[name].make(questionnaire, language, responses)
        except InputError as error:
            problems += error.problems
            failed.append(name)
    if problems:
        others = [name for name in names if name not in failed]
        left = f" Without them it works: --to {','.join(others)}." if others else ""
        raise InputError(
            problems, summary=f"Nothing was written: not translatable to {', '.join(dict.fromkeys(failed))}.{left}"
        )
    return made


def _files(names: Iterable[str], languages: tuple[str, ...], stem: str) -> Iterator[tuple[str, str, str]]:
    for name in names:
        if FORMATS[name].per_language:
            yield from (
                (name, language, stem + FORMATS[name].ending.format(language=language)) for language in languages
            )
        else:
            yield name, languages[0], stem + FORMATS[name].ending
