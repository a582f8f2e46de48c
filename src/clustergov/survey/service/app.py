"""The service as an ASGI application: which address leads to which page, and nothing else."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import FastAPI, HTTPException, Path, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from clustergov.language import say
from clustergov.survey.service import log, manager, security
from clustergov.survey.service.cookies import cookie_of, set_cookie
from clustergov.survey.service.form import Form
from clustergov.survey.service.identity import new_cookie
from clustergov.survey.service.limits import Misses, address_of
from clustergov.survey.service.markup import environment, lang_attribute, words_language
from clustergov.survey.service.pages import simple_page, style
from clustergov.survey.service.record import Survey, open_survey
from clustergov.survey.service.reply import Go, Plain, Reply, Shown
from clustergov.survey.service.respondent import Respondents
from clustergov.survey.service.storage import Storage

if TYPE_CHECKING:
    from clustergov.survey.service.settings import Settings

STYLE = f"/style-{hashlib.sha256(style()).hexdigest()[:12]}.css"
YEAR = 31_536_000
SETTLE = 900
"""Seconds after which the order in which anonymous answers came in is taken out of the database."""
ANSWERS = {303: "See Other", 409: "Conflict", 410: "Gone", 422: "Unprocessable Content", 429: "Too Many Requests",
           503: "Service Unavailable"}  # fmt: skip
"""Besides those that any route may give (`security.DECLARED`)."""

Language = Annotated[str, Path(pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Number = Annotated[int, Path(ge=1, le=100_000)]
Key = Annotated[str, Path(max_length=128)]


def create_app(settings: Settings) -> FastAPI:
    """The application of the survey in a database, see `record.prepare`.

    Raises
    ------
    InputError
        The database has no survey, or cannot be reached.
    """
    database, survey = open_survey(settings.database)
    database.close()
    app = FastAPI(
        title=survey.questionnaire.title.to("en"), docs_url=None, redoc_url=None, openapi_url=None,
        redirect_slashes=False, responses=security.DECLARED, lifespan=_lifespan, default_response_class=HTMLResponse,
    )  # fmt: skip
    app.state.settings, app.state.survey = settings, survey
    app.state.storage = Storage(settings.database)
    app.state.form = Form(survey.questionnaire, survey.fieldwork.paging)
    manager.mount(app)  # first: the respondents' routes begin with a language and would match too
    _Routes(app).add()
    security.secure(app, settings)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    log.configure()
    storage: Storage = app.state.storage
    settling = asyncio.create_task(_settle(storage))
    yield
    settling.cancel()
    with suppress(asyncio.CancelledError):
        await settling
    await asyncio.to_thread(storage.settle)
    storage.close()


async def _settle(storage: Storage) -> None:
    """Now and then take away what ties invitations to responses, so that a copy of the database has little of it."""
    while True:
        await asyncio.sleep(SETTLE)
        await asyncio.to_thread(storage.settle)


class _Routes:
    """The respondents' part of an application."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        self.settings: Settings = app.state.settings
        self.storage: Storage = app.state.storage
        self.survey: Survey = app.state.survey
        self.form: Form = app.state.form
        self.misses = Misses(most=20, seconds=600)
        self.respondents = Respondents(
            self.storage, self.form, self.survey, base_url=self.settings.base_url, style=STYLE
        )

    def add(self) -> None:
        self._add("/", "start", self.start)
        self._add("/health", "health", self.health)
        self._add("/style.css", "style", self.style)
        self._add(STYLE, "style with hash", self.style)
        self._add("/i/{token}", "personal link", self.invitation)
        self._add("/r/{token}", "resume link", self.resume)
        self._add("/{language}", "language", self.language)
        self._add("/{language}/thanks", "thanks", self.thanks)
        self._add("/{language}/saved", "saved", self.saved)
        self._add("/{language}/{number}", "screen", self.show)
        self._add("/{language}/{number}", "send screen", self.post, method="POST")

    def _add(self, path: str, name: str, endpoint: Callable[..., Response], *, method: str = "GET") -> None:
        told: dict[int | str, dict[str, Any]] = {status: {"description": phrase} for status, phrase in ANSWERS.items()}
        self.app.add_api_route(path, endpoint, methods=[method], name=name, responses=told)

    # --- routes -----------------------------------------------------------------------------------------------------

    def start(self, request: Request) -> Response:
        """The survey's own address: the language that the browser asks for."""
        language = self._preferred(request)
        return self._answer(self.respondents.start(self._cookie(request), language), language)

    def language(self, request: Request, language: Language) -> Response:
        """The survey in one language."""
        self._known(language)
        return self._answer(self.respondents.start(self._cookie(request), language), language)

    def invitation(self, request: Request, token: Key) -> Response:
        """A personal link."""
        return self._link(request, self.respondents.open_link, token)

    def resume(self, request: Request, token: Key) -> Response:
        """A link to go on with what was saved."""
        return self._link(request, self.respondents.resume, token)

    def show(self, request: Request, language: Language, number: Number) -> Response:
        """One screen."""
        self._known(language)
        cookie = self._cookie(request)
        fresh = "" if cookie or self.survey.fieldwork.access == "invited" else new_cookie()
        answer = self.respondents.show(cookie or fresh, language, number)
        return self._answer(answer, language, path=f"/{{}}/{number}", cookie=fresh)

    def post(self, request: Request, language: Language, number: Number) -> Response:
        """One screen, sent."""
        self._known(language)
        scope = request.scope
        answer = self.respondents.post(self._cookie(request), language, number, scope["form"], scope["body"])
        return self._answer(answer, language, path=f"/{{}}/{number}")

    def thanks(self, request: Request, language: Language) -> Response:
        """The acknowledgement."""
        self._known(language)
        return self._answer(self.respondents.finished(self._cookie(request), language), language, path="/{}/thanks")

    def saved(self, request: Request, language: Language) -> Response:
        """How to go on later."""
        self._known(language)
        return self._answer(self.respondents.saved(self._cookie(request), language), language, path="/{}/saved")

    def style(self, request: Request) -> Response:
        """The stylesheet; under the address with its hash it never changes."""
        kept = f"max-age={YEAR}, immutable" if request.url.path == STYLE else "max-age=300"
        return Response(style(), media_type="text/css", headers={"Cache-Control": f"public, {kept}"})

    def health(self) -> Response:
        """Whether the service can read its database."""
        self.storage.state()
        return PlainTextResponse("ok")

    # --- answers ----------------------------------------------------------------------------------------------------

    def _cookie(self, request: Request) -> str:
        return cookie_of(request.scope, "response", https=self.settings.secure)

    def _known(self, language: str) -> None:
        if language not in self.form.languages:
            raise HTTPException(404)

    def _preferred(self, request: Request) -> str:
        accepted = request.headers.get("accept-language", "")
        wanted = (part.split(";")[0].strip().lower() for part in accepted.split(","))
        known = {language.lower(): language for language in self.form.languages}
        found = (known.get(tag) or known.get(tag.split("-")[0]) for tag in wanted)
        return next((language for language in found if language), self.form.languages[0])

    def _link(self, request: Request, opened: Callable[[str], Reply], token: str) -> Response:
        address = address_of(request.scope, proxy=self.settings.behind_proxy)
        language = self._preferred(request)
        if wait := self.misses.blocked(address):
            response = self._answer(Plain("429", 429), language)
            response.headers["Retry-After"] = str(wait)
            return response
        answer = opened(token)
        if isinstance(answer, Plain) and answer.status == 404:
            self.misses.missed(address)
        return self._answer(answer, language)

    def _answer(self, answer: Reply, language: str, *, path: str = "", cookie: str = "") -> Response:
        response: Response
        match answer:
            case Go(target, held):
                response, cookie = RedirectResponse(target, 303), held or cookie
            case Shown(html, status):
                response = HTMLResponse(html, status)
            case Plain():
                response = HTMLResponse(self._plain(answer, language, path), answer.status)
        if response.status_code == 503:
            response.headers["Retry-After"] = "30"
        if cookie:
            response.headers.append("Set-Cookie", set_cookie("response", cookie, https=self.settings.secure))
        return response

    def _plain(self, answer: Plain, language: str, path: str) -> str:
        questionnaire, contact = self.survey.questionnaire, self.survey.fieldwork.contact
        title = questionnaire.title.to(language)
        if answer.fields:
            return resend_page(language, title, action=path.format(language), fields=answer.fields)
        return simple_page(
            answer.kind, language, title=title, style=STYLE,
            languages={each: path.format(each) for each in self.form.languages} if path else None,
            text=questionnaire.closing if answer.kind == "thanks" else None,
            receipt=answer.receipt, link=answer.link,
            contact=f"{contact.name} ({contact.email})" if contact is not None else "",
        )  # fmt: skip


def resend_page(language: str, title: str, *, action: str, fields: tuple[tuple[str, str], ...]) -> str:
    """What was sent, once more as a form that only has to be sent again: the answers on record cannot be read now."""
    spoken = words_language(language)
    heading, said = say("respondent.resend.title", spoken), say("respondent.resend.text", spoken)
    words = {"skip": say("service.page.skip_simple", spoken), "languages": ""}
    page: str = (
        environment()
        .get_template("resend.html")
        .render(
            language=language, rtl=False, languages=[], title=title, page_title=f"{heading} – {title}", style=STYLE, words=words,
            words_lang=lang_attribute(spoken, language), heading=heading, said=said, action=action, fields=fields,
            button=say("respondent.resend.button", spoken),
        )
    )  # fmt: skip
    return page
