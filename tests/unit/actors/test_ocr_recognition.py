import numpy as np
import pytest

from actors.text_recognition.lines import Crop
from actors.text_recognition.recognition import Alphabet, LineReader

ALPHABET = Alphabet(letters=("a", "b", "c"), ignored=(3,), right_to_left=False)


def crop(width, shade=100):
    return Crop((0.0, 0.0, float(width), 64.0), np.full((64, width - 10), shade, dtype=np.uint8), width)


def logits(*classes, sure=8.0):
    steps = np.zeros((len(classes), 4), dtype=np.float32)
    steps[np.arange(len(classes)), classes] = sure
    return steps


class Scripted:
    """Answers by the shade of a strip, or with what stands under None, and notes what it was asked."""

    def __init__(self, answers):
        self.answers = answers
        self.shapes = []

    def __call__(self, strips):
        self.shapes.append(strips.shape)
        return np.stack([self.answers.get(int(strip[0, 0]), self.answers.get(None)) for strip in strips])


def test_repetitions_are_one_letter_and_blanks_part_two():
    reader = LineReader(Scripted({100: logits(0, 1, 1, 0, 1, 2, 2, 0)}), ALPHABET)
    (reading,) = reader.read([crop(128)])
    assert reading.text == "aab"
    assert 0.99 < reading.confidence <= 1.0


def test_letters_of_other_languages_are_not_said():
    answer = logits(1, 3)
    answer[1, 2] = 7.0
    (reading,) = LineReader(Scripted({100: answer}), ALPHABET).read([crop(128)])
    assert reading.text == "ab"


def test_nothing_said_is_no_text_and_no_confidence():
    (reading,) = LineReader(Scripted({None: logits(0, 0, 0)}), ALPHABET).read([crop(128)])
    assert (reading.text, reading.confidence) == ("", 0.0)


def test_only_equal_widths_share_a_batch_and_order_is_kept():
    network = Scripted({10: logits(1), 20: logits(2), 30: logits(1, 2)})
    crops = [crop(256, 30), crop(128, 10), crop(128, 20), crop(256, 30)]
    assert [reading.text for reading in LineReader(network, ALPHABET).read(crops)] == ["ab", "a", "b", "ab"]
    assert sorted(network.shapes) == [(2, 64, 128), (2, 64, 256)]


def test_many_crops_are_read_in_several_batches():
    network = Scripted({10: logits(1)})
    readings = LineReader(network, ALPHABET).read([crop(512, 10)] * 30)
    assert len(readings) == 30
    assert max(shape[0] for shape in network.shapes) == 8


def test_a_faint_line_is_read_again_with_more_contrast():
    grey = np.full((64, 118), 100, dtype=np.uint8)
    grey[30:34, 20:90] = 125
    faint = Crop((0.0, 0.0, 118.0, 64.0), grey, 128)
    network = Scripted({100: logits(1, 1, 1, sure=0.1), None: logits(2, 0, 0)})
    (reading,) = LineReader(network, ALPHABET).read([faint])
    assert reading.text == "b"
    assert len(network.shapes) == 2


def test_a_line_without_more_contrast_to_give_is_not_read_again():
    grey = np.full((64, 118), 250, dtype=np.uint8)
    grey[:, 20:90] = 5
    network = Scripted({None: logits(1, 1, 1, sure=0.1)})
    (reading,) = LineReader(network, ALPHABET).read([Crop((0.0, 0.0, 118.0, 64.0), grey, 128)])
    assert reading.text == "a"
    assert len(network.shapes) == 1


@pytest.mark.parametrize("right_to_left", [False, True])
def test_reading_direction(right_to_left):
    alphabet = Alphabet(letters=("\u0627", "\u0628"), ignored=(), right_to_left=right_to_left)
    (reading,) = LineReader(Scripted({100: logits(1, 2)[:, :3]}), alphabet).read([crop(128)])
    assert reading.text == ("\u0628\u0627" if right_to_left else "\u0627\u0628")
