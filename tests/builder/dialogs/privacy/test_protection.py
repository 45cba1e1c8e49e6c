from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.dialogs.markup import read_markdown
from builder.dialogs.privacy.protection import Privacy, pseudonym_key
from builder.errors import InputError
from builder.records import Span
from tests.factories import make_dialog_source, make_post, make_thread

KEY = "0123456789abcdef" * 2


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("thanks u/some_one-1 and /u/other", "thanks <USER> and <USER>"),
        ("ask @Film_Fan, not a@b", "ask <USER>, not a@b"),
        ("mail me: jo.l+x@example.org.", "mail me: <EMAIL>."),
        ("ring 555-0142 or (212) 555-0142!", "ring <PHONE> or <PHONE>!"),
        ("+44 20 7946 0958 works", "<PHONE> works"),
        ("list at https://example.com/a?b=c.", "list at <URL>."),
        ("1917 (2019), 127 Hours, 2001-2004", "1917 (2019), 127 Hours, 2001-2004"),
        ("Heat 10/10, 4.5-5 stars, 90-120 min", "Heat 10/10, 4.5-5 stars, 90-120 min"),
    ],
    ids=["users", "at", "mail", "phones", "abroad", "link", "years", "numbers"],
)  # fmt: skip
def test_addresses_and_numbers_are_masked(text: str, masked: str) -> None:
    assert Privacy(b"k").mask(read_markdown(text)).text == masked


def test_masks_are_counted_and_spans_stay_on_their_words() -> None:
    privacy = Privacy(b"k")
    masked = privacy.mask(read_markdown("u/someone said *Heat* to u/me_too"))
    assert masked.text == "<USER> said Heat to <USER>"
    assert masked.spans == (Span(12, 16, "emphasis"),)
    assert privacy.masked == {"USER": 2}


def test_people_a_thread_names_are_masked_all_over_it() -> None:
    asked = make_thread(
        "Help me choose\n\nMy name is Dilys Pugh and my name is on the lease. grace please",
        make_post("t1_b", "Dilys Pugh! Or ask FilmFan, as Grace said with grace", author="FilmFan"),
        author="grace",
    )
    dialog = Privacy(b"k").protect(asked)
    assert (
        dialog.turns[0].text
        == "Help me choose\n\nMy name is <NAME> and my name is on the lease. grace please"
    )
    assert dialog.turns[1].text == "<NAME>! Or ask <USER>, as <USER> said with grace"


@pytest.mark.parametrize("title", ["My Name Is Khan", "Call Me by Your Name"])
def test_titles_with_names_are_no_introduction(title: str) -> None:
    assert (
        Privacy(b"k").protect(make_thread(f"Like {title} (2010)")).turns[0].text
        == f"Like {title} (2010)"
    )


def test_a_dialog_names_nobody_and_keeps_what_it_is() -> None:
    asked = make_thread(
        "Films like Heat?",
        make_post("t1_b", "Ronin", author="asker", role="seeker"),
        make_post("t1_c", "Thief", author=None),
        make_post("t1_d", "Drive", author=None),
        spec=make_dialog_source(invented=True),
    )
    dialog = Privacy(b"k").protect(asked)
    assert (dialog.dialog_id, dialog.source, dialog.licence) == ("ours:t3_a", "ours", "CC0-1.0")
    assert (dialog.community, dialog.created_utc) == ("moviesuggestions", 1_650_000_000)
    authors = [turn.author for turn in dialog.turns]
    assert authors[0] == authors[1]
    assert len(set(authors)) == 3  # two whose names are withheld are not taken for one
    assert not any("asker" in author for author in authors)


def test_pseudonyms_follow_key_source_and_author() -> None:
    one = Privacy(b"one")
    assert one.pseudonym("s", "ann") == Privacy(b"one").pseudonym("s", "ann")
    others = {
        Privacy(b"two").pseudonym("s", "ann"),
        one.pseudonym("t", "ann"),
        one.pseudonym("s", "bo"),
    }
    assert one.pseudonym("s", "ann") not in others
    assert len(others) == 3


def test_the_key_comes_from_the_secret_or_else_the_seed() -> None:
    keyed = (KEY.encode(), "keyed by SAFEREC_PSEUDONYM_KEY")
    assert pseudonym_key(KEY, 1, is_needed=True) == keyed
    key, note = pseudonym_key(None, 7, is_needed=False)
    assert key == pseudonym_key("", 7, is_needed=False)[0]
    assert key != pseudonym_key(None, 8, is_needed=False)[0]
    assert "set SAFEREC_PSEUDONYM_KEY" in note


def test_real_people_are_not_read_without_a_key() -> None:
    with pytest.raises(InputError, match="SAFEREC_PSEUDONYM_KEY: is not set"):
        pseudonym_key("", 7, is_needed=True)


@pytest.mark.parametrize(
    "secret",
    ["k", "hunter2", "0123456789abcde" * 2, "a" * 64, "1" * 40, "correct horse battery"[:19]],
    ids=["one letter", "word", "120 bits", "one letter often", "one digit often", "sentence"],
)
@pytest.mark.parametrize("is_needed", [True, False])
def test_a_key_that_can_be_guessed_is_refused_with_the_command_for_another(
    secret: str, is_needed: bool
) -> None:
    with pytest.raises(InputError, match=r"fewer than 128 bits.*python -c 'import secrets; "):
        pseudonym_key(secret, 7, is_needed=is_needed)


@pytest.mark.parametrize(
    "secret", ["0123456789abcdef" * 2, "zYx1-wVu_2tSr3qPo4nMl5k", "1234567890" * 4]
)
def test_a_key_of_128_bits_is_taken(secret: str) -> None:
    assert pseudonym_key(secret, 7, is_needed=True)[0] == secret.encode()


@given(name=st.from_regex(r"[A-Za-z][A-Za-z0-9]{2,9}_[0-9]{2}", fullmatch=True))
def test_no_user_mention_survives(name: str) -> None:
    assert name not in Privacy(b"k").mask(read_markdown(f"hi u/{name}, and u/{name}.")).text
