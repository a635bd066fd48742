"""A mail server for tests: speaks enough SMTP to take, put off or refuse mails."""

from __future__ import annotations

import socketserver
import threading
from email import message_from_bytes, policy


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self):
        server = self.server
        server.connections += 1
        self._say("220 test")
        while line := self.rfile.readline():
            command = line.decode().strip().upper()
            if command.startswith("EHLO"):
                self._say("250-test", "250 8BITMIME")
            elif command.startswith("RCPT") and server.answer_to_recipient:
                self._say(server.answer_to_recipient)
            elif command == "DATA":
                self._say("354 go on")
                self._take()
            elif command == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _take(self):
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        self.server.mails.append(message_from_bytes(b"".join(lines), policy=policy.default))
        if self.server.after_taking:
            self.server.after_taking()
        self._say("250 taken")

    def _say(self, *lines):
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())


class SmtpServer(socketserver.ThreadingTCPServer):
    """Listens on a free port of this machine and keeps what it took."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.mails = []
        self.connections = 0
        self.answer_to_recipient = None
        self.after_taking = None
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def port(self):
        return self.server_address[1]
