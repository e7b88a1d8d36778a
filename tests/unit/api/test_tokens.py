"""Tokens: what is issued is read again, and everything else is refused with a reason."""

import time

import jwt
import pytest
from pydantic import SecretStr

from cluster.access.tokens import RoleRefused, SecretMissing, Token, TokenExpired, TokenRefused, issue_token, read_token
from cluster.settings import Settings

SECRET = "a secret of more than thirty-two bytes"
SETTINGS = Settings(jwt_secret=SecretStr(SECRET))
GOOD = {"sub": "erika", "role": "service", "aud": "quarry"}


def signed(secret: str = SECRET, algorithm: str = "HS256", lifetime_s: float | None = 3600, **claims: object) -> str:
    expiry = {} if lifetime_s is None else {"exp": int(time.time() + lifetime_s)}
    payload = {name: value for name, value in {**GOOD, **expiry, **claims}.items() if value is not None}
    return jwt.encode(payload, secret, algorithm=algorithm)


@pytest.mark.parametrize("role", ["admin", "service"])
def test_what_is_issued_is_read_again(role: str) -> None:
    text = issue_token(SETTINGS, "erika", role)  # type: ignore[arg-type]
    assert read_token(SETTINGS, text) == Token("erika", role)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (signed(lifetime_s=-60), TokenExpired),
        (signed(lifetime_s=None), TokenRefused),
        (signed(secret="another secret of over thirty-two bytes"), TokenRefused),
        (signed(aud="elsewhere"), TokenRefused),
        (signed(aud=None), TokenRefused),
        (signed(sub=None), TokenRefused),
        (signed(algorithm="HS512", secret=SECRET * 2), TokenRefused),
        (jwt.encode({**GOOD, "exp": time.time() + 3600}, None, algorithm="none"), TokenRefused),
        (signed()[:-3], TokenRefused),
        ("", TokenRefused),
        ("no token at all", TokenRefused),
        (signed(role="anon"), RoleRefused),
        (signed(role=None), RoleRefused),
        (signed(role=["admin"]), RoleRefused),
    ],
)
def test_everything_else_is_refused(text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        read_token(SETTINGS, text)


@pytest.mark.parametrize("secret", [None, SecretStr("")])
def test_without_a_secret_nothing_is_issued_or_read(secret: SecretStr | None) -> None:
    settings = Settings(jwt_secret=secret)
    with pytest.raises(SecretMissing):
        issue_token(settings, "erika", "admin")
    with pytest.raises(SecretMissing):
        read_token(settings, signed())
