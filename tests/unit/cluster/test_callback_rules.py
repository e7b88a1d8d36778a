"""Where webhooks may go: what the settings name, and tricks to get elsewhere."""

from ipaddress import ip_address

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cluster.settings import Settings
from cluster.upkeep.callback_rules import CallbackRefused, CallbackRules, Target, is_public


def rules(*hosts, networks=()):
    return CallbackRules.from_settings(Settings(webhook_hosts=hosts, webhook_networks=networks))


@pytest.mark.parametrize(
    ("hosts", "url", "target"),
    [
        (["hooks.example.com"], "https://hooks.example.com/a?b=c", Target("https", "hooks.example.com", 443, "/a?b=c")),
        (["hooks.example.com"], "https://HOOKS.example.com.:443", Target("https", "hooks.example.com", 443, "/")),
        (
            ["hooks.example.com:8443"],
            "https://hooks.example.com:8443/",
            Target("https", "hooks.example.com", 8443, "/"),
        ),
        (["*.example.com"], "https://a.b.example.com/", Target("https", "a.b.example.com", 443, "/")),
        (["*"], "https://anything.example.org/", Target("https", "anything.example.org", 443, "/")),
        (["*:8443"], "https://anything.example.org:8443/", Target("https", "anything.example.org", 8443, "/")),
        (["93.184.216.34"], "https://93.184.216.34/", Target("https", "93.184.216.34", 443, "/")),
        (["[2606:4700::1111]:8443"], "https://[2606:4700::1111]:8443/", Target("https", "2606:4700::1111", 8443, "/")),
    ],
)
def test_what_the_settings_name_is_allowed(hosts, url, target):
    assert rules(*hosts).read(url) == target


@pytest.mark.parametrize(
    ("hosts", "url"),
    [
        ([], "https://hooks.example.com/"),
        (["hooks.example.com"], "https://example.com/"),
        (["hooks.example.com"], "https://hooks.example.com.evil.org/"),
        (["hooks.example.com"], "https://hooks.example.com:8443/"),
        (["hooks.example.com"], "https://evil.org/?hooks.example.com"),
        (["hooks.example.com"], "https://evil.org#hooks.example.com"),
        (["hooks.example.com"], "https://hooks.example.com@evil.org/"),
        (["hooks.example.com"], "https://evil.org\\@hooks.example.com/"),
        (["hooks.example.com"], "https://hooks.example.com\\.evil.org/"),
        (["hooks.example.com"], "https://user:word@hooks.example.com/"),
        (["hooks.example.com"], "https://hooks.example.com/\r\nHost: evil.org"),
        (["hooks.example.com"], "https://hooks.example.com/ x"),
        (["hooks.example.com"], "ftp://hooks.example.com/"),
        (["hooks.example.com"], "file:///etc/passwd"),
        (["hooks.example.com"], "gopher://hooks.example.com/"),
        (["hooks.example.com"], "//hooks.example.com/"),
        (["hooks.example.com"], "hooks.example.com"),
        (["hooks.example.com"], "https://hooks.example.com:99999/"),
        (["hooks.example.com"], "https://hooks.example.com:x/"),
        (["hooks.example.com"], "https://hooks.example.com/" + "x" * 3000),
        (["*.example.com"], "https://example.com/"),
        (["*.example.com"], "https://evilexample.com/"),
        (["*"], "https://127.0.0.1/"),
        (["*"], "https://[::1]/"),
        (["*"], "https://[::ffff:127.0.0.1]/"),
        (["*"], "https://[64:ff9b::7f00:1]/"),
        (["*"], "https://[2002:7f00:1::]/"),
        (["*"], "https://169.254.169.254/latest/meta-data/"),
        (["*"], "https://10.0.0.7/"),
        (["*"], "https://0.0.0.0/"),
        (["*"], "https://224.0.0.1/"),
        (["127.0.0.1"], "https://127.0.0.1/"),
        (["93.184.216.34"], "http://93.184.216.34/"),
        (["bücher.example"], "https://bücher.example/"),
        (["hooks.example.com"], ""),
    ],
)
def test_everything_else_is_refused(hosts, url):
    with pytest.raises(CallbackRefused):
        rules(*hosts).read(url)


def test_a_network_of_ones_own_must_be_named_and_may_go_without_encryption():
    allowed = rules("127.0.0.1:9000", "[::1]:9000", networks=["127.0.0.0/8"])
    assert allowed.read("http://127.0.0.1:9000/").port == 9000
    with pytest.raises(CallbackRefused):
        allowed.read("http://[::1]:9000/")
    with pytest.raises(CallbackRefused):
        allowed.require_address(ip_address("10.0.0.1"), "https")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True), ("2606:4700::1111", True), ("::ffff:93.184.216.34", True),
        ("127.0.0.1", False), ("10.1.2.3", False), ("172.16.0.1", False), ("192.168.0.1", False), ("100.64.0.1", False),
        ("169.254.169.254", False), ("0.0.0.0", False), ("255.255.255.255", False), ("224.0.0.1", False),
        ("240.0.0.1", False), ("198.18.0.1", False), ("::", False), ("::1", False), ("fe80::1", False),
        ("fc00::1", False), ("ff02::1", False), ("::ffff:10.0.0.1", False), ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False), ("2001:0:a00:1::", False),
    ],
)  # fmt: skip
def test_what_counts_as_public(address, public):
    assert is_public(ip_address(address)) is public


@settings(deadline=None)
@given(st.text(max_size=60).map(lambda text: f"https://{text}"))
@example("https://2130706433/")
@example("https://0x7f.1/")
@example("https://[")
def test_no_text_gets_past_a_list_that_does_not_name_it(url):
    with pytest.raises(CallbackRefused):
        rules("hooks.example.com:1").read(url)
