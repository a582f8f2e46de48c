"""A LimeSurvey server, over citric: log in, ask, change, and release the session whatever happens.

`Connection.ask` repeats what may be repeated, `Connection.tell` does a thing once. What LimeSurvey answers in its several
ways of saying no becomes one of the `errors`.
"""

from __future__ import annotations

import contextlib
import inspect
import re
import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from clustergov.problems import InputError, Problem
from clustergov.survey.limesurvey.credentials import Credentials
from clustergov.survey.limesurvey.errors import (
    LimeSurveyError,
    NothingThereError,
    SessionExpiredError,
    UnreachableError,
    said,
)
from clustergov.survey.limesurvey.failures import typed

if TYPE_CHECKING:
    import citric
    import requests

TRIED = ((6, 14),)
"""Versions of LimeSurvey (first two numbers) that this was tried with."""
WAITS = (0.5, 2.0, 5.0)
"""Seconds before a question is asked again: three times at most."""
CONNECT_TIMEOUT = 10.0
ANSWER_TIMEOUT = 60.0
LONG_TIMEOUT = 900.0
"""Seconds without a byte of an answer; the long one for `LONG` calls."""
LONG = frozenset(
    ["import_survey", "activate_survey", "export_responses", "export_responses_by_token", "export_statistics",
     "add_participants", "invite_participants", "remind_participants", "mail_registered_participants"]
)  # fmt: skip
_ALWAYS_BARE = frozenset({"invite_participants"})
"""Of these citric keeps only how many mails are left, not what became of each."""
_LEFT_TO_SEND = re.compile(r"-?\d+ left to send")


