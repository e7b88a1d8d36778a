import numpy as np
import pytest
from PIL import Image

from actors import pixels
from actors.errors import ImageUnreadable
from actors.pixels import decode, is_blank
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


def shade(size=(900, 500), reach=90):
    """A ground that runs from dark to light, as behind a product."""
    ramp = np.linspace(30, 30 + reach, size[0], dtype=np.float32)
    return Image.fromarray(np.repeat(np.tile(ramp, (size[1], 1))[:, :, None], 3, axis=2).astype(np.uint8))


@pytest.mark.parametrize(
    "image", [plain("#b08f60"), plain("white", (1, 1)), plain("black", (7, 3000)), shade(), shade((3000, 40), 120)]
)
def test_one_colour_and_a_soft_shade_are_blank(image):
    assert is_blank(decode(encoded(image)))
    assert is_blank(decode(encoded(plain("#b08f60"), "JPEG", quality=60)))


@pytest.mark.parametrize("size", [14, 60, 300])
@pytest.mark.parametrize("ground", [plain("#c8b090", (1200, 500)), shade((1200, 500))])
def test_letters_noise_and_edges_are_not_blank(size, ground):
    lettering = lettered("Aa", on=ground, ink="#808080", size=size)
    assert not is_blank(decode(encoded(lettering)))
    assert not is_blank(decode(encoded(lettering, "JPEG", quality=50)))


def test_an_edge_between_two_windows_is_seen():
    for x in range(0, 64):
        pixels = np.full((64, 64, 3), 100, dtype=np.uint8)
        pixels[:, x:] = 120
        assert is_blank(pixels) == (x == 0), x


def test_a_dot_anywhere_is_seen():
    random = np.random.default_rng(3)
    for _ in range(100):
        pixels = np.full((random.integers(1, 700), random.integers(1, 700), 3), 200, dtype=np.uint8)
        pixels[random.integers(pixels.shape[0]), random.integers(pixels.shape[1]), random.integers(3)] = 180
        assert not is_blank(pixels)
