"""Every setting, with its unit and default: from the environment (`QUARRY_...`), else `.env`, else `home/secrets.env`.

Nothing else reads the environment for Quarry's own purposes.
"""

import os
from base64 import b64decode
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network, ip_address
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr, field_validator, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

MEBIBYTE = 1024 * 1024
SECRETS_FILE = "secrets.env"
ENVIRONMENT_ONLY = "QUARRY_ENVIRONMENT_ONLY"
"""Set for the processes that Quarry starts: they read no file, so that each knows only the secrets it was given."""


def is_loopback(host: str) -> bool:
    """Whether what listens at this host name or address is reached from this machine alone."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


class HomeSecrets(PydanticBaseSettingsSource):
    """What `quarry up` made and keeps in `home/secrets.env`; everything else that says the same goes first."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Not used: the file is read whole."""
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        """The file's values, by field; `home` comes from the sources before this one."""
        home = Path(self.current_state.get("home", self.settings_cls.model_fields["home"].default))
        return DotEnvSettingsSource(self.settings_cls, env_file=home.expanduser() / SECRETS_FILE)()


class Settings(BaseSettings):
    """All of Quarry's settings; `Settings()` reads them anew."""

    model_config = SettingsConfigDict(env_prefix="QUARRY_", env_file=".env", extra="ignore", frozen=True)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The order in which the sources are asked."""
        if os.environ.get(ENVIRONMENT_ONLY):
            return init_settings, env_settings
        return init_settings, env_settings, dotenv_settings, HomeSecrets(settings_cls)

    # ---- places
    home: Path = Path(".quarry")
    """The one folder that holds all state: database, files, logs, secrets, Ray's session."""
    storage_url: str | None = None
    """fsspec address of the file store, `s3://bucket/prefix` say; None is a folder in `home`."""
    host: str = "127.0.0.1"
    api_port: int = 8100
    monitor_port: int = 8101
    dashboard_port: int = 8102
    ray_port: int = 8103
    postgres_port: int = 8104
    metrics_port: int = 8105
    """Where Ray's exporter answers Prometheus, at `/metrics`."""
    ray_address: str | None = None
    """Address of a running Ray cluster; None starts one on this machine."""
    ray_dashboard_url: str | None = None
    """Where people reach the dashboard of that cluster; None is what the cluster says of itself at `quarry up`."""

    # ---- database
    database_url: SecretStr | None = Field(None, validation_alias=AliasChoices("QUARRY_DATABASE_URL", "DATABASE_URL"))
    """Owner's address of a Postgres with pgvector; None starts the embedded server."""
    service_database_url: SecretStr | None = None
    """The pipeline's login; None derives it from the owner's address and the role made at start-up."""
    admin_database_url: SecretStr | None = None
    """The monitor's login, derived likewise."""

    # ---- access
    jwt_secret: SecretStr | None = None
    """Signs the API's tokens (HS256); None makes one in `home` at the first start."""
    jwks_url: str | None = None
    """Where an identity provider publishes its keys; its tokens are accepted beside our own. Needs `token_issuer`."""
    token_issuer: str | None = None
    """What every token must name as its issuer; None leaves it unchecked."""
    token_audience: str = "quarry"
    token_role_claim: str = "role"
    """Where a token says `admin` or `service`; a dotted path, `app_metadata.role` say."""
    token_lifetime_s: int = 30 * 24 * 3600
    max_requests_per_minute: int = Field(12_000, ge=1)
    """Of one token subject at one replica of the API; more are answered 429."""
    max_uploads_per_minute: int = Field(600, ge=1)
    """Of one token subject at one replica; more are answered 429."""
    max_concurrent_uploads: int = Field(64, ge=1)
    """Uploads that one replica receives at a time; more are answered 503."""
    max_upload_bytes: int = 200 * MEBIBYTE
    max_pages: int = 2000
    max_objects: int = 1_000_000
    """Of a PDF's table of contents (xref); of more the document is refused like one of too many pages."""
    max_open_documents: int = 1000
    """Uploads are answered 429 while this many documents are pending or processing."""

    # ---- webhooks
    webhook_hosts: tuple[str, ...] = ()
    """Hosts that uploads may name in `callback_url`: `hooks.example.com`, `*.example.com`, `*` for every public one,
    each with `:port` where it is not the scheme's own. None named: no webhooks."""
    webhook_networks: tuple[IPv4Network | IPv6Network, ...] = ()
    """Networks that are not on the public internet and may be reached all the same, `10.1.0.0/16` say."""
    webhook_secret: SecretStr | None = None
    """Signs webhooks: `whsec_` and base64 (Standard Webhooks); None makes one in `home` at the first start."""
    webhook_max_attempts: int = Field(8, ge=1)
    webhook_backoff_s: float = 5.0
    """First wait before another attempt; four times longer each time up to 6 hours, with jitter."""

    # ---- durable work
    max_retries: int = 3
    lease_s: float = 30.0
    """Length of a lease on the database's clock; renewed at a third of it."""
    retry_backoff_s: float = 2.0
    """First wait before a retry; doubles each time, with jitter."""
    max_active_documents: int = 12
    reserved_documents: int = Field(2, ge=0)
    """Of these, so many are kept for small documents and for those with a priority above 0."""
    small_document_bytes: int = 5 * MEBIBYTE
    """A PDF of up to so many bytes is small."""
    call_timeout_s: float = 600.0
    """Longest that one batch on an actor may take."""
    silence_s: float = 60.0
    """An actor is started again when it has not answered for so long, the supervisor also when its loop stood still."""
    stage_deadline_s: float = 6 * 3600.0
    """Longest that one stage of a document may take in one attempt; what it has done by then is kept."""
    batch_target_s: float = 2.0
    """Batches grow or shrink towards this much work."""
    max_batch_items: int = 32
    """Most images of a batch."""
    max_batch_analyses: int = 128
    """Most analyses of a batch: without a language model they take a thousandth of a second each."""
    in_flight_batches: int = 2
    """Batches that one document keeps on one pool."""
    reuse_results: bool = True
    """Take over what was read of the same bytes by the same model and code before; False computes everything anew."""
    actor_recycle_items: int = 5000
    """The process of an OCR, CLIP or analysis actor is replaced after so many images or analyses."""
    actor_recycle_bytes: int = 4096 * MEBIBYTE
    """And when it holds this much resident memory; the progress actor's as well."""
    driver_recycle_documents: int = 20
    """A worker that drives documents is replaced after so many."""

    # ---- retention
    retention_days: float | None = Field(None, gt=0)
    """So many days after a document's end, all but its row, its products and their images is removed; None: never."""
    retention_products: bool = False
    """Remove the products as well, and with them the document itself."""

    # ---- pools: None decides from the cluster's resources
    reader_actors: int | None = None
    """Actors that read pages, each in a child process of its own."""
    ocr_actors: int | None = None
    clip_actors: int | None = None
    analysis_actors: int | None = None
    reader_actors_min: int | None = Field(None, ge=1)
    reader_actors_max: int | None = Field(None, ge=1)
    """With a most, a pool follows its backlog between the two; the least is 1 where it is not set."""
    ocr_actors_min: int | None = Field(None, ge=1)
    ocr_actors_max: int | None = Field(None, ge=1)
    clip_actors_min: int | None = Field(None, ge=1)
    clip_actors_max: int | None = Field(None, ge=1)
    analysis_actors_min: int | None = Field(None, ge=1)
    analysis_actors_max: int | None = Field(None, ge=1)
    progress_writers: int = Field(1, ge=1)
    """Actors that write results and progress; each document has one of them."""
    gpu_share: float = Field(0.5, gt=0)
    """Fraction of a GPU that one OCR or CLIP actor takes where the cluster has GPUs."""

    # ---- extraction
    page_timeout_s: float = 60.0
    """Processor time of one page."""
    document_timeout_s: float = 3 * 3600.0
    """Processor time of all its pages in one attempt; a document that takes longer is refused, and not tried again."""
    page_memory_bytes: int = 2048 * MEBIBYTE
    min_image_px: int = 48
    """Images with a shorter side are skipped and counted."""
    max_page_pixels: int = 4_000_000
    """A rendered page has at most this many pixels, whatever its size in points."""
    max_image_pixels: int = 100_000_000
    """Larger embedded images are not decoded; the page says so."""
    max_page_images: int = 500
    """More images of one page are skipped and counted; the page says so."""
    max_page_text: int = 100_000
    """Characters of one page's text layer; what comes after is left out, and the page says so."""
    max_page_output_bytes: int = 256 * MEBIBYTE
    """What the images of one page may take in the file store; the others are skipped and counted."""
    max_document_text: int = 20_000_000
    """Characters of all pages together; a document with more is refused."""
    page_dpi: int = 150
    thumbnail_px: int = 1200
    """Longer side of the picture of a page that people judge its products by."""

    # ---- models
    model_cache: Path | None = None
    """Folder of downloaded and converted weights, which several homes may share; None is `models` in `home`."""
    ocr_engine: Literal["easyocr", "rapidocr"] = "easyocr"
    """Whose networks read images. rapidocr (PP-OCR): all Latin letters, faster on pages; it computes on CPUs only."""
    ocr_languages: tuple[str, ...] = ("en",)
    """EasyOCR's codes."""
    ocr_canvas_px: int = 1280
    """Longest side that the detector sees."""
    ocr_magnification: float = 1.0
    """Of an image before the detector sees it, as far as the canvas allows; above 1 finds smaller print, slower."""
    ocr_first_look: bool = True
    """On CPUs a cheaper look says where the engine's detector shall look, and where it need not (decisions 30, 31)."""
    clip_model: str = "ViT-B-32"
    """open_clip's name of the model, or `local-dir:PATH` with open_clip_config.json and weights."""
    clip_pretrained: str = "laion2b_s34b_b79k"
    """Tag, or path of a checkpoint; ignored for `local-dir:`."""
    text_model: str = "all-MiniLM-L6-v2"
    llm_base_url: str | None = None
    """OpenAI-compatible endpoint for the three analyses; None uses the local analysers."""
    llm_model: str = ""
    llm_api_key: SecretStr | None = None
    llm_timeout_s: float = 60.0
    llm_max_retries: int = Field(default=2, ge=0)
    """Of one request after time-outs, overload and server errors, with backoff; then it is analysed here."""
    llm_input_price: float = Field(default=0.0, ge=0)
    """Of a million tokens that the model is given, in whatever currency; costs are told where a price is set."""
    llm_output_price: float = Field(default=0.0, ge=0)
    """Of a million tokens that it answers with."""

    # ---- monitor
    monitor_password_hash: SecretStr | None = None
    """Argon2 hash of the monitor's password, made by `quarry monitor-password`; None asks nobody, on loopback only."""
    refresh_s: int = 5
    monitor_token: SecretStr | None = None
    """What the monitor shows the API when somebody presses one of its buttons; `quarry up` makes one for it."""

    # ---- logs
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["json", "human"] = "json"
    """Of `home/logs/quarry.log`, one line an event."""
    log_file_bytes: int = 32 * MEBIBYTE
    log_files_kept: int = 4
    """Older files beside it; the oldest falls away."""

    @field_validator("webhook_secret")
    @classmethod
    def _secret_is_one(cls, secret: SecretStr | None) -> SecretStr | None:
        """At least 24 bytes in base64, as Standard Webhooks has it."""
        try:
            if secret and len(b64decode(secret.get_secret_value().removeprefix("whsec_"), validate=True)) < 24:
                raise ValueError("too short")
        except ValueError as error:
            raise ValueError("webhook_secret must be whsec_ and at least 24 bytes in base64") from error
        return secret

    @model_validator(mode="after")
    def _provider_is_named(self) -> Self:
        """Keys over a line that anybody can change prove nothing, nor do keys that several issuers share."""
        if self.jwks_url is not None:
            place = urlsplit(self.jwks_url)
            if place.scheme != "https" and not (place.scheme == "http" and is_loopback(place.hostname or "")):
                raise ValueError("jwks_url must begin with https:// (http:// only on this machine)")
            if not self.token_issuer:
                raise ValueError("set token_issuer (QUARRY_TOKEN_ISSUER) as well: who issues the tokens of jwks_url")
        return self

    @cached_property
    def root(self) -> Path:
        """`home` as an absolute path."""
        return self.home.expanduser().resolve()

    @property
    def api_url(self) -> str:
        """Where the API answers."""
        return f"http://{self.host}:{self.api_port}"

    @property
    def monitor_url(self) -> str:
        """Where the monitor answers."""
        return f"http://{self.host}:{self.monitor_port}"

    @property
    def storage_address(self) -> str:
        """Fsspec address of the file store."""
        return self.storage_url or f"file://{self.root / 'files'}"

    @property
    def model_folder(self) -> Path:
        """Where downloaded and converted weights are kept."""
        return self.model_cache.expanduser().resolve() if self.model_cache else self.root / "models"

    @property
    def service_url(self) -> str:
        """The pipeline's database address; raises ValueError before `quarry up` has made it."""
        if self.service_database_url is None:
            raise ValueError("QUARRY_SERVICE_DATABASE_URL is not set; start with `quarry up`, which makes it")
        return self.service_database_url.get_secret_value()

    @property
    def admin_url(self) -> str:
        """The monitor's database address; raises ValueError before `quarry up` has made it."""
        if self.admin_database_url is None:
            raise ValueError("QUARRY_ADMIN_DATABASE_URL is not set; start with `quarry up`, which makes it")
        return self.admin_database_url.get_secret_value()
