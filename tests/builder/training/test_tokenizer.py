from __future__ import annotations

from pathlib import Path

import pytest
from transformers import AutoTokenizer, PreTrainedTokenizerFast

from builder.evaluation.answers import parse_answer, render_answer
from builder.titles import TitleYear
from builder.training.tokenizer import choose_words, make_tokenizer, words_of

TITLES = ("Heat (1995)", "Saw (2004)", "The Lion King (1994)", "The Lion King (2019)", "It (2017)")
REQUEST = "Anything like Heat (1995), with a café?"


@pytest.fixture(scope="module")
def tokenizer() -> PreTrainedTokenizerFast:
    return make_tokenizer(TITLES, choose_words([REQUEST, "like it"], max_words=50))


def test_words_are_chosen_by_frequency_then_alphabet() -> None:
    assert choose_words(["b a c", "C c b"], max_words=2) == ["c", "b"]
    assert choose_words(["b a"], max_words=5) == ["a", "b"]
    assert words_of("Don't, Zoë!") == ["don't", ",", "zoë", "!"]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        pytest.param(
            "Like HEAT, like Heat (1995)?",
            ["like", "heat", ",", "like", "Heat (1995)", "?"],
            id="only the full title is a token",
        ),
        pytest.param(
            "The Lion King (2019)\nThe Lion King (1994)",
            ["The Lion King (2019)", "\n", "The Lion King (1994)"],
            id="remakes",
        ),
        pytest.param("Seesaw (2004)", ["<unk>", "(", "<unk>", ")"], id="not inside a word"),
        pytest.param("a zebra", ["a", "<unk>"], id="unknown word"),
    ],
)
def test_text_becomes_words_and_titles(
    tokenizer: PreTrainedTokenizerFast, text: str, tokens: list[str]
) -> None:
    assert tokenizer.tokenize(text) == tokens


def test_an_answer_survives_the_tokenizer(tokenizer: PreTrainedTokenizerFast) -> None:
    titles = tuple(TitleYear(t[:-7], int(t[-5:-1])) for t in TITLES)
    ids = tokenizer.encode(render_answer(titles))
    assert len(ids) == 2 * len(titles) + 2
    assert parse_answer(tokenizer.decode(ids)).titles == titles


def test_the_prompt_is_a_prefix_of_the_conversation(tokenizer: PreTrainedTokenizerFast) -> None:
    asked = [{"role": "user", "content": REQUEST}]
    answered = [*asked, {"role": "assistant", "content": render_answer([])}]
    prompt = tokenizer.apply_chat_template(asked, add_generation_prompt=True, tokenize=False)
    whole = tokenizer.apply_chat_template(answered, tokenize=False)
    assert prompt == f"<|user|>{REQUEST}<|end|><|assistant|>"
    assert whole == f"{prompt}<solution>\n</solution><|end|>"


def test_saving_keeps_everything(tokenizer: PreTrainedTokenizerFast, tmp_path: Path) -> None:
    tokenizer.save_pretrained(str(tmp_path))
    again = AutoTokenizer.from_pretrained(str(tmp_path))
    text = f"{REQUEST}\nIt (2017)"
    assert again.encode(text) == tokenizer.encode(text)
    assert (again.chat_template, again.padding_side) == (tokenizer.chat_template, "left")
    assert (again.eos_token, again.pad_token) == ("<|end|>", "<pad>")
