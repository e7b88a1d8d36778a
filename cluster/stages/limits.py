"""What reading a document may take of time, memory and pixels, with the units. Knows neither PDFs nor processes."""

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from cluster.settings import Settings

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class ExtractionLimits:
    """What extraction may take of time, memory and pixels."""

    page_timeout_s: float = 60.0  # processor seconds of one page, all attempts together
    document_timeout_s: float = 3 * 3600.0  # processor seconds of all pages of one document
    page_memory_bytes: int = 2048 * MEBIBYTE
    min_image_px: int = 48
    max_page_pixels: int = 4_000_000
    max_image_pixels: int = 100_000_000
    page_dpi: int = 150
    thumbnail_px: int = 1200
    max_page_images: int = 500
    max_page_text: int = 100_000  # characters
    max_page_output_bytes: int = 256 * MEBIBYTE
    max_pages: int = 2000
    max_objects: int = 1_000_000
    max_upload_bytes: int = 200 * MEBIBYTE

    @classmethod
    def from_settings(cls, settings: "Settings") -> Self:
        """The settings of the same names."""
        return cls(**{field.name: getattr(settings, field.name) for field in dataclasses.fields(cls)})
