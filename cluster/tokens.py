"""The API's bearer tokens: JSON Web Tokens signed with HS256. Made by `quarry token`, read by the API.

Does not know HTTP: which answer a refused token gets is `api/`'s business.
"""

import time
from dataclasses import dataclass
from typing import Literal, cast, get_args

import jwt

from cluster.settings import Settings
from db.errors import QuarryError

TokenRole = Literal["admin", "service"]
ALGORITHM = "HS256"
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
    """Who asks."""

    subject: str
    role: TokenRole


def issue_token(settings: Settings, subject: str, role: TokenRole, *, lifetime_s: int | None = None) -> str:
    """A signed token; `lifetime_s` defaults to the setting. Raises SecretMissing."""
    now = int(time.time())
    claims = {
        "sub": subject[:LONGEST_SUBJECT],
        "role": role,
        "aud": settings.token_audience,
        "iat": now,
        "exp": now + (settings.token_lifetime_s if lifetime_s is None else lifetime_s),
    }
    return jwt.encode(claims, require_secret(settings), algorithm=ALGORITHM)


def read_token(settings: Settings, text: str) -> Token:
    """Check signature, audience, expiry and role. Raises TokenExpired, TokenRefused, RoleRefused or SecretMissing."""
    try:
        claims = jwt.decode(
            text,
            require_secret(settings),
            algorithms=[ALGORITHM],
            audience=settings.token_audience,
            leeway=CLOCK_SKEW_S,
            options={"require": ["exp", "aud", "sub"]},
        )
    except jwt.ExpiredSignatureError as error:
        raise TokenExpired("The token has expired.", "Make a new one with `quarry token`.") from error
    except jwt.PyJWTError as error:
        advice = "Send one that `quarry token` of this installation made, as `Authorization: Bearer TOKEN`."
        raise TokenRefused(f"The token cannot be accepted: {error}.", advice) from error
    role = claims.get("role")
    if role not in get_args(TokenRole):
        raise RoleRefused(
            f"The token's role is {role!r}; the API serves the roles admin and service.",
            "Make a token with `quarry token --role service`.",
        )
    return Token(str(claims["sub"])[:LONGEST_SUBJECT], cast(TokenRole, role))


def require_secret(settings: Settings) -> str:
    """What tokens are signed with; raises SecretMissing."""
    if settings.jwt_secret is None or not settings.jwt_secret.get_secret_value():
        raise SecretMissing(
            "There is no secret to sign tokens with.",
            "Run `quarry up`, which makes one, or set QUARRY_JWT_SECRET to at least 32 random characters.",
        )
    return settings.jwt_secret.get_secret_value()
