from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from builder.errors import InputError
from builder.taxonomy.official import Vocabulary

BUNDLED = Path("data/taxonomy")
FLAGS = """
alcohol_reference animated_blood blood blood_and_gore cartoon_violence crude_humor drug_reference
fantasy_violence intense_violence language lyrics mature_humor mild_blood mild_cartoon_violence
mild_fantasy_violence mild_language mild_lyrics mild_suggestive_themes mild_violence no_descriptors
nudity partial_nudity sexual_content sexual_themes simulated_gambling strong_janguage
strong_sexual_content suggestive_themes use_of_alcohol use_of_drugs_and_alcohol violence
"""


def test_each_of_the_publics_tables_31_flags_is_a_descriptor() -> None:
    by_flag = Vocabulary.load(BUNDLED).descriptor_by_flag()
    assert len(FLAGS.split()) == 31
    assert set(FLAGS.split()) <= set(by_flag)
    assert by_flag["strong_janguage"].name == "Strong Language"
    assert by_flag["strong_janguage"].severities == {"profanity": 3}


def test_official_words_reach_traits() -> None:
    vocabulary = Vocabulary.load(BUNDLED)
    traits = vocabulary.taxonomy.traits.values()
    reached = {w for t in traits for w in t.warnings}
    named = {w for p in vocabulary.phrases for w in p.warnings}
    named |= {w for d in vocabulary.descriptors.values() for w in d.warnings}
    assert named <= reached
    assert all(d.description.endswith(".") for d in vocabulary.descriptors.values())


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        (
            "esrb.yaml",
            "warnings: [is-there-blood-gore]",
            "warnings: [is-there-gore]",
            r"esrb.yaml:\d+: 'Animated Blood' names 'is-there-gore', which does not exist; did you",
        ),
        (
            "esrb.yaml",
            "severities: {violence_gore: 1}",
            "severities: {violence_gore: awful}",
            r"esrb.yaml:\d+: severities.violence_gore: Input should be a valid integer",
        ),
        (
            "mpaa.yaml",
            r"words: ['\btorture']",
            "words: ['(torture']",
            r"mpaa.yaml:\d+: '\(torture' is not a regular expression",
        ),
        (
            "mpaa.yaml",
            "category: profanity",
            "category: swearing",
            r"mpaa.yaml:\d+: category: Input should be 'sex_nudity'",
        ),
    ],
    ids=["warning", "severity", "words", "category"],
)
def test_a_wrong_wording_is_refused_with_its_line(
    tmp_path: Path, name: str, old: str, new: str, message: str
) -> None:
    shutil.copytree(BUNDLED, tmp_path / "taxonomy")
    place = tmp_path / "taxonomy" / name
    text = place.read_text()
    assert old in text
    place.write_text(text.replace(old, new, 1))
    with pytest.raises(InputError, match=message):
        Vocabulary.load(tmp_path / "taxonomy")
