from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
import yaml

from builder.errors import InputError
from builder.taxonomy import CATEGORIES, Taxonomy

BUNDLED = Path("data/taxonomy")
REFERENCE = "e2385372500493146990d8eacfba6ff1aeea727c2da5ccbf024e9dd2ae630034"
"""Of the public files of SafeRec's traits and of the 136 questions, in the form below."""
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


def test_names_warnings_and_weights_are_the_references_to_the_letter() -> None:
    taxonomy = Taxonomy.load(BUNDLED)
    questions = {name: warning.question for name, warning in taxonomy.warnings.items()}
    traits = [
        [
            trait.name,
            [questions[name] for name in trait.warnings],
            trait.parents_guide.applicability,
            list(trait.parents_guide.weights.values()),
        ]
        for trait in taxonomy.traits.values()
    ]
    told = json.dumps([traits, list(questions.values())[:136]])
    assert hashlib.sha256(told.encode()).hexdigest() == REFERENCE


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
            r"traits.yaml:\d+: trait 'Animal lover' names the warning 'does-the-dgo-die', "
            r"which does not exist; did you mean 'does-the-dog-die'\?",
        ),
        (
            {"traits": [TRAIT, {**TRAIT, "id": "other"}]},
            {"warnings": [WARNING]},
            "'Animal lover' appears twice",
        ),
        (
            {"traits": [{**TRAIT, "weight": 1}]},
            {"warnings": [WARNING]},
            r"traits.yaml:\d+: weight: Extra inputs are not permitted; known are name, id,",
        ),
        (
            {"traits": [TRAIT]},
            {"warnings": [WARNING, {**WARNING, "id": "Dog Dies"}]},
            r"warnings.yaml:8: id: String should match pattern",
        ),
        (
            {"traits": [TRAIT, {**TRAIT, "name": "Other"}]},
            {"warnings": [WARNING]},
            r"traits.yaml:\d+: id 'animals' is also used by 'Animal lover'",
        ),
        (
            {
                "traits": [
                    {
                        **TRAIT,
                        "parents_guide": {"applicability": "weak", "weights": {"profanity": 2.0}},
                    }
                ]
            },
            {"warnings": [WARNING]},
            r"parents_guide.weights.profanity: Input should be less than or equal to 1",
        ),
        (
            {
                "traits": [
                    {
                        **TRAIT,
                        "parents_guide": {"applicability": "weak", "weights": {"profanty": 1.0}},
                    }
                ]
            },
            {"warnings": [WARNING]},
            r"traits.yaml:\d+: parents_guide.weights.profanty: Input should be 'sex_nudity', ",
        ),
        ({"traits": [{"id": "x"}]}, {"warnings": [WARNING]}, "an entry without name"),
        ({"trait": [TRAIT]}, {"warnings": [WARNING]}, "is not a single list; start the file with"),
        (
            {"traits": [{**TRAIT, "warnings": "does-the-dog-die"}]},
            {"warnings": [WARNING]},
            r"traits.yaml:\d+: warnings: Input should be a valid list; fix the line",
        ),
        (
            {"traits": [{**TRAIT, "warnings": [["does-the-dog-die"]]}]},
            {"warnings": [WARNING]},
            r"traits.yaml:\d+: warnings.0: Input should be a valid string",
        ),
        (
            {"traits": [{**TRAIT, "name": ""}]},
            {"warnings": [WARNING]},
            r"traits.yaml:\d+: name: String should have at least 1 character",
        ),
        (
            {"traits": [TRAIT], "extends": 5},
            {"warnings": [WARNING]},
            r"traits.yaml:\d+: extends 5; name a file or a list of files",
        ),
    ],
    ids=[
        "unknown warning",
        "same name",
        "unknown key",
        "bad id",
        "same id",
        "weight",
        "category",
        "no name",
        "other key",
        "warnings in no list",
        "list in a list",
        "empty name",
        "extends a number",
    ],
)
def test_a_wrong_taxonomy_is_refused(
    tmp_path: Path, traits: object, warnings: object, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        Taxonomy.load(write(tmp_path, traits, warnings))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"traits.yaml: no such file"):
        Taxonomy.load(tmp_path)


def lines(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    return folder


def test_a_folder_extends_another_and_changes_what_it_names(tmp_path: Path) -> None:
    base = write(tmp_path, {"traits": [TRAIT]}, {"warnings": [WARNING]})
    mine = lines(
        base / "mine",
        "traits.yaml",
        "extends: ../traits.yaml\n"
        "traits:\n"
        "  - name: Animal lover\n"
        "    parents_guide: {applicability: weak, weights: {violence_gore: 0.4}}\n"
        "  - {name: Clowns, id: clowns, short: clowns, warnings: [clown-shown],\n"
        "     parents_guide: {applicability: none, weights: {}}}\n",
    )
    lines(
        mine,
        "warnings.yaml",
        "extends: [../warnings.yaml]\n"
        "warnings:\n"
        "  - {id: clown-shown, question: Is there a clown, description: A clown is seen.,\n"
        "     paraphrases: [A clown laughs.], keywords: [clown]}\n",
    )
    taxonomy = Taxonomy.load(mine)
    assert list(taxonomy.traits) == ["Animal lover", "Clowns"]
    assert list(taxonomy.warnings) == ["does-the-dog-die", "clown-shown"]
    changed = taxonomy.traits["Animal lover"]
    assert changed.parents_guide.weights["violence_gore"] == 0.4
    assert changed.parents_guide.weights["profanity"] == 0.0
    assert changed.warnings == ["does-the-dog-die"]


def test_a_folder_without_warnings_has_those_it_extends(tmp_path: Path) -> None:
    base = write(tmp_path, {"traits": [TRAIT]}, {"warnings": [WARNING]})
    mine = lines(base / "mine", "traits.yaml", "extends: ../traits.yaml\ntraits: []\n")
    assert list(Taxonomy.load(mine).warnings) == ["does-the-dog-die"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "traits: []\nextends: a.yaml\n",
            r"a.yaml:1: a circle: .*traits.yaml extends .*a.yaml extends",
        ),
        ("traits: []\nextends: [b.yaml]\n", r"traits.yaml:2: extends b.yaml, which does not exist"),
        (
            "extends: base.yaml\ntraits:\n  - name: Animal lover\n    warnings:\n"
            "      - does-the-dog-die\n      - does-a-hors-die\n",
            r"traits.yaml:6: trait 'Animal lover' names the warning 'does-a-hors-die'",
        ),
        (
            "extends: base.yaml\ntraits:\n  - name: Animal lover\n    parents_guide:\n"
            "      weights: {gore: 1.0}\n",
            r"traits.yaml:5: parents_guide.weights.gore.*'sex_nudity'",
        ),
        ("traits: [}\n", r"traits.yaml:1: is not valid YAML"),
    ],
    ids=["circle", "no such file", "wrong warning", "wrong weight", "no YAML"],
)
def test_what_extends_wrongly_is_refused_with_its_line(
    tmp_path: Path, text: str, message: str
) -> None:
    write(tmp_path, {"traits": [TRAIT]}, {"warnings": [WARNING]})
    (tmp_path / "traits.yaml").rename(tmp_path / "base.yaml")
    lines(tmp_path, "a.yaml", "extends: traits.yaml\ntraits: []\n")
    with pytest.raises(InputError, match=message):
        Taxonomy.load(lines(tmp_path, "traits.yaml", text))
