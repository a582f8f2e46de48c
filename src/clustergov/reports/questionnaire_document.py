"""The questionnaire on paper: to print, to fill in by hand, or to lay before an ethics board."""

from __future__ import annotations

from collections.abc import Iterator

from clustergov.instruments.exchange import Exported, Notes
from clustergov.instruments.questionnaire import Question, Questionnaire, Section
from clustergov.language import LANGUAGES, say
from clustergov.reports.answer_space import Sheet, answer_space, keep_with_next
from clustergov.reports.condition_words import ConditionWords
from clustergov.reports.document import Block, Bullets, Document, Heading, Notice, Paragraph
from clustergov.reports.numbering import number_blocks
from clustergov.reports.word import block_nodes, title_nodes
from clustergov.reports.word_package import add_section, new_package, to_bytes
from clustergov.reports.word_text import Context, runs
from clustergov.reports.word_xml import Element, element, paragraph, qn


def to_word(questionnaire: Questionnaire, language: str) -> Exported:
    """The questionnaire as a Word document in one language; equal arguments give equal bytes.

    Sections and questions are numbered headings, so that routing can name them (“Only answer if the answer to question
    1.5 is “yes””) and a screen reader finds them. Codes stand in square brackets behind the answers, for data entry.

    Parameters
    ----------
    language : str
        Of the questionnaire's texts; our own words are in it where we have them, else in English.
    """
    words = language if language in LANGUAGES else "en"
    document = _frame(questionnaire, language, words)
    package = new_package(document)
    context = Context(document, number_blocks(document), package.part)
    numbers = {
        question.code: context.targets[_id(i, j)].number
        for i, section in enumerate(questionnaire.sections)
        for j, question in enumerate(section.questions)
        if question.kind != "note"
    }
    told = ConditionWords(questionnaire, language, words, numbers)
    sheet = Sheet(questionnaire, context, language, words, told.tell)
    body = package.part._element.body
    body.extend(title_nodes(context, document))
    body.extend(_nodes(sheet, document))
    add_section(package, document)
    notes = Notes()
    if language not in LANGUAGES:
        notes.add(
            "paper-words", f"the words around the questions are English in the file in “{language}”.", place="languages"
        )
    return Exported(to_bytes(package), notes.all())


def _id(section: int, question: int | None = None) -> str:
    return f"section-{section}" if question is None else f"question-{section}-{question}"


def _frame(questionnaire: Questionnaire, language: str, words: str) -> Document:
    """Title and headings: what numbers are counted from."""
    headings: list[Heading] = []
    for i, section in enumerate(questionnaire.sections):
        headings.append(Heading(1, section.title.to(language), _id(i)))
        headings += [
            Heading(2, question.text.to(language), _id(i, j))
            for j, question in enumerate(section.questions)
            if question.kind != "note"
        ]
    if questionnaire.closing is not None:
        headings.append(Heading(1, say("paper.closing", words), "closing"))
    if questionnaire.sources:
        headings.append(Heading(1, say("paper.sources", words), "sources"))
    subtitle = say("paper.subtitle", words, questionnaire=questionnaire.questionnaire, version=questionnaire.version)
    return Document(
        title=questionnaire.title.to(language), subtitle=subtitle, language=words, author="", date="",
        blocks=tuple(headings),
    )  # fmt: skip


def _nodes(sheet: Sheet, document: Document) -> Iterator[Element]:
    questionnaire = sheet.questionnaire
    headings = {block.id: block for block in document.blocks if isinstance(block, Heading)}
    if questionnaire.text is not None:
        yield from _blocks(sheet, Paragraph(sheet.text(questionnaire.text)))
    for i, section in enumerate(questionnaire.sections):
        yield from _section(sheet, section, headings[_id(i)])
        for j, question in enumerate(section.questions):
            yield from _question(sheet, question, headings.get(_id(i, j)))
    if questionnaire.closing is not None:
        yield from _unnumbered(sheet, headings["closing"])
        yield from _blocks(sheet, Paragraph(sheet.text(questionnaire.closing)))
    if questionnaire.sources:
        cited = tuple(source.located(sheet.words) for source in questionnaire.sources.values())
        yield from _unnumbered(sheet, headings["sources"])
        yield from _blocks(sheet, Paragraph(sheet.say("own_wording")), Bullets(cited))


def _section(sheet: Sheet, section: Section, heading: Heading) -> Iterator[Element]:
    yield from _blocks(sheet, heading)
    if section.text is not None:
        yield from _blocks(sheet, Paragraph(sheet.text(section.text)))


def _unnumbered(sheet: Sheet, heading: Heading) -> Iterator[Element]:
    """A heading after the last section, without the number that its style gives."""
    for node in _blocks(sheet, heading):
        no_number = element("numPr", element("ilvl", val=0), element("numId", val=0))
        node.find(qn("w:pPr")).append(no_number)
        yield node


def _question(sheet: Sheet, question: Question, heading: Heading | None) -> Iterator[Element]:
    """A question under its heading; a note, which nobody answers, has none and no number."""
    if heading is None:
        yield from _routing(sheet, question)
        yield from _blocks(sheet, Paragraph(sheet.text(question.text)))
        if question.help is not None:
            yield from _blocks(sheet, Paragraph(sheet.text(question.help)))
        return
    for node in _above(sheet, question, heading):
        # A question does not stand at the foot of a page with its answers on the next.
        keep_with_next(node)
        yield node
    yield from answer_space(question, sheet)
    # Word joins two tables that touch.
    yield paragraph("LastNote")


def _above(sheet: Sheet, question: Question, heading: Heading) -> Iterator[Element]:
    """What stands above the answers: the question, when to answer it, and how."""
    yield from _blocks(sheet, heading)
    yield from _routing(sheet, question)
    told = [sheet.text(question.help)]
    told += [sheet.say("required")] if question.required else []
    told += [sheet.say("random")] if question.random_order else []
    if notes := [_sentence(each) for each in told if each]:
        yield from _blocks(sheet, Paragraph(" ".join(notes)))
    if question.constraint_message is not None:
        check = sheet.say("message", message=sheet.text(question.constraint_message))
        yield paragraph("Note", *runs(sheet.context, check))


def _sentence(text: str) -> str:
    """A text that another sentence can follow."""
    return text if text.rstrip().endswith((".", "!", "?", ":", "…", ")", "”")) else f"{text.rstrip()}."


def _routing(sheet: Sheet, question: Question) -> Iterator[Element]:
    """Who answers the question."""
    if question.when:
        yield from _blocks(sheet, Notice("", sheet.say("only_if", condition=sheet.condition(question.when))))
    elif question.relevance:
        yield from _blocks(sheet, Notice("", sheet.say("unread", relevance=question.relevance)))


def _blocks(sheet: Sheet, *blocks: Block) -> Iterator[Element]:
    for block in blocks:
        yield from block_nodes(sheet.context, block)
