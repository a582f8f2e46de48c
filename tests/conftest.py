"""What several tests share: the study in this repository, real data that stand beside it, and skips with a reason."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

# One thread of linear algebra per worker, set before numpy is imported: they would only be in each other's way.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pytest
from hypothesis import settings

from postgresql_server import HOW, PostgresqlServer, programs

ROOT = Path(__file__).resolve().parents[1]

LONGEST = ("test_fielding.py", "test_durability.py", "test_new.py", "test_schemathesis.py", "test_run.py")
"""Files that take longest: they begin first, so that no worker is left with one of them at the end."""

settings.register_profile("no clocks", deadline=None)
settings.load_profile("no clocks")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first, and leave everything else in its order."""
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))


def unavailable(what: str, how: str) -> None:
    """Skip a test for want of `what`; under ``CLUSTERGOV_REQUIRE=all`` the want is a failure."""
    message = f"{what} is not here. {how}"
    if os.environ.get("CLUSTERGOV_REQUIRE") == "all":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository: itself a study."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """Real data for trials, beside the repository or where ``CLUSTERGOV_SHARED`` says; never part of it."""
    folder = Path(os.environ.get("CLUSTERGOV_SHARED", ROOT.parent / "shared"))
    if not (folder / "data" / "README.md").is_file():
        unavailable(
            "The folder of real data (LimeSurvey: University of Edinburgh / Software Sustainability Institute)",
            "Put it beside the repository as `shared`, or name it in CLUSTERGOV_SHARED.",
        )
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """A browser, to look at pages as their readers do."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        unavailable("chromium", "Install it: apt-get install chromium (Debian), or put its folder on PATH.")
    return str(path)


@pytest.fixture(scope="session")
def soffice() -> str:
    """LibreOffice, to see Word files as somebody without Word does."""
    path = shutil.which("soffice")
    if path is None or shutil.which("pdftotext") is None:
        unavailable(
            "LibreOffice with pdftotext", "Install them: apt-get install libreoffice-writer poppler-utils (Debian)."
        )
    return str(path)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresqlServer]:
    """A running PostgreSQL that the tests may kill and start again."""
    folder = programs()
    if folder is None:
        unavailable("PostgreSQL", HOW)
        return
    server = PostgresqlServer(folder)
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture
def postgresql(postgresql_server: PostgresqlServer) -> str:
    """The address of a fresh, empty PostgreSQL database."""
    postgresql_server.start()
    return postgresql_server.database()
