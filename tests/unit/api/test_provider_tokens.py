"""Tokens of an identity provider, checked with keys from a real HTTP server."""

import time

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import SecretStr, ValidationError

import cluster.access.signing_keys
from cluster.access.signing_keys import KeysUnavailable, SigningKeys
from cluster.access.tokens import RoleRefused, Token, TokenExpired, TokenRefused, issue_token, read_token, signing_keys
from cluster.settings import Settings
from tests.unit.api.key_server import ISSUER, serving_keys

SECRET = SecretStr("a secret of more than thirty-two bytes")


@pytest.fixture(scope="module")
def provider():
    with serving_keys() as keys:
        yield keys


@pytest.fixture
def settings(provider):
    return Settings(jwks_url=provider.url, token_issuer=ISSUER, jwt_secret=SECRET)


@pytest.fixture
def read(provider, settings):
    keys = SigningKeys(provider.url)
    return lambda text: read_token(settings, text, keys)


@pytest.mark.parametrize("key", ["rsa", "ec"])
def test_a_token_of_the_provider_is_read(provider, read, key):
    token = read(provider.token(key, role="service"))
    assert token == Token("erika", "service")
    assert token.claims["iss"] == ISSUER
    assert token.expires_at == pytest.approx(time.time() + 60, abs=5)


def test_our_own_tokens_are_read_beside_them(settings, read):
    assert read(issue_token(settings, "command line", "service")) == Token("command line", "service")


def test_without_a_secret_only_the_provider_speaks(provider, settings):
    alone = settings.model_copy(update={"jwt_secret": None})
    keys = signing_keys(alone)
    assert read_token(alone, provider.token(), keys) == Token("erika", "admin")
    with pytest.raises(TokenRefused, match="HS256"):
        read_token(alone, issue_token(settings, "erika", "admin"), keys)


def in_seconds(seconds):
    """A moment counted from when the test runs: between collecting it and running it may lie many minutes."""
    return lambda: int(time.time()) + seconds


@pytest.mark.parametrize(
    ("claims", "error"),
    [
        ({"exp": in_seconds(-60)}, TokenExpired),
        ({"exp": None}, TokenRefused),
        ({"aud": "another service"}, TokenRefused),
        ({"iss": "https://elsewhere.example.com/"}, TokenRefused),
        ({"iss": None}, TokenRefused),
        ({"sub": None}, TokenRefused),
        ({"nbf": in_seconds(600)}, TokenRefused),
        ({"role": "anon"}, RoleRefused),
        ({"role": None}, RoleRefused),
        ({"height": float("nan")}, TokenRefused),
        ({"key": "rsa", "signed_by": "ec"}, TokenRefused),
        ({"key": "rsa", "algorithm": "RS512"}, TokenRefused),  # the key set says RS256
    ],
)
def test_what_is_wrong_with_a_token_is_refused(provider, read, claims, error):
    now = {name: value() if callable(value) else value for name, value in claims.items()}
    with pytest.raises(error):
        read(provider.token(**now))


def test_a_public_key_is_no_secret(provider, read):
    """The classic confusion: HS256 with the provider's public key, which everybody has."""
    public = provider.private["rsa"].public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    payload = {"sub": "mallory", "role": "service", "aud": "quarry", "iss": ISSUER, "exp": time.time() + 60}
    header = jwt.utils.base64url_encode(b'{"alg":"HS256","kid":"rsa"}')
    body = jwt.utils.base64url_encode(jwt.encode(payload, SECRET.get_secret_value()).split(".")[1].encode())
    import hashlib
    import hmac

    signature = jwt.utils.base64url_encode(hmac.digest(public, header + b"." + body, hashlib.sha256))
    with pytest.raises(TokenRefused):
        read(b".".join([header, body, signature]).decode())


def test_a_key_that_points_elsewhere_is_not_followed(provider, read):
    payload = {"sub": "mallory", "role": "service", "aud": "quarry", "iss": ISSUER, "exp": time.time() + 60}
    own = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    for header in ({"kid": "rsa", "jku": "http://127.0.0.1:9/keys"}, {"kid": "../../etc/passwd"}, {}):
        with pytest.raises(TokenRefused):
            read(jwt.encode(payload, own, algorithm="RS256", headers=header))


def test_the_role_may_stand_deeper(provider, settings):
    deeper = settings.model_copy(update={"token_role_claim": "app_metadata.role"})
    keys = SigningKeys(provider.url)
    token = read_token(deeper, provider.token(role="authenticated", app_metadata={"role": "admin"}), keys)
    assert (token.role, token.claims["role"]) == ("admin", "admin")
    with pytest.raises(RoleRefused):
        read_token(deeper, provider.token(role="admin", app_metadata="none"), keys)


def test_keys_are_asked_for_once_and_invented_names_do_not_flood_the_provider(provider, read):
    before = provider.asked
    for _ in range(20):
        read(provider.token("ec"))
    for number in range(20):
        provider.private[f"invented {number}"] = provider.private["rsa"]
        text = provider.token(f"invented {number}")
        del provider.private[f"invented {number}"]
        with pytest.raises(TokenRefused):
            read(text)
    assert provider.asked == before + 1


@pytest.fixture
def broken(provider):
    """The provider in trouble, well again afterwards."""
    yield provider
    provider.answer = provider.key_set


@pytest.mark.parametrize("answer", [(500, {}), (200, []), (200, {"keys": []}), (302, {})])
def test_a_provider_in_trouble_is_an_error_that_says_so_and_is_left_alone_for_a_while(settings, broken, answer):
    broken.answer = lambda: answer
    keys, before = SigningKeys(broken.url), broken.asked
    for _ in range(5):
        with pytest.raises(KeysUnavailable, match="QUARRY_JWKS_URL"):
            read_token(settings, broken.token(), keys)
    assert broken.asked == before + 1


def test_an_address_where_nobody_listens_is_an_error_that_says_so(settings, provider):
    keys = SigningKeys("http://127.0.0.1:9/keys")
    with pytest.raises(KeysUnavailable):
        read_token(settings, provider.token(), keys)


def test_keys_outlive_a_short_outage_of_the_provider(settings, broken, monkeypatch):
    monkeypatch.setattr(cluster.access.signing_keys, "FRESH_FOR_S", 0.05)
    keys = SigningKeys(broken.url)
    assert read_token(settings, broken.token(), keys)
    broken.answer = lambda: (500, {})
    time.sleep(0.1)
    assert read_token(settings, broken.token(), keys)
    monkeypatch.setattr(cluster.access.signing_keys, "KEPT_FOR_S", 0.0)
    with pytest.raises(KeysUnavailable):
        read_token(settings, broken.token(), keys)


@pytest.mark.parametrize(
    "given",
    [
        {"jwks_url": "http://login.example.com/keys", "token_issuer": ISSUER},
        {"jwks_url": "file:///etc/passwd", "token_issuer": ISSUER},
        {"jwks_url": "https://login.example.com/keys"},
    ],
)
def test_a_provider_without_encryption_or_name_is_no_setting(given):
    with pytest.raises(ValidationError, match=r"https|token_issuer"):
        Settings(**given)
