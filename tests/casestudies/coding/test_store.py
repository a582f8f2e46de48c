"""Nothing that was acknowledged is lost: killed programs, torn lines, full disks, several programs, edits by hand."""

from __future__ import annotations

import json
import os
import random
import resource
import select
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from clustergov.casestudies.coding.record import record
from clustergov.casestudies.coding.workbench import Workbench
from clustergov.casestudies.corpus import read_corpus
from clustergov.cli.casestudies import casestudies
from clustergov.problems import InputError

KILLS = max(3, int(os.environ.get("CLUSTERGOV_KILLS", "3")) // 4)
CODINGS = "north/codings"
JOURNAL = f"{CODINGS}/interview.ann.journal.jsonl"
FILE = f"{CODINGS}/interview.ann.yml"


def state(folder: Path, coder: str = "ann") -> dict[str, str]:
    with_round = Workbench.open(folder)
    held = with_round.codings("north", "interview", coder=coder, round=1)
    return {one.id: one.coding.polarity or "-" for one in held if one.coding.coder == coder}


def rules(error: InputError) -> list[str]:
    return [problem.rule for problem in error.problems]


def test_every_acknowledged_action_survives_kill_9(small_study: Path) -> None:
    draw = random.Random(7)
    expected = state(small_study)
    counted = 0
    for seed in range(KILLS):
        run = [sys.executable, str(Path(__file__).with_name("coding_loop.py")), str(small_study), str(seed)]
        with subprocess.Popen(run, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            ready, _, _ = select.select([process.stdout], [], [], 30)
            assert ready, "no action within 30 s"
            time.sleep(draw.random() * 0.2)
            process.send_signal(signal.SIGKILL)
            said, complaint = process.stdout.read().decode(), process.stderr.read().decode()
        assert not complaint
        lines = [json.loads(line) for line in said.splitlines(keepends=True) if line.endswith("\n")]
        counted += len(lines)
        for name, polarity in lines:
            if polarity is None:
                expected.pop(name)
            else:
                expected[name] = polarity
        found = state(small_study)
        # One action more may have been on disk when the program was killed before it could say so.
        assert len(set(found.items()) ^ set(expected.items())) <= 2
        expected = found
    assert counted > KILLS
    bench = Workbench.open(small_study)
    bench.settle()
    assert state(small_study) == expected


def test_killed_between_the_file_and_the_line_that_settles(small_study: Path) -> None:
    """The worst moment: the file holds the actions, the journal does not know; they happen again, which changes nothing."""
    bench = Workbench.open(small_study)
    for start in (0, 5, 10):
        one = bench.code("ann", 1, "north", "interview", "vision", start=start, end=start + 4)
    bench.remove("ann", one.id)
    before, journal = state(small_study), (small_study / JOURNAL).read_bytes()
    bench.settle()
    (small_study / JOURNAL).write_bytes(journal)
    assert state(small_study) == before
    text = (small_study / FILE).read_text(encoding="utf-8")
    Workbench.open(small_study).settle()
    assert (small_study / FILE).read_text(encoding="utf-8") == text


def test_a_torn_line_is_told_set_aside_and_never_fatal(small_study: Path) -> None:
    bench = Workbench.open(small_study)
    bench.code("ann", 1, "north", "interview", "vision", start=0, end=4)
    whole = (small_study / JOURNAL).read_bytes()
    bench.code("ann", 1, "north", "interview", "vision", start=5, end=9)
    longer = (small_study / JOURNAL).read_bytes()
    for cut in range(len(whole), len(longer) - 2, 7):
        (small_study / JOURNAL).write_bytes(longer[: cut + 1])
        corpus = read_corpus(small_study)
        assert [caution.rule for caution in corpus.cautions] == ["journal-torn"], cut
        assert sum(coding.coder == "ann" and coding.document == "interview" for coding in corpus.codings) == 2
    fresh = Workbench.open(small_study)
    fresh.code("ann", 1, "north", "interview", "vision", start=10, end=14)
    aside = small_study / f"{JOURNAL}.torn"
    assert longer[len(whole) :].startswith(aside.read_bytes().rstrip(b"\n"))
    assert (small_study / JOURNAL).read_bytes().startswith(whole)
    assert not read_corpus(small_study).cautions
    assert len(state(small_study)) == 3


def test_a_journal_cut_off_within_its_first_line_is_begun_again(small_study: Path) -> None:
    (small_study / JOURNAL).write_bytes(b'{"journal": 1, "case": "no')
    bench = Workbench.open(small_study)
    bench.code("ann", 1, "north", "interview", "vision", start=0, end=4)
    assert len(state(small_study)) == 2
    assert (small_study / f"{JOURNAL}.torn").read_bytes() == b'{"journal": 1, "case": "no\n'


def test_an_editor_that_drops_the_last_line_end_loses_nothing(small_study: Path) -> None:
    bench = Workbench.open(small_study)
    bench.code("ann", 1, "north", "interview", "vision", start=0, end=4)
    path = small_study / JOURNAL
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    again = Workbench.open(small_study)
    again.code("ann", 1, "north", "interview", "vision", start=5, end=9)
    assert len(state(small_study)) == 3
    assert not read_corpus(small_study).cautions


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (b'"act": "code"', b'"act": "codes"', "journal-line"),
        (b'{"n": 1, ', b"", "journal-line"),
        (b'"start": 0, "end": 4', b'"start": 0, "end": 5', "journal-line"),
        (b'"concept": "vision", "start"', b'"concept": "trust", "start"', "journal-line"),
        (b'{"journal": 1, "case": "north"', b'{"journal": 1, "case": "south"', "journal-of-another"),
        (b'{"journal": 1', b'{"journal": 2', "journal-line"),
        (b'{"n": 1, ', b'<<<<<<< HEAD\n{"n": 1, ', "journal-conflict"),
        (b'"vision"', b'"visions"', "unknown-concept"),
    ],
)
def test_a_damaged_journal_is_told_and_left_alone(small_study: Path, old: bytes, new: bytes, rule: str) -> None:
    bench = Workbench.open(small_study)
    bench.code("ann", 1, "north", "interview", "vision", start=0, end=4)
    path = small_study / JOURNAL
    path.write_bytes(path.read_bytes().replace(old, new))
    before = path.read_bytes()
    with pytest.raises(InputError) as caught:
        read_corpus(small_study)
    assert set(rules(caught.value)) == {rule}
    assert all(problem.file == str(path) and problem.line for problem in caught.value.problems)
    assert path.read_bytes() == before


