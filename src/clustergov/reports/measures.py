"""The Measures paragraph of a paper: which instrument, and for each scale score its items, scale, key and rule."""

from __future__ import annotations

import re
from collections.abc import Iterator

from clustergov.analysis.scales.reliability import Reliability, reliability_of_constructs
from clustergov.instruments.exchange import Exported
from clustergov.instruments.questionnaire import Construct, Questionnaire, Variable
from clustergov.instruments.rules.constructs import item_range
from clustergov.instruments.rules.texts import source_keys
from clustergov.language import LANGUAGES, Text, number, say
from clustergov.reports.document import Block, Bullets, Document, Heading, Notice, Paragraph
from clustergov.reports.word import render_word
from clustergov.survey.responses import Responses

_BYLINE = re.compile(r"(?P<authors>[^()]{1,300}?) ?\((?P<year>\d{4})\)")
_BETWEEN_AUTHORS = re.compile(r"(?<=\.)(?:,? and |, )")
_AUTHOR = re.compile(r"(?P<name>[^,]+), (?:\w\.[- ]?)+")


def to_measures(questionnaire: Questionnaire, language: str, *, responses: Responses | None = None) -> Exported:
    """The paragraph as a Word document.

    Parameters
    ----------
    language : str
        Of the questionnaire's texts; our own words are in it where we have them, else in English.
    responses : Responses, optional
        With them Cronbach's alpha stands with each scale score.
    """
    return Exported(render_word(measures_document(questionnaire, language, responses=responses)))


def measures_document(questionnaire: Questionnaire, language: str, *, responses: Responses | None = None) -> Document:
    """The paragraph as a document: one paragraph for the instrument, one for each scale score, and the sources."""
    words = language if language in LANGUAGES else "en"
    alphas = _alphas(responses)
    synthetic = responses is not None and responses.synthetic
    blocks: list[Block] = [Heading(1, say("measures.heading", words), "measures")]
    if synthetic and alphas:
        blocks.append(Notice("", say("measures.synthetic", words), "synthetic"))
    blocks.append(Paragraph(_instrument(questionnaire, language, words)))
    for construct in questionnaire.constructs:
        sentences = _construct(construct, questionnaire, language, words, alphas.get(construct.code))
        blocks.append(Paragraph(" ".join(sentences)))
    if not questionnaire.constructs:
        blocks.append(Paragraph(say("measures.no_constructs", words)))
    blocks += _sources(questionnaire, words)
    return Document(
        title=say("measures.title", words, title=questionnaire.title.to(language)), subtitle="", language=words, author="",
        date="", blocks=tuple(blocks), banner=say("chapters.banner", words) if synthetic else "",
    )  # fmt: skip


def _alphas(responses: Responses | None) -> dict[str, Reliability]:
    if responses is None:
        return {}
    found = zip(responses.questionnaire.constructs, reliability_of_constructs(responses), strict=True)
    return {construct.code: each for construct, each in found if isinstance(each, Reliability)}


def _instrument(questionnaire: Questionnaire, language: str, words: str) -> str:
    asked = [question for question in questionnaire.questions if question.kind != "note"]
    names = [_language(each, words) for each in questionnaire.languages]
    told = say(
        "measures.instrument", words, title=questionnaire.title.to(language), version=questionnaire.version,
        questions=len(asked), items=sum(max(1, len(question.items)) for question in asked),
        sections=len(questionnaire.sections), languages=_listed(names, words),
    )  # fmt: skip
    return f"{told} {say('measures.wording', words)}"


def _language(code: str, words: str) -> str:
    try:
        return say(f"measures.language.{code}", words)
    except KeyError:
        return code


def _listed(parts: list[str], words: str) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return say("measures.and", words, first=", ".join(parts[:-1]), last=parts[-1])


