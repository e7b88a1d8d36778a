import os
import subprocess
import sys

import pytest
from pydantic import SecretStr

from cluster.access.tokens import read_token
from cluster.host.environment import RAY_VARIABLES, become_ray_client, child_environment
from cluster.settings import Settings

SECRETS = {
    "jwt_secret": "signing secret of more than thirty-two bytes",
    "service_database_url": "postgresql://service",
    "admin_database_url": "postgresql://admin",
    "llm_api_key": "key of the endpoint",
}


@pytest.fixture
def settings(tmp_path):
    """As `up` has them after it made all secrets."""
    given = Settings(home=tmp_path, database_url="postgresql://owner", ocr_languages=("en", "de"), api_port=1234)
    return given.model_copy(update={name: SecretStr(value) for name, value in SECRETS.items()})


def holds(environment, secret):
    return any(secret in value for value in environment.values())


def test_the_monitor_is_given_the_admin_login_and_no_other_secret(settings, tmp_path):
    environment = child_environment(settings, "monitor", tmp_path)
    assert environment["QUARRY_ADMIN_DATABASE_URL"] == "postgresql://admin"
    for secret in (SECRETS["jwt_secret"], "postgresql://service", "postgresql://owner", "key of the endpoint"):
        assert not holds(environment, secret)


def test_the_monitor_gets_a_token_of_its_own_for_its_buttons(settings, tmp_path):
    token = read_token(settings, child_environment(settings, "monitor", tmp_path)["QUARRY_MONITOR_TOKEN"])
    assert (token.subject, token.role) == ("monitor", "admin")
    assert not holds(child_environment(settings, "ray", tmp_path), "QUARRY_MONITOR_TOKEN")


def test_nobody_but_the_command_line_has_the_owners_address(settings, tmp_path):
    environment = child_environment(settings, "ray", tmp_path)
    assert not holds(environment, "postgresql://owner")
    assert environment["QUARRY_SERVICE_DATABASE_URL"] == "postgresql://service"
    assert environment["QUARRY_JWT_SECRET"] == "signing secret of more than thirty-two bytes"


def test_settings_arrive_as_they_were(settings, tmp_path):
    environment = child_environment(settings, "ray", tmp_path)
    script = "from cluster.settings import Settings; s = Settings();"
    script += "print(s.root, s.ocr_languages, s.api_port, s.service_url)"
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[0] == f"{settings.root} ('en', 'de') 1234 postgresql://service"


def test_everything_that_is_written_stays_in_home(settings, tmp_path, monkeypatch):
    monkeypatch.delenv("HF_HOME", raising=False)  # a user's own is kept; `make test` has one
    environment = child_environment(settings, "ray", tmp_path / "tmp")
    for name in ("TMPDIR", "XDG_CACHE_HOME", "HF_HOME", "TORCH_HOME", "EASYOCR_MODULE_PATH", "MPLCONFIGDIR"):
        assert environment[name].startswith(str(settings.root))


def test_a_variable_of_the_shell_is_passed_on_only_when_it_is_named(settings, tmp_path, monkeypatch):
    for name in ("SOME_TOKEN", "AWS_PROFILE", "CUDA_VISIBLE_DEVICES", "RAY_ADDRESS", "DATABASE_URL", "PYTHONPATH"):
        monkeypatch.setenv(name, "from the shell")
    environment = child_environment(settings, "ray", tmp_path)
    passed = {name for name, value in environment.items() if value == "from the shell"}
    assert passed == {"AWS_PROFILE", "CUDA_VISIBLE_DEVICES"}


def test_this_machine_is_never_asked_through_a_proxy(settings, tmp_path, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "intranet")
    environment = child_environment(settings, "monitor", tmp_path)
    assert environment["NO_PROXY"] == environment["no_proxy"] == "intranet,127.0.0.1,localhost"


def test_the_local_ray_wants_a_token(settings, tmp_path):
    environment = child_environment(settings, "ray", tmp_path)
    assert environment["RAY_AUTH_MODE"] == "token"
    assert environment["RAY_AUTH_TOKEN_PATH"] == str(settings.root / "ray_token")
    assert environment["RAY_USAGE_STATS_ENABLED"] == "0"


def test_a_driver_on_somebodys_cluster_keeps_its_own_way_in(settings, monkeypatch):
    for name in (*RAY_VARIABLES, "RAY_AUTH_TOKEN_PATH"):
        monkeypatch.setenv(name, "theirs")
    become_ray_client(settings.model_copy(update={"ray_address": "auto"}))
    assert os.environ["RAY_AUTH_TOKEN_PATH"] == "theirs"
    become_ray_client(settings)
    assert os.environ["RAY_AUTH_TOKEN_PATH"] == str(settings.root / "ray_token")
