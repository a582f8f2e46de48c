"""The manager's part of the service: behind a login, where the survey stands, what came in, and closing it."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import io
import secrets
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import HTTPException, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from clustergov.instruments.codebook import CodebookRow, codebook
from clustergov.survey.formula_cells import harmless
from clustergov.survey.service.cookies import cookie_of, csrf, set_cookie
from clustergov.survey.service.dropout import overview
from clustergov.survey.service.export import to_csv, to_xlsx
from clustergov.survey.service.limits import Misses, address_of
from clustergov.survey.service.login import BusyError, Login
from clustergov.survey.service.manager_pages import (
    Frame,
    confirm_page,
    login_page,
    overview_page,
    style,
    style_path,
)
from clustergov.survey.service.pages import style as respondent_style

if TYPE_CHECKING:
    from fastapi import FastAPI

    from clustergov.survey.service.form import Form
    from clustergov.survey.service.record import Survey
    from clustergov.survey.service.storage import Kind, Storage, Stored

ManagerLanguage = Annotated[Literal["nl", "en"], Path()]
CsvName = Literal["complete.csv", "partial.csv", "all.csv"]

_RESPONDENT_STYLE = f"/style-{hashlib.sha256(respondent_style()).hexdigest()[:12]}.css"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SEE_OTHER: dict[int | str, dict[str, Any]] = {303: {"description": "See Other"}}
_PASSWORD = {
    "requestBody": {
        "required": True,
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "properties": {"password": {"type": "string"}, "csrf": {"type": "string"}},
                    "required": ["password", "csrf"],
                }
            }
        },
    }
}


def mount(app: FastAPI) -> None:
    """Add the manager's pages under ``/manage``; before routes whose first part is a language, which would match too.

    ``app.state`` has storage, form, survey and settings. Where no password was ever set, every page is 404.
    """
    state = app.state
    _Routes(
        state.storage, state.form, state.survey, https=state.settings.secure, proxy=state.settings.behind_proxy
    ).add(app)


class _OutsideError(Exception):
    """Nobody is logged in."""


class _Routes:
    def __init__(self, storage: Storage, form: Form, survey: Survey, *, https: bool, proxy: bool) -> None:
        self.storage, self.form, self.survey, self.https, self.proxy = storage, form, survey, https, proxy
        self.login = Login(storage)
        self.misses = Misses(most=10, seconds=900)

    def add(self, app: FastAPI) -> None:
        def add(path: str, endpoint: Any, name: str, method: str = "GET", **more: Any) -> None:
            more["responses"] = {**_SEE_OTHER, 503: {"description": "Service Unavailable"}, **more.pop("responses", {})}
            app.add_api_route(path, endpoint, methods=[method], name=f"manage: {name}", **more)

        add("/manage", self.start, "start")
        add(style_path(), self.style, "style")
        add("/manage/{language}", self.overview, "overview", response_class=HTMLResponse)
        add("/manage/{language}/login", self.login_form, "login form", response_class=HTMLResponse)
        add("/manage/{language}/login", self.enter, "log in", "POST", openapi_extra=_PASSWORD,
            responses={429: {"description": "Too Many Requests"}})  # fmt: skip
        add("/manage/{language}/logout", self.leave, "log out", "POST")
        for action in ("close", "reopen"):
            add(f"/manage/{{language}}/{action}", self._asks(action), f"ask to {action}", response_class=HTMLResponse)
            add(f"/manage/{{language}}/{action}", self._does(action), action, "POST")
        add("/manage/{language}/export/all.xlsx", self.workbook, "export workbook")
        add("/manage/{language}/export/codebook.csv", self.codebook, "export codebook")
        add("/manage/{language}/export/{file}", self.export, "export")
        app.add_exception_handler(_OutsideError, _to_login)

    # --- getting in and out ---------------------------------------------------------------------------------------

    def start(self, request: Request) -> Response:
        """The manager's pages, in the language that the browser asks for."""
        self._possible()
        accepted = request.headers.get("accept-language", "")
        tags = [part.split(";")[0].split("-")[0].strip().lower() for part in accepted.split(",")]
        return RedirectResponse(f"/manage/{next((tag for tag in tags if tag in ('nl', 'en')), 'en')}", 303)

    def login_form(self, request: Request, language: ManagerLanguage, left: bool = False) -> Response:
        """The form that asks for the password."""
        self._possible()
        if self.login.inside(self._token(request)):
            return RedirectResponse(f"/manage/{language}", 303)
        key = cookie_of(request.scope, "login", https=self.https) or secrets.token_urlsafe(32)
        response = HTMLResponse(login_page(self._frame(language, key, "/login"), left=left))
        response.headers.append("set-cookie", set_cookie("login", key, https=self.https))
        return response

    def enter(self, request: Request, language: ManagerLanguage) -> Response:
        """A try at the password."""
        self._possible()
        address = address_of(request.scope, proxy=self.proxy)
        if wait := self.misses.taken(address):
            raise HTTPException(429, headers={"Retry-After": str(wait)})
        given = request.scope["form"].get("password", [])
        try:
            token = self.login.enter(given[0]) if len(given) == 1 else None
        except BusyError:
            raise HTTPException(429, headers={"Retry-After": "5"}) from None
        if token is None:
            key = cookie_of(request.scope, "login", https=self.https)
            return HTMLResponse(login_page(self._frame(language, key, "/login"), wrong=True), 403)
        self.misses.hit(address)
        response = RedirectResponse(f"/manage/{language}", 303)
        response.headers.append("set-cookie", set_cookie("manager", token, https=self.https))
        response.headers.append("set-cookie", set_cookie("login", "", https=self.https))
        return response

    def leave(self, request: Request, language: ManagerLanguage) -> Response:
        """End the session, on the server and in the browser."""
        self._inside(request, language)
        self.login.leave(self._token(request))
        response = RedirectResponse(f"/manage/{language}/login?left=true", 303)
        response.headers.append("set-cookie", set_cookie("manager", "", https=self.https))
        return response

    # --- inside -----------------------------------------------------------------------------------------------------

    def overview(self, request: Request, language: ManagerLanguage) -> Response:
        """Where the survey stands."""
        frame = self._inside(request, language)
        counted = overview(self.form.screens, self.storage.rows("all"))
        fieldwork, counts = self.survey.fieldwork, self.storage.counts()
        return HTMLResponse(overview_page(frame, fieldwork, self.storage.state(), counts, counted))

    def _asks(self, action: str) -> Any:
        def ask(request: Request, language: ManagerLanguage) -> Response:
            """Asks for confirmation."""
            frame = self._inside(request, language, f"/{action}")
            return HTMLResponse(confirm_page(frame, action, self.storage.counts()))

        return ask

    def _does(self, action: str) -> Any:
        def act(request: Request, language: ManagerLanguage) -> Response:
            """Closes the survey or opens it again."""
            self._inside(request, language)
            self.storage.set_state("closed" if action == "close" else "open")
            self.storage.settle()
            return RedirectResponse(f"/manage/{language}", 303)

        return act

    def export(self, request: Request, language: ManagerLanguage, file: CsvName) -> Response:
        """Responses as CSV, as LimeSurvey would write them."""
        self._inside(request, language)
        return _download(to_csv(self.form.questionnaire, self.form.screens, self._rows(file)), "text/csv", file)

    def workbook(self, request: Request, language: ManagerLanguage) -> Response:
        """Responses as an Excel workbook."""
        self._inside(request, language)
        content = to_xlsx(self.form.questionnaire, self.form.screens, self.storage.rows("all"))
        return _download([content], _XLSX, "all.xlsx")

    def codebook(self, request: Request, language: ManagerLanguage) -> Response:
        """What the variables and codes mean."""
        self._inside(request, language)
        return _download([_codebook(self.form, language)], "text/csv", "codebook.csv")

    def style(self) -> Response:
        """The stylesheet of these pages."""
        headers = {"Cache-Control": "public, max-age=31536000, immutable"}
        return Response(style(), media_type="text/css", headers=headers)

    def _rows(self, file: CsvName) -> Iterator[Stored]:
        kind: Kind = "complete" if file == "complete.csv" else "partial" if file == "partial.csv" else "all"
        return self.storage.rows(kind)

    # --- who asks ---------------------------------------------------------------------------------------------------

    def _possible(self) -> None:
        if not self.login.possible:
            raise HTTPException(404)

    def _token(self, request: Request) -> str:
        return cookie_of(request.scope, "manager", https=self.https)

    def _inside(self, request: Request, language: str, here: str = "") -> Frame:
        self._possible()
        token = self._token(request)
        if not self.login.inside(token):
            raise _OutsideError(language)
        return self._frame(language, token, here)

    def _frame(self, language: str, key: str, here: str = "") -> Frame:
        return Frame(self.form.questionnaire, language, csrf(key), _RESPONDENT_STYLE, here)


async def _to_login(_request: Request, outside: Exception) -> Response:
    return RedirectResponse(f"/manage/{outside.args[0]}/login", 303)


def _download(content: Iterable[bytes], kind: str, file: str) -> Response:
    """A file to be saved. `file` is one of our own names, never one that was sent to us."""
    headers = {"content-disposition": f'attachment; filename="{file}"'}
    return StreamingResponse(iter(content), media_type=kind, headers=headers)


def _codebook(form: Form, language: str) -> bytes:
    book = codebook(form.questionnaire, language)
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(book.headings)
    writer.writerows([harmless(cell) for cell in _cells(row)] for row in book.rows)
    return ("\ufeff" + buffer.getvalue()).encode()


def _cells(row: CodebookRow) -> Iterator[str]:
    for each in dataclasses.fields(row):
        value = getattr(row, each.name)
        yield "\n".join(value) if isinstance(value, tuple) else value
