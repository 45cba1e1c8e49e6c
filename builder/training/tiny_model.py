"""A tiny language model made on the spot, for machines without a GPU.

It stands in for the pretrained model that a real run names. What such a model knows of titles and
words it takes from the offline sentence encoder: a title's vector is that of its texts, a word's
that of the word alone, both centred and brought to the hidden size by principal components. The
first layer starts as a mean over the prompt, so that the untrained model already ranks titles by
closeness to the request.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import LlamaConfig, LlamaForCausalLM

from builder.training.tokenizer import *
from builder.training.tokenizer import words_of

Vectors = NDArray[np.float32]


def unit_rows(vectors: Vectors) -> Vectors:
    """Return the rows brought to length 1; a row of zeros stays."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(norms > 0, norms, 1), dtype=np.float32)


def project(titles: Vectors, words: Vectors, n_dims: int) -> tuple[Vectors, Vectors]:
    """Return title and word vectors of `n_dims`, rows of length 1.

    Each set is centred on its own mean: titles and single words lie in different corners of the
    encoder's space, and what all of a set share tells nothing apart. The axes are the principal
    components of the titles and words together.
    """
    centred = [unit_rows(part - part.mean(axis=0)) for part in (titles, words)]
    both = np.concatenate(centred).astype(np.float64)
    _, axes = np.linalg.eigh(both.T @ both)
    kept = axes[:, ::-1][:, :n_dims]
    kept = kept * np.where(kept[np.abs(kept).argmax(axis=0), range(kept.shape[1])] < 0, -1, 1)
    return unit_rows(centred[0] @ kept), unit_rows(centred[1] @ kept)


def word_weights(texts: Sequence[str], words: Sequence[str]) -> Vectors:
    """Return how telling each word is, in (0, 1]: its inverse document frequency, scaled."""
    counts = Counter(word for text in texts for word in set(words_of(text)))
    found = np.array([counts[word] for word in words], dtype=np.float32)
    rarity = np.log((1 + len(texts)) / (1 + found)) / np.log(1 + len(texts))
    return np.asarray(np.clip(rarity, 0.02, 1.0), dtype=np.float32)


KINDS = ("filler", "title", "assistant", "open", "next", "close", "end", "other")
_KIND_BY_TOKEN = {ROLES[2]: "assistant", OPEN: "open", NEXT: "next", CLOSE: "close", END: "end"}
_FOLLOWS = (("assistant", "open", 1.0), ("open", "next", 1.0), ("next", "title", 1.0), ("title", "next", 1.0), ("title", "close", 0.8), ("close", "end", 1.0))

def embedding_rows(tokenizer, word_vectors, word_weight, title_vectors):
    n_dims = len(next(iter(title_vectors.values())))
    rows = torch.zeros(len(tokenizer), n_dims + len(KINDS))
    for token, number in tokenizer.get_vocab().items():
        if token in title_vectors:
            rows[number, :n_dims] = torch.from_numpy(title_vectors[token]); rows[number, n_dims + 1] = 1.0
        elif token in word_vectors:
            w = word_weight[token]
            rows[number, :n_dims] = w * torch.from_numpy(word_vectors[token]); rows[number, n_dims] = (1 - w**2) ** 0.5
        else:
            rows[number, n_dims + KINDS.index(_KIND_BY_TOKEN.get(token, "other"))] = 1.0
    return rows

def make_model(tokenizer, embeddings, *, n_layers, n_heads, max_length, request_gain, layout_gain=4.0, sharp=1.0):
    hidden_size = embeddings.shape[1]; c = hidden_size - len(KINDS)
    model = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(tokenizer),
            hidden_size=hidden_size,
            intermediate_size=2 * hidden_size,
            num_hidden_layers=n_layers,
            num_attention_heads=n_heads,
            max_position_embeddings=max_length,
            tie_word_embeddings=True,
            pad_token_id=tokenizer.pad_token_id,
            bos_token_id=None,
            eos_token_id=tokenizer.eos_token_id,
        )
    )
    with torch.no_grad():
        emb = model.get_input_embeddings().weight
        emb.copy_(embeddings)
        first, last = model.model.layers[0].self_attn, model.model.layers[-1].mlp
        content = torch.zeros(hidden_size, hidden_size); content[range(c), range(c)] = 1.0
        first.v_proj.weight.copy_(content)
        first.o_proj.weight.copy_(request_gain * content)
        first.q_proj.weight.mul_(0.1)
        first.k_proj.weight.mul_(0.1)
        for unit, (kind, after, share) in enumerate(_FOLLOWS):
            k, a = c + KINDS.index(kind), c + KINDS.index(after)
            last.gate_proj.weight[unit] = 0; last.up_proj.weight[unit] = 0; last.down_proj.weight[:, unit] = 0
            last.gate_proj.weight[unit, k] = 1.0; last.up_proj.weight[unit, k] = 1 / hidden_size**0.5
            last.down_proj.weight[a, unit] = share * layout_gain / 3
            if not (kind=="title" and after=="close"): last.down_proj.weight[k, unit] = -1 / 3
        model.model.norm.weight[:c] = sharp
    return model
