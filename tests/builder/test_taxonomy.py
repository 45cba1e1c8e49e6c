from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from builder.errors import InputError
from builder.taxonomy import CATEGORIES, Taxonomy

BUNDLED = Path("data/taxonomy")
WARNING = {
    "id": "does-the-dog-die",
    "question": "Does the dog die",
    "description": "A dog dies.",
    "paraphrases": [],
    "keywords": [],
}
TRAIT = {
    "name": "Animal lover",
    "id": "animals",
    "short": "animals being hurt",
    "warnings": ["does-the-dog-die"],
    "parents_guide": {"applicability": "none", "weights": dict.fromkeys(CATEGORIES, 0.0)},
}


def write(folder: Path, traits: object, warnings: object) -> Path:
    (folder / "traits.yaml").write_text(yaml.safe_dump(traits))
    (folder / "warnings.yaml").write_text(yaml.safe_dump(warnings))
    return folder


def test_the_bundled_taxonomy_is_the_references() -> None:
    taxonomy = Taxonomy.load(BUNDLED)
    assert len(taxonomy.traits) == 20
    assert len(taxonomy.warnings) == 137
    gore = taxonomy.traits["Anti-gore / squeamish"]
    assert gore.parents_guide.weights["violence_gore"] == 1.0
    assert gore.parents_guide.weights["frightening_intense"] == 0.3
    assert gore.warnings[:2] == ["is-there-excessive-gore", "is-there-blood-gore"]


def test_every_warning_says_what_it_means() -> None:
    for warning in Taxonomy.load(BUNDLED).warnings.values():
        assert warning.description.endswith("."), warning.id
        assert len(set(warning.paraphrases)) >= 5, warning.id


@pytest.mark.parametrize(
    ("traits", "warnings", "message"),
    [
        (
            {"traits": [{**TRAIT, "warnings": ["does-the-dgo-die"]}]},
            {"warnings": [WARNING]},
            "names the warning 'does-the-dgo-die', which does not exist",
        ),
        (
            {"traits": [TRAIT, {**TRAIT, "id": "other"}]},
            {"warnings": [WARNING]},
            "'Animal lover' stands there twice",
        ),
        (
            {"traits": [{**TRAIT, "weight": 1}]},
            {"warnings": [WARNING]},
            "entry 1: weight: Extra inputs are not permitted",
        ),
        (
            {"traits": [TRAIT]},
            {"warnings": [WARNING, {**WARNING, "id": "Dog Dies"}]},
            "entry 2: id: String should match pattern",
        ),
        ({"trait": [TRAIT]}, {"warnings": [WARNING]}, "is not one list; start the file with"),
    ],
    ids=["unknown warning", "same name", "unknown key", "bad id", "other key"],
)
def test_a_wrong_taxonomy_is_refused(
    tmp_path: Path, traits: object, warnings: object, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        Taxonomy.load(write(tmp_path, traits, warnings))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"warnings.yaml: no such file"):
        Taxonomy.load(tmp_path)
