"""Makes one-page PDFs for single traits of images, drawings and text; each function is named for the trait."""

import io

import pymupdf
from PIL import Image, ImageDraw

CORNERS = {"red": (0, 0), "green": (1, 0), "blue": (0, 1), "white": (1, 1)}


def quartered(size=(120, 80), mode="RGB"):
    """A picture whose four quarters tell which way is up: red and green above, blue and white below."""
    picture = Image.new("RGB", size)
    draw = ImageDraw.Draw(picture)
    half = (size[0] // 2, size[1] // 2)
    for colour, (across, down) in CORNERS.items():
        x, y = across * half[0], down * half[1]
        draw.rectangle((x, y, x + half[0], y + half[1]), fill=colour)
    return picture.convert(mode)


def quarters(picture):
    """The colours of a picture's quarters, from the top left, row by row."""
    width, height = picture.size
    names = {(255, 0, 0): "red", (0, 128, 0): "green", (0, 0, 255): "blue", (255, 255, 255): "white"}
    places = [(x * width // 4, y * height // 4) for y in (1, 3) for x in (1, 3)]
    seen = [picture.convert("RGB").getpixel(place) for place in places]
    return [min(names.items(), key=lambda item: sum(abs(a - b) for a, b in zip(item[0], colour, strict=True)))[1]
            for colour in seen]  # fmt: skip


def encoded(picture, kind="PNG", **options):
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def page_with(path, *, text="A page with words", draw=None, width=400, height=500):
    """One page; `draw` gets the page and puts things on it."""
    document = pymupdf.open()
    page = document.new_page(width=width, height=height)
    if text:
        page.insert_text((40, 60), text, fontsize=14)
    if draw:
        draw(page)
    document.save(path)
    document.close()
    return path


def page_with_matrix(path, picture, matrix):
    """An image drawn with the content stream's own matrix (y up)."""

    def draw(page):
        page.insert_image((0, 0, 10, 10), stream=encoded(picture, "JPEG", quality=95))
        (xref,) = page.get_contents()[-1:]
        name = page.get_images()[0][7]
        numbers = " ".join(str(number) for number in matrix)
        page.parent.update_stream(xref, f"q {numbers} cm /{name} Do Q".encode())

    return page_with(path, draw=draw)


def inline_image(page, box):
    """An image of 60 x 60 grey pixels inside the content stream, shown in the box."""
    data = bytes(255 if (x // 20 + y // 20) % 2 else 60 for y in range(60) for x in range(60)).hex()
    x0, y0, x1, y1 = box
    head = f"q {x1 - x0} 0 0 {y1 - y0} {x0} {page.rect.height - y1} cm BI /W 60 /H 60 /BPC 8 /CS /G /F /AHx ID "
    (xref,) = page.get_contents()[-1:]
    page.parent.update_stream(xref, page.parent.xref_stream(xref) + b"\n" + head.encode() + data.encode() + b"> EI Q")
