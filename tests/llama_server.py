"""A real inference server on this machine, llama.cpp's, over a language model of two megabytes made on the spot.

The model is a transformer of one layer whose next byte depends on the last byte alone: wherever a JSON string begins,
it writes the same word. So the protocol, the schema and the counting are llama.cpp's; what it says can be foretold.
"""

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import gguf
import numpy as np

KEY = "the-right-key"
CONTEXT_TOKENS = 4096
FEED_FORWARD, WIDTH = 32, 288
UNKNOWN, BEGIN, END = range(3)
FIRST_BYTE = 3
VOCABULARY = [b"<unk>", b"<s>", b"</s>", *(b"<0x%02X>" % byte for byte in range(256))]
LIKED = {"{": 0.5, "}": 0.4, "]": 0.4, '"': 0.3, ",": 0.2, " ": -2.0, "\n": -2.0, "\t": -2.0}
"""Bytes that it writes wherever the grammar lets it: it closes what is open, and leaves no space."""
IN_A_WORD = 3.0


def make_model(path, word):
    """Write a model that fills every string with `word`, none of whose letters may come twice, into a GGUF file."""
    assert len(set(word)) == len(word)
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_context_length(CONTEXT_TOKENS)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(FEED_FORWARD)
    writer.add_head_count(1)
    writer.add_head_count_kv(1)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH)
    writer.add_vocab_size(len(VOCABULARY))
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    _add_tokenizer(writer)
    for name, tensor in _tensors(word).items():
        writer.add_tensor(f"{name}.weight", tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _add_tokenizer(writer):
    """Each byte is a token."""
    kinds = [gguf.TokenType.UNKNOWN, gguf.TokenType.CONTROL, gguf.TokenType.CONTROL, *[gguf.TokenType.BYTE] * 256]
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(VOCABULARY)
    writer.add_token_scores([0.0] * len(VOCABULARY))
    writer.add_token_types(kinds)
    writer.add_unk_token_id(UNKNOWN)
    writer.add_bos_token_id(BEGIN)
    writer.add_eos_token_id(END)
    writer.add_add_space_prefix(False)


def _tensors(word):
    """One-hot embeddings, a layer that adds nothing to them, and an output that likes one byte after another."""
    likes = np.zeros((len(VOCABULARY), len(VOCABULARY)), np.float32)  # by the last token, of the next one
    for byte, liking in LIKED.items():
        likes[:, FIRST_BYTE + ord(byte)] += liking
    likes[:, END] += LIKED["{"]
    for last, following in zip(f'["{word}', f'{{{word}"', strict=True):
        likes[FIRST_BYTE + ord(last), FIRST_BYTE + ord(following)] += IN_A_WORD
    square, ones = np.zeros((WIDTH, WIDTH), np.float32), np.ones(WIDTH, np.float32)
    hidden = np.zeros((FEED_FORWARD, WIDTH), np.float32)
    layer = {
        "attn_norm": ones, "attn_q": square, "attn_k": square, "attn_v": square, "attn_output": square,
        "ffn_norm": ones, "ffn_gate": hidden, "ffn_up": hidden, "ffn_down": hidden.T.copy(),
    }  # fmt: skip
    return {
        "token_embd": np.eye(len(VOCABULARY), WIDTH, dtype=np.float32),
        "output_norm": ones,
        "output": np.pad(likes.T, ((0, 0), (0, WIDTH - len(VOCABULARY)))),
        **{f"blk.0.{name}": tensor for name, tensor in layer.items()},
    }


@contextmanager
def llama_server(model):
    """The base URL of a server over that model, in a process of its own that ends with the block: its input does."""
    command = [sys.executable, "-m", "tests.llama_server", str(model)]
    folder = Path(__file__).parents[1]
    with subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        address = process.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:"), address
        yield f"{address}/v1"


def serve(model):
    """Answer on a free port until standard input ends; the address is the first line of output."""
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = model
    parameters.port = 0
    parameters.api_keys = [KEY]
    parameters.n_parallel = 2
    parameters.n_ctx = 2 * CONTEXT_TOKENS
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = 1
    parameters.warmup = False
    server = xllamacpp.Server(parameters)
    print(server.listening_address, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    serve(sys.argv[1])