def test_a_full_disk_refuses_the_action_and_keeps_what_was(small_study: Path) -> None:
    bench = Workbench.open(small_study)
    bench.code("ann", 1, "north", "interview", "vision", start=0, end=4)
    before = (small_study / JOURNAL).read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 100, hard))
        with pytest.raises(InputError) as caught:
            bench.code("ann", 1, "north", "interview", "vision", start=5, end=9)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)
    assert rules(caught.value) == ["journal-unwritable"]
    assert (small_study / JOURNAL).read_bytes() == before
    bench.code("ann", 1, "north", "interview", "vision", start=5, end=9)
    assert len(state(small_study)) == 3


def test_programs_that_code_at_the_same_time_take_turns(small_study: Path) -> None:
    failures: list[BaseException] = []

    def code(first: int) -> None:
        try:
            bench = Workbench.open(small_study)
            for start in range(first, 60, 3):
                bench.code("ann", 1, "north", "interview", "vision", start=start, end=start + 4)
                if start % 4 == 0:
                    bench.settle()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=code, args=(first,)) for first in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert len(state(small_study)) == 61


def test_a_program_that_does_not_let_go_is_told(small_study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    bench = Workbench.open(small_study)
    bench.code("ann", 1, "north", "interview", "vision", start=0, end=4)
    monkeypatch.setattr("clustergov.casestudies.coding.lock.PATIENCE", 0.05)
    with (small_study / JOURNAL).open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(InputError) as caught:
            bench.code("ann", 1, "north", "interview", "vision", start=5, end=9)
    assert rules(caught.value) == ["locked"]


def test_an_edit_by_hand_and_another_program_are_seen_at_once(small_study: Path) -> None:
    bench, other = Workbench.open(small_study), Workbench.open(small_study)
    other.code("ann", 1, "north", "interview", "vision", start=0, end=4)
    assert len(bench.codings("north", "interview", coder="ann", round=1)) == 3
    other.code("new", 1, "north", "interview", "vision", start=0, end=4)
    assert len(bench.codings("north", "interview", coder="ann", round=1)) == 4
    path = small_study / FILE
    text = path.read_text(encoding="utf-8")
    assert text.count("polarity: supports") == 1
    path.write_text(text.replace("polarity: supports", "polarity: contradicts"), encoding="utf-8")
    assert bench.codings("north", "interview", coder="ann", round=1)[-2].coding.polarity == "contradicts"
    bench.settle()
    assert "contradicts" in path.read_text(encoding="utf-8")


def test_what_is_settled_equals_what_is_read_anew(small_study: Path) -> None:
    bench = Workbench.open(small_study)
    held = bench.code("ann", 1, "north", "interview", "vision", start=0, end=4, memo={"nl": "a\u2028b", "en": " x "})
    bench.write_memo("ann", 1, "north", "interview", {"nl": "over alles"})
    bench.settle()
    bench.change("ann", held.id, polarity="qualifies")
    bench.remove("ann", bench.codings("north", "interview", coder="ann", round=1)[1].id)
    bench.settle()
    bench.set_done("ann", 1, "north", "interview", True)
    bench.close()
    anew = Workbench.open(small_study)
    for both in ((b.codings("north", "interview", coder="ann", round=1) for b in (bench, anew)),
                 (b.memo("ann", 1, "north", "interview") for b in (bench, anew))):  # fmt: skip
        first, second = both
        assert first == second
    assert anew.is_done("ann", 1, "north", "interview")
    assert record((small_study / JOURNAL).read_bytes(), "").later == ()


def test_nothing_is_written_by_looking_or_by_what_is_refused(small_study: Path) -> None:
    before = {path: path.read_bytes() for path in small_study.rglob("*") if path.is_file()}
    with Workbench.open(small_study) as bench:
        for document in ("interview", "memo", "statements"):
            bench.codings("north", document, coder="new", round=1)
            assert bench.undo("new", 1, "north", document) is None
        bench.progress("new", 1)
        bench.search("plan", coder="new", round=1)
        for wrong in ({"concept": "nope", "start": 0, "end": 2}, {"concept": "trust", "start": 2, "end": 2},
                      {"concept": "trust", "start": 0, "end": 10**6}, {"concept": "trust", "at": "s1"}):  # fmt: skip
            with pytest.raises(InputError):
                bench.code("new", 1, "north", "interview", **wrong)
        bench.write_memo("new", 1, "north", "interview", {"nl": "  "})
    assert {path: path.read_bytes() for path in small_study.rglob("*") if path.is_file()} == before


def test_a_file_that_is_gone_after_it_was_settled_is_told(small_study: Path) -> None:
    bench = Workbench.open(small_study)
    bench.code("ann", 1, "north", "interview", "vision", start=0, end=4)
    bench.settle()
    (small_study / FILE).unlink()
    assert [caution.rule for caution in read_corpus(small_study).cautions] == ["codings-missing"]


def test_what_is_no_journal_is_told_once(small_study: Path) -> None:
    for content in (b"\xff\xfe\x00garbage\n", b'{"journal": 1}\n', b"[]\n", b"\n"):
        (small_study / JOURNAL).write_bytes(content)
        with pytest.raises(InputError) as caught:
            read_corpus(small_study)
        assert rules(caught.value) == ["journal-line"]
    (small_study / JOURNAL).unlink()
    (small_study / CODINGS / "interview.new.journal.jsonl").mkdir()
    with pytest.raises(InputError) as caught:
        read_corpus(small_study)
    assert rules(caught.value) == ["unreadable"]


def test_check_tells_a_torn_line_and_goes_on(small_study: Path) -> None:
    bench = Workbench.open(small_study)
    bench.code("ann", 1, "north", "interview", "vision", start=0, end=4)
    with (small_study / JOURNAL).open("ab") as file:
        file.write(b'{"n": 2, "sess')
    done = CliRunner().invoke(casestudies, ["check", str(small_study)])
    assert done.exit_code == 0
    assert "the last line was cut off while it was written (14 bytes)" in done.output


def test_remarks_of_a_person_survive_settling(small_study: Path) -> None:
    path = small_study / FILE
    text = path.read_text(encoding="utf-8").replace(
        "document: interview", "# first pass\ndocument: interview  # by phone"
    )
    path.write_text(text.replace("  - concept", "  # doubtful\n  - concept"), encoding="utf-8")
    for start in (0, 5):
        with Workbench.open(small_study) as bench:
            bench.code(
                "ann", 1, "north", "interview", "vision", start=start, end=start + 4, memo={"nl": "# geen opmerking"}
            )
        lines = path.read_text(encoding="utf-8").splitlines()
        assert lines[:4] == ["# first pass", "# doubtful", "# by phone", "document: interview"]
    assert len(state(small_study)) == 3


def test_programs_that_look_at_each_other_do_not_wait_for_each_other(small_study: Path) -> None:
    failures: list[BaseException] = []

    def code(coder: str) -> None:
        try:
            bench = Workbench.open(small_study)
            for start in range(40):
                bench.code(coder, 1, "north", "interview", "vision", start=start, end=start + 4)
                bench.codings("north", "interview", coder=coder, round=1)
        except BaseException as error:
            failures.append(error)

    (small_study / "rounds.yml").write_text(
        "rounds:\n  - {number: 1, code: a, title: {nl: A, en: A}, coders: [ann, bea], blind: true}\n", encoding="utf-8"
    )
    threads = [threading.Thread(target=code, args=(coder,)) for coder in ("ann", "bea")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures  # a wait for each other would be told as `locked`
    assert len(read_corpus(small_study).codings) == 86
