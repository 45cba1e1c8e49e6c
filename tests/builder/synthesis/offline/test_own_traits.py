from builder.synthesis.offline.own_traits import made_for, make_phrases, phrases_for, words_of_trait
from builder.synthesis.offline.phrases import read_phrases
from builder.taxonomy import Taxonomy


def test_phrases_name_the_trait_and_what_its_warnings_cover() -> None:
    made = make_phrases("heights", ["Somebody stands on a ledge.", "word " * 20])
    assert made.avoid == [
        "heights",
        "heights of any kind",
        "heights, in any form",
        "heights, or scenes in which somebody stands on a ledge",
    ]
    assert made.explicit == ["height*"]
    assert made.reasons
    assert made.third


def test_what_is_written_by_hand_goes_before_what_is_made() -> None:
    assert phrases_for("gore", "heights", []) == read_phrases()["gore"]
    assert phrases_for("heights", "heights", []) == make_phrases("heights", [])


def test_common_words_tell_no_trait() -> None:
    assert words_of_trait("people in tight spaces or on heights") == ("tight", "space", "height")


def test_whose_phrases_are_made_is_told(taxonomy: Taxonomy) -> None:
    traits = list(taxonomy.traits.values())
    own = traits[0].model_copy(update={"id": "heights", "name": "Heights"})
    assert made_for([*traits, own]) == ["Heights"]
