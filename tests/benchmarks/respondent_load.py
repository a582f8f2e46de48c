"""Eight respondents without a screen, in a process of their own: as little work as possible beside what they ask for.

``python respondent_load.py PORT BODY SECONDS RATE`` prints JSON: how many questionnaires were acknowledged in how many
seconds, and the milliseconds that each kind of request took. RATE is questionnaires per second that are begun, evenly, 0
for as many as possible.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from pathlib import Path

RESPONDENTS = 8


class Respondents:
    def __init__(self, port: int, body: bytes, seconds: float, rate: float) -> None:
        self.port, self.body, self.seconds, self.rate = port, body, seconds, rate
        self.took: dict[str, list[float]] = {"get": [], "post": [], "thanks": []}
        self.begun = 0
        self.failed: list[str] = []
        self.lock = threading.Lock()

    def run(self) -> dict[str, object]:
        self.start = time.perf_counter()
        threads = [threading.Thread(target=self.work) for _ in range(RESPONDENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds = time.perf_counter() - self.start
        return {"seconds": seconds, "took": self.took, "failed": self.failed[:3], "client": time.process_time()}

    def turn(self) -> float | None:
        """When the next questionnaire is to be begun; None when time is over."""
        with self.lock:
            due = self.start + self.begun / self.rate if self.rate else time.perf_counter()
            if due - self.start > self.seconds:
                return None
            self.begun += 1
        return due

    def work(self) -> None:
        while (due := self.turn()) is not None:
            if (wait := due - time.perf_counter()) > 0:
                time.sleep(wait)
            try:
                # A respondent who had to wait for a turn has waited for the service.
                self.respond(min(due, time.perf_counter()))
            except (OSError, ValueError, AssertionError) as error:
                self.failed.append(repr(error))

    def respond(self, due: float) -> None:
        """A new session: the page, the page sent, and the thanks."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            page = self.ask(connection, b"GET /en/1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b"200", "get", due)
            cookie = between(page, b"set-cookie: ", b";")
            hidden = b"".join(
                b"&" + name + b"=" + between(page, b'name="' + name + b'" value="', b'"')
                for name in (b"csrf", b"step", b"seen")
            )
            body = self.body + hidden
            post = (
                b"POST /en/1 HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: " + cookie + b"\r\nContent-Length: %d\r\n" % len(body)
                + b"Content-Type: application/x-www-form-urlencoded\r\n\r\n" + body
            )  # fmt: skip
            answer = self.ask(connection, post, b"303", "post")
            assert b"location: /en/thanks" in answer, answer[:300]
            thanks = b"GET /en/thanks HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: " + cookie + b"\r\n\r\n"
            self.ask(connection, thanks, b"200", "thanks")

    def ask(self, connection: socket.socket, request: bytes, status: bytes, kind: str, begun: float = 0.0) -> bytes:
        begun = begun or time.perf_counter()
        connection.sendall(request)
        answer = connection.recv(262_144)
        while b"\r\n\r\n" not in answer:
            answer += self._more(connection)
        head = answer.index(b"\r\n\r\n") + 4
        length = int(between(answer[:head], b"content-length: ", b"\r"))
        while len(answer) < head + length:
            answer += self._more(connection)
        self.took[kind].append(1000 * (time.perf_counter() - begun))
        if answer[9:12] != status:
            raise ValueError(answer[:2000])
        return answer

    @staticmethod
    def _more(connection: socket.socket) -> bytes:
        part = connection.recv(262_144)
        if not part:
            raise OSError("closed")
        return part


def between(text: bytes, before: bytes, after: bytes) -> bytes:
    begin = text.index(before) + len(before)
    return text[begin : text.index(after, begin)]


if __name__ == "__main__":
    port, body, seconds, rate = sys.argv[1:]
    print(json.dumps(Respondents(int(port), Path(body).read_bytes(), float(seconds), float(rate)).run()))
