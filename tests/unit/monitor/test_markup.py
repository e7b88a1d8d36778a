import re
from pathlib import Path

import pytest

from monitor import markup, states

STYLE = Path(markup.__file__).with_name("style.css")
HOSTILE = '<img src=x onerror="alert(1)">&'


def test_whatever_a_catalogue_calls_itself_stays_text() -> None:
    pieces = [
        markup.text(HOSTILE),
        markup.tile(HOSTILE, HOSTILE, HOSTILE),
        markup.meter(10, HOSTILE),
        markup.shares([(states.State(HOSTILE, "good"), 3)], HOSTILE),
        markup.facts([(HOSTILE, HOSTILE)]),
        markup.table([HOSTILE], [[markup.text(HOSTILE)]]),
        markup.notice("bad", HOSTILE, HOSTILE),
        markup.empty(HOSTILE, HOSTILE, HOSTILE),
    ]
    for piece in pieces:
        assert "<img" not in piece
        assert "&lt;img" in piece


def test_a_meter_says_how_far_it_is_and_what_of_that_failed() -> None:
    piece = markup.meter(50, "Images", "working", failed_percent=10)
    assert 'aria-valuenow="50"' in piece
    assert "width:40.00%" in piece
    assert "width:10.00%" in piece


@pytest.mark.parametrize(("percent", "shown"), [(-5, "0"), (150, "100")])
def test_a_meter_stays_within_its_ends(percent: float, shown: str) -> None:
    assert f'aria-valuenow="{shown}"' in markup.meter(percent, "x")


def test_shares_name_every_number_also_zero() -> None:
    piece = markup.shares([(states.state("completed"), 1200), (states.state("failed"), 0)], "jobs")
    assert "Completed <b>1,200</b>" in piece
    assert "Failed <b>0</b>" in piece
    assert piece.count("q-fill") == 1


def test_every_state_has_a_word_and_a_shape_of_its_own() -> None:
    tones = [state.tone for state in states.STATES.values()]
    assert len(set(tones)) == len(tones)
    shapes = dict(re.findall(r"\.q-(\w+) \{.*?--shape: (url\(.*?\));", STYLE.read_text()))
    assert len({shapes[tone] for tone in tones}) == len(tones)
    assert len({state.word for state in states.STATES.values()}) == len(tones)


def test_a_state_that_is_not_known_is_shown_by_its_name() -> None:
    assert states.state("on_hold").word == "on hold"
