"""The coding page as coders have it: a small study, the real command in a process of its own, and a browser."""

from __future__ import annotations

import atexit
import contextlib
import http.client
import os
import re
import signal
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page

from clustergov.casestudies.coding.coding import Coding
from clustergov.casestudies.corpus import read_corpus
from serving import Launcher

ADDRESS = re.compile(r"http://[\d.:]+/\?token=\S+")

CODEBOOK = """\
codebook: trial
version: "1"
title: {nl: Proefcodeboek, en: Trial codebook}
languages: [nl, en]
sources:
  own: {citation: Our own}
concepts:
"""

CONCEPT = """\
  - code: %(code)s
    name: {nl: "%(nl)s", en: "%(en)s"}
    parent: %(parent)s
    definition: {nl: Wat het is, en: What %(en)s is}
    include: {nl: Dit wel, en: This}
    exclude: {nl: Dat niet, en: Not that}
    example: {nl: Een voorbeeld, en: An example}
    source: own
    mark: D
"""

CONCEPTS = (
    ("trust", "Vertrouwen", "Trust", "governance"),
    ("vision", "Visie", "Vision", "governance"),
    ("sharing", "Delen", "Sharing", "trust"),
    ("funding", "Geld", "Funding", '""'),
    ("learning", "Leren", "Learning", '""'),
)

CASE = """\
case: harbour
title: {nl: De haven, en: The harbour}
subject: {nl: Een verzonnen proef, en: A made-up trial}
period: {nl: "2020", en: "2020"}
sources:
  own: {citation: Our own}
statements:
  - {code: s1, text: {nl: Er was een plan., en: There was a plan.}, source: own, mark: D}
  - {code: s2, text: {nl: Het geld was op., en: The money was gone.}, source: own, mark: D}
notes:
  - code: start
    label: paraphrase
    title: {nl: Het begin, en: The beginning}
    paragraphs:
      - {code: start-one, text: {nl: Zij begonnen klein., en: They began small.}, source: own, mark: D}
      - {code: start-two, text: {nl: Zij groeiden 🙂 snel., en: They grew 🙂 fast.}, source: own, mark: D}
"""

TEXT = (
    "\ufeffInterview with a harbour manager 🚢 (made up).\r\n"
    "\r\n"
    "We trust each other 🙂 fully. Nobody has a contract. The café and the cafe\u0301 are two spellings.\r\n"
    "\r\n"
    "The vision came later. 👩‍👩‍👧 Families joined. Money was short, and we learnt from that.\r\n"
    "\r\n"
    "In the end <script>document.title='x'</script> nothing was \"simple\" & all was shared.\r\n"
)
"""Byte-order mark, CRLF, emoji of one and of five code points, a combining mark, and markup that must stay text."""

DOCUMENTS = """\
documents:
  - code: interview
    file: interview.txt
    title: {nl: Gesprek, en: Interview}
    language: en
    consent: given
    attribution: {nl: havenmanager, en: harbour manager}
    mark: P
"""

BLIND = """\
rounds:
  - number: 1
    code: first
    title: {nl: Eerste ronde, en: First round}
    coders: [anna, bram]
    documents: [harbour/interview]
    blind: true
"""


def write_study(folder: Path, *, rounds: str = "", text: str = TEXT) -> Path:
    """A study with a case, a note, a document with odd characters, and rounds."""
    cases = folder / "casestudies"
    (cases / "harbour").mkdir(parents=True)
    concepts = "  - code: governance\n    name: {nl: Bestuur, en: Governance}\n    codable: false\n    source: own\n    mark: D\n"
    concepts += "".join(
        CONCEPT % {"code": code, "nl": nl, "en": en, "parent": parent} for code, nl, en, parent in CONCEPTS
    )
    (cases / "codebook.yml").write_text(CODEBOOK + concepts, encoding="utf-8")
    (cases / "harbour" / "case.yml").write_text(CASE, encoding="utf-8")
    (cases / "harbour" / "documents.yml").write_text(DOCUMENTS, encoding="utf-8")
    (cases / "harbour" / "interview.txt").write_bytes(text.encode())
    if rounds:
        (cases / "rounds.yml").write_text(rounds, encoding="utf-8")
    return folder


