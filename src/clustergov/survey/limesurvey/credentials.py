"""Where the LimeSurvey server is and who we are there: from the environment, the password else from the keyring."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from clustergov.problems import InputError, Problem

URL = "CLUSTERGOV_LIMESURVEY_URL"
USER = "CLUSTERGOV_LIMESURVEY_USER"
PASSWORD = "CLUSTERGOV_LIMESURVEY_PASSWORD"
UNENCRYPTED = "CLUSTERGOV_LIMESURVEY_ALLOW_UNENCRYPTED"
"""Set to ``yes``, plain http is taken to other computers too: for a private network, never for the internet."""
SERVICE = "clustergov-limesurvey"
"""Under this name the system's keyring has the password of the user."""

_EXAMPLE = "https://surveys.example.org/index.php/admin/remotecontrol"


@dataclass(frozen=True, slots=True)
class Credentials:
    """An account on a LimeSurvey server; its password shows in no message.

    Attributes
    ----------
    url : str
        Address of RemoteControl.
    user, password : str
    """

    url: str
    user: str
    password: str = field(repr=False)

    @classmethod
    def find(cls, environment: Mapping[str, str] | None = None) -> Credentials:
        """Those of the environment; the password from the keyring where the environment has none.

        Raises
        ------
        InputError
            Something is missing, or the address would send the password where others can read it.
        """
        found = os.environ if environment is None else environment
        url, user = found.get(URL, "").strip(), found.get(USER, "").strip()
        problems = [*_missing(url, user), *_wrong(url, allowed=found.get(UNENCRYPTED, "") == "yes")]
        if problems:
            raise InputError(problems)
        return cls(url, user, found.get(PASSWORD) or _from_keyring(user))

    @property
    def host(self) -> str:
        """The server, for messages."""
        return urlsplit(self.url).netloc

    @property
    def encrypted(self) -> bool:
        return urlsplit(self.url).scheme == "https"

    @property
    def local(self) -> bool:
        """Whether the server is this computer."""
        return _is_loopback(urlsplit(self.url).hostname or "")

    def respondents(self, number: int, language: str) -> str:
        """Where a respondent begins."""
        base, form = re.subn(r"\?r=/?admin/remotecontrol/?$", "", self.url)
        if form:
            return f"{base}?r=survey/index&sid={number}&lang={language}"
        return f"{re.sub(r'/?admin/remotecontrol/?$', '', self.url)}/{number}?lang={language}"


def _missing(url: str, user: str) -> Iterator[Problem]:
    if not url:
        yield Problem("limesurvey-environment", "which LimeSurvey server is not known.",
                      f"Set {URL} to the address of its RemoteControl, such as {_EXAMPLE}.")  # fmt: skip
    if not user:
        yield Problem("limesurvey-environment", "as whom to log in to LimeSurvey is not known.",
                      f"Set {USER} to the name of your account there.")  # fmt: skip


def _wrong(url: str, *, allowed: bool) -> Iterator[Problem]:
    """What is wrong with an address; it is not repeated, as it may hold a password."""
    if not url:
        return
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        yield Problem("limesurvey-address", f"{URL} is no address.", f"Write it like {_EXAMPLE}.")
        return
    if parts.username is not None or parts.password is not None:
        yield Problem("limesurvey-address", f"{URL} holds a user or a password.",
                      f"Take it out: addresses end up in logs. Set {USER} and {PASSWORD} instead.")  # fmt: skip
    if parts.scheme not in ("http", "https") or not host:
        yield Problem("limesurvey-address", f"{URL} is no address that begins with https:// and a host.",
                      f"Write it like {_EXAMPLE}.")  # fmt: skip
        return
    if not _names_remote_control(parts):
        yield Problem("limesurvey-address", f"{URL} does not end in admin/remotecontrol.",
                      f"Write it like {_EXAMPLE}, or …/index.php?r=admin/remotecontrol.")  # fmt: skip
    if parts.scheme == "http" and not allowed and not _is_loopback(host):
        yield Problem("limesurvey-unencrypted", f"{URL} begins with http://: everybody on the way could read password and answers.",
                      f"Use https://. In a private network you may set {UNENCRYPTED}=yes.")  # fmt: skip


def _names_remote_control(parts: SplitResult) -> bool:
    place = parts.query if parts.query else parts.path
    return re.search(r"(^|[/=])admin/remotecontrol/?$", place) is not None and not parts.fragment


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _from_keyring(user: str) -> str:
    """The password that the system's keyring has for this user."""
    fix = f"Set {PASSWORD}, or store it once: keyring set {SERVICE} {user}"
    try:
        import keyring
        import keyring.errors
    except ImportError:
        fix = f"Set {PASSWORD}, or install the keyring: pip install 'clustergov[limesurvey]'"
        raise InputError(Problem("limesurvey-password", "the password for LimeSurvey is not known.", fix)) from None
    try:
        password = keyring.get_password(SERVICE, user)
    except keyring.errors.KeyringError as error:
        reason = f"the system's keyring cannot be read ({type(error).__name__})"
        raise InputError(
            Problem("limesurvey-password", f"the password for LimeSurvey is not known: {reason}.", fix)
        ) from None
    if not password:
        raise InputError(
            Problem("limesurvey-password", f"the password for LimeSurvey is neither in {PASSWORD} nor in the keyring.", fix)
        )  # fmt: skip
    return password
