"""Running the coding page: one process on this machine only, an address with a token, and a clean end."""

from __future__ import annotations

import contextlib
import gc
import secrets
import signal
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

from clustergov.survey.service.listening import listen

if TYPE_CHECKING:
    from collections.abc import Callable

HOST = "127.0.0.1"
TOKEN_BYTES = 24


def serve(
    folder: Path,
    *,
    port: int = 0,
    coder: str = "",
    language: str = "en",
    browser: bool = True,
    tell: Callable[[str], None],
) -> None:
    """Serve the case studies in a folder until stopped (Ctrl-C or SIGTERM).

    Parameters
    ----------
    folder : Path
        Of the case studies.
    port : int
        0 for any that is free.
    coder : str
        The only coder who may code; empty: chosen on the first page.
    language : {"nl", "en"}
    browser : bool
        Whether to open a browser.
    tell : callable
        Takes lines for the terminal.

    Raises
    ------
    InputError
        A mistake in the case studies, a name that cannot be a coder's, a port that is taken.
    """
    import uvicorn

    from clustergov.casestudies.coding.workbench import Workbench
    from clustergov.casestudies.workbench.app import create_app

    with Workbench.open(folder) as bench, listen(HOST, port) as listening:
        number = listening.getsockname()[1]
        if coder:
            open_rounds = [each.number for each in bench.rounds if not bench.is_closed(each.number)]
            coder = bench.enter(coder, open_rounds[-1] if open_rounds else bench.rounds[-1].number)
        # The texts and codings that were read stay until the end: not looked through at every collection of garbage.
        gc.freeze()
        token = secrets.token_urlsafe(TOKEN_BYTES)
        app = create_app(bench, token=token, port=number, coder=coder, language=language)
        address = f"http://{HOST}:{number}/?token={token}"
        config = uvicorn.Config(
            app, http="httptools", ws="none", loop="asyncio", lifespan="off", access_log=False, log_level="warning",
            server_header=False, proxy_headers=False, timeout_graceful_shutdown=3,
        )  # fmt: skip
        for stop in (signal.SIGINT, signal.SIGTERM):
            signal.signal(stop, signal.default_int_handler)
        tell(f"{bench.corpus.codebook.title.to(language)}: {address}")
        tell("Only this machine reaches it, and only who has this address. Stop with Ctrl-C.")
        if browser:
            webbrowser.open(address)
        # uvicorn hands the signal on after it has ended in an orderly way.
        with contextlib.suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listening])
