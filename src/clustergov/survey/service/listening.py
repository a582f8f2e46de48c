"""An address that is free to listen on, or the reason why it is not."""

from __future__ import annotations

import errno
import socket

from clustergov.problems import InputError, Problem

WAITING = 512
"""Connections that may wait to be taken up."""


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens.

    Raises
    ------
    InputError
        The port is taken or not ours to use, or there is no such host.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(WAITING)
    except OSError as error:
        raise _cannot_listen(host, port, error) from None
    listening.set_inheritable(True)
    return listening


def _cannot_listen(host: str, port: int, error: OSError) -> InputError:
    reasons = {
        errno.EADDRINUSE: ("is taken by another program", "Stop it, or choose another port with --port."),
        errno.EACCES: ("may not be used by you", "Choose a port above 1023 with --port, and a proxy for 80 and 443."),
    }
    found, fix = reasons.get(error.errno or 0, (f"cannot be used ({error.strerror})", "Check --host and --port."))
    return InputError(Problem("cannot-listen", f"port {port} of {host} {found}.", fix))
