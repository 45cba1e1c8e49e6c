"""A word-level tokenizer in which every catalogue title is one token.

"Any film like Heat (1995)?" becomes [any, film, like, "Heat (1995)", ?]: an answer of ten titles is
about twenty tokens, so that a model small enough for the CPU can learn to write lists.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers
from transformers import PreTrainedTokenizerFast

PAD, UNKNOWN, END = "<pad>", "<unk>", "<|end|>"
ROLES = ("<|system|>", "<|user|>", "<|assistant|>")
OPEN, NEXT, CLOSE = "<solution>", "\n", "\n</solution>"
LAYOUT = ("<reasoning>", "</reasoning>", OPEN, NEXT, CLOSE)

_CHAT_TEMPLATE = (
    "{% for message in messages %}<|{{ message.role }}|>{{ message.content }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
_WORD = r"[\w']+|[^\w\s]"


def words_of(text: str) -> list[str]:
    """Return the words and punctuation marks of a text as the tokenizer cuts it."""
    return re.findall(_WORD, text.lower())


def choose_words(texts: Iterable[str], *, max_words: int) -> list[str]:
    """Return the most frequent words, ties in alphabetical order."""
    counts = Counter(word for text in texts for word in words_of(text))
    return sorted(counts, key=lambda word: (-counts[word], word))[:max_words]


def make_tokenizer(titles: Sequence[str], words: Sequence[str]) -> PreTrainedTokenizerFast:
    """Return a tokenizer of the given titles and words, with its chat template.

    Args:
        titles: "Title (Year)", matched as they are written, before any word.
        words: Lower-case words, see `choose_words`.
    """
    special = [PAD, UNKNOWN, END, *ROLES]
    vocabulary = {token: number for number, token in enumerate([*special, *words])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token=UNKNOWN))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(_WORD), "removed", invert=True)
    tokenizer.add_tokens([AddedToken(mark, normalized=False) for mark in LAYOUT])
    tokenizer.add_tokens([AddedToken(t, normalized=False, single_word=True) for t in titles])
    fast = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer,
        pad_token=PAD,
        unk_token=UNKNOWN,
        eos_token=END,
        additional_special_tokens=list(ROLES),
        padding_side="left",
        clean_up_tokenization_spaces=False,
    )
    fast.chat_template = _CHAT_TEMPLATE
    return fast
