"""A real chat server, llama.cpp, with a model of random weights.

`python -m tests.support.llama_server FOLDER` prints its address. The model knows bytes and nothing
else; held to a JSON schema by the server's grammar it writes objects of that schema, asked for
plain text it writes noise.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import gguf
import numpy as np
import xllamacpp
from numpy.typing import NDArray

from tests.support.scripted_server import KEY

WIDTH, HEADS, HIDDEN, CONTEXT, PARALLEL = 32, 2, 64, 1024, 4
_N_SPECIAL = 3
_TEMPLATE = "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}assistant: "


def write_model(path: Path) -> None:
    """Write a model of one layer as GGUF, inclined to plain letters and to an end."""
    rng = np.random.default_rng(1)

    def drawn(*shape: int) -> NDArray[np.float32]:
        return (rng.standard_normal(shape) / np.sqrt(shape[-1])).astype(np.float32)

    writer = gguf.GGUFWriter(path, "llama")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(HIDDEN)
    writer.add_head_count(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    _write_vocabulary(writer)
    n_tokens = _N_SPECIAL + 256
    embedding, output = drawn(n_tokens, WIDTH), drawn(n_tokens, WIDTH)
    embedding[:, 0] = 3.0  # the same for every token, so that the output's first column is a bias
    output[_N_SPECIAL + 127 :, 0] = -1.5
    output[[_N_SPECIAL + sign for sign in b"\\ \t\r\n"], 0] = -1.5
    output[[_N_SPECIAL + sign for sign in b'",}'], 0] = 0.8
    ones = np.ones(WIDTH, np.float32)
    tensors = {"token_embd": embedding, "output": output, "output_norm": ones}
    tensors |= {"blk.0.attn_norm": ones, "blk.0.ffn_norm": ones}
    for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
        tensors[f"blk.0.{name}"] = drawn(WIDTH, WIDTH)
    for name in ("ffn_gate", "ffn_up"):
        tensors[f"blk.0.{name}"] = drawn(HIDDEN, WIDTH)
    tensors["blk.0.ffn_down"] = drawn(WIDTH, HIDDEN)
    for name, tensor in tensors.items():
        writer.add_tensor(f"{name}.weight", tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _write_vocabulary(writer: gguf.GGUFWriter) -> None:
    kinds = gguf.TokenType
    tokens = ["<unk>", "<s>", "</s>", *(f"<0x{n:02X}>" for n in range(256))]
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([0.0] * len(tokens))
    types = [kinds.UNKNOWN, kinds.CONTROL, kinds.CONTROL, *[kinds.BYTE] * 256]
    writer.add_token_types(types)
    writer.add_chat_template(_TEMPLATE)


def serve(folder: Path) -> None:
    write_model(folder / "bytes.gguf")
    params = xllamacpp.CommonParams()
    params.model.path = str(folder / "bytes.gguf")
    params.n_ctx, params.n_parallel = CONTEXT * PARALLEL, PARALLEL
    params.cpuparams.n_threads = 1
    params.warmup = False
    params.endpoint_metrics = True
    params.api_keys = [KEY]
    params.port = 0
    server = xllamacpp.Server(params)
    sys.stdout.write(f"{server.listening_address}\n")
    sys.stdout.flush()
    threading.Event().wait()


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
