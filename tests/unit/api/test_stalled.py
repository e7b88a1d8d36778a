"""Whoever begins to send a file and then sends nothing is given up, whatever the file is for."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.requests import Request

from api import example_images, uploads


def stalled_request():
    """One piece of a body comes, and never another."""
    pieces = [{"type": "http.request", "body": b"--b\r\n", "more_body": True}]

    async def receive():
        if not pieces:
            await asyncio.Event().wait()
        return pieces.pop()

    return Request({"type": "http", "method": "POST", "headers": []}, receive)


@pytest.mark.parametrize(
    "body", [lambda request: uploads._pieces(request, most_bytes=1000), example_images._bounded], ids=["pdf", "picture"]
)
def test_who_stops_sending_is_given_up(body, monkeypatch):
    monkeypatch.setattr(uploads, "STALLED_AFTER_S", 0.1)

    async def read():
        return [piece async for piece in body(stalled_request())]

    # In a thread of its own: a browser of an earlier test may have left a loop running in this one.
    with ThreadPoolExecutor(1) as thread, pytest.raises(uploads.UploadStalled):
        thread.submit(lambda: asyncio.run(asyncio.wait_for(read(), 20))).result()
