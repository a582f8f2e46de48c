"""What stands beside a sign of an expression: a test, a variable, a value that is written there, or a computed number."""

from __future__ import annotations

import re
from dataclasses import dataclass

from clustergov.instruments.arithmetic import Number
from clustergov.instruments.limesurvey.script.meaning import Meaning
from clustergov.instruments.questionnaire import Variable


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written in an expression; a number without quotation marks is one."""

    text: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class Computed:
    """A computed number; `joins` if a browser makes text of it, which “+” would join and “<” would compare as text."""

    number: Number
    joins: bool = False
    rounded: bool = False


Operand = Meaning | Variable | Literal | Computed


def as_number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"\s*[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,2})?", text, re.I | re.A) else None