def stored(study: Path) -> list[Coding]:
    """What lies on the disk, codings and journals together."""
    return list(read_corpus(study / "casestudies").codings)


MODULES = (
    "clustergov.cli.casestudies.serve, clustergov.casestudies.workbench.app, clustergov.casestudies.workbench.server"
)


@cache
def launcher() -> Launcher:
    """One for all tests of this process."""
    begun = Launcher(MODULES)
    atexit.register(begun.close)
    return begun


@dataclass
class Served:
    """``clustergov casestudies serve`` in a process of its own."""

    study: Path
    options: tuple[str, ...] = ()
    process: int = 0
    address: str = ""

    def start(self) -> Served:
        self.log.write_text("", encoding="utf-8")
        arguments = ["casestudies", "serve", str(self.study), "--no-browser", *self.options]
        self.process = launcher().start(arguments, self.log)
        end = time.monotonic() + 60
        while not (found := ADDRESS.search(self.said)):
            if not self.alive() or time.monotonic() > end:
                raise RuntimeError(f"the coding page does not start: {self.said}")
            time.sleep(0.01)
        self.address = found[0]
        self.wait()
        return self

    @property
    def origin(self) -> str:
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def port(self) -> int:
        return urlsplit(self.address).port or 0

    @property
    def token(self) -> str:
        return self.address.partition("token=")[2]

    def wait(self) -> None:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            with contextlib.suppress(OSError):
                if self.ask("GET", "/static/style.css").status == 200:
                    return
            time.sleep(0.02)
        raise RuntimeError("the coding page does not answer")

    def alive(self) -> bool:
        try:
            os.kill(self.process, 0)
        except ProcessLookupError:
            return False
        return True

    def kill(self) -> None:
        """As a power failure would."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process, signal.SIGKILL)
        self._gone()

    def stop(self) -> str:
        """As Ctrl-C does; all that it said."""
        os.kill(self.process, signal.SIGINT)
        self._gone()
        return self.said

    def _gone(self) -> None:
        end = time.monotonic() + 30
        while self.alive():
            assert time.monotonic() < end, f"process {self.process} does not end: {self.said}"
            time.sleep(0.01)

    @property
    def log(self) -> Path:
        return self.study.with_name(f"{self.study.name}-{id(self)}.log")

    @property
    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> http.client.HTTPResponse:
        """One request as anybody could send it; the answer's text is in its `text`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request(method, path, body, dict(headers or {}))
        answer = connection.getresponse()
        answer.text = answer.read().decode()  # type: ignore[attr-defined]  # kept beside the answer
        connection.close()
        return answer

    def open(self, browser: Browser, path: str = "", **how: object) -> Page:
        """A page of a new browser that has been let in."""
        page = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **how}).new_page()  # type: ignore[arg-type]
        page.goto(self.address)
        if path:
            self.go(page, path)
        return page

    def go(self, page: Page, path: str) -> None:
        page.goto(self.origin + path)
        if "/document/" in path:
            page.wait_for_selector("body[data-ready]", timeout=20_000)


def until(page: Page, what: str, seconds: float = 10) -> None:
    """Wait until an expression holds in the page; evaluated by the debugger, which the page's policy does not reach."""
    end = time.monotonic() + seconds
    while not page.evaluate(what):
        assert time.monotonic() < end, f"{what} does not come true"
        time.sleep(0.01)


@contextlib.contextmanager
def serving(study: Path, *options: str) -> Iterator[Served]:
    """A coding page that answers, and that is gone afterwards."""
    served = Served(study, options)
    try:
        yield served.start()
    finally:
        served.kill()
