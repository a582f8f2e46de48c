"""What citric and requests raise, turned into errors that say what to do, without what had been sent."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from clustergov.survey.limesurvey.credentials import Credentials
from clustergov.survey.limesurvey.errors import (
    FailedError,
    LimeSurveyError,
    SwitchedOffError,
    UnintelligibleError,
    UnreachableError,
    UntrustedError,
    WrongAddressError,
    of_status,
    said,
)

if TYPE_CHECKING:
    import requests

_BUSY = frozenset({429, 502, 503, 504})
"""Statuses of HTTP by which a server or its proxy says “later”."""


@contextlib.contextmanager
def typed(method: str, credentials: Credentials) -> Iterator[None]:
    """Turn what citric and requests raise into one of our errors, without what they were sent."""
    import citric.exceptions as limesurvey
    import requests

    host = credentials.host
    try:
        yield
    except LimeSurveyError:
        raise
    except limesurvey.LimeSurveyStatusError as error:
        raise of_status(str(error), what=method) from None
    except limesurvey.RPCInterfaceNotEnabledError:
        raise SwitchedOffError(f"{host} answered with nothing: RemoteControl is switched off there.") from None
    except (limesurvey.InvalidJSONResponseError, limesurvey.ResponseMismatchError, KeyError, TypeError) as error:
        raise UnintelligibleError(
            f"{host} answered {method} with something else than JSON-RPC ({type(error).__name__})."
        ) from None
    except limesurvey.LimeSurveyError as error:
        raise FailedError(f"LimeSurvey broke off {method}: “{said(error)}”.") from None
    except requests.RequestException as error:
        raise _of_http(error, method, host) from None
    except OSError as error:
        # requests names a file of REQUESTS_CA_BUNDLE that is not there so.
        raise UntrustedError(f"{host} could not be asked: {said(error)}.") from None


def _of_http(error: requests.RequestException, method: str, host: str) -> LimeSurveyError:
    import requests

    if isinstance(error, requests.exceptions.SSLError):
        if "certificate" in str(error).lower():
            return UntrustedError(f"the certificate of {host} cannot be verified: {_reason(error)}.")
        return UntrustedError(
            f"{host} does not speak TLS: {_reason(error)}.", "Check the port, and whether it is https there."
        )
    if isinstance(error, requests.TooManyRedirects):
        place = error.response.headers.get("location", "") if error.response is not None else ""
        return WrongAddressError(f"{host} sends us on to another address: {said(place.partition('?')[0])}.")
    if isinstance(error, requests.Timeout):
        return UnreachableError(f"{host} did not answer {method} in time.")
    if isinstance(error, requests.HTTPError) and error.response is not None:
        return _of_http_status(error.response, method, host)
    if isinstance(error, requests.ConnectionError | requests.exceptions.ChunkedEncodingError):
        return UnreachableError(f"no connection with {host}: {_reason(error)}.")
    return UnintelligibleError(f"{host} could not be asked for {method} ({type(error).__name__}).")


def _of_http_status(response: requests.Response, method: str, host: str) -> LimeSurveyError:
    status = response.status_code
    if status in _BUSY:
        return UnreachableError(f"{host} is too busy for {method} (HTTP {status}).", "Try again in a few minutes.")
    if status >= 500:
        # Hard errors of PHP come as a page for people; its title says more than its status.
        title = re.search(r"<(title|h1)[^>]*>(.*?)</\1>", response.text[:20_000], re.I | re.S)
        told = f": “{said(title[2])}”" if title else ""
        return FailedError(f"LimeSurvey broke off {method} with an error page (HTTP {status}){told}.")
    if status in (401, 403):
        return WrongAddressError(f"{host} lets nobody to this address (HTTP {status}).",
                            "A web server's own password or a list of allowed addresses stands before it; ask who runs it.")  # fmt: skip
    return WrongAddressError(f"{host} has nothing at this address (HTTP {status}).")


def _reason(error: Exception) -> str:
    """The innermost words of an error of the network, which are those that tell something."""
    text = str(error)
    for pattern in (
        r"certificate verify failed: ([^(\"']+)",
        r"\[Errno -?\d+\] ([^'\")]+)",
        r"\[SSL: ([A-Z_]+)\]",
        r"(Connection aborted)",
        r"(\w+Error)",
    ):
        if found := re.search(pattern, text):
            return said(found[1]).strip()
    return type(error).__name__
