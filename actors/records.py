"""What crosses a process: frozen, small records with their units. No pixels, no models, no database.

A box is (x0, y0, x1, y1) in PDF points (1/72 inch), origin at the top left of the page as it is shown (rotated).
Every record turns into JSON and back with `to_json` and `from_json`; `from_json` raises `pydantic.ValidationError`.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

Box = tuple[float, float, float, float]
Confidence = Annotated[float, Field(ge=0.0, le=1.0)]
TextSource = Literal["text_layer", "ocr"]
PageKind = Literal["text", "image", "empty", "failed"]
ImageKind = Literal["embedded", "page", "region"]
ChunkKind = Literal["text", "table", "caption"]
LayoutLabel = Literal[
    "text", "title", "section_header", "table", "caption", "picture", "list_item",
    "page_header", "page_footer", "footnote", "formula",
]  # fmt: skip
NameRelation = Literal["inside", "below", "above", "right", "left", "scene", "row", "heading", "sheet"]
AnalysisType = Literal["classification", "metadata", "product_detection"]
ChunkClass = Literal[
    "PRODUCT", "SPECIFICATION", "INTRODUCTION", "LEGAL_DISCLAIMER", "TECHNICAL_DETAIL", "MARKETING", "OTHER"
]
ANALYSIS_TYPES: tuple[AnalysisType, ...] = ("classification", "metadata", "product_detection")


class Record(BaseModel):
    """Base of all records: immutable, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        return self.model_dump(mode="json")

    @classmethod
    def from_json(cls, data: object) -> Self:
        """The record again; raises `pydantic.ValidationError`."""
        return cls.model_validate(data)


# ---- stage 1: extraction


class TextLine(Record):
    """One printed line, with the look of its first span."""

    text: str
    box: Box
    font: str = ""
    size: float = 0.0  # points; for OCR the height of the box
    bold: bool = False
    colour: str = ""  # "#rrggbb" of the letters, empty when unknown
    confidence: Confidence = 1.0  # that it was read as it is printed; below 1 only where OCR did


class TextBlock(Record):
    """Lines that the layout model, or the PDF itself, holds together."""

    label: LayoutLabel
    box: Box
    lines: tuple[TextLine, ...]
    source: TextSource = "text_layer"
    rows: tuple[tuple[str, ...], ...] = ()  # cells by row, for label "table" where the cells are known


class Placement(Record):
    """Where a page shows an image."""

    page: int  # 1-based
    box: Box
    rotation: int = 0  # degrees clockwise that make the stored pixels upright: already applied to the stored file


class ExtractedImage(Record):
    """An image that extraction wrote to storage."""

    kind: ImageKind
    content_hash: str  # sha256 hex of the stored bytes
    storage_key: str
    media_type: str  # image/jpeg or image/png, always RGB or grey
    width_px: int
    height_px: int
    placements: tuple[Placement, ...]
    colour: str = ""  # "#rrggbb" of a picture that is all of one colour or nearly so, else empty


class ExtractedPage(Record):
    """Everything that extraction found on one page."""

    page: int  # 1-based
    width_pt: float
    height_pt: float
    kind: PageKind
    blocks: tuple[TextBlock, ...] = ()
    images: tuple[ExtractedImage, ...] = ()
    fills: tuple[Box, ...] = ()  # single-colour vector areas big enough to be a swatch
    thumbnail_key: str | None = None
    skipped_images: int = 0  # too small to hold anything
    error_code: str | None = None
    error_message: str | None = None
    warnings: tuple[str, ...] = ()  # one sentence each: images that could not be read ...

    @property
    def characters(self) -> int:
        """Length of its text layer."""
        return sum(len(line.text) for block in self.blocks for line in block.lines)


# ---- stage 2: image processing


class ImageTask(Record):
    """One image job, as it travels to the OCR and CLIP actors."""

    job_id: str
    image_id: str
    fence: int
    storage_key: str
    width_px: int
    height_px: int


class OcrLine(Record):
    """One line read from an image."""

    text: str
    box: Box  # in pixels of the stored image, not in points
    confidence: Confidence
    stroke: float = 0.0  # mean width of its letters' strokes, in sizes of the letters; 0 where nobody measured it


class OcrResult(Record):
    """What the OCR actor says of one image; `error` set means that it could not be read (then `lines` is empty)."""

    image_id: str
    lines: tuple[OcrLine, ...] = ()
    engine: str = ""  # model and version
    seconds: float = 0.0
    error: str | None = None
    permanent: bool = False  # of `error`: trying again cannot help


class EmbeddingResult(Record):
    """What the CLIP actor says of one image."""

    image_id: str
    status: Literal["stored", "model_missing", "failed"]
    vector: tuple[float, ...] = ()  # unit length
    model: str = ""
    seconds: float = 0.0
    error: str | None = None
    permanent: bool = False


# ---- stage 3: chunking


class Disagreement(Record):
    """A number or code that OCR reads otherwise than the text layer prints it; the text layer is believed."""

    box: Box  # of the printed line
    printed: str
    read: str


