"""The application of the coding page: its addresses, and what each one answers.

Everything runs in the one thread of the event loop: an action is on the disk before its answer leaves, and two tabs cannot
overtake each other.
"""

from __future__ import annotations

import mimetypes
from collections import Counter
from typing import Any
from urllib.parse import parse_qs, quote

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from pydantic import ValidationError

from clustergov.casestudies.coding.workbench import Workbench
from clustergov.casestudies.workbench import disagreeing, pages
from clustergov.casestudies.workbench.acting import ACTION, act, everything
from clustergov.casestudies.workbench.document_page import Opening, data
from clustergov.casestudies.workbench.gate import Gate
from clustergov.casestudies.workbench.searching import search_page
from clustergov.casestudies.workbench.seat import Seat
from clustergov.casestudies.workbench.wording import static, word
from clustergov.language import LANGUAGES, catalogue
from clustergov.problems import InputError, Problem

HOME = "/{language}/as/{coder}/round/{number}"
DOCUMENT = HOME + "/document/{case}/{document}"
NOT_STORED = 409
"""Of an action that was refused; its answer says why."""


class CodingPages:
    """The handlers of all addresses.

    Attributes
    ----------
    bench : Workbench
    coder : str
        The only one who may code here; empty: whoever enters a name.
    revisions : Counter
        Changes since the start per seat, case and document, by which a tab sees that another one was faster. Of one coder
        only: in a blind round even the number of somebody else's would tell something.
    """

    def __init__(self, bench: Workbench, coder: str = "", language: str = "en") -> None:
        self.bench, self.coder, self.language = bench, coder, language
        self.revisions: Counter[tuple[str, int, str, str]] = Counter()
        self._open = Opening(bench)

    # Who is there

    async def first(self) -> Response:
        return RedirectResponse(f"/{self.language}", 303)

    async def enter(self, language: str) -> Response:
        self._known_language(language)
        if self.coder:
            return RedirectResponse(Seat(language, self.coder, self._open_round()).home, 303)
        return HTMLResponse(pages.enter_page(self.bench, language))

    async def entered(self, language: str, request: Request) -> Response:
        self._known_language(language)
        form = await _form(request)
        typed = form.get("coder", [""])[0]
        try:
            number = int(form.get("round", ["1"])[0])
            seat = self._seat(language, quote(self.bench.enter(typed, number)), number)
        except InputError as error:
            page = pages.enter_page(self.bench, language, problem=_told(error, language), typed=typed)
            return HTMLResponse(page, 422)
        except ValueError:
            raise HTTPException(400) from None
        return RedirectResponse(seat.home, 303)

    def _open_round(self) -> int:
        numbers = [each.number for each in self.bench.rounds]
        return next((number for number in reversed(numbers) if not self.bench.is_closed(number)), numbers[-1])

    def _seat(self, language: str, part: str, number: int) -> Seat:
        """The seat that an address names, if its coder may have it."""
        self._known_language(language)
        coder = Seat.coder_of(part)
        if number not in {each.number for each in self.bench.rounds}:
            raise HTTPException(404)
        if self.coder and coder != self.coder:
            raise HTTPException(403)
        if self.bench.enter(coder, number) != coder:
            raise HTTPException(404)
        return Seat(language, coder, number)

    def _known_language(self, language: str) -> None:
        if language not in LANGUAGES:
            raise HTTPException(404)

    # Reading

    async def overview(self, language: str, coder: str, number: int) -> Response:
        return HTMLResponse(pages.overview_page(self.bench, self._seat(language, coder, number)))

    async def document(self, language: str, coder: str, number: int, case: str, document: str) -> Response:
        seat = self._seat(language, coder, number)
        return HTMLResponse(pages.coding_page(self.bench, seat, self._open(case, document, language)))

    async def data(self, language: str, coder: str, number: int, case: str, document: str) -> Response:
        seat = self._seat(language, coder, number)
        opened = self._open(case, document, language)
        revision = self.revisions[seat.coder, number, case, document]
        return JSONResponse(data(self.bench, seat, opened, revision=revision))

    async def codings(self, language: str, coder: str, number: int, case: str, document: str) -> Response:
        """The codings as they stand, for a tab that comes back: another one, or another program, may have been at work."""
        seat = self._seat(language, coder, number)
        opened = self._open(case, document, language)
        return JSONResponse(
            {**everything(self.bench, seat, opened), "revision": self.revisions[seat.coder, number, case, document]}
        )

    async def search(self, language: str, coder: str, number: int, q: str = "") -> Response:
        seat = self._seat(language, coder, number)
        return HTMLResponse(search_page(self.bench, seat, q, self._open))

    # Coding

    async def act(self, language: str, coder: str, number: int, case: str, document: str, request: Request) -> Response:
        seat = self._seat(language, coder, number)
        opened = self._open(case, document, language)
        try:
            action = ACTION.validate_json(await request.body())
        except ValidationError as error:
            return JSONResponse({"problem": _wrong_action(error, language)}, 400)
        try:
            answer = act(self.bench, seat, opened, action)
        except InputError as error:
            return JSONResponse({"problem": _told(error, language)}, NOT_STORED)
        key = seat.coder, number, case, document
        before = self.revisions[key]
        self.revisions[key] += 1
        if action.seen != before:
            answer = {**everything(self.bench, seat, opened), **answer}
        return JSONResponse({**answer, "revision": before + 1})

    # Agreeing

    async def disagreements(self, language: str, coder: str, number: int) -> Response:
        return HTMLResponse(disagreeing.list_page(self.bench, self._seat(language, coder, number), self._open))

    async def disagreement(self, language: str, coder: str, number: int, which: int) -> Response:
        return HTMLResponse(disagreeing.one_page(self.bench, self._seat(language, coder, number), which, self._open))

    async def settle(self, language: str, coder: str, number: int, which: int, request: Request) -> Response:
        seat = self._seat(language, coder, number)
        try:
            disagreeing.settle(self.bench, seat, which, await _form(request), self._open)
        except InputError as error:
            return HTMLResponse(
                disagreeing.one_page(self.bench, seat, which, self._open, problem=_told(error, language)), 422
            )
        self.revisions.update(list(self.revisions))
        return RedirectResponse(seat.disagreement(which), 303)


