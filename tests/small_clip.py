"""Makes a small CLIP model with open_clip, so that tests load real weights through the real setting without a download.

The weights are random: it knows nothing of images, but is a model like any other to the code that loads and runs it.
"""

import json
from pathlib import Path

MODEL_CONFIG = {
    "embed_dim": 32,
    "vision_cfg": {"image_size": 64, "layers": 2, "width": 64, "head_width": 32, "patch_size": 16},
    "text_cfg": {"context_length": 77, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 2},
}
DIMENSIONS = 32


def make_small_clip(folder: Path) -> str:
    """Write open_clip_config.json and the weights into the folder.

    Returns:
        The value for the setting `clip_model`.
    """
    import open_clip
    import torch
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    preprocess = {"mean": [0.48, 0.46, 0.41], "std": [0.27, 0.26, 0.28]}
    config = {"model_cfg": MODEL_CONFIG, "preprocess_cfg": preprocess}
    (folder / "open_clip_config.json").write_text(json.dumps(config))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(20)
        weights = open_clip.CLIP(**MODEL_CONFIG).state_dict()
    save_file({name: tensor.contiguous() for name, tensor in weights.items()}, folder / "open_clip_model.safetensors")
    return f"local-dir:{folder}"
