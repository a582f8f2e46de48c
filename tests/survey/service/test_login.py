"""The manager's login on both databases: tries that are counted together, sessions that end, nothing readable kept."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from clustergov.instruments.questionnaire import Questionnaire
from clustergov.problems import InputError
from clustergov.survey.collection.fieldwork import Fieldwork
from clustergov.survey.service import login as module
from clustergov.survey.service.login import ABSOLUTE, FREE_TRIES, IDLE, LONGEST_WAIT, SETTING, Login, set_password
from clustergov.survey.service.record import prepare
from clustergov.survey.service.schema import MANAGER_SESSION
from clustergov.survey.service.storage import Storage

PASSWORD = "paard accu nietje klopt"
WRONG = "paard accu nietje klopt niet"


@dataclass
class Clock:
    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module", autouse=True)
def quick_hashes() -> Iterator[None]:
    """Cheaper hashes: what they cost is Argon2's matter, and not tried here."""
    from argon2 import PasswordHasher

    patch = pytest.MonkeyPatch()
    cheap = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    patch.setattr(module, "_hasher", cheap)
    patch.setattr(module, "_nobody", lambda: cheap.hash("nobody"))
    yield
    patch.undo()


@pytest.fixture(params=["sqlite", "postgresql"])
def storage(request: pytest.FixtureRequest, tmp_path: Path, small: Questionnaire) -> Iterator[Storage]:
    url = f"sqlite:///{tmp_path / 'a.db'}" if request.param == "sqlite" else request.getfixturevalue("postgresql")
    prepare(url, small, Fieldwork(fieldwork="round", questionnaire="small.yml"))
    storage = Storage(url)
    set_password(storage, PASSWORD)
    yield storage
    storage.close()


def test_right_password_opens_a_session_and_nothing_readable_is_stored(storage: Storage) -> None:
    login = Login(storage)
    token = login.enter(PASSWORD)
    assert token is not None
    assert len(token) == 43, "256 bits in base64url"
    assert login.inside(token)
    stored = storage.setting(SETTING)
    assert stored is not None
    assert stored.startswith("$argon2id$")
    kept = storage.read(lambda connection: connection.execute(select(MANAGER_SESSION.c.token_hash)).scalars().all())
    assert token not in "".join(kept)


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "' OR 1=1 --"])
def test_invented_tokens_open_nothing(storage: Storage, token: str) -> None:
    login = Login(storage)
    login.enter(PASSWORD)
    assert not login.inside(token)


def test_a_session_ends_when_it_is_left_when_idle_and_at_the_latest(storage: Storage) -> None:
    clock = Clock()
    login = Login(storage, clock)
    token = login.enter(PASSWORD) or ""
    other = login.enter(PASSWORD) or ""
    login.leave(token)
    assert not login.inside(token)
    begun = clock.now
    while clock.now < begun + ABSOLUTE - IDLE:
        clock.now += IDLE - 1
        assert login.inside(other), "it lasts while it is used"
    clock.now = begun + ABSOLUTE + 1
    assert not login.inside(other)
    idle = login.enter(PASSWORD) or ""
    clock.now += IDLE + 1
    assert not login.inside(idle)


def test_new_password_ends_every_session(storage: Storage) -> None:
    login = Login(storage)
    token = login.enter(PASSWORD) or ""
    set_password(storage, "een heel ander wachtwoord")
    assert not login.inside(token)
    assert login.enter(PASSWORD) is None
    assert login.enter("een heel ander wachtwoord")


def test_short_passwords_are_refused(storage: Storage) -> None:
    with pytest.raises(InputError, match="at least 12"):
        set_password(storage, "elf letters")


def test_wrong_tries_make_the_account_wait_longer_and_longer(storage: Storage) -> None:
    clock = Clock()
    login = Login(storage, clock)
    waits = []
    for _ in range(FREE_TRIES + 14):
        clock.now += login.wait()
        assert login.enter(WRONG) is None
        waits.append(login.wait())
    assert waits[:FREE_TRIES] == [0] * FREE_TRIES
    assert waits[FREE_TRIES : FREE_TRIES + 4] == [2, 4, 8, 16]
    assert waits[-1] == LONGEST_WAIT
    assert login.enter(PASSWORD) is None, "while it waits the right password is refused as well"
    clock.now += LONGEST_WAIT
    assert login.enter(PASSWORD)
    assert login.wait() == 0
    assert login.enter(WRONG) is None
    assert login.wait() == 0, "the count began anew"


def test_tries_of_several_workers_count_together(storage: Storage, request: pytest.FixtureRequest) -> None:
    """16 tries at one moment through three workers: no more than the free ones and one beyond them are looked at."""
    clock = Clock()
    url = storage.database.url.render_as_string(hide_password=False)
    others = [Storage(url.replace("+psycopg", "")) for _ in range(2)]
    logins = [Login(each, clock) for each in (storage, *others)]
    begun: list[bool] = []
    with ThreadPoolExecutor(16) as pool:
        begun += pool.map(lambda place: logins[place % 3].storage.write(logins[place % 3]._begin_try), range(16))
    for other in others:
        other.close()
    assert sum(begun) == FREE_TRIES + 1


def test_every_wrong_try_computes_a_hash(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same work whatever is wrong, so that time tells nothing: also for an account that waits."""
    clock, hashed = Clock(), []
    login = Login(storage, clock)
    verify = module._verify
    monkeypatch.setattr(module, "_verify", lambda *given: hashed.append(given) or verify(*given))  # type: ignore[func-returns-value]  # append, then go on
    for password in (WRONG, "", "x" * 200_000, "\N{SNOWMAN}") * 4:
        assert login.enter(password) is None
    assert login.wait() > 0
    assert len(hashed) == 16


def test_a_clock_that_was_ahead_neither_locks_the_manager_out_nor_lets_a_session_live(storage: Storage) -> None:
    clock = Clock()
    login = Login(storage, clock)
    right = clock.now
    clock.now += 400 * 86_400
    session = login.enter(PASSWORD)
    assert session is not None
    for _ in range(FREE_TRIES + 1):
        assert login.enter(WRONG) is None
    assert login.wait() > 0
    clock.now = right
    assert login.wait() == 0
    assert not login.inside(session)
    assert login.enter(PASSWORD) is not None


def test_a_crowd_at_the_door_does_not_use_up_the_threads(storage: Storage) -> None:
    """Each try waits for one of two places to compute its hash, in a thread that respondents need."""
    login = Login(storage)
    with contextlib.ExitStack() as crowd:
        for _ in range(8):
            assert module._in_line.acquire(blocking=False)
            crowd.callback(module._in_line.release)
        with pytest.raises(module.BusyError):
            login.enter(PASSWORD)
    assert login.enter(PASSWORD) is not None


def test_without_a_password_nobody_gets_in(tmp_path: Path, small: Questionnaire) -> None:
    url = f"sqlite:///{tmp_path / 'b.db'}"
    prepare(url, small, Fieldwork(fieldwork="round", questionnaire="small.yml"))
    storage = Storage(url)
    login = Login(storage)
    assert not login.possible
    assert login.enter("") is None
    storage.close()
