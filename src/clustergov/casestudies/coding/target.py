"""What can be coded, and by what: documents, units, passages and concepts, checked before anything is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from clustergov.casestudies.case import STATEMENTS
from clustergov.casestudies.coding.coding import Coding, Polarity
from clustergov.casestudies.coding.desk import refuse
from clustergov.casestudies.coding.held import Choice
from clustergov.casestudies.coding.sheet import Sheet
from clustergov.casestudies.corpus import Corpus
from clustergov.casestudies.documents.document import Document
from clustergov.casestudies.documents.passage import CONTEXT, Passage
from clustergov.language import Text, both


class Target:
    """The documents and concepts of a study.

    Parameters
    ----------
    corpus : Corpus
    """

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._documents = {(document.case, document.code): document for document in corpus.documents}

    def document(self, case: str, document: str) -> Document | None:
        """A document of the researcher's own; None for statements and notes.

        Raises
        ------
        InputError
            The case has no such document.
        """
        found = self._documents.get((case, document))
        if found is None and document not in self._units(case):
            raise refuse("unknown-document", f"there is no document “{document}” in the case “{case}”.",
                         "Load the list of documents again.")  # fmt: skip
        return found

    def _units(self, case: str) -> Mapping[str, Mapping[str, object]]:
        known = self._corpus.by_case.get(case)
        return {} if known is None else known.units

    def title(self, case: str, document: str) -> Text:
        """What a document is called."""
        if document == STATEMENTS:
            return both("coding.statements")
        own = self._documents.get((case, document))
        return own.title if own else next(n.title for n in self._corpus.by_case[case].notes if n.code == document)

    def concept(self, code: str) -> str:
        """A concept that passages can have.

        Raises
        ------
        InputError
            The codebook has none such, or it is a folder.
        """
        found = self._corpus.codebook.by_code.get(code)
        if found is None:
            raise refuse("unknown-concept", f"the concept “{code[:60]}” is not in the codebook.", "Choose one of it.")
        if not found.codable:
            raise refuse("concept-not-codable", f"“{code}” holds other concepts and is not coded itself.",
                         "Choose one of those under it.")  # fmt: skip
        return code

    def polarity(self, polarity: Polarity | None) -> Polarity | None:
        """A polarity.

        Raises
        ------
        InputError
            It is none.
        """
        if polarity is not None and polarity not in get_args(Polarity):
            raise refuse("polarity", f"expected one of {', '.join(get_args(Polarity))}, found something else.",
                         "Choose one of them, or none.")  # fmt: skip
        return polarity

    def coding(self, case: str, document: str, coder: str, round_: int, choice: Choice) -> Coding:
        """A coding that may be stored.

        Raises
        ------
        InputError
            Its place, concept or polarity is not one of this study.
        """
        own = self.document(case, document)
        concept, polarity = self.concept(choice.concept), self.polarity(choice.polarity)
        if own is not None:
            passage = _passage(own, choice)
            return Coding(case, document, coder, concept, "", passage, polarity, choice.memo, round_)
        if choice.at not in self._units(case)[document] or choice.start is not None or choice.end is not None:
            raise refuse("unknown-passage", f"“{document}” of “{case}” holds nothing with the code “{choice.at[:60]}”.",
                         "Statements and paragraphs are coded as a whole, by their code.")  # fmt: skip
        return Coding(case, document, coder, concept, choice.at, None, polarity, choice.memo, round_)

    def anchored(self, sheet: Sheet) -> None:
        """Refuse to mix passages of two versions of a document in one sheet.

        Raises
        ------
        InputError
            The document was changed since it was coded.
        """
        own = self._documents.get((sheet.case, sheet.document))
        if own is not None and any(c.passage and c.passage.sha256 != own.sha256 for c in sheet.codings.values()):
            raise refuse(
                "passages-not-anchored", f"the text of “{sheet.document}” was changed since it was coded.",
                "Anchor its passages again first: clustergov casestudies reanchor.",
            )  # fmt: skip


def _passage(document: Document, choice: Choice) -> Passage:
    start, end, text = choice.start, choice.end, document.text
    if choice.at or start is None or end is None or not 0 <= start < end <= len(text):
        raise refuse(
            "passage-offsets", f"expected 0 ≤ start < end ≤ {len(text)}, found {start} and {end}.",
            "Count code points of the text, the first one as 0; the end is exclusive.", place=document.code,
        )  # fmt: skip
    before, after = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
    return Passage(document.code, document.sha256, text[start:end], before, after, start, end)


def memo_of(memo: Mapping[str, str] | None) -> Text | None:
    """A memo without blanks around it; None where nothing is left.

    Raises
    ------
    InputError
        It cannot be written as UTF-8, or is of no language.
    """
    texts = {language: text.strip() for language, text in (memo or {}).items() if text.strip()}
    for language, text in texts.items():
        if not (len(language) == 2 and language.isascii() and language.isalpha() and language.islower()):
            raise refuse("memo-language", "expected a language such as nl or en, found something else.", "Name one.")
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:
            raise refuse("memo-text", "the memo holds half a character.", "Remove what does not show.") from None
    return Text(texts) if texts else None
