"""Two branches of a repository: coders who work apart come together again by git alone."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from clustergov.casestudies.coding.workbench import Workbench
from clustergov.casestudies.corpus import read_corpus
from conftest import unavailable

TEXT = "".join(f"Zin {number} gaat over de samenwerking in de regio.\n" for number in range(200))
BEGUN = 40
MERGES = 8


class Repository:
    """A study in git with a document of 200 lines, coded in 40 places by ann."""

    def __init__(self, folder: Path) -> None:
        if shutil.which("git") is None:
            unavailable("git", "Install it: apt-get install git (Debian).")
        self.folder = folder
        (folder / "north" / "interview.txt").write_text(TEXT, encoding="utf-8", newline="")
        for coder in ("ann", "bea"):
            (folder / "north" / "codings" / f"interview.{coder}.yml").unlink()
        self.git("init", "-q", "-b", "main")
        with Workbench.open(folder) as bench:
            for place in range(BEGUN):
                start = TEXT.index(f"Zin {place * 5} ")
                bench.code("ann", 1, "north", "interview", "trust", start=start, end=start + 20)
        self.commit("begin")

    def git(self, *words: str, check: bool = True) -> int:
        names = {
            "GIT_AUTHOR_NAME": "a",
            "GIT_AUTHOR_EMAIL": "a@b.example",
            "GIT_COMMITTER_NAME": "a",
            "GIT_COMMITTER_EMAIL": "a@b.example",
        }
        done = subprocess.run(
            ["git", "-C", str(self.folder), *words], capture_output=True, env=os.environ | names, check=False
        )
        assert done.returncode == 0 or not check, done.stderr.decode()
        return done.returncode

    def commit(self, message: str) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)

    def branch(self, name: str, act: Callable[[Workbench], None], *, settle: bool) -> None:
        self.git("checkout", "-q", "-b", name, "base")
        bench = Workbench.open(self.folder)
        act(bench)
        if settle:
            bench.settle()
        self.commit(name)

    def merge(
        self, one: Callable[[Workbench], None], other: Callable[[Workbench], None], *, settle: tuple[bool, bool]
    ) -> bool:
        """Whether git could merge them without a person."""
        self.git("checkout", "-q", "main")
        self.git("branch", "-f", "base", "main")
        for name, act, settled in (("one", one, settle[0]), ("other", other, settle[1])):
            self.git("branch", "-D", name, check=False)
            self.branch(name, act, settle=settled)
        fine = self.git("merge", "-q", "--no-edit", "one", check=False) == 0
        if not fine:
            self.git("merge", "--abort")
        return fine


@pytest.fixture
def repository(small_study: Path) -> Repository:
    return Repository(small_study)


def coding(coder: str, lines: list[int], concept: str = "trust") -> Callable[[Workbench], None]:
    def act(bench: Workbench) -> None:
        for line in lines:
            start = TEXT.index(f"Zin {line} ")
            bench.code(coder, 1, "north", "interview", concept, start=start, end=start + 30, memo={"nl": f"om {line}"})

    return act


def held(folder: Path) -> set[tuple[str, str, str]]:
    return {(c.coder, c.where, c.concept) for c in read_corpus(folder).codings if c.document == "interview"}


@pytest.mark.parametrize("settle", [(True, True), (True, False), (False, True), (False, False)])
def test_different_coders_always_merge(repository: Repository, settle: tuple[bool, bool]) -> None:
    before = held(repository.folder)
    one, other = coding("bea", [1, 2, 3, 77]), coding("cas", [1, 2, 4, 77])
    assert repository.merge(one, other, settle=settle)
    assert len(held(repository.folder)) == len(before) + 8


@pytest.mark.parametrize("settle", [(True, False), (False, True), (False, False)])
def test_one_coder_on_two_branches_of_which_one_is_not_settled_merges(
    repository: Repository, settle: tuple[bool, bool]
) -> None:
    before = held(repository.folder)
    assert repository.merge(coding("ann", [1, 2, 3]), coding("ann", [1, 150, 151], "vision"), settle=settle)
    assert len(held(repository.folder)) == len(before) + 6
    with Workbench.open(repository.folder) as bench:
        bench.settle()
    assert len(held(repository.folder)) == len(before) + 6


def test_one_coder_on_two_branches_mostly_merges(repository: Repository) -> None:
    """Conflicts only where both coded between the same two earlier codings, which a person then puts one after the other."""
    draw = random.Random(3)
    before = held(repository.folder)
    merged = 0
    for _ in range(MERGES):
        lines = draw.sample([line for line in range(200) if line % 5], 6)
        gaps = [{line // 5 for line in side} for side in (lines[:3], lines[3:])]
        fine = repository.merge(coding("ann", lines[:3]), coding("ann", lines[3:]), settle=(True, True))
        if fine:
            merged += 1
            assert len(held(repository.folder)) == len(before) + 6
        else:
            assert any(abs(one - other) <= 1 for one in gaps[0] for other in gaps[1])
    print(f"{merged} of {MERGES} merges without a person")
    assert merged >= MERGES / 2


def test_undo_on_one_branch_and_coding_on_the_other(repository: Repository) -> None:
    before = held(repository.folder)

    def undo(bench: Workbench) -> None:
        assert bench.undo("ann", 1, "north", "interview") is not None

    assert repository.merge(undo, coding("ann", [3]), settle=(True, True))
    assert len(held(repository.folder)) == len(before)
