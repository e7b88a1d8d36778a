"""The short form of `make soak`: many small documents, and no process grows. It runs last, when all is warm."""

from benchmarks.soak import judge, make_files, soak

DOCUMENTS, WINDOW = 30, 2


def test_no_process_grows(checkout, client, tmp_path):
    def process(path):
        document, _ = client.wait(client.upload(path).json()["document_id"])
        assert document["status"] == "completed"

    samples = list(soak(checkout.home, process, make_files(tmp_path, DOCUMENTS), WINDOW))
    verdicts = {verdict.duty: verdict for verdict in judge(samples)}
    assert set(verdicts) >= {"driver", "supervisor", "progress", "serve replica", "ocr-0", "clip-0", "analysis-0"}
    assert [verdict for verdict in verdicts.values() if not verdict.flat] == []
