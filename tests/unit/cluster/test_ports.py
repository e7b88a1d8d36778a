import os
import socket

import pytest

from cluster.host.ports import free_ports, holder_of, is_free, require_free
from db.errors import PortTaken


@pytest.fixture
def taken():
    """A port that this test listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_taken_port_names_itself_its_setting_and_the_program(taken):
    with pytest.raises(PortTaken) as error:
        require_free("127.0.0.1", taken, "QUARRY_API_PORT")
    assert f"Port {taken} on 127.0.0.1 is taken" in error.value.message
    assert f"pid {os.getpid()}" in error.value.message
    assert "QUARRY_API_PORT" in error.value.advice
    assert error.value.code == "port_taken"


def test_a_listener_on_all_addresses_takes_the_port_of_each():
    with socket.socket() as listener:
        listener.bind(("0.0.0.0", 0))
        listener.listen()
        assert not is_free("127.0.0.1", listener.getsockname()[1])


def test_a_port_is_free_again_when_its_listener_is_gone(taken):
    assert not is_free("127.0.0.1", taken)
    (other,) = free_ports(1)
    require_free("127.0.0.1", other, "QUARRY_API_PORT")
    assert holder_of(other) is None


def test_a_connection_that_has_ended_does_not_hold_the_port():
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as client:
            server, _ = listener.accept()
            server.close()  # the listening side closes first and keeps the port in TIME_WAIT
            client.recv(1)
    assert is_free("127.0.0.1", port)


def test_free_ports_are_all_different():
    assert len(set(free_ports(20))) == 20
