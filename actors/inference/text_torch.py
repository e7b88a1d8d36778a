"""MiniLM computed by torch. Knows arrays, no texts. Importing this module imports torch and transformers."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from transformers import BertModel
from transformers.utils import logging as transformers_log

from actors.inference.devices import use_threads


class SentenceNetwork(nn.Module):
    """BERT, the mean over a text's pieces, unit length: what sentence-transformers does with this model."""

    def __init__(self, folder: Path) -> None:
        """Load the weights from a folder in Hugging Face's layout."""
        super().__init__()
        transformers_log.disable_progress_bar()  # type: ignore[no-untyped-call]  # it would draw into the actor's log
        self.bert: nn.Module = BertModel.from_pretrained(folder, local_files_only=True)

    def forward(self, pieces: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Vectors (texts, dimensions) of pieces and mask, both (texts, pieces)."""
        states = self.bert(input_ids=pieces, attention_mask=mask, token_type_ids=torch.zeros_like(pieces))[0]
        weight = mask.unsqueeze(-1).to(states.dtype)
        mean = (states * weight).sum(dim=1) / weight.sum(dim=1).clamp(min=1e-9)
        return nn.functional.normalize(mean, dim=-1)


class TorchTextNetwork:
    """See `text_embedding.TextNetwork`."""

    def __init__(self, folder: Path, threads: int) -> None:
        """Load the weights."""
        use_threads(threads)
        self._network = SentenceNetwork(folder).eval()

    def __call__(self, pieces: npt.NDArray[np.int64], mask: npt.NDArray[np.int64], /) -> npt.NDArray[np.float32]:
        """Unit vectors (texts, dimensions)."""
        with torch.inference_mode():
            vectors: npt.NDArray[np.float32] = self._network(torch.from_numpy(pieces), torch.from_numpy(mask)).numpy()
            return vectors
