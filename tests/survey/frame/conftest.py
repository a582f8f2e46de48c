"""A small frame, and responses of some of its members."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from clustergov.instruments.questionnaire import Blank, Questionnaire
from clustergov.survey.blanks import explain_blanks
from clustergov.survey.responses import Origin, Responses
from clustergov.yaml_file import read

QUESTIONNAIRE = """
questionnaire: members
version: 1.0.0
title: {en: Members}
languages: [en]
scales:
  agree:
    direction: ascending
    options:
      - {code: 1, text: {en: no}}
      - {code: 2, text: {en: yes}}
sections:
  - code: first
    title: {en: First}
    questions:
      - {code: open, kind: single, text: {en: Open?}, scale: agree, required: false}
      - {code: size, kind: number, text: {en: Size?}, required: false}
      - {code: why, kind: single, text: {en: Why?}, scale: agree, when: open = 2, required: false}
      - code: rate
        kind: array
        text: {en: Rate}
        scale: agree
        required: false
        items:
          - {code: a, text: {en: A}}
          - {code: b, text: {en: B}}
"""

FRAME = """pseudonym;country;sector;founded
p1;NL;ict;1998
p2;NL;food;2003
p3;BE;ict;1991
p4;BE;food;2005
p5;NL;ict;
p6;DE;food;1987
"""

Answered = Callable[..., Responses]


@pytest.fixture(scope="session")
def members(tmp_path_factory: pytest.TempPathFactory) -> Questionnaire:
    path = tmp_path_factory.mktemp("members") / "members.yml"
    path.write_text(QUESTIONNAIRE, encoding="utf-8")
    return read(path, Questionnaire)[0]


@pytest.fixture
def frame_file(tmp_path: Path) -> Path:
    path = tmp_path / "frame.csv"
    path.write_text(FRAME, encoding="utf-8-sig")
    return path


@pytest.fixture(scope="session")
def answered(members: Questionnaire) -> Answered:
    """Responses from rows of answers by id: codes as text, numbers, None for a blank."""

    def build(rows: dict[str, dict[str, object]], *, complete: list[bool] | None = None) -> Responses:
        index = pd.Index(list(rows), dtype="str", name="id")
        frame = pd.DataFrame(index=index)
        for variable in members.variables:
            cells = [row.get(variable.name) for row in rows.values()]
            frame[variable.name] = pd.array(cells, dtype="float64" if variable.kind == "number" else "str")
        told = None if complete is None else pd.Series(complete, index=index)
        blanks = explain_blanks(frame, members, complete=told, last_page=None, not_asked=())
        assert set(blanks.to_numpy().ravel()) <= {"", *(kind.value for kind in Blank)}
        return Responses(members, frame, blanks, Origin("synthetic"), complete=told)

    return build
