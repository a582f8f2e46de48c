"""``clustergov casestudies``: documents, codings, agreement, QCA, exchange, and how cases meet the numbers."""

from __future__ import annotations

import click

from clustergov.cli.lazy import LazyGroup

COMMANDS: dict[str, str] = {
    "add": "clustergov.cli.casestudies.add:add",
    "agreement": "clustergov.cli.casestudies.agreement:agreement",
    "check": "clustergov.cli.casestudies.check:check",
    "export": "clustergov.cli.casestudies.exchange:export",
    "import": "clustergov.cli.casestudies.exchange:import_",
    "joint": "clustergov.cli.casestudies.joint:joint",
    "matrix": "clustergov.cli.casestudies.matrix:matrix",
    "qca": "clustergov.cli.casestudies.qca:qca",
    "privacy": "clustergov.cli.casestudies.privacy:privacy",
    "reanchor": "clustergov.cli.casestudies.reanchor:reanchor",
    "recode": "clustergov.cli.casestudies.recode:recode",
    "serve": "clustergov.cli.casestudies.serve:serve",
    "settle": "clustergov.cli.casestudies.recode:settle",
}


@click.group(cls=LazyGroup, places=COMMANDS)
def casestudies() -> None:
    """Case studies of STUDY: documents, codings, agreement, QCA, exchange, and how cases meet the numbers."""
