"""The document and the study of a DDI codebook: title, version, instrument, sources."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from clustergov import __version__
from clustergov.instruments.ddi.elements import element, in_languages
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.language import LANGUAGES, Text, both


def add_document(root: Element, questionnaire: Questionnaire, *, synthetic: bool) -> None:
    """What this file is, and which program wrote it. No date: equal questionnaires make equal files."""
    citation = element(element(root, "docDscr"), "citation")
    _titles(citation, questionnaire, synthetic=synthetic)
    element(element(citation, "prodStmt"), "software", "clustergov", version=__version__)
    element(element(citation, "verStmt"), "version", questionnaire.version)


def add_study(root: Element, questionnaire: Questionnaire, *, synthetic: bool) -> None:
    study = element(root, "stdyDscr")
    citation = element(study, "citation")
    _titles(citation, questionnaire, synthetic=synthetic)
    element(element(citation, "verStmt"), "version", questionnaire.version)
    if synthetic:
        summary = element(element(study, "stdyInfo"), "sumDscr")
        in_languages(summary, "dataKind", both("archive.synthetic_banner"), LANGUAGES)
    collection = element(element(study, "method"), "dataColl")
    element(collection, "resInstru", "structured questionnaire", type="structured")
    if questionnaire.sources:
        material = element(study, "othrStdyMat")
        for key, source in questionnaire.sources.items():
            cited = {
                each: f"{key}: {source.located(each)}" for each in source.description or questionnaire.languages[:1]
            }
            in_languages(material, "relPubl", Text(cited), questionnaire.languages)
    for kind, text in (("introduction", questionnaire.text), ("closing", questionnaire.closing)):
        if text is not None:
            in_languages(study, "notes", text, questionnaire.languages, type=kind)
    if questionnaire.imported_from:
        element(study, "notes", questionnaire.imported_from, type="imported from")


def _titles(citation: Element, questionnaire: Questionnaire, *, synthetic: bool) -> None:
    """The title in the base language, that its numbers are simulated, the other languages, the questionnaire's name."""
    statement = element(citation, "titlStmt")
    title, base = questionnaire.title, questionnaire.title.language(questionnaire.languages[0])
    in_languages(statement, "titl", Text({base: title[base]}), questionnaire.languages)
    if synthetic:
        in_languages(statement, "subTitl", both("archive.synthetic_banner"), LANGUAGES)
    others = Text({language: title[language] for language in title if language != base})
    in_languages(statement, "parTitl", others, questionnaire.languages)
    element(statement, "IDNo", questionnaire.questionnaire)
