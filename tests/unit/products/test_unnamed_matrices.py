"""Tables of looks and sizes whose cells are codes, beside pictures whose captions name what it all comes in."""

from tests.unit.products.printed import block, line, names_of, page, picture, products_of

HEAD = ("Oberfläche", "BA 96 mm", "BA 128 mm")
LOOKS = ("Edelstahl gebürstet", "Schwarz matt", "Messing poliert")
COLUMNS = (220.0, 340.0, 420.0)


def matrix(family: int, top: float, head=HEAD, looks=LOOKS):
    sizes = [text.split()[-2] for text in head[1:]]
    rows = [head, *((look, *(f"{family}-{size}-{10 * at}" for size in sizes)) for at, look in enumerate(looks, 1))]
    cells = [
        line(text, x, top + 40 * at, 8) for at, row in enumerate(rows) for x, text in zip(COLUMNS, row, strict=True)
    ]
    return block(*cells, label="table", rows=tuple(rows))


def handles(*names, head=HEAD, looks=LOOKS):
    tops = [90.0 + 350 * at for at in range(len(names))]
    tables = [matrix(4410 + at, top, head, looks) for at, top in enumerate(tops)]
    captions = [
        block(line(name, 45, top + 158, 14, bold=True), line("Zamak, Höhe 32 mm", 45, top + 180, 9))
        for name, top in zip(names, tops, strict=True)
    ]
    pictures = [picture((45, top, 195, top + 150), f"image-{at}") for at, top in enumerate(tops)]
    title = block(line("Möbelgriffe", 42, 29, 20))
    return page(2, [title, *tables, *captions], pictures)


def test_each_code_is_an_article_of_the_name_under_the_picture():
    found = products_of(handles("Modell Aare", "Modell Inn"))
    told = {one.code: (one.name, one.images[0].image_id) for one in found}
    assert len(told) == len(found) == 12
    assert (told["4410-96-10"], told["4411-128-30"]) == (("Modell Aare", "image-0"), ("Modell Inn", "image-1"))


def test_a_title_over_a_single_picture_is_not_what_its_table_lists():
    assert set(names_of(handles("Modell Saale"))) == {"Modell Saale"}


def test_a_table_of_other_heads_lists_no_variants_of_the_caption():
    assert "Modell Aare" not in names_of(handles("Modell Aare", looks=("Nord", "Süd", "West")))
