"""Webhooks from the outbox to a real receiver: signature, failures, retries, and tries to send them elsewhere."""

import json
import socket
import threading
import time
from concurrent.futures import wait

import pytest
from pydantic import SecretStr
from standardwebhooks import Webhook, WebhookVerificationError

import cluster.upkeep.webhook_sending
from cluster.settings import Settings
from cluster.upkeep.callback_rules import CallbackRules, literal_address
from cluster.upkeep.courier import AT_ONCE_TO_A_HOST, Courier, start_courier
from cluster.upkeep.webhook_sending import send_webhook
from db import document_claims, webhooks
from tests.integration import factories
from tests.integration.receiver import receiving

SECRET = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture
def receiver():
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def settings(receiver, service_url, tmp_path):
    return Settings(
        home=tmp_path,
        service_database_url=SecretStr(service_url),
        webhook_hosts=(receiver.place,),
        webhook_networks=("127.0.0.0/8",),
        webhook_secret=SecretStr(SECRET),
        webhook_max_attempts=3,
        webhook_backoff_s=0.01,
    )


@pytest.fixture
def courier(settings):
    courier = Courier(settings, SECRET)
    yield courier
    courier.stop(10)


def end_document(service, url):
    with service.transaction() as conn:
        document = factories.add_claimed_document(conn, callback_url=url)
        document_claims.finish_document(conn, document.id, document.fence, "completed")
    return document


def delivery_of(service, document):
    with service.transaction() as conn:
        (delivery,) = webhooks.list_deliveries(conn, document.id)
    return delivery


def deliver_until_ended(courier, service, document):
    deadline = time.monotonic() + 20
    while (delivery := delivery_of(service, document)).status in ("pending", "processing"):
        assert time.monotonic() < deadline
        courier.round()
        time.sleep(0.01)
    return delivery


def test_a_message_arrives_signed(courier, service, receiver):
    document = end_document(service, receiver.url)
    assert deliver_until_ended(courier, service, document).status == "completed"
    ((path, headers, body),) = receiver.came
    assert path == "/hooks?token=abc"
    assert headers["Host"] == receiver.place
    message = Webhook(SECRET).verify(body, headers)
    assert (message["type"], message["data"]["document_id"]) == ("document.completed", str(document.id))
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body.replace(b"completed", b"cancelled"), headers)
    with pytest.raises(WebhookVerificationError):
        Webhook("whsec_" + "x" * 32).verify(body, headers)


def test_a_failure_is_tried_again_with_the_same_id_and_body(courier, service, receiver):
    receiver.answers = [500, (429, {"Retry-After": "0"}), 200]
    delivery = deliver_until_ended(courier, service, end_document(service, receiver.url))
    assert delivery.status == "completed"
    assert [one["status_code"] for one in delivery.attempts] == [500, 429, 200]
    assert len({headers["webhook-id"] for _, headers, _ in receiver.came}) == 1
    assert len({body for *_, body in receiver.came}) == 1
    for _, headers, body in receiver.came:
        Webhook(SECRET).verify(body, headers)


def test_after_the_last_attempt_it_has_failed_and_a_replay_delivers_it(courier, service, receiver):
    receiver.answers = [503]
    document = end_document(service, receiver.url)
    failed = deliver_until_ended(courier, service, document)
    assert (failed.status, len(failed.attempts), len(receiver.came)) == ("failed", 3, 3)
    receiver.answers = [200]
    with service.transaction() as conn:
        webhooks.replay_delivery(conn, failed.id, "erika")
    again = deliver_until_ended(courier, service, document)
    assert (again.status, len(again.attempts)) == ("completed", 4)


def test_a_receiver_that_is_gone_is_not_asked_again(courier, service, receiver):
    receiver.answers = [410]
    delivery = deliver_until_ended(courier, service, end_document(service, receiver.url))
    assert (delivery.status, len(receiver.came)) == ("failed", 1)


def test_the_wait_grows_with_jitter_and_obeys_the_receiver(courier, service, receiver, settings):
    patient = Courier(settings.model_copy(update={"webhook_backoff_s": 100.0}), SECRET)
    receiver.answers = [500, (503, {"Retry-After": "5000"})]
    document = end_document(service, receiver.url)
    waits = []
    for _ in range(2):
        assert patient.round() == 1
        wait(patient._on_their_way)
        with service.transaction() as conn:
            waits.append(
                conn.execute("select extract(epoch from run_after - now()) from webhook_deliveries").fetchone()[0]
            )
            conn.execute("update webhook_deliveries set run_after = now()")
    patient.stop(10)
    assert 40 < waits[0] < 151
    assert 4900 < waits[1] < 5001
    assert delivery_of(service, document).status == "pending"


def test_nobody_listens(courier, service, receiver, settings):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{unused.getsockname()[1]}"
    courier._rules = CallbackRules.from_settings(settings.model_copy(update={"webhook_hosts": (place,)}))
    delivery = deliver_until_ended(courier, service, end_document(service, f"http://{place}/"))
    assert delivery.status == "failed"
    assert "could not be reached" in delivery.attempts[0]["error"]


def test_a_redirect_is_not_followed(courier, service, receiver):
    receiver.answers = [(307, {"Location": f"http://{receiver.place}/elsewhere"})]
    delivery = deliver_until_ended(courier, service, end_document(service, receiver.url))
    assert delivery.status == "failed"
    assert "not followed" in delivery.error_message
    assert {path for path, *_ in receiver.came} == {"/hooks?token=abc"}


