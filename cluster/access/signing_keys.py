"""The public keys of an identity provider, read from its JWKS address: cached, bounded in time, kept through an outage.

Knows which key a token names; what the token says is read by `cluster.access.tokens`.
"""

import threading
import time

import jwt
from jwt import PyJWK, PyJWKClient, PyJWKSet
from jwt.exceptions import PyJWKClientConnectionError, PyJWKSetError

from db.errors import QuarryError

TIMEOUT_S = 3.0
"""Longest wait for the provider; requests whose keys are cached do not wait at all."""
FRESH_FOR_S = 300.0
REFRESH_EVERY_S = 30.0
"""A token that names an unknown key makes us ask again, at most this often: invented names must not flood it."""
KEPT_FOR_S = 3600.0
"""While the provider is away its last keys are good for this long; a key withdrawn meanwhile is so as well."""
AWAY_FOR_S = 5.0
"""After a failure nobody asks for this long, so that requests do not queue up behind an address that hangs."""


class KeysUnavailable(QuarryError):
    """The provider's keys cannot be had, so no token of its can be checked."""

    code = "token_keys_unavailable"


class SigningKeys:
    """The keys behind one JWKS address; safe to share between threads."""

    def __init__(self, url: str) -> None:
        """Remember the address; nothing is asked before the first token comes."""
        self._url = url
        self._client = PyJWKClient(
            url, cache_keys=False, lifespan=FRESH_FOR_S, timeout=TIMEOUT_S, cooldown_duration=REFRESH_EVERY_S
        )
        self._lock = threading.Lock()
        self._last: PyJWKSet | None = None
        self._last_at = self._away_until = float("-inf")

    def find(self, key_id: str) -> PyJWK:
        """The key of this id.

        Raises:
            jwt.PyJWTError: the provider has no such key.
            KeysUnavailable: the provider does not answer, and what it said last is too old.
        """
        with self._lock:
            if time.monotonic() < self._away_until:
                return self._kept(key_id)
            try:
                usable = self._client.get_signing_keys()
            except (jwt.PyJWTError, ValueError, OSError):
                return self._kept_while_away(key_id)
            self._last, self._last_at = self._client.get_jwk_set(), time.monotonic()
            if key := PyJWKClient.match_kid(usable, key_id):
                return key
            try:
                return self._client.get_signing_key(key_id)
            except (PyJWKClientConnectionError, PyJWKSetError, ValueError, OSError):
                return self._kept_while_away(key_id)

    def _kept_while_away(self, key_id: str) -> PyJWK:
        self._away_until = time.monotonic() + AWAY_FOR_S
        return self._kept(key_id)

    def _kept(self, key_id: str) -> PyJWK:
        if self._last is None or time.monotonic() - self._last_at > KEPT_FOR_S:
            raise KeysUnavailable(
                f"The keys that tokens are checked with cannot be read from {self._url}.",
                "Check that the address (QUARRY_JWKS_URL) answers with a JSON Web Key Set; trying again soon may help.",
            )
        key = PyJWKClient.match_kid(list(self._last.keys), key_id)
        if key is None:
            raise jwt.InvalidKeyError("it is signed with a key that the provider does not have")
        return key
