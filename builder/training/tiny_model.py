"""A tiny language model made on the spot, for machines without a GPU.

It stands in for the pretrained model that a real run names. What such a model knows of titles and
words it takes from the offline sentence encoder: a title's vector is that of its texts, a word's
that of the word alone, both centred and brought to the hidden size by principal components. The
first layer starts as a mean over the prompt, so that the untrained model already ranks titles by
closeness to the request.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from builder.training.tokenizer import LAYOUT, words_of

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


def embedding_rows(
    tokenizer: PreTrainedTokenizerFast,
    vector_by_token: Mapping[str, Vectors],
    weight_by_token: Mapping[str, float],
    *,
    hidden_size: int,
    generator: torch.Generator,
) -> torch.Tensor:
    """Return (vocabulary, hidden) embeddings.

    The last dimension holds what a token does not tell: a word of weight w is w parts meaning and
    the rest filler, so that the model's normalisation leaves common words faint.
    """
    rows = torch.randn(len(tokenizer), hidden_size, generator=generator) / hidden_size**0.5
    for token, number in tokenizer.get_vocab().items():
        if token in vector_by_token:
            weight = weight_by_token.get(token, 1.0)
            rows[number, :-1] = weight * torch.from_numpy(vector_by_token[token])
            rows[number, -1] = (1 - weight**2) ** 0.5
    return rows


def make_model(
    tokenizer: PreTrainedTokenizerFast,
    embeddings: torch.Tensor,
    *,
    n_layers: int,
    n_heads: int,
    max_length: int,
    request_gain: float,
) -> LlamaForCausalLM:
    """Return the untrained model, its first layer a mean over the prompt.

    Args:
        request_gain: Weight of that mean beside the last token's own vector.
    """
    hidden_size = embeddings.shape[1]
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
        model.get_input_embeddings().weight.copy_(embeddings)
        first = model.model.layers[0].self_attn
        content = torch.eye(hidden_size)
        content[-1, -1] = 0.0
        first.v_proj.weight.copy_(content)
        first.o_proj.weight.copy_(request_gain * content)
        first.q_proj.weight.mul_(0.1)
        first.k_proj.weight.mul_(0.1)
    return model
