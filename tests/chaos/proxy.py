"""Stands between the pipeline and Postgres, and can lose the answer to a COMMIT after the server has done it."""

import asyncio
import random
import threading
from contextlib import suppress

from tests.chaos.wire import Statements

COMMITTED = b"COMMIT\0"
"""The tag of the server's CommandComplete (Postgres' protocol, section 54.7)."""


class Proxy:
    """Listens on a free port of 127.0.0.1 and passes on to Postgres; `lose_share` of all commits lose their answer.

    Of each place of the code that writes, `lose_first` loses the first commit's answer: once, whatever else happens.
    """

    def __init__(self, target_port):
        self._target_port = target_port
        self._random = random.Random(71)
        self._loop = asyncio.new_event_loop()
        self._started = threading.Event()
        self.lose_share = 0.0
        self.lose_first = False
        self.lost = 0
        self.lost_at = set()  # places of the code, as `Statements.site` tells them
        self.port = 0
        self._thread = threading.Thread(target=self._run, name="proxy", daemon=True)
        self._thread.start()
        assert self._started.wait(10)

    def close(self):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)

    def _run(self):
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._connected, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._started.set()
        self._loop.run_forever()
        server.close()
        self._loop.run_until_complete(self._end_connections())
        self._loop.close()

    async def _end_connections(self):
        ours = asyncio.all_tasks() - {asyncio.current_task()}
        for task in ours:
            task.cancel()
        await asyncio.gather(*ours, return_exceptions=True)

    async def _connected(self, client_in, client_out):
        try:
            server_in, server_out = await asyncio.open_connection("127.0.0.1", self._target_port)
        except OSError:
            client_out.transport.abort()
            return
        statements = Statements()
        await asyncio.wait(
            [
                asyncio.ensure_future(self._ask(client_in, server_out, statements)),
                asyncio.ensure_future(self._answer(server_in, client_out, statements)),
            ],
            return_when=asyncio.FIRST_COMPLETED,
        )
        for side in (client_out, server_out):
            side.transport.abort()

    async def _ask(self, source, target, statements):
        with suppress(OSError):
            while data := await source.read(65536):
                statements.feed(data)
                target.write(data)
                await target.drain()

    async def _answer(self, source, target, statements):
        with suppress(OSError):
            while data := await source.read(65536):
                if COMMITTED in data and self._loses(statements.site()):
                    self.lost += 1
                    return
                target.write(data)
                await target.drain()

    def _loses(self, site):
        if self.lose_first and site and site not in self.lost_at:
            self.lost_at.add(site)
            return True
        return self._random.random() < self.lose_share
