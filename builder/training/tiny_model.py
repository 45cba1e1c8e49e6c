"""A tiny language model made on the spot, for machines without a GPU.

It stands in for the pretrained model that a real run names. What such a model knows of titles and
words it takes from the sentence encoder: a title's vector is that of its texts, a word's that of
the word alone, both centred and brought to the hidden size by principal components. The first
layer starts as a mean over the prompt, so that the untrained model already ranks titles by
closeness to the request.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from builder.training.tokenizer import words_of
from builder.training.training_settings import TinyShape

Vectors = NDArray[np.float32]

SPARE_DIMS = 8
"""Dimensions without meaning at the start: one evens out the rows' lengths, the others tell the
marks of the layout apart."""


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


def embedding_rows(
    tokenizer: PreTrainedTokenizerFast,
    vector_by_token: dict[str, Vectors],
    weight_by_token: dict[str, float],
    shape: TinyShape,
) -> torch.Tensor:
    """Return the first embeddings, (n_tokens, hidden_size), rows of length 1.

    Args:
        tokenizer: Names the tokens.
        vector_by_token: Of titles and words, (hidden_size - 8,) each.
        weight_by_token: Of words, in (0, 1]; the rest of the length goes into a spare dimension,
            for the model brings all rows to one length before it reads them.
        shape: Of the model.
    """
    n_dims = shape.hidden_size - SPARE_DIMS
    marks = torch.randn(len(tokenizer), SPARE_DIMS - 1)
    rows = torch.zeros(len(tokenizer), shape.hidden_size)
    for token, number in tokenizer.get_vocab().items():
        if token in vector_by_token:
            weight = weight_by_token.get(token, 1.0)
            rows[number, :n_dims] = weight * torch.from_numpy(vector_by_token[token])
            rows[number, n_dims] = (1 - weight**2) ** 0.5
        else:
            rows[number, n_dims + 1 :] = marks[number] / marks[number].norm()
    return rows


def make_tiny_model(
    tokenizer: PreTrainedTokenizerFast, embeddings: torch.Tensor, shape: TinyShape, max_length: int
) -> LlamaForCausalLM:
    """Return a Llama of that shape with these embeddings, tied to its output.

    `max_length` is the most tokens that it reads.
    """
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=shape.hidden_size,
        intermediate_size=2 * shape.hidden_size,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        max_position_embeddings=max_length,
        tie_word_embeddings=True,
        pad_token_id=tokenizer.pad_token_id,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
    )
    model: Any = LlamaForCausalLM(config)
    content = torch.zeros(shape.hidden_size, shape.hidden_size)
    content.fill_diagonal_(1.0)
    content[-SPARE_DIMS:] = 0
    with torch.no_grad():
        model.get_input_embeddings().weight.copy_(embeddings)
        attention = model.model.layers[0].self_attn
        attention.v_proj.weight.copy_(content)
        attention.o_proj.weight.copy_(shape.request_gain * content)
        for projection in (attention.q_proj, attention.k_proj):
            projection.weight.mul_(0.1)  # nearly even attention: a mean over the prompt
    return cast(LlamaForCausalLM, model)
