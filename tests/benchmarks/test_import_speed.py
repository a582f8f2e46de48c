"""How long a large LimeSurvey table takes to become a questionnaire, as a ratio to reading it with the csv module alone."""

from __future__ import annotations

import csv
import io
import time
from pathlib import Path

from clustergov.instruments.limesurvey import read_limesurvey
from limesurvey_files import NEW, line, txt

LANGUAGES = ("en", "fr", "de")
QUESTIONS, ITEMS, ANSWERS = 132, 5, 23
COLUMNS = tuple(f"attribute_{number}" for number in range(110))


def large() -> bytes:
    """About 2 MB: as many questions, answers, languages and columns as the largest survey that was met in the field."""
    rows = [line("S", "language", "en", language=""), line("S", "additional_languages", "fr de", language="")]
    for language in LANGUAGES:
        rows.append(line("SL", "surveyls_title", f"Title {language}", language=language))
        for number in range(QUESTIONS):
            if number % 16 == 0:
                rows.append(line("G", f"Group {number}", scale=f"G{number}", language=language, relevance="1"))
            relevance = f'q{number - 1}_i1.NAOK == "A1"' if number % 4 else "1"
            text = f"<p>Question <b>{number}</b> in {language}: how often did this occur?</p>"
            rows.append(line("Q", f"q{number}", text, scale="F", language=language, relevance=relevance, mandatory="Y"))
            rows += [
                line("SQ", f"i{item}", f"Item {item} in {language}", scale="0", language=language)
                for item in range(ITEMS)
            ]
            rows += [
                line("A", f"A{answer}", f"Answer {answer} of {number % 40} in {language}", scale="0", language=language)
                for answer in range(ANSWERS)
            ]
    return txt(rows, NEW, extra=COLUMNS).replace('""', "").encode()


def test_against_reading_the_cells_alone(tmp_path: Path) -> None:
    content = large()
    path = tmp_path / "large.txt"
    path.write_bytes(content)
    start = time.perf_counter()
    cells = sum(len(row) for row in csv.reader(io.StringIO(content.decode(), newline=""), delimiter="\t"))
    alone = time.perf_counter() - start
    start = time.perf_counter()
    questionnaire = read_limesurvey(path).questionnaire
    whole = time.perf_counter() - start
    assert len(questionnaire.questions) == QUESTIONS
    print(
        f"\n{len(content) / 1e6:.1f} MB, {cells:,} cells, {QUESTIONS} questions in {len(LANGUAGES)} languages: {whole:.1f} s, "
        f"{whole / alone:.0f} × reading the cells alone (budget 3 s on a machine of its own)"
    )