class Connection:
    """A session on a LimeSurvey server; use it in a ``with``, which logs in and releases the session at the end.

    Parameters
    ----------
    credentials : Credentials
    sleep : callable
        Waits so many seconds; tests give another.

    Raises
    ------
    LimeSurveyError
        One of its kinds, from every method and on entering.
    InputError
        citric is not installed.
    """

    def __init__(self, credentials: Credentials, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self.credentials = credentials
        self._sleep = sleep
        self._http: requests.Session | None = None
        self._client: citric.Client | None = None
        self._version: str | None = None

    def __repr__(self) -> str:
        return f"Connection({self.credentials.host!r}, {self.credentials.user!r})"

    def __enter__(self) -> Self:
        self._http = _http_session(self.credentials)
        try:
            self._log_in()
        except BaseException:
            self._http.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Release the session; a server that is gone by now has nothing left to release."""
        client, http = self._client, self._http
        self._client = self._http = None
        if client is not None:
            with contextlib.suppress(Exception):
                client.session.rpc("release_session_key")
        if http is not None:
            http.close()

    def ask(self, method: str, *arguments: Any, **options: Any) -> Any:
        """Read something: a method of citric's client, or else a bare one of RemoteControl; repeated when nobody answers.

        Raises
        ------
        LimeSurveyError
        """
        for wait in (*WAITS, None):
            try:
                return self._call(method, *arguments, **options)
            except UnreachableError:
                if wait is None:
                    raise
                self._sleep(wait)
        raise AssertionError("unreachable")

    def rows(self, method: str, *arguments: Any, **options: Any) -> list[Any]:
        """As `ask`, of a list: LimeSurvey's “none found” is an empty one."""
        try:
            found = self.ask(method, *arguments, **options)
        except NothingThereError:
            return []
        return list(found or [])

    def tell(self, method: str, *arguments: Any, **options: Any) -> Any:
        """Change something: as `ask`, but never a second time, since an answer that is lost does not tell what was done.

        Raises
        ------
        LimeSurveyError
        """
        assert self._http is not None, "a Connection is used inside its `with`"
        for adapter in self._http.adapters.values():
            adapter.close()  # an idle connection that the server has just dropped would look like an answer lost
        return self._call(method, *arguments, **options)

    def pause(self, seconds: float) -> None:
        """Wait, by the clock that this connection was given."""
        self._sleep(seconds)

    @property
    def version(self) -> str:
        """The server's version, such as ``6.14.0``; empty when this user may not know it."""
        if self._version is None:
            try:
                self._version = str(self.ask("get_server_version"))
            except LimeSurveyError:
                self._version = ""
        return self._version

    def remarks(self) -> list[str]:
        """What a person should know about this server before trusting it."""
        found = []
        numbers = tuple(int(part) for part in re.findall(r"\d+", self.version)[:2])
        tried = ", ".join(f"{major}.{minor}" for major, minor in TRIED)
        if not numbers:
            found.append(f"LimeSurvey does not tell this user its version; tried with {tried}.")
        elif numbers not in TRIED:
            found.append(f"LimeSurvey {said(self.version)} was never tried; tried with {tried}.")
        if not (self.credentials.encrypted or self.credentials.local):
            found.append("The connection is not encrypted (http).")
        return found

    def _call(self, method: str, *arguments: Any, **options: Any) -> Any:
        """Once; a second time only when the session was not known, since nothing was done then.

        Every method of RemoteControl looks at the session key before anything else.
        """
        try:
            return self._once(method, *arguments, **options)
        except SessionExpiredError:
            self._log_in()
            return self._once(method, *arguments, **options)

    def _once(self, method: str, *arguments: Any, **options: Any) -> Any:
        assert self._client is not None, "a Connection is used inside its `with`"
        self._set_timeout(LONG_TIMEOUT if method in LONG else ANSWER_TIMEOUT)
        own = None if method in _ALWAYS_BARE else getattr(self._client, method, None)
        if own is not None:
            inspect.signature(own).bind(*arguments, **options)  # a slip of ours is not the server's
        with typed(method, self.credentials):
            return own(*arguments, **options) if own is not None else self._bare(method, *arguments)

    def _bare(self, method: str, *arguments: Any) -> Any:
        """A method that citric does not have."""
        from citric.session import handle_rpc_errors

        assert self._client is not None
        reply = self._client.session.call(method, *arguments)
        result: Any = reply["result"]
        if reply["error"] is None and isinstance(result, dict) and _LEFT_TO_SEND.fullmatch(str(result.get("status"))):
            return result
        handle_rpc_errors(result, reply["error"])
        return result

    def _log_in(self) -> None:
        citric = _citric()
        own = self.credentials
        self._set_timeout(ANSWER_TIMEOUT)
        with typed("get_session_key", own):
            self._client = citric.Client(own.url, own.user, own.password, requests_session=self._http)

    def _set_timeout(self, seconds: float) -> None:
        assert self._http is not None
        for adapter in self._http.adapters.values():
            adapter.answer_timeout = seconds  # type: ignore[attr-defined]  # our own adapter


def _citric() -> Any:
    try:
        import citric
    except ImportError:
        raise InputError(
            Problem("missing-extra", "what speaks with LimeSurvey is not installed.", "pip install 'clustergov[limesurvey]'")
        ) from None  # fmt: skip
    return citric


def _http_session(credentials: Credentials) -> requests.Session:
    """A session that waits so long and no longer, follows no redirection, and verifies certificates."""
    _citric()
    import requests
    from requests.adapters import HTTPAdapter

    class Patient(HTTPAdapter):
        answer_timeout = ANSWER_TIMEOUT

        def send(self, request: Any, *arguments: Any, **options: Any) -> requests.Response:
            options["timeout"] = (CONNECT_TIMEOUT, self.answer_timeout)
            return super().send(request, *arguments, **options)

    session = requests.Session()
    session.max_redirects = 0  # a redirection would carry password or session key to another address
    session.trust_env = credentials.encrypted  # unencrypted, no proxy of the environment shall read it
    for scheme in ("https://", "http://"):
        session.mount(scheme, Patient())
    return session
