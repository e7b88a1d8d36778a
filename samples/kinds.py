"""Draws a drawer of small catalogues of other kinds than the sample catalogue, with the truth beside them.

They are what the figures of `quarry eval` are kept honest with: other languages, other layouts. Makers and goods do not
exist. The drawing is in `kinds_text`, `kinds_layouts`, `kinds_pairs`, `kinds_sparse`, `kinds_unlike`, `kinds_codes`,
`kinds_opened`, `kinds_variants` (pages with a text layer), `kinds_pictures` and `kinds_scans` (those without).
"""

import json
from collections.abc import Callable
from pathlib import Path

from samples.kinds_codes import CODES
from samples.kinds_layouts import (
    fan_deck,
    finished_buildings,
    models_side_by_side,
    names_over_pictures,
    one_a_page,
    variant_tables,
)
from samples.kinds_opened import OPENED
from samples.kinds_pairs import PAIRS
from samples.kinds_pictures import (
    outlined_leaflet,
    rotated_spread,
    scanned_grid,
    scanned_leaflet,
    scanned_price_list,
)
from samples.kinds_scans import SCANS
from samples.kinds_sparse import SPARSE
from samples.kinds_text import (
    annual_report,
    names_on_swatches,
    price_list,
    room_photos,
    size_table,
    spec_sheets,
    swatch_grid,
)
from samples.kinds_unlike import UNLIKE
from samples.kinds_variants import VARIANTS
from samples.truth import Known

KINDS: dict[str, Callable[[Path], Known]] = {
    "preisliste_de": price_list,
    "tavolozza_it": swatch_grid,
    "fiches_fr": spec_sheets,
    "tacos_pt": names_on_swatches,
    "ambientes_es": room_photos,
    "olculer_tr": size_table,
    "lamps_en": variant_tables,
    "radiateurs_fr": models_side_by_side,
    "vloeren_nl": names_over_pictures,
    "moveis_pt": one_a_page,
    "faecher_de": fan_deck,
    "escaneo_es": scanned_grid,
    "foglietto_it": scanned_leaflet,
    "tarif_fr": scanned_price_list,
    "tracciati_it": outlined_leaflet,
    "doppelseite_de": rotated_spread,
    "jahresbericht_de": annual_report,
    "progetti_it": finished_buildings,
    **SCANS,
    **PAIRS,
    **SPARSE,
    **UNLIKE,
    **CODES,
    **OPENED,
    **VARIANTS,
}
"""By file name: what draws it and says what stands in it."""


def make_test_kinds(catalogues: Path, truth: Path) -> list[Path]:
    """Draw every kind that is not there yet, and write what stands in it; the same bytes every time.

    Args:
        catalogues: folder for the PDFs.
        truth: folder for `NAME.json`, in the form that `quarry eval --truth` reads.
    """
    catalogues.mkdir(parents=True, exist_ok=True)
    truth.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, draw in KINDS.items():
        path = catalogues / f"{name}.pdf"
        known = draw(path)
        (truth / f"{name}.json").write_text(json.dumps(known.to_json(), indent=1, ensure_ascii=False), encoding="utf-8")
        paths.append(path)
    return paths
