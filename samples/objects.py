"""Draws things made of surfaces: lamps on a transparent ground, a kitchen wall, a box with words on it, the logo.

Knows pixels only, nothing of pages.
"""

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from samples.textures import Surface, clouds, picture

FINE = 3
"""Shapes are drawn this much larger and reduced, for smooth edges."""
LAMP_SHAPES = {
    "Campana": [(0.47, 0.30), (0.53, 0.30), (0.58, 0.36), (0.72, 0.44), (0.84, 0.60), (0.88, 0.78), (0.12, 0.78),
                (0.16, 0.60), (0.28, 0.44), (0.42, 0.36)],
    "Cono": [(0.46, 0.26), (0.54, 0.26), (0.72, 0.86), (0.28, 0.86)],
}  # fmt: skip
LAMP_COLOURS = {"Campana": "#b98d46", "Sfera": "#f3ead8", "Cono": "#2a2a2c"}


def lamp(name: str, width: int = 420, height: int = 520) -> Image.Image:
    """A hanging lamp, RGBA, transparent around it."""
    size = (width * FINE, height * FINE)
    mask = Image.new("L", size, 0)
    draw = ImageDraw.Draw(mask)
    if name in LAMP_SHAPES:
        draw.polygon([(x * size[0], y * size[1]) for x, y in LAMP_SHAPES[name]], fill=255)
        mask = mask.filter(ImageFilter.GaussianBlur(7 * FINE)).point(lambda value: 255 if value > 127 else 0)
    else:
        draw.ellipse((0.2 * size[0], 0.32 * size[1], 0.8 * size[0], 0.32 * size[1] + 0.6 * size[0]), fill=255)
    shade = Image.linear_gradient("L").rotate(90).resize(size)
    round_light = shade.point(lambda value: int(255 * (0.45 + 0.55 * np.sin(np.pi * (0.12 + 0.70 * value / 255.0)))))
    body = ImageChops.multiply(Image.new("RGB", size, LAMP_COLOURS[name]), Image.merge("RGB", [round_light] * 3))
    result = Image.new("RGBA", size, (0, 0, 0, 0))
    cable = ImageDraw.Draw(result)
    middle = size[0] // 2
    cable.rectangle((middle - FINE, 0, middle + FINE, int(0.34 * size[1])), fill="#3a3733")
    cable.rectangle((middle - 9 * FINE, int(0.22 * size[1]), middle + 9 * FINE, int(0.34 * size[1])), fill="#8a6a38")
    result.paste(body, mask=mask)
    return result.resize((width, height), Image.Resampling.LANCZOS)


