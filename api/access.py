"""Who may ask: the bearer token of a request, as a FastAPI dependency.

Checks tokens with `cluster.access.tokens`; does not know what the routes do.
"""

from typing import Annotated

from fastapi import Depends, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.problems import Refusal
from api.services import Services, get_services
from cluster.access.tokens import Token, read_token

bearer = HTTPBearer(
    auto_error=False,
    bearerFormat="JWT",
    scheme_name="token",
    description="`quarry token` makes one. Roles: admin and service.",
)
ACCESS_CODES = (
    "token_missing", "token_invalid", "token_expired", "role_not_allowed",
    "token_keys_unavailable", "too_many_requests",
)  # fmt: skip
"""What every protected route may answer."""


class TokenMissing(Refusal):
    """No token came with the request."""

    code = "token_missing"


def get_caller(
    credentials: Annotated[HTTPAuthorizationCredentials | None, Security(bearer)],
    services: Annotated[Services, Depends(get_services)],
) -> Token:
    """The token of the request, counted against its subject's limit.

    Raises:
        TokenMissing, TokenRefused, TokenExpired, RoleRefused, KeysUnavailable, TooManyRequests.
    """
    if credentials is None:
        raise TokenMissing(
            "The request carries no bearer token.",
            "Send `Authorization: Bearer TOKEN`; `quarry token` prints one.",
        )
    caller = read_token(services.settings, credentials.credentials, services.keys)
    services.limits.count_request(caller.subject)
    return caller


Caller = Annotated[Token, Depends(get_caller)]
