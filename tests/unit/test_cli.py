"""The command line without any service: usage, exit codes, and what it says when nothing is up."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from actors.errors import ModelMissing
from cluster import cli
from cluster.access.secrets import keep_secrets
from cluster.commands import doctor
from cluster.commands.api_client import ApiRefused, ServiceDown
from cluster.commands.exit_codes import ExitCode, of_error, worst
from cluster.host.ports import free_ports
from cluster.local import ClusterNeedsPlaces, addresses, needed_ports, require_shared_places, wanted
from cluster.serving import ClusterUnreachable, require_reachable
from cluster.settings import Settings
from db.errors import DatabaseUnavailable, PortTaken

COMMANDS = ("up", "down", "run", "ingest", "status", "watch", "export", "token", "doctor", "backfill", "sql")


@pytest.fixture
def quarry(monkeypatch, capsys, tmp_path):
    """Run a command in a home that was never started; gives exit code, standard output and standard error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QUARRY_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "200")
    for name, port in zip(("API", "MONITOR", "DASHBOARD", "RAY", "POSTGRES"), free_ports(5), strict=True):
        monkeypatch.setenv(f"QUARRY_{name}_PORT", str(port))

    def run(*arguments):
        monkeypatch.setattr("sys.argv", ["quarry", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        output = capsys.readouterr()
        return int(ended.value.code or 0), output.out, output.err

    return run


def test_help_names_every_command_and_the_exit_codes(quarry):
    code, out, _ = quarry("--help")
    assert code == 0
    for command in COMMANDS:
        assert f" {command} " in out
    assert "Exit codes: 0 done, 1 a document failed, 2 wrong use, 3 Quarry is not up" in out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(quarry, command):
    assert quarry(command, "--help")[0] == 0


def test_wrong_use_is_exit_code_2(quarry):
    assert quarry("ingest")[0] == 2
    assert quarry("run", "nowhere.pdf")[0] == 2
    assert quarry("token", "--role", "owner")[0] == 2
    assert quarry("sql", "--role", "owner")[0] == 2
    assert quarry("no-such-command")[0] == 2


def test_a_setting_that_is_no_good_is_named(quarry, monkeypatch):
    monkeypatch.setenv("QUARRY_MAX_RETRIES", "many")
    code, _, err = quarry("status")
    assert code == 2
    assert "max_retries" in err


@pytest.mark.parametrize("arguments", [("status",), ("watch", "last"), ("sql",), ("backfill", "clip"), ("token",)])
def test_before_the_first_start_the_advice_is_to_start(quarry, arguments):
    code, _, err = quarry(*arguments)
    assert code == 3
    assert "quarry up" in err


def test_down_without_anything_running(quarry, tmp_path):
    assert quarry("down") == (0, "nothing was running\n", "")
    assert not (tmp_path / "home").exists()


def test_the_doctor_changes_nothing(quarry, tmp_path, monkeypatch):
    monkeypatch.setattr(doctor, "LEAST_DISK_BYTES", 0)
    code, out, _ = quarry("doctor")
    assert code == ExitCode.OK
    for subject in ("Python", "OCR model", "CLIP model", "text model", "disk", "memory", "GPU", "database"):
        assert subject in out
    assert not (tmp_path / "home").exists()


def test_the_doctor_says_how_much_room_is_needed(tmp_path, monkeypatch):
    monkeypatch.setattr(doctor, "LEAST_DISK_BYTES", 2**60)
    disk = next(finding for finding in doctor.machine(Settings(home=tmp_path)) if finding.subject == "disk")
    assert disk.verdict == "missing"
    assert "1073741824 GiB are needed" in disk.text


def test_the_doctor_finds_a_taken_port(tmp_path):
    import socket

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        found = {finding.subject: finding for finding in doctor.ports(Settings(home=tmp_path, api_port=port))}
    assert found[f"port {port}"].verdict == "missing"
    assert "QUARRY_API_PORT" in found[f"port {port}"].text


def test_the_doctor_knows_weights_on_disk(tmp_path):
    assert doctor.clip_weights(Settings(home=tmp_path)).verdict == "note"
    checkpoint = tmp_path / "clip.pt"
    checkpoint.touch()
    assert doctor.clip_weights(Settings(home=tmp_path, clip_pretrained=str(checkpoint))).verdict == "ok"
    assert doctor.clip_weights(Settings(home=tmp_path, clip_model=f"local-dir:{tmp_path}")).verdict == "ok"
    assert doctor.ocr_weights(Settings(home=tmp_path, ocr_languages=("hu",))).verdict == "note"


def test_without_a_home_no_process_is_listed(quarry):
    assert quarry("doctor", "--processes")[1] == "nothing is running\n"


def test_exit_codes_of_errors():
    assert of_error(PortTaken("taken")) == ExitCode.SERVICE_DOWN
    assert of_error(DatabaseUnavailable("away")) == ExitCode.SERVICE_DOWN
    assert of_error(ServiceDown("down")) == ExitCode.SERVICE_DOWN
    assert of_error(ModelMissing("no weights")) == ExitCode.SETUP_MISSING
    assert of_error(ApiRefused("not_a_pdf", 415, "no")) == ExitCode.DOCUMENT_FAILED
    assert of_error(ApiRefused("database_unavailable", 503, "no")) == ExitCode.SERVICE_DOWN
    assert of_error(ApiRefused("document_not_found", 404, "no")) == ExitCode.WRONG_USE


def test_a_failed_document_outweighs_a_partial_one():
    assert worst([ExitCode.OK, ExitCode.PARTIAL, ExitCode.DOCUMENT_FAILED]) == ExitCode.DOCUMENT_FAILED
    assert worst([ExitCode.OK, ExitCode.PARTIAL]) == ExitCode.PARTIAL
    assert worst([]) == ExitCode.OK


def test_what_runs_here_follows_from_the_settings(tmp_path):
    local = Settings(home=tmp_path)
    assert wanted(local) == {"postgres", "ray", "monitor"}
    assert len(needed_ports(local)) == 6
    elsewhere = Settings(home=tmp_path, ray_address="10.0.0.1:6379", database_url="postgresql://db/x")
    assert wanted(elsewhere) == {"monitor"}
    assert "Ray dashboard" not in addresses(elsewhere)


def test_a_cluster_needs_a_database_and_files_that_its_nodes_reach(tmp_path):
    with pytest.raises(ClusterNeedsPlaces, match="DATABASE_URL and QUARRY_STORAGE_URL"):
        require_shared_places(Settings(home=tmp_path, ray_address="auto"))
    require_shared_places(
        Settings(home=tmp_path, ray_address="auto", database_url="postgresql://db/x", storage_url="s3://bucket")
    )
    require_shared_places(Settings(home=tmp_path))


def test_a_cluster_that_is_not_there_is_said_at_once():
    (port,) = free_ports(1)
    with pytest.raises(ClusterUnreachable, match=f"127.0.0.1:{port}"):
        require_reachable(f"127.0.0.1:{port}")
    with pytest.raises(ClusterUnreachable, match="QUARRY_RAY_ADDRESS"):
        require_reachable("no port:here")
    require_reachable("auto")


def test_psql_gets_address_and_claim_past_the_list_of_processes(tmp_path, monkeypatch):
    from cluster.commands.psql import psql_command, psql_environment

    keep_secrets(
        tmp_path, {"QUARRY_ADMIN_DATABASE_URL": "postgresql://quarry_admin:geheim@127.0.0.1:5/quarry?sslmode=prefer"}
    )
    monkeypatch.setenv("PGOPTIONS", "-c somebody=else")
    settings = Settings(home=tmp_path, database_url="postgresql://owner/x")
    environment = psql_environment(settings, "admin")
    assert (environment["PGUSER"], environment["PGPASSWORD"]) == ("quarry_admin", "geheim")
    assert (environment["PGPORT"], environment["PGSSLMODE"]) == ("5", "prefer")
    assert environment["PGOPTIONS"] == '-c request.jwt.claims={"role":"admin"}'
    assert "PGOPTIONS" not in psql_environment(settings, "none")
    assert "geheim" not in " ".join(psql_command(["-c", "select 1"]))


def test_the_sample_is_made_once(tmp_path):
    settings = Settings(home=tmp_path)
    path = cli.sample_catalogue(settings)
    made = path.stat().st_mtime_ns
    assert cli.sample_catalogue(settings) == path
    assert path.stat().st_mtime_ns == made
    assert path.read_bytes().startswith(b"%PDF-")


def test_the_command_starts_without_the_heavy_libraries():
    script = (
        "import cluster.cli, sys, json;"
        "print(json.dumps([m for m in ('ray', 'torch', 'sqlalchemy', 'pandas', 'fastapi') if m in sys.modules]))"
    )
    folder = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []
