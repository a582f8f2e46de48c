"""How long 10,000 responses to the shipped questionnaire take from their raw export to `Responses`, and how much memory."""

from __future__ import annotations

import csv
import io
import resource
import time
from pathlib import Path

from clustergov.instruments.check import read_questionnaire
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.survey.collection.fetching import lay_out
from clustergov.survey.collection.fieldwork import read_fieldwork
from clustergov.survey.collection.raw_rows import gather
from clustergov.survey.collection.raw_store import RawStore
from clustergov.survey.privacy.consent import fielded
from clustergov.survey.reading import read_responses
from clustergov.survey.synthetic.simulation import generator, read_simulation, simulate
from clustergov.survey.writing import table_of
from raw_exports import Given, of_limesurvey

ROWS = 10_000


def respondents(questionnaire: Questionnaire, model: Path) -> list[Given]:
    """Complete answers as the shipped study simulates them, each with a token."""
    table = table_of(simulate(read_simulation(model, questionnaire), questionnaire, n=ROWS, rng=generator(1)).responses)
    names = [variable.name for variable in questionnaire.variables if variable.name in table.columns]
    consent = {"consentanalysis": "Y", "consentarchive": "N"}
    return [
        Given(str(number), consent | {name: cell for name, cell in zip(names, cells, strict=True) if cell}, token=f"token{number}")
        for number, cells in enumerate(table[names].itertuples(index=False), start=1)
    ]  # fmt: skip


def test_from_the_raw_export_to_responses(root: Path, tmp_path: Path) -> None:
    questionnaire = read_questionnaire(root / "instruments" / "cluster-organisation.yml")
    fieldwork = read_fieldwork(root / "survey" / "fieldwork.yml")
    people = respondents(questionnaire, root / "survey" / "simulation.yml")
    export = of_limesurvey(fielded(questionnaire, fieldwork), people, "complete")
    pseudonyms = {person.token: f"P{person.id}" for person in people}
    start = time.perf_counter()
    cells = sum(len(row) for row in csv.reader(io.StringIO(export.content.decode(), newline=""), delimiter=";"))
    alone = time.perf_counter() - start

    start = time.perf_counter()
    store = RawStore(tmp_path / "raw")
    store.add(export, address="1")
    found = lay_out(gather(store), questionnaire, pseudonyms=pseudonyms, fieldwork=fieldwork, use="analysis")
    path = tmp_path / "responses.csv"
    path.write_bytes(found.complete.content())
    fetched = time.perf_counter() - start
    start = time.perf_counter()
    responses = read_responses(path, questionnaire, strict=True)
    read = time.perf_counter() - start

    assert responses.n == ROWS
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"\n{ROWS:,} responses, {len(export.content) / 1e6:.1f} MB, {cells:,} cells: stored and laid out in {fetched:.2f} s, read "
        f"in {read:.2f} s (budget 5 s together), {(fetched + read) / alone:.0f} × the csv module alone; "
        f"{memory:.0f} MB at most, the simulation included (budget 500 MB)"
    )
