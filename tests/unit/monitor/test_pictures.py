from PIL import Image

from monitor.pictures import Mark, draw_marks

WHITE = (255, 255, 255)


def test_a_mark_is_drawn_where_the_box_stands_in_points() -> None:
    page = Image.new("RGB", (400, 800), WHITE)
    drawn = draw_marks(page, (2.0, 2.0), [Mark(1, (100, 200, 150, 220), "text")])
    inside, outline, outside = drawn.getpixel((270, 430)), drawn.getpixel((250, 397)), drawn.getpixel((100, 600))
    assert outside == WHITE
    assert outline == (0, 105, 166)
    assert inside != WHITE
    assert min(inside) > 200, "the print below a mark stays readable"


def test_the_number_stands_left_of_the_box_and_inside_the_picture() -> None:
    page = Image.new("RGB", (400, 800), WHITE)
    drawn = draw_marks(page, (1.0, 1.0), [Mark(7, (100, 50, 200, 70), "region"), Mark(8, (0, 0, 20, 20), "text")])
    assert drawn.getpixel((92, 50)) == (168, 100, 0)
    assert drawn.getpixel((1, 1)) == (0, 105, 166)


def test_a_box_without_extent_is_drawn_all_the_same() -> None:
    page = Image.new("RGB", (100, 100), WHITE)
    drawn = draw_marks(page, (1.0, 1.0), [Mark(1, (50, 50, 50, 50), "text")])
    assert drawn.getpixel((50, 47)) == (0, 105, 166)


def test_numbers_of_neighbouring_lines_do_not_cover_each_other() -> None:
    page = Image.new("RGB", (640, 900), WHITE)
    lines = [Mark(number, (20, 100 + 9 * number, 60, 107 + 9 * number), "text") for number in range(1, 5)]
    drawn = draw_marks(page, (1.0, 1.0), lines)
    together = sum(count for count, colour in drawn.getcolors(maxcolors=100_000) if colour == (0, 105, 166))
    alone = [draw_marks(page, (1.0, 1.0), [line]) for line in lines]
    inks = [sum(n for n, colour in one.getcolors(maxcolors=100_000) if colour == (0, 105, 166)) for one in alone]
    assert together > 0.85 * sum(inks), "only the outlines cross"
