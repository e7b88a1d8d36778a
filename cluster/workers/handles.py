"""Questions to the running actors from outside the pipeline, each with a time limit that is really kept.

A model's actor answers them beside its batches, not behind them.

For the API and the command line; the pipeline itself talks to its pools through `cluster.workers.dispatch`.
"""

from collections.abc import Sequence
from typing import Any

import ray
from ray.exceptions import RayError

from actors.errors import ImageUnreadable
from actors.records import EmbeddingResult
from cluster.workers.actor_names import NAMESPACE, QUESTIONS, SUPERVISOR
from db.errors import QuarryError

ANSWER_WITHIN_S = 2.0
PICTURE_WITHIN_S = 20.0


class ActorSilent(QuarryError):
    """A named actor is not there, does not answer in time, or answers with an error."""

    code = "actor_silent"


class ImageModelMissing(QuarryError):
    """Pictures cannot be compared: the weights of the image model are not there."""

    code = "image_model_missing"


def supervisor_status(timeout_s: float = ANSWER_WITHIN_S) -> dict[str, Any]:
    """What the supervisor says of itself and its pools: `ready`, `reason`, actors. Raises ActorSilent."""
    answer: dict[str, Any] = _ask(SUPERVISOR, "status", timeout_s=timeout_s)
    return answer


def encode_text(text: str, timeout_s: float = ANSWER_WITHIN_S) -> list[float]:
    """Unit vector of a text, in the space of chunks and products (384 numbers). Raises ActorSilent."""
    vectors: list[list[float]] = _ask("analysis-0", "encode_texts", [text], group=QUESTIONS, timeout_s=timeout_s)
    return vectors[0]


def encode_text_for_images(text: str, timeout_s: float = ANSWER_WITHIN_S) -> tuple[list[float], str]:
    """Unit vector of a text in the space of the images' vectors, and the model's name. Raises ActorSilent."""
    facts: dict[str, Any] = _ask("clip-0", "facts", group=QUESTIONS, timeout_s=timeout_s)
    if not facts["available"]:
        raise ActorSilent(f"The weights of the image model {facts['model']} are missing.")
    vectors: list[list[float]] = _ask("clip-0", "embed_text", [text], group=QUESTIONS, timeout_s=timeout_s)
    return vectors[0], facts["model"]


def encode_image(data: bytes, timeout_s: float = PICTURE_WITHIN_S) -> tuple[list[float], str]:
    """Unit vector of an encoded picture, and the model's name; computed beside the batch that the actor is at.

    Raises:
        ImageModelMissing: there are no weights.
        ImageUnreadable: the bytes do not decode.
        ActorSilent: no answer in time.
    """
    result: EmbeddingResult = _ask("clip-0", "embed_example", data, timeout_s=timeout_s)
    if result.status == "model_missing":
        raise ImageModelMissing(f"The weights of the model {result.model} are missing.", "Search by words instead.")
    if not result.vector:
        raise ImageUnreadable(f"The picture cannot be read: {result.error}", "Send a JPEG or a PNG.")
    return list(result.vector), result.model


def _ask(actor: str, method: str, *arguments: Sequence[str] | bytes, timeout_s: float, group: str | None = None) -> Any:
    # ray.get_actor would start a cluster of its own where none is connected.
    if not ray.is_initialized():
        raise ActorSilent(f"The actor {actor} cannot be asked: this process is not connected to Ray.")
    try:
        handle = ray.get_actor(actor, namespace=NAMESPACE)
        call = getattr(handle, method).options(concurrency_group=group)
        return ray.get(call.remote(*arguments), timeout=timeout_s)
    except TimeoutError as error:
        raise ActorSilent(f"The actor {actor} did not answer within {timeout_s:g} s.") from error
    except ValueError as error:
        raise ActorSilent(f"The actor {actor} is not running.") from error
    except RayError as error:
        cause = getattr(error, "cause", None)
        raise ActorSilent(f"The actor {actor} answered with an error: {cause or type(error).__name__}.") from error
