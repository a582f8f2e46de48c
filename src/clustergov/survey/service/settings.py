"""What a running service has to be told; everything else stands in its database."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Settings:
    """How one service runs.

    Attributes
    ----------
    database : str
        ``sqlite:///file.db`` or ``postgresql://…``; never shown, it may hold a password.
    base_url : str
        Address by which respondents reach it, without a slash at the end; empty for the address that they ask for.
    behind_proxy : bool
        A proxy in front tells the client's address and scheme (``X-Forwarded-For``, ``X-Forwarded-Proto``).
    secure : bool
        Respondents come by https: cookies are sent over nothing else.
    """

    database: str = field(repr=False)
    base_url: str = ""
    behind_proxy: bool = False
    secure: bool = False