def _construct(
    construct: Construct, questionnaire: Questionnaire, language: str, words: str, alpha: Reliability | None
) -> Iterator[str]:
    variables = [questionnaire.by_name[name] for name in construct.items]
    first = next((each for each in variables if each.name not in construct.reversed), variables[0])
    keys = source_keys(construct.source)
    cited = "; ".join(_citation(questionnaire, key, words) for key in keys)
    kind = "published" if construct.mark in ("P", "S") else "derived"
    yield say(
        "measures.construct", words, title=construct.title.to(language), n=len(variables), example=_bare(first.label, language),
        stem=_bare(first.question.text, language), scale=_scales(variables, language, words), source=f"; {say(f'measures.source.{kind}', words, source=cited)}" if cited else "",
    )  # fmt: skip
    if first.scale is not None and first.kind == "choice" and first.scale.direction == "descending":
        yield say("measures.descending", words)
    if construct.reversed:
        key = "reversed_one" if len(construct.reversed) == 1 else "reversed_many"
        yield say(f"measures.{key}", words, n=len(construct.reversed), items=", ".join(construct.reversed))
    meaning = say("measures.less" if construct.direction == "descending" else "measures.more", words)
    yield say(f"measures.{construct.score}", words, minimum=construct.minimum_valid, n=len(variables), meaning=meaning)
    if blanks := _blanks(variables, language):
        yield say("measures.blank", words, options=_listed(blanks, words))
    if alpha is not None:
        yield say(
            "measures.alpha", words, alpha=alpha.alpha, low=alpha.interval.low, high=alpha.interval.high, n=alpha.n
        )


def _bare(text: Text, language: str) -> str:
    return text.to(language).strip().rstrip(".:")


def _scales(variables: list[Variable], language: str, words: str) -> str:
    """The response scale; where items have several, each with the number of its items."""
    told = [_scale(variable, language, words) for variable in variables]
    kinds = list(dict.fromkeys(told))
    if len(kinds) == 1:
        return kinds[0]
    return _listed([say("measures.part", words, n=told.count(kind), scale=kind) for kind in kinds], words)


def _scale(variable: Variable, language: str, words: str) -> str:
    limits = item_range(variable)
    if variable.kind == "choice" and variable.scale is not None and limits is not None:
        options = [option for option in variable.scale.options if option.blank is None]
        return say(
            "measures.scale", words, points=len(options), low=options[0].code, first=_bare(options[0].text, language),
            high=options[-1].code, last=_bare(options[-1].text, language),
        )  # fmt: skip
    if variable.kind == "tick" or limits is None:
        return say("measures.ticks", words)
    low, high = (number(limit, words, 0 if limit.is_integer() else 2) for limit in limits)
    return say("measures.numbers", words, low=low, high=high)


def _blanks(variables: list[Variable], language: str) -> list[str]:
    """The texts of the options that are no substantive answer, each once."""
    found = (
        option.text.to(language)
        for variable in variables
        if variable.scale is not None
        for option in variable.scale.options
        if option.blank is not None
    )
    return [f"“{text}”" for text in dict.fromkeys(found)]


def _citation(questionnaire: Questionnaire, key: str, words: str) -> str:
    """Surnames and year of a citation that begins with “Name, I., Name, I. and Name, I. (YEAR)”, else all of it."""
    source = questionnaire.sources.get(key)
    if source is None:
        return key
    found = _BYLINE.match(source.citation)
    authors = [_AUTHOR.fullmatch(each) for each in _BETWEEN_AUTHORS.split(found["authors"])] if found else []
    names = [author["name"] for author in authors if author is not None]
    if found is None or len(names) < len(authors):
        return source.named(words).removesuffix(".")
    return f"{_listed(names, words)} ({found['year']})"


def _sources(questionnaire: Questionnaire, words: str) -> list[Block]:
    named = {key for construct in questionnaire.constructs for key in source_keys(construct.source)}
    cited = [source.located(words) for key, source in questionnaire.sources.items() if key in named]
    if not cited:
        return []
    return [Heading(1, say("measures.sources", words), "sources"), Bullets(tuple(cited))]
