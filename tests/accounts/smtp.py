"""A mail server of the tests' own."""

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class MailServer(socketserver.ThreadingTCPServer):
    """As much of SMTP as a client needs, and a word before and after each text is taken."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.taken: list[str] = []
        self.spoken_to = 0
        self.at: Callable[[str, int], None] = lambda moment, number: None
        self.hangs_up: str = ""

    def handle_error(self, request, client_address) -> None:
        """A client that is killed breaks its line; that is what some tests are about."""

    @property
    def port(self) -> int:
        return self.server_address[1]


class Conversation(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.server.spoken_to += 1
        number, recipient = self.server.spoken_to, ""
        self.say("220 here")
        for line in iter(self.rfile.readline, b""):
            word = line.strip().upper()
            if word.startswith(b"RCPT"):
                recipient = line.partition(b"<")[2].partition(b">")[0].decode()
                self.server.at("addressed", number)
                if self.server.hangs_up == "addressed":
                    return
                self.say("250 ok")
            elif word == b"DATA":
                self.say("354 go on")
                while self.rfile.readline() not in (b".\r\n", b""):
                    pass
                self.server.taken.append(recipient)
                self.server.at("taken", number)
                if self.server.hangs_up == "taken":
                    return
                self.say("250 taken")
                self.server.at("answered", number)
            elif word == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def say(self, line: str) -> None:
        try:
            self.wfile.write(f"{line}\r\n".encode())
        except OSError:
            self.server.at("gone", 0)


@contextmanager
def serving() -> Iterator[MailServer]:
    """This will serve on a free port of this machine for the length of a block."""
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
