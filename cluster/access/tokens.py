"""The API's bearer tokens: JSON Web Tokens. Our own are signed with the secret (HS256) and made by `quarry token`.

An identity provider's are checked with its public keys (`cluster.access.signing_keys`). Does not know HTTP: which
answer a refused token gets is `api/`'s business.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast, get_args

import jwt

from cluster.access.signing_keys import SigningKeys
from cluster.settings import Settings
from db.errors import QuarryError

TokenRole = Literal["admin", "service"]
ALGORITHM = "HS256"
PROVIDER_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
"""Signatures with a public key. Pinned apart from HS256: a public key must never be taken for a secret."""
LONGEST_TOKEN = 16 * 1024
CLOCK_SKEW_S = 5
"""Tolerated between the clocks of two machines."""
LONGEST_SUBJECT = 200


class SecretMissing(QuarryError):
    """Nothing to sign or check tokens with."""

    code = "token_secret_missing"
    permanent = True


class TokenRefused(QuarryError):
    """The token is not one of ours, is damaged or speaks of something else."""

    code = "token_invalid"
    permanent = True


class TokenExpired(TokenRefused):
    """The token was good once."""

    code = "token_expired"


class RoleRefused(QuarryError):
    """A good token whose role may not use the API."""

    code = "role_not_allowed"
    permanent = True


@dataclass(frozen=True)
class Token:
    """Who asks.

    Attributes:
        subject: the name that goes into the audit trail and that limits are counted by.
        role: what the caller may do.
        claims: everything that the token says, with `role` where row-level security looks for it.
        expires_at: seconds since the epoch.
    """

    subject: str
    role: TokenRole
    claims: Mapping[str, Any] = field(default_factory=dict, compare=False)
    expires_at: float = field(default=float("inf"), compare=False)

    @property
    def acting_claims(self) -> dict[str, Any]:
        """Claims of the service role, acting for this caller (`act` as in RFC 8693): what an action writes under."""
        return {"role": "service", "sub": self.subject, "act": {"sub": self.subject, "role": self.role}}


def issue_token(settings: Settings, subject: str, role: TokenRole, *, lifetime_s: int | None = None) -> str:
    """A signed token; `lifetime_s` defaults to the setting. Raises SecretMissing."""
    now = int(time.time())
    claims = {
        "sub": subject[:LONGEST_SUBJECT],
        "role": role,
        "aud": settings.token_audience,
        "iat": now,
        "exp": now + (settings.token_lifetime_s if lifetime_s is None else lifetime_s),
        **({"iss": settings.token_issuer} if settings.token_issuer else {}),
    }
    return jwt.encode(claims, require_secret(settings), algorithm=ALGORITHM)


def read_token(settings: Settings, text: str, keys: SigningKeys | None = None) -> Token:
    """Check signature, audience, issuer, expiry and role.

    Args:
        settings: with the secret of our own tokens, and what every token must say.
        text: as it came.
        keys: of the identity provider; without them only our own tokens are read.

    Raises:
        TokenExpired, TokenRefused, RoleRefused: the token is no good.
        SecretMissing, KeysUnavailable: it cannot be checked.
    """
    try:
        if len(text) > LONGEST_TOKEN:
            raise jwt.DecodeError(f"it is longer than {LONGEST_TOKEN} characters")
        claims = _decode(settings, text, keys)
        json.dumps(claims, allow_nan=False)  # Postgres is shown them
    except jwt.ExpiredSignatureError as error:
        raise TokenExpired("The token has expired.", "Make a new one with `quarry token`.") from error
    except (jwt.PyJWTError, ValueError) as error:
        advice = "Send one that `quarry token` of this installation made, as `Authorization: Bearer TOKEN`."
        raise TokenRefused(f"The token cannot be accepted: {error}.", advice) from error
    role = _claim(claims, settings.token_role_claim)
    if role not in get_args(TokenRole):
        raise RoleRefused(
            f"The token's role is {role!r:.60}; the API serves the roles admin and service.",
            "Make a token with `quarry token --role service`.",
        )
    subject = str(claims["sub"])[:LONGEST_SUBJECT]
    return Token(subject, cast(TokenRole, role), {**claims, "role": role}, float(claims["exp"]))


def _decode(settings: Settings, text: str, keys: SigningKeys | None) -> dict[str, Any]:
    header = jwt.get_unverified_header(text)
    checks: dict[str, Any] = {
        "audience": settings.token_audience,
        "issuer": settings.token_issuer,
        "leeway": CLOCK_SKEW_S,
        "options": {"require": ["exp", "aud", "sub", *(["iss"] if settings.token_issuer else [])]},
    }
    if keys is not None and header.get("alg") in PROVIDER_ALGORITHMS:
        key = keys.find(str(header.get("kid")))
        return jwt.decode(text, key, algorithms=list(PROVIDER_ALGORITHMS), **checks)
    if keys is not None and settings.jwt_secret is None:
        raise jwt.InvalidAlgorithmError(f"{header.get('alg')!r:.20} is none of {', '.join(PROVIDER_ALGORITHMS)}")
    return jwt.decode(text, require_secret(settings), algorithms=[ALGORITHM], **checks)


def _claim(claims: Mapping[str, Any], path: str) -> object:
    """The value at a dotted path, `app_metadata.role` say; None where there is none."""
    found: object = claims
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def signing_keys(settings: Settings) -> SigningKeys | None:
    """The identity provider's keys, where one is set; raises SecretMissing when nothing can check a token."""
    if settings.jwks_url is not None:
        return SigningKeys(settings.jwks_url)
    require_secret(settings)
    return None


def require_secret(settings: Settings) -> str:
    """What tokens are signed with; raises SecretMissing."""
    if settings.jwt_secret is None or not settings.jwt_secret.get_secret_value():
        raise SecretMissing(
            "There is no secret to sign tokens with.",
            "Run `quarry up`, which makes one, or set QUARRY_JWT_SECRET to at least 32 random characters.",
        )
    return settings.jwt_secret.get_secret_value()
