"""Names of variables that SPSS and Stata accept, each told from the others also where capitals do not count."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

SPSS_RESERVED = frozenset({"all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"})
STATA_RESERVED = frozenset(
    {
        "_all", "_b", "_coef", "_cons", "_n", "_pi", "_pred", "_rc", "_skip", "aggregate", "array", "boolean", "break",
        "byte", "case", "catch", "class", "colvector", "complex", "const", "continue", "default", "delegate", "delete",
        "do", "double", "else", "eltypedef", "end", "enum", "explicit", "export", "external", "float", "for", "friend",
        "function", "global", "goto", "if", "in", "inline", "int", "local", "long", "mata", "matrix", "namespace", "new",
        "null", "numeric", "nurow", "operator", "orgtypedef", "pointer", "polymorphic", "pragma", "private", "protected",
        "public", "quad", "real", "return", "rowvector", "scalar", "short", "signed", "static", "strl", "string",
        "struct", "super", "switch", "template", "this", "throw", "transmorphic", "try", "typedef", "typename", "union",
        "unsigned", "using", "vector", "version", "virtual", "void", "volatile", "while", "with",
    }
)  # fmt: skip
"""Words of Stata and of its matrix language."""


@dataclass(frozen=True, slots=True)
class Naming:
    """What a package allows: how many characters, and which words are its own (lower case)."""

    longest: int
    reserved: frozenset[str]

    def names(self, wanted: Iterable[str]) -> tuple[str, ...]:
        """A name for each wanted one, in their order: itself where that is allowed and not taken, else one made from it."""
        taken: set[str] = set()
        given: list[str] = []
        for name in wanted:
            given.append(self._free(self._allowed(name), taken))
            taken.add(given[-1].casefold())
        return tuple(given)

    def _allowed(self, name: str) -> str:
        written = re.sub(r"[^A-Za-z0-9_]", "_", name)
        if not written[:1].isalpha():
            written = f"v{written}"
        # A word of Stata's that ends in digits: str1 to str2045 are types.
        if written.casefold() in self.reserved or re.fullmatch(r"str\d+", written, re.I):
            written += "_"
        return written[: self.longest]

    def _free(self, name: str, taken: set[str]) -> str:
        number, free = 1, name
        while free.casefold() in taken:
            number += 1
            free = f"{name[: self.longest - len(str(number)) - 1]}_{number}"
        return free


SPSS = Naming(64, SPSS_RESERVED)
STATA = Naming(31, STATA_RESERVED)
"""Stata allows 32; the writer names a variable's set of value labels with one character more."""
