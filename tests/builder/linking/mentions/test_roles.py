from __future__ import annotations

import pytest

from tests.support.linking import Say


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Loved Heat (1995) and Ronin, what else?", ["liked", "liked"]),
        ("movies like Heat (1995)? Seen Ronin already", ["asked like", "seen"]),
        ("Something similar to Inception, or Goodfellas", ["asked like", "asked like"]),
        ("Is it like Inception? I want another Ronin", ["mentioned", "asked like"]),
        ("A slow thriller, like Zodiac or Ronin", ["asked like", "asked like"]),
        ("I like Inception and my kids like Amélie", ["liked", "liked"]),
        ("Inception vibes please, I loved Ronin", ["asked like", "liked"]),
        ("Liked Ronin. Hated Inception, too long", ["liked", "disliked"]),
        ("I didn't really like Inception but loved Ronin", ["disliked", "liked"]),
        ("haven't seen Inception, want to see Ronin", ["mentioned", "mentioned"]),
        ("I've watched Goodfellas to death", ["seen"]),
        ("Inception was perfect. Ronin was a bit boring.", ["liked", "disliked"]),
        ("saw most of them, not Goodfellas", ["mentioned"]),
        ("Inception tonight then", ["mentioned"]),
        ("I would like to watch Ronin, can't wait for Inception", ["mentioned", "mentioned"]),
        ("we are fans of Inception", ["liked"]),
    ],
)  # fmt: skip
def test_a_seeker_says_what_they_think(say: Say, text: str, roles: list[str]) -> None:
    assert [m.role for m in say(text, role="seeker") if m.item_id] == roles


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Heat (1995) and Ronin are this", ["recommended", "recommended"]),
        ("Skip Inception if you hate dreams. Ronin though", ["mentioned", "recommended"]),
        ("Stay away from Inception and Goodfellas", ["mentioned", "mentioned"]),
        ("Not Goodfellas or Zodiac, but Ronin", ["mentioned", "mentioned", "recommended"]),
        ("Not gory at all, Ronin", ["recommended"]),
        ("Since you liked Inception you might like Ronin", ["mentioned", "recommended"]),
        ("If you liked Inception, try Ronin", ["mentioned", "recommended"]),
        ("Do NOT show them Goodfellas; Ronin is fine", ["mentioned", "recommended"]),
        ("Ronin has a car crash, so not that one", ["mentioned"]),
        ("It's like Goodfellas but slower: Ronin", ["mentioned", "recommended"]),
        ("Goodfellas you've seen. Ronin", ["mentioned", "recommended"]),
        ("Would she like a movie like Ronin or Inception?", ["recommended", "recommended"]),
        ("How about something like Ronin?", ["recommended"]),
        ("Do you like films like Ronin?", ["mentioned"]),
        ("You'd probably like Ronin", ["recommended"]),
        ("I'd like Ronin for this. Have you seen Inception?", ["recommended", "recommended"]),
    ],
)  # fmt: skip
def test_a_recommender_recommends_unless_they_say_otherwise(
    say: Say, text: str, roles: list[str]
) -> None:
    assert [m.role for m in say(text) if m.item_id] == roles
