"""Numbers as they are printed."""

import pytest

from actors.values.numerals import parse_number, readings


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("8", 8), ("7.5", 7.5), ("7,5", 7.5), ("1.200", 1200), ("1,520", 1520), ("1 300", 1300), ("1'300", 1300),
        ("1.234,56", 1234.56), ("1,234.56", 1234.56), ("12.345.678", 12345678), ("17 1/2", 17.5), ("3/4", 0.75),
        ("1-1/2", 1.5), ("33½", 33.5), ("½", 0.5), ("0.125", 0.125), (".5", 0.5),
    ],
)  # fmt: skip
def test_decimals_thousands_and_fractions(printed, value):
    assert parse_number(printed) == value


def test_in_metres_and_inches_three_decimals_are_decimals():
    assert parse_number("1.200", grouped=False) == 1.2
    assert parse_number("23.625", grouped=False) == 23.625


def test_words_are_no_numbers():
    with pytest.raises(ValueError, match="could not convert"):
        parse_number("oak")


def test_an_ambiguous_print_has_both_readings():
    assert readings("1.200") == {1.2, 1200}
    assert 1300 in readings("TFE 1 300 kg")
    assert readings("no number") == set()
