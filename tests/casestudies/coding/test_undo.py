"""Undo and redo against a model: any order of actions, settling and restarts, and back to the beginning."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clustergov.casestudies.coding.workbench import Workbench

Codings = dict[tuple[str, str], tuple[str | None, str | None]]

spots = st.tuples(st.sampled_from([(0, 4), (2, 6), (5, 9)]), st.sampled_from(["trust", "vision"]))
steps = st.lists(
    st.one_of(
        st.tuples(st.just("code"), spots),
        st.tuples(st.just("remove"), spots),
        st.tuples(st.just("polarity"), spots),
        st.tuples(st.just("concept"), spots),
        st.tuples(st.sampled_from(["memo", "undo", "redo", "settle", "restart"]), st.none()),
    ),
    max_size=18,
)


def now(bench: Workbench) -> tuple[Codings, str | None]:
    held = bench.codings("north", "interview", coder="cas", round=1)
    memo = bench.memo("cas", 1, "north", "interview")
    return {one.coding.key: (one.coding.polarity, one.coding.concept) for one in held if one.coding.coder == "cas"}, (
        memo.to("nl") if memo else None
    )


def act(bench: Workbench, verb: str, spot: tuple[tuple[int, int], str] | None, held: Codings, count: int) -> bool:
    """Do one thing where it can be done; whether it was done."""
    if verb == "memo":
        bench.write_memo("cas", 1, "north", "interview", {"nl": f"memo {count}"})
        return True
    assert spot is not None
    (start, end), concept = spot
    key, other = (f"{start}-{end}", concept), "vision" if concept == "trust" else "trust"
    name = f"1/north/interview/cas/{key[0]}/{concept}"
    if verb == "code":
        if key not in held:
            bench.code("cas", 1, "north", "interview", concept, start=start, end=end)
        return key not in held
    if key not in held or (verb == "concept" and (key[0], other) in held):
        return False
    if verb == "remove":
        bench.remove("cas", name)
    elif verb == "polarity":
        bench.change("cas", name, polarity="supports" if held[key][0] is None else None)
    else:
        bench.change("cas", name, concept=other)
    return True


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None, derandomize=True)
@given(steps)
def test_any_actions_are_undone_and_redone_as_a_stack(
    small_study: Path, steps: list[tuple[str, tuple[tuple[int, int], str] | None]]
) -> None:
    for path in (small_study / "north" / "codings").glob("interview.cas.*"):
        path.unlink()
    bench = Workbench.open(small_study)
    past, future = [now(bench)], list[tuple[Codings, str | None]]()
    for count, (verb, spot) in enumerate(steps):
        if verb == "settle":
            bench.settle()
        elif verb == "restart":
            bench = Workbench.open(small_study)
        elif verb == "undo":
            assert (bench.undo("cas", 1, "north", "interview") is None) == (len(past) == 1)
            if len(past) > 1:
                future.append(past.pop())
        elif verb == "redo":
            assert (bench.redo("cas", 1, "north", "interview") is None) == (not future)
            if future:
                past.append(future.pop())
        elif act(bench, verb, spot, past[-1][0], count):
            past.append(now(bench))
            assert past[-1] != past[-2]
            future = []
        assert now(bench) == past[-1]
    while len(past) > 1:
        past.pop()
        assert bench.undo("cas", 1, "north", "interview") is not None
        assert now(bench) == past[-1]
    bench.settle()
    assert now(Workbench.open(small_study)) == past[0] == ({}, None)


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="only Linux tells the name of an open file")
def test_an_action_is_on_disk_before_it_is_acknowledged(small_study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Workbench.open(small_study)
    synced: list[tuple[str, int]] = []
    sync = os.fsync

    def noted(number: int) -> None:
        sync(number)
        synced.append((str(Path(f"/proc/self/fd/{number}").readlink()), os.fstat(number).st_size))

    monkeypatch.setattr(os, "fsync", noted)
    journal = small_study / "north" / "codings" / "interview.cas.journal.jsonl"
    for start in (0, 5):
        bench.code("cas", 1, "north", "interview", "trust", start=start, end=start + 4)
        assert synced[-1] == (str(journal), journal.stat().st_size)
    assert synced[0][0] == str(journal.parent)  # and the name of the new file before its content
    bench.settle()
    files = [Path(name).name for name, _ in synced[-3:]]
    assert files[0].startswith(".interview.cas.yml-")
    assert files[1:] == ["codings", journal.name]  # the line that settles comes after the file and its name
