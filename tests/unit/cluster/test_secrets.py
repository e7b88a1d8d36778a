import pytest

from cluster.access.secrets import keep_secrets, make_missing, private_token, read_secrets
from cluster.settings import ENVIRONMENT_ONLY, SECRETS_FILE, Settings


def test_secrets_are_made_once_and_kept(tmp_path):
    first = make_missing(tmp_path, ("QUARRY_JWT_SECRET", "SERVICE_PASSWORD"))
    assert make_missing(tmp_path, ("QUARRY_JWT_SECRET", "SERVICE_PASSWORD")) == first
    assert len(first["QUARRY_JWT_SECRET"]) >= 43
    assert first["QUARRY_JWT_SECRET"] != first["SERVICE_PASSWORD"]


def test_only_the_owner_can_read_the_files(tmp_path):
    make_missing(tmp_path, ("QUARRY_JWT_SECRET",))
    token = private_token(tmp_path / "ray_token")
    assert (tmp_path / SECRETS_FILE).stat().st_mode & 0o777 == 0o600
    assert token.stat().st_mode & 0o777 == 0o600


def test_other_values_stay_when_one_changes(tmp_path):
    keep_secrets(tmp_path, {"ONE": "1", "TWO": "2"})
    keep_secrets(tmp_path, {"TWO": "zwei"})
    assert read_secrets(tmp_path) == {"ONE": "1", "TWO": "zwei"}
    assert [file.name for file in tmp_path.iterdir()] == [SECRETS_FILE]


@pytest.mark.parametrize(
    "value", ["it's", 'a "quoted" one', "back\\slash", "postgresql://u:p%40x@h:1/d?a=b#c", "$HOME"]
)
def test_any_value_is_read_back_as_it_was(tmp_path, value):
    keep_secrets(tmp_path, {"QUARRY_JWT_SECRET": value})
    assert read_secrets(tmp_path)["QUARRY_JWT_SECRET"] == value
    assert Settings(home=tmp_path).jwt_secret.get_secret_value() == value


def test_a_token_is_made_once(tmp_path):
    token = private_token(tmp_path / "token").read_text()
    assert private_token(tmp_path / "token").read_text() == token
    assert len(token) == 64


def test_the_environment_goes_before_the_file(tmp_path, monkeypatch):
    keep_secrets(tmp_path, {"QUARRY_JWT_SECRET": "of the file", "QUARRY_ADMIN_DATABASE_URL": "postgresql://file/x"})
    monkeypatch.setenv("QUARRY_HOME", str(tmp_path))
    monkeypatch.setenv("QUARRY_JWT_SECRET", "of the environment")
    settings = Settings()
    assert settings.jwt_secret.get_secret_value() == "of the environment"
    assert settings.admin_url == "postgresql://file/x"


def test_a_process_that_quarry_starts_reads_no_file(tmp_path, monkeypatch):
    keep_secrets(tmp_path, {"QUARRY_JWT_SECRET": "of the file"})
    monkeypatch.setenv("QUARRY_HOME", str(tmp_path))
    monkeypatch.setenv(ENVIRONMENT_ONLY, "1")
    assert Settings().jwt_secret is None
