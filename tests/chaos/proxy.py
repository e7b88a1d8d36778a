"""Stands between the pipeline and Postgres, and can lose the answer to a COMMIT after the server has done it."""

import asyncio
import random
import threading

COMMITTED = b"COMMIT\0"
"""The tag of the server's CommandComplete (Postgres' protocol, section 54.7)."""


class Proxy:
    """Listens on a free port of 127.0.0.1 and passes on to Postgres; `lose_share` of all commits lose their answer."""

    def __init__(self, target_port):
        self._target_port = target_port
        self._random = random.Random(71)
        self._loop = asyncio.new_event_loop()
        self._started = threading.Event()
        self.lose_share = 0.0
        self.lost = 0
        self.port = 0
        threading.Thread(target=self._run, name="proxy", daemon=True).start()
        assert self._started.wait(10)

    def close(self):
        self._loop.call_soon_threadsafe(self._loop.stop)

    def _run(self):
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._connected, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._started.set()
        self._loop.run_forever()

    async def _connected(self, client_in, client_out):
        try:
            server_in, server_out = await asyncio.open_connection("127.0.0.1", self._target_port)
        except OSError:
            client_out.transport.abort()
            return
        await asyncio.wait(
            [
                asyncio.ensure_future(self._pass_on(client_in, server_out, loses=False)),
                asyncio.ensure_future(self._pass_on(server_in, client_out, loses=True)),
            ],
            return_when=asyncio.FIRST_COMPLETED,
        )
        for side in (client_out, server_out):
            side.transport.abort()

    async def _pass_on(self, source, target, *, loses):
        try:
            while data := await source.read(65536):
                if loses and COMMITTED in data and self._random.random() < self.lose_share:
                    self.lost += 1
                    return
                target.write(data)
                await target.drain()
        except OSError:
            return