def test_what_the_settings_no_longer_allow_is_not_sent(courier, service, receiver, settings):
    document = end_document(service, receiver.url)
    courier._rules = CallbackRules.from_settings(settings.model_copy(update={"webhook_hosts": ()}))
    delivery = deliver_until_ended(courier, service, document)
    assert (delivery.status, delivery.attempts[0]["status_code"], receiver.came) == ("failed", None, [])


def rules(receiver, *hosts, networks=()):
    port = receiver.place.partition(":")[2]
    return CallbackRules.from_settings(
        Settings(webhook_hosts=tuple(f"{host}:{port}" for host in hosts), webhook_networks=networks)
    )


@pytest.mark.parametrize("host", ["localhost", "2130706433", "0x7f.1", "127.1"])
def test_a_name_that_means_this_machine_is_refused_at_the_connection(receiver, host):
    """The name may be allowed, by itself or by a star: its address is not."""
    url = receiver.url.replace("127.0.0.1", host)
    for allowed in (rules(receiver, "*"), rules(receiver, host)):
        outcome = send_webhook(url, "id", "{}", SECRET, allowed)
        assert (outcome.delivered, outcome.permanent) == (False, True)
        assert "not on the public internet" in outcome.error
    assert receiver.came == []


def test_a_name_server_that_changes_its_mind_is_asked_once(receiver, monkeypatch):
    """DNS rebinding: a good address for the check, this machine for the connection."""
    port = int(receiver.place.partition(":")[2])
    answers = [[("198.51.100.7", port)], [("127.0.0.1", port)]]
    asked = []

    real = socket.getaddrinfo

    def resolve(host, *given, **named):
        if literal_address(host):  # an address is no question to a name server
            return real(host, *given, **named)
        asked.append(host)
        places = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", place) for place in places]

    monkeypatch.setattr(cluster.upkeep.webhook_sending.socket, "getaddrinfo", resolve)
    monkeypatch.setattr(cluster.upkeep.webhook_sending, "DEADLINE_S", 0.5)
    outcome = send_webhook(
        receiver.url.replace("127.0.0.1", "rebind.example"), "id", "{}", SECRET,
        rules(receiver, "rebind.example", networks=["198.51.100.0/24"]),
    )  # fmt: skip
    assert not outcome.delivered
    assert (asked, receiver.came) == (["rebind.example"], [])
    # one good and one bad address: the bad one is not tried, nor the good one
    answers[:] = [[("198.51.100.7", port), ("127.0.0.1", port)]]
    outcome = send_webhook(
        receiver.url.replace("127.0.0.1", "both.example"), "id", "{}", SECRET,
        rules(receiver, "both.example", networks=["198.51.100.0/24"]),
    )  # fmt: skip
    assert (outcome.permanent, receiver.came) == (True, [])


def test_a_receiver_that_drips_is_cut_off(monkeypatch):
    """Each byte comes in time; all of them together do not."""
    monkeypatch.setattr(cluster.upkeep.webhook_sending, "DEADLINE_S", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        ended = threading.Event()

        def drip():
            line, _ = listener.accept()
            with line:
                try:
                    while not ended.wait(0.1):
                        line.send(b"x")
                except OSError:
                    return

        thread = threading.Thread(target=drip)
        thread.start()
        place = f"127.0.0.1:{listener.getsockname()[1]}"
        allowed = CallbackRules.from_settings(Settings(webhook_hosts=(place,), webhook_networks=("127.0.0.1/32",)))
        began = time.monotonic()
        outcome = send_webhook(f"http://{place}/", "id", "{}", SECRET, allowed)
        ended.set()
        thread.join()
    assert not outcome.delivered
    assert time.monotonic() - began < 5


def test_the_thread_delivers_by_itself_and_stops(settings, service, receiver):
    courier = start_courier(settings)
    document = end_document(service, receiver.url)
    deadline = time.monotonic() + 20
    while delivery_of(service, document).status != "completed":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    courier.stop(10)
    assert json.loads(receiver.came[0][2])["data"]["document_id"] == str(document.id)
    assert not courier._thread.is_alive()


def test_a_receiver_that_takes_its_time_keeps_only_its_own_waiting(settings, service, receiver):
    """It answers nothing for as long as an attempt may take; messages to another one arrive meanwhile, new ones too."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        place = f"127.0.0.1:{silent.getsockname()[1]}"
        hosts = (receiver.place, place)
        courier = start_courier(settings.model_copy(update={"webhook_hosts": hosts, "webhook_max_attempts": 1}))
        waiting = [end_document(service, f"http://{place}/hook") for _ in range(20)]
        began = time.monotonic()
        for _ in range(3):
            document = end_document(service, receiver.url)
            while delivery_of(service, document).status != "completed":
                assert time.monotonic() - began < cluster.upkeep.webhook_sending.DEADLINE_S
                time.sleep(0.05)
        states = [delivery_of(service, document).status for document in waiting]
        courier.stop(0)
    assert states.count("processing") == AT_ONCE_TO_A_HOST
    assert states.count("pending") == len(waiting) - AT_ONCE_TO_A_HOST


def test_without_a_secret_nothing_is_sent(settings):
    assert start_courier(settings.model_copy(update={"webhook_secret": None})) is None
