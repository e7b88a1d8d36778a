"""`quarry eval` sends a catalogue through the running pipeline and measures what comes out."""

import json

from samples.kinds_text import swatch_grid
from tests.acceptance.conftest import END_WITHIN_S


def test_a_drawn_catalogue_is_measured_against_what_was_drawn(client, tmp_path):
    known = swatch_grid(tmp_path / "grid.pdf")
    truth = tmp_path / "truth"
    truth.mkdir()
    (truth / "grid.json").write_text(json.dumps(known.to_json()))
    report = tmp_path / "report"
    done = client.checkout.quarry(
        "eval", tmp_path / "grid.pdf", "--truth", truth, "--output", report, timeout=END_WITHIN_S
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "mean F1 of names, catalogues with text: 1.00" in done.stdout
    told = json.loads((report / "evaluation.json").read_text())
    (file,) = told["files"]
    assert file["kind"] == "text"
    assert file["scores"]["recall"]["of"] == len(known.products)
    assert file["pages_per_s"] > 0
    assert "Bianco Latte" in (report / "grid.html").read_text()
    assert client.get("/healthz"), "what ran before goes on running"