def kitchen(width: int, height: int) -> Image.Image:
    """A wall of sea-green tiles above a stone counter, wooden fronts below, two brass lamps before it."""
    counter, floor = int(0.60 * height), int(0.90 * height)
    scene = Surface("concrete", ("#efe7da", "#e2d6c4"), 21).draw(width, height)
    tiles = Surface("glaze", ("#2c6f75", "#78b9b2"), 22).draw(width, counter - int(0.30 * height))
    scene.paste(tiles, (0, int(0.30 * height)))
    draw = ImageDraw.Draw(scene)
    fronts = 4
    for number in range(fronts):
        x0, x1 = number * width // fronts, (number + 1) * width // fronts
        door = (
            Surface("wood", ("#a87848", "#6d4725"), 30 + number).draw(floor - counter, x1 - x0).rotate(90, expand=True)
        )
        scene.paste(door, (x0, counter))
        draw.line((x1 - 1, counter, x1 - 1, floor), fill="#3d2815", width=max(2, width // 400))
        draw.rounded_rectangle(
            (x0 + 0.3 * (x1 - x0), counter + 0.12 * height, x0 + 0.7 * (x1 - x0), counter + 0.128 * height),
            radius=4, fill="#c9a35c",
        )  # fmt: skip
    slab = Surface("marble", ("#f4f2ee", "#85888f", "#dfdcd6"), 27).draw(width, int(0.055 * height))
    scene.paste(slab, (0, counter - slab.height // 2))
    scene.paste(Surface("concrete", ("#8a857c", "#6f6a62"), 28).draw(width, height - floor), (0, floor))
    scene = _shadow_below(scene, counter + slab.height // 2, int(0.06 * height))
    for x in (0.30, 0.70):
        hung = lamp("Campana", int(0.26 * width), int(0.46 * height))
        scene.paste(hung, (int(x * width) - hung.width // 2, 0), hung)
    return _lit(scene, [(0.30, 0.40), (0.70, 0.40)])


def _shadow_below(scene: Image.Image, top: int, depth: int) -> Image.Image:
    fade = np.ones((scene.height, 1, 1), np.float32)
    fade[top : top + depth, 0, 0] = np.linspace(0.45, 1.0, len(fade[top : top + depth]))
    return picture(np.asarray(scene, np.float32) / 255.0 * fade)


def _lit(scene: Image.Image, lamps: list[tuple[float, float]]) -> Image.Image:
    """Darker towards the edges, warm where the lamps hang."""
    y, x = np.mgrid[0 : scene.height, 0 : scene.width].astype(np.float32)
    x, y = x / scene.width, y / scene.height
    glow = sum(np.exp(-((x - at_x) ** 2 * 14.0 + (y - at_y) ** 2 * 9.0)) for at_x, at_y in lamps)
    warm = np.array([1.0, 0.93, 0.78], np.float32)
    light = 0.62 + 0.46 * np.clip(np.asarray(glow), 0.0, 1.2)[..., None] * warm
    return picture(np.asarray(scene, np.float32) / 255.0 * light)


def sample_box(words: tuple[str, ...], width: int = 760, height: int = 500) -> Image.Image:
    """A cardboard box on a table, seen from the front, with words printed on its label."""
    random = np.random.default_rng(41)
    scene = Surface("concrete", ("#cfd6d3", "#bcc5c1"), 42).draw(width, height)
    scene.paste(Surface("wood", ("#c79a66", "#8d6237"), 43).draw(width, height // 4), (0, height * 3 // 4))
    card = picture(np.array([0.76, 0.62, 0.44]) + 0.05 * (clouds(random, width, height, 30.0, 4)[..., None] - 0.5))
    x0, y0, x1, y1 = int(0.12 * width), int(0.14 * height), int(0.88 * width), int(0.86 * height)
    scene.paste(card.crop((0, 0, x1 - x0, y1 - y0)), (x0, y0))
    draw = ImageDraw.Draw(scene)
    draw.rectangle((x0, y0 + int(0.09 * height), x1, y0 + int(0.10 * height)), fill="#8c6f48")
    draw.rectangle((x0 + 0.08 * width, y0 + 0.17 * height, x1 - 0.08 * width, y1 - 0.10 * height), fill="#fbfaf6")
    lines = [" ".join(words[start : start + 2]) for start in range(0, len(words), 2)]
    for number, line in enumerate(lines):
        font = ImageFont.load_default(0.115 * height)
        y = y0 + 0.24 * height + number * 0.17 * height
        draw.text((width / 2, y), line, font=font, fill="#23282b", anchor="mm")
    return scene


def logo(side: int = 160) -> Image.Image:
    """The maker's mark: a tile set on its corner, quartered."""
    fine = side * FINE
    mark = Image.new("RGB", (fine, fine), "#1f3d44")
    draw = ImageDraw.Draw(mark)
    middle, reach = fine / 2, 0.36 * fine
    corners = [(middle, middle - reach), (middle + reach, middle), (middle, middle + reach), (middle - reach, middle)]
    for number, colour in enumerate(("#e8b566", "#7fc3bd", "#f4f2ee", "#c9872c")):
        draw.polygon([(middle, middle), corners[number], corners[(number + 1) % 4]], fill=colour)
    for corner in corners:
        draw.line([(middle, middle), corner], fill="#1f3d44", width=fine // 40)
    return mark.resize((side, side), Image.Resampling.LANCZOS)
