import socket

import pytest
from psycopg.conninfo import conninfo_to_dict

from db.connection import first_line, with_timeouts
from db.embedded import claim_port, server_options
from db.errors import LeaseLost, PortTaken, QuarryError
from db.roles import derive_url


@pytest.mark.parametrize(
    "owner_url",
    [
        "postgresql://owner:secret@db.example:6543/catalogues?sslmode=require",
        "postgresql://owner@db.example:6543/catalogues?sslmode=require",
        "postgresql://db.example:6543/catalogues?sslmode=require",
        "host=db.example port=6543 dbname=catalogues sslmode=require user=owner password=secret",
    ],
)
def test_another_login_goes_to_the_same_place(owner_url):
    parts = conninfo_to_dict(derive_url(owner_url, "admin", "p@ss:w/rd ?#%"))
    assert parts == {
        "host": "db.example",
        "port": "6543",
        "dbname": "catalogues",
        "sslmode": "require",
        "user": "quarry_admin",
        "password": "p@ss:w/rd ?#%",
    }


def test_several_hosts_are_kept():
    url = derive_url("postgresql://o:x@one:1,two:2/db", "service", "y")
    assert url == "postgresql://quarry_service:y@one:1,two:2/db"


def test_an_address_keeps_the_time_limits_that_it_names():
    parts = conninfo_to_dict(with_timeouts("postgresql://h/db?connect_timeout=60"))
    assert parts["connect_timeout"] == 60 or parts["connect_timeout"] == "60"
    assert int(parts["tcp_user_timeout"]) > 0


def test_the_first_line_of_an_error_is_its_message():
    assert first_line(ValueError("one.\ntwo")) == "one"
    assert first_line(ValueError()) == "ValueError"


def test_a_free_port_is_found_and_a_taken_one_named():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=f"Port {port} .* QUARRY_POSTGRES_PORT"):
            claim_port(port)
    assert claim_port(port) == port
    assert claim_port(0) > 0


def test_settings_reach_the_command_line_quoted():
    options = server_options(5432, {"unix_socket_directories": "", "timezone": "UTC"})
    assert options == "-p 5432 -c unix_socket_directories='' -c timezone='UTC'"


def test_an_error_joins_what_happened_and_what_to_do():
    error = LeaseLost("It is gone.", "Stop.")
    assert str(error) == "It is gone. Stop." and error.code == "lease_lost" and isinstance(error, QuarryError)