class PageContent(Record):
    """A page as chunking and analysis see it: text layer and OCR text brought together, everything in points."""

    page: int
    width_pt: float
    height_pt: float
    kind: PageKind
    blocks: tuple[TextBlock, ...]  # OCR lines of images stand here too, source "ocr", boxes in points
    images: tuple["PageImage", ...] = ()
    fills: tuple[Box, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    languages: tuple[str, ...] = ()  # ISO 639-1, the page's own first, then the document's; empty when nobody knows


class PageImage(Record):
    """An image on a page, in points."""

    image_id: str
    kind: ImageKind
    box: Box
    width_px: int
    height_px: int
    ocr_text: str = ""
    colour: str = ""  # "#rrggbb" where the picture is of one colour
    pages_shown: int = 1  # on how many pages of the document it stands: a logo stands on most


class Chunk(Record):
    """A piece of text that belongs together."""

    chunk_id: str
    ordinal: int  # reading order in the document, from 0
    page: int
    kind: ChunkKind
    text: str
    box: Box
    heading_path: tuple[str, ...] = ()  # outermost first
    is_index: bool = False
    source: TextSource = "text_layer"
    image_id: str | None = None  # the image that an OCR chunk was read from
    lines: tuple[TextLine, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()  # for kind "table", first row the header where there is one


# ---- stage 4: analysis


class AnalysisTask(Record):
    """One chunk x analysis type, with the picture of its page."""

    job_id: str
    fence: int
    analysis_type: AnalysisType
    chunk: Chunk
    page: PageContent


class Evidence(Record):
    """Where a value was read. `value` occurs in `text`, and `text` stands on the page."""

    field: str  # "name", "dimensions", "visualProperties.primaryColor" ...
    value: str
    page: int
    box: Box
    source: Literal["text_layer", "ocr", "model", "pixels"]
    text: str  # the printed line; of pixels what was computed from them
    confidence: Confidence


class Classification(Record):
    """What kind of text a chunk is."""

    label: ChunkClass
    confidence: Confidence
    reasoning: str
    sub_categories: tuple[str, ...] = ()


class Metadata(Record):
    """Fields by category (design section 9), each with its evidence: `fields["visualProperties"]["primaryColor"]`."""

    fields: dict[str, dict[str, Any]] = Field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()


class NameLook(Record):
    """How a name is set on its page: names of one catalogue share their look, page after page."""

    font: str = ""  # empty for OCR
    size: float = 0.0  # points
    bold: bool = False
    relation: NameRelation
    support: int = 1  # names of this look on the page
    regions: int = 0  # pictures or colour areas on the page that could be products


class ProductCandidate(Record):
    """A product name that the analysis saw in one chunk."""

    name: str
    code: str | None = None
    page: int
    box: Box  # of the name
    source: TextSource
    confidence: Confidence
    reasons: tuple[str, ...]  # why it is taken for a product
    text: str  # the lines that belong to it, as printed
    text_box: Box
    image_id: str | None = None  # the image that the name stands in or beside, when geometry says so
    image_reason: str | None = None
    region: Box | None = None  # where the page shows it: a picture, a colour area, or the empty space in a scan
    metadata: Metadata = Metadata()  # what its own lines say
    look: NameLook | None = None  # None when a model, and not the page's geometry, found it


class ProductDetection(Record):
    """The candidates of one chunk; none is a result as well."""

    candidates: tuple[ProductCandidate, ...] = ()
    note: str = ""  # why there is none, when there is none


class AnalysisResult(Record):
    """What an analysis actor says of one job."""

    job_id: str
    analysis_type: AnalysisType
    result: dict[str, Any] | None = None  # Classification, Metadata or ProductDetection as JSON
    model: str = ""
    seconds: float = 0.0
    input_tokens: int = 0  # of a language model; the local analysers use none
    output_tokens: int = 0
    error: str | None = None
    permanent: bool = False


class Retiring(Record):
    """An actor's answer instead of results: it has served enough or is not needed, and did nothing of this batch."""

    pid: int
    reason: str


# ---- stage 5: products


class Dimensions(Record):
    """A size in millimetres, and as it was printed."""

    length_mm: float | None = None
    width_mm: float | None = None
    height_mm: float | None = None
    thickness_mm: float | None = None
    printed: str


class LinkedImage(Record):
    """An image of a product, with the reason for the link."""

    image_id: str
    page: int
    box: Box | None = None  # the region of the page, in points
    reason: str
    confidence: Confidence


class Product(Record):
    """A product record as it is stored."""

    identity_key: str  # folded name, code, size and finish
    name: str
    code: str | None = None
    product_type: str | None = None
    description: str | None = None
    dimensions: Dimensions | None = None
    materials: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()
    finish: str | None = None
    fields: dict[str, dict[str, Any]] = Field(default_factory=dict)
    evidence: tuple[Evidence, ...]
    images: tuple[LinkedImage, ...] = ()
    pages: tuple[int, ...]
    confidence: Confidence
    needs_review: bool = False
    review_reasons: tuple[str, ...] = ()


class ChunkAnalysis(Record):
    """A chunk with everything that stage 4 said of it; what product creation works on."""

    chunk: Chunk
    classification: Classification | None = None
    metadata: Metadata = Metadata()
    detection: ProductDetection = ProductDetection()


PageContent.model_rebuild()
