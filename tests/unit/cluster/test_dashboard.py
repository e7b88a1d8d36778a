from cluster.host.dashboard import dashboard_address, keep_dashboard_address
from cluster.settings import Settings


def settings(tmp_path, **given):
    return Settings(home=tmp_path / "home", **given)


def test_the_ray_of_this_machine_has_its_port(tmp_path):
    assert dashboard_address(settings(tmp_path, dashboard_port=8302), "quarry.lan") == "http://quarry.lan:8302"


def test_a_cluster_says_itself_where_its_dashboard_is(tmp_path):
    cluster = settings(tmp_path, ray_address="10.0.0.1:6379")
    assert dashboard_address(cluster, "quarry.lan") is None, "nobody has connected yet"
    keep_dashboard_address(cluster, "10.0.0.1:8265")
    assert dashboard_address(cluster, "quarry.lan") == "http://10.0.0.1:8265"
    keep_dashboard_address(cluster, "")
    assert dashboard_address(cluster, "quarry.lan") is None, "it runs none"


def test_a_setting_goes_first(tmp_path):
    behind = settings(tmp_path, ray_address="auto", ray_dashboard_url="https://ray.example.com")
    keep_dashboard_address(behind, "10.0.0.1:8265")
    assert dashboard_address(behind, "quarry.lan") == "https://ray.example.com"