async def _static(name: str) -> Response:
    try:
        content = static(name)
    except FileNotFoundError:
        raise HTTPException(404) from None
    kind = mimetypes.types_map.get(name[name.rfind(".") :], "application/octet-stream")
    return Response(content, media_type="text/javascript" if name.endswith(".js") else kind)


async def _form(request: Request) -> dict[str, list[str]]:
    try:
        return parse_qs(
            (await request.body()).decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=200
        )
    except ValueError:
        raise HTTPException(400) from None


def _told(error: InputError, language: str) -> str:
    """What was wrong and what to do, in the words of the page where it has them for that rule."""
    told = []
    for problem in error.problems:
        key = f"refusal.{problem.rule}"
        said = word(key, language) if f"coding_page.{key}" in catalogue() else f"{_sentence(problem)} {problem.fix}"
        told.append(said.strip())
    return " ".join(told)


def _sentence(problem: Problem) -> str:
    return problem.message[:1].upper() + problem.message[1:]


def _wrong_action(error: ValidationError, language: str) -> str:
    if any(each["type"] == "string_too_long" for each in error.errors()):
        return word("too_long", language)
    return word("wrong_action", language)


def create_app(bench: Workbench, *, token: str, port: int, coder: str = "", language: str = "en") -> FastAPI:
    """The application behind its gate.

    Parameters
    ----------
    bench : Workbench
    token : str
        Whoever has it may code.
    port : int
        Of this server; it names the cookie.
    coder : str
        The only coder, or empty.
    language : {"nl", "en"}
        Of the first page.
    """
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    held = CodingPages(bench, coder, language)
    page: dict[str, Any] = {"methods": ["GET"], "response_model": None}
    form: dict[str, Any] = {"methods": ["POST"], "response_model": None}
    app.add_api_route("/", held.first, **page)
    app.add_api_route("/static/{name}", _static, **page)
    app.add_api_route("/{language}", held.enter, **page)
    app.add_api_route("/{language}/enter", held.entered, **form)
    app.add_api_route(HOME, held.overview, **page)
    app.add_api_route(HOME + "/search", held.search, **page)
    app.add_api_route(DOCUMENT, held.document, **page)
    app.add_api_route(DOCUMENT + "/data", held.data, **page)
    app.add_api_route(DOCUMENT + "/codings", held.codings, **page)
    app.add_api_route(DOCUMENT + "/act", held.act, **form)
    app.add_api_route(HOME + "/disagreements", held.disagreements, **page)
    app.add_api_route(HOME + "/disagreements/{which}", held.disagreement, **page)
    app.add_api_route(HOME + "/disagreements/{which}", held.settle, **form)
    _errors(app)
    app.add_middleware(
        Gate, token=token, port=port, page=lambda status, scope: pages.message_page(status, _language_of(scope["path"]))
    )
    return app


def _language_of(path: str) -> str:
    asked = path.split("/")[1] if path.count("/") else ""
    return asked if asked in LANGUAGES else "en"


def _errors(app: FastAPI) -> None:
    """Every error is a page of ours, or for the script a sentence; none repeats what was sent."""
    from fastapi.exceptions import RequestValidationError
    from starlette.exceptions import HTTPException as AnyHTTPException

    def answer(request: Request, status: int) -> Response:
        return HTMLResponse(pages.message_page(status, _language_of(request.url.path)), status)

    async def known(request: Request, error: Exception) -> Response:
        return answer(request, error.status_code if isinstance(error, AnyHTTPException) else 404)

    async def refused(request: Request, error: Exception) -> Response:
        problems = error.problems if isinstance(error, InputError) else ()
        if not any(problem.file for problem in problems):
            # An address with a name in it that does not exist, or of something that a blind round keeps closed.
            return answer(request, 404)
        language = _language_of(request.url.path)
        told = [str(problem) for problem in problems]
        return HTMLResponse(pages.message_page(NOT_STORED, language, told=told), NOT_STORED)

    app.add_exception_handler(AnyHTTPException, known)
    app.add_exception_handler(RequestValidationError, refused)
    app.add_exception_handler(InputError, refused)
