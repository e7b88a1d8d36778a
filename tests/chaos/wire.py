"""Reads what a client says to Postgres (protocol 3.0, section 54.7): the statements of its present transaction."""

import re
import struct

STARTUP = 196608
HEADER = struct.Struct("!cI")
WRITES = re.compile(
    r"""\b(insert\s+into|update|delete\s+from)\s+"?(?!(?:set|skip|of|nowait)\b)([a-z_]+)""", re.IGNORECASE
)


class Statements:
    """One connection's requests, fed as they come; knows what its present transaction has run."""

    def __init__(self):
        self._buffer = b""
        self._typed = False  # after the start-up message each message has a type
        self._prepared = {}  # text by name
        self.transaction = []  # texts, in order

    def feed(self, data):
        self._buffer += data
        while (message := self._next_message()) is not None:
            self._note(*message)

    def site(self):
        """What this transaction has written so far, the same for every run of the same place of the code."""
        return tuple(" ".join(text.split()) for text in self.transaction if WRITES.search(text))

    def _next_message(self):
        head = HEADER.size if self._typed else 8
        if len(self._buffer) < head:
            return None
        kind, size = HEADER.unpack_from(self._buffer) if self._typed else (b"", int.from_bytes(self._buffer[:4]))
        end = size + 1 if self._typed else size
        if len(self._buffer) < end:
            return None
        body, self._buffer = self._buffer[5 if self._typed else 4 : end], self._buffer[end:]
        self._typed |= not kind and int.from_bytes(body[:4]) == STARTUP
        return kind, body

    def _note(self, kind, body):
        if kind == b"Q":
            self._run(text_of(body))
        elif kind == b"P":
            name, rest = body.split(b"\0", 1)
            self._prepared[name] = text_of(rest)
        elif kind == b"B":
            _, name, _ = body.split(b"\0", 2)
            self._run(self._prepared.get(name, ""))

    def _run(self, text):
        if text.strip().lower().startswith("begin"):
            self.transaction = []
        else:
            self.transaction.append(text)


def text_of(body):
    return body.split(b"\0", 1)[0].decode(errors="replace")


def written(site):
    """`insert into document_pages`, `update products` ...: what the statements of a site do to which tables."""
    return {f"{' '.join(verb.lower().split())} {table}" for text in site for verb, table in WRITES.findall(text)}
