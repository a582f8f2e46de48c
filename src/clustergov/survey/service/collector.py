"""Our own service as a collector: what the commands about a survey in the field ask of its database.

The service need not run for it, and may.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Sequence
from typing import Literal, TypeVar

from clustergov.problems import InputError, Problem
from clustergov.survey.collection.collecting import Invited, Person, RawExport, Status
from clustergov.survey.collection.fieldwork import Fieldwork
from clustergov.survey.service.export import to_csv
from clustergov.survey.service.record import Survey, open_survey, unreachable
from clustergov.survey.service.screens import cut
from clustergov.survey.service.storage import Storage, StorageUnavailableError, Stored

T = TypeVar("T")


class ServiceCollector:
    """A survey in the database of our own service.

    Parameters
    ----------
    url : str
        ``sqlite:///file.db`` or ``postgresql://user@host/name``.

    Raises
    ------
    InputError
        There is no survey in it, or it cannot be reached. Every method raises it too when the database is lost.
    """

    def __init__(self, url: str) -> None:
        database, survey = open_survey(url)
        database.close()
        self._survey: Survey = survey
        self._storage = Storage(url)

    def status(self) -> Status:
        counts = self._ask(self._storage.counts)
        language = self._survey.questionnaire.languages[0]
        state: Literal["open", "closed"] = "open" if self._ask(self._storage.state) == "open" else "closed"
        return Status(
            self._survey.questionnaire.title.to(language), self._storage.database.shown, state, counts.complete,
            counts.partial, counts.invited, counts.reminded, counts.opened, counts.completed,
        )  # fmt: skip

    def invite(self, people: Sequence[Person], fieldwork: Fieldwork) -> Invited:
        """Make personal links; whoever was invited before gets none. Somebody else sends them.

        Only a hash of each link stays in the database: this is the only time that they are seen.
        """
        base = self._base()
        asked = {person.pseudonym: person for person in people}
        wanted = [(person.pseudonym, person.language) for person in people]
        tokens = self._ask(lambda: self._storage.invitations.invite(wanted))
        self._ask(self._storage.scatter)
        links = tuple((asked[who], f"{base}/i/{token}") for who, token in tokens.items())
        return Invited(links=links)

    def remind(self, fieldwork: Fieldwork) -> Invited:
        """A further personal link for everybody whose questionnaire is not in (see `Invitations.renew`)."""
        base = self._base()
        tokens = self._ask(self._storage.invitations.renew)
        self._ask(self._storage.scatter)
        links = ((Person(who, "", "", language), f"{base}/i/{token}") for who, (token, language) in tokens.items())
        return Invited(links=tuple(links))

    def fetch(self, *, have: Collection[str] = ()) -> tuple[RawExport, ...]:
        """All partial responses, then the complete ones that are not in `have`."""
        partial = self._export("partial", self._ask(lambda: list(self._storage.rows("partial"))))
        complete = self._ask(lambda: list(self._storage.rows("complete")))
        gone = tuple(sorted(set(have) - {row.id for row in complete}))
        fresh = [row for row in complete if row.id not in set(have)]
        return partial, self._export("complete", fresh, gone)

    def pseudonyms(self) -> dict[str, str]:
        """Response id → pseudonym; nothing in anonymous mode."""
        return {row.id: row.pseudonym for row in self._ask(lambda: list(self._storage.rows())) if row.pseudonym}

    def close(self) -> None:
        """End the fieldwork: pages say so from the next second on. What was begun stays as it is."""
        self._ask(lambda: self._storage.set_state("closed"))
        self._ask(self._storage.scatter)

    def erase(self, who: str) -> tuple[str, ...]:
        """Take away what is known under a pseudonym or the id of a response (see `Storage.erase`)."""
        return self._ask(lambda: self._storage.erase(who))

    def dispose(self) -> None:
        """Let go of the connections."""
        self._storage.close()

    def _export(
        self, kind: Literal["complete", "partial"], rows: list[Stored], gone: tuple[str, ...] = ()
    ) -> RawExport:
        screens = cut(self._survey.questionnaire, self._survey.fieldwork.paging)
        content = b"".join(to_csv(self._survey.questionnaire, screens, rows))
        now = datetime.datetime.now(datetime.UTC)
        return RawExport(content, kind, now, len(rows), gone, masked=True)

    def _base(self) -> str:
        """The address under which respondents come, as `serve` noted it; links go nowhere while the survey is closed."""
        if self._ask(self._storage.state) != "open":
            raise InputError(
                Problem("closed", "the survey is closed: personal links would lead nowhere.", "Open it again on the manager's page.")
            )  # fmt: skip
        base = self._ask(lambda: self._storage.setting("public"))
        if not base:
            raise InputError(
                Problem("no-address", "nothing tells under which address respondents come.",
                        "Start the service once: clustergov survey serve … --base-url https://survey.example.org")
            )  # fmt: skip
        return base

    def _ask(self, question: Callable[[], T]) -> T:
        try:
            return question()
        except StorageUnavailableError as error:
            raise unreachable(self._storage.database.shown, error) from None
