"""How much one caller may ask for: requests and uploads a minute by token subject, uploads at the same time by replica.

Counts in memory, each replica for itself; the memory is bounded however many subjects come. Knows no route.
"""

import math
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from api.problems import Refusal
from cluster.settings import Settings

COUNTERS = 4096
"""Subjects share this many counters, so that nobody can fill the memory with names. Which share one is not to be
foreseen: Python salts the hashes of strings anew in every process."""


class TooManyRequests(Refusal):
    """The subject has used up its minute."""

    code = "too_many_requests"


class TooManyUploads(Refusal):
    """The replica receives as many uploads as it may."""

    code = "too_many_uploads"


class RequestLimits:
    """The limits of one replica; safe to share between threads."""

    def __init__(self, settings: Settings) -> None:
        """Begin with nothing counted."""
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._requests = RateLimitItemPerMinute(settings.max_requests_per_minute)
        self._uploads = RateLimitItemPerMinute(settings.max_uploads_per_minute)
        self._most_at_once = settings.max_concurrent_uploads
        self._receiving = 0

    def count_request(self, subject: str) -> None:
        """One more of this subject; raises TooManyRequests."""
        self._count(self._requests, "requests", subject, "QUARRY_MAX_REQUESTS_PER_MINUTE")

    def count_upload(self, subject: str) -> None:
        """One more upload of this subject; raises TooManyRequests."""
        self._count(self._uploads, "uploads", subject, "QUARRY_MAX_UPLOADS_PER_MINUTE")

    @asynccontextmanager
    async def receiving(self) -> AsyncIterator[None]:
        """Hold a place for an upload while its body comes in; raises TooManyUploads. For the event loop's thread."""
        if self._receiving >= self._most_at_once:
            raise TooManyUploads(
                f"{self._receiving} uploads are arriving at this moment.", "Send this one again in a few seconds."
            )
        self._receiving += 1
        try:
            yield
        finally:
            self._receiving -= 1

    def _count(self, limit: RateLimitItem, noun: str, subject: str, setting: str) -> None:
        counter = str(hash(subject) % COUNTERS)
        if self._limiter.hit(limit, noun, counter):
            return
        refusal = TooManyRequests(
            f"More than {limit.amount} {noun} a minute came with tokens of this subject.",
            f"Wait as long as Retry-After says; the limit is {setting}.",
        )
        window_ends = self._limiter.get_window_stats(limit, noun, counter).reset_time
        refusal.retry_after_s = max(1, math.ceil(window_ends - time.time()))
        raise refusal
