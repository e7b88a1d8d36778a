import numpy as np
import pytest
from PIL import Image

from actors import pixels
from actors.errors import ImageUnreadable
from actors.pixels import decode, is_flat
from tests.unit.actors.pictures import encoded, lettered, noise, plain


def test_jpeg_and_png_become_rgb_of_their_own_size():
    for form in ("PNG", "JPEG", "WEBP", "TIFF", "BMP"):
        decoded = decode(encoded(noise((40, 30)), form))
        assert decoded.shape == (30, 40, 3), form
        assert decoded.dtype == np.uint8


@pytest.mark.parametrize("mode", ["L", "1", "P", "CMYK", "LA", "RGBA", "YCbCr"])
def test_every_colour_mode_becomes_rgb(mode):
    form = "TIFF" if mode in ("CMYK", "YCbCr", "LA") else "PNG"
    decoded = decode(encoded(plain("white", (20, 10)).convert(mode), form))
    assert decoded.shape == (10, 20, 3)
    assert decoded.min() >= 250


def test_a_photo_that_was_stored_lying_down_stands_up():
    image = plain("black", (20, 10))
    image.putpixel((0, 0), (255, 255, 255))
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees clockwise to show
    decoded = decode(encoded(image, "PNG", exif=exif))
    assert decoded.shape == (20, 10, 3)
    assert decoded[0, 9].tolist() == [255, 255, 255]


def test_transparent_parts_are_shown_on_white():
    image = Image.new("RGBA", (8, 8), (0, 0, 0, 0))
    assert decode(encoded(image)).min() == 255


def test_16_bit_samples_are_scaled():
    samples = np.full((6, 8), 65535, dtype=np.uint16)
    samples[0, 0] = 32768
    decoded = decode(encoded(Image.fromarray(samples)))
    assert decoded[3, 3].tolist() == [255, 255, 255]
    assert decoded[0, 0].tolist() == [127, 127, 127]


@pytest.mark.parametrize(
    "data", [b"", b"not an image", encoded(noise(), "PNG")[:2000], encoded(noise(), "JPEG")[:2000]]
)
def test_bytes_that_are_no_whole_image_are_refused_for_good(data):
    with pytest.raises(ImageUnreadable) as caught:
        decode(data)
    assert caught.value.permanent
    assert "0x" not in str(caught.value)


def test_an_image_that_claims_too_many_pixels_is_refused_before_it_is_decoded(monkeypatch):
    monkeypatch.setattr(pixels, "MAX_PIXELS", 100)
    with pytest.raises(ImageUnreadable, match="40 x 30"):
        decode(encoded(plain(size=(40, 30))))


def test_one_colour_is_flat_and_letters_are_not():
    assert is_flat(decode(encoded(plain("#b08f60"), "JPEG", quality=60)))
    assert not is_flat(decode(encoded(lettered("faint", ink="#e8e8e8"))))
    assert not is_flat(decode(encoded(noise())))
