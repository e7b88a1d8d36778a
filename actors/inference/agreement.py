"""Takes the fastest numbers in which a network still judges as the original does. Knows neither networks nor images."""

import logging
from collections.abc import Callable, Sequence
from typing import TypeVar

from actors.errors import ModelMissing

log = logging.getLogger(__name__)

Form = TypeVar("Form", bound=str)
Network = TypeVar("Network")


def first_that_agrees(
    what: str,
    forms: Sequence[Form],
    load: Callable[[Form], Network],
    difference: Callable[[Network], str | None],
) -> tuple[Form, Network]:
    """The first form whose network says what it should, with that network; each that is refused leaves a warning.

    Args:
        what: the network, for the log.
        forms: number formats, the fastest first.
        load: a network in a form.
        difference: from the original, in words; None where there is none.

    Raises:
        ModelMissing: none agrees.
    """
    reasons = []
    for form in forms:
        network = load(form)
        reason = difference(network)
        if reason is None:
            return form, network
        log.warning("The %s in %s is not used: %s.", what, form, reason)
        reasons.append(f"{form}: {reason}")
    raise ModelMissing(f"No form of the {what} judges as the original does ({'; '.join(reasons)}).")
