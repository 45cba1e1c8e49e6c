from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import yaml

from builder.tagging.similarity.about import content_words
from builder.tagging.similarity.negation import is_negated, is_ruled_out, may_deny
from builder.tagging.similarity.unreal import is_unreal
from builder.taxonomy import Taxonomy
from tests.factories import make_warning

HERE = Path(__file__).parent
TAXONOMY = Path("data/taxonomy")
DOG = frozenset({"dog", "die"})
TORTURE = frozenset({"torture", "tortured"})


@pytest.mark.parametrize(
    ("sentence", "about", "negated"),
    [
        pytest.param("Nobody dies.", DOG, True, id="nobody"),
        pytest.param("No dogs die in it.", DOG, True, id="no-plural"),
        pytest.param("The dog doesn't die.", DOG, True, id="contraction"),
        pytest.param("The film never shows the torture.", TORTURE, True, id="never-shows"),
        pytest.param("The dog dies and nobody comes.", DOG, False, id="denial-of-another-thing"),
        pytest.param("He could not save the dog.", DOG, False, id="double-negation"),
        pytest.param("Not only the dog dies.", DOG, False, id="not-only"),
        pytest.param("There is no way home, and the dog dies.", DOG, False, id="out-of-reach"),
        pytest.param("The dog dies.", DOG, False, id="plain"),
    ],
)
def test_a_denial_counts_within_reach_of_what_it_denies(
    sentence: str, about: frozenset[str], negated: bool
) -> None:
    assert is_negated(sentence, about) is negated


def test_words_of_a_warning_are_those_of_its_question_and_keywords() -> None:
    assert content_words(make_warning()) == {"dog", "die", "dies", "dead"}


ABOUT = {
    "dog": frozenset({"dog", "dogs", "die", "dies", "dead", "death", "killed"}),
    "needle": frozenset({"needle", "needles", "syringe", "injection"}),
    "suicide": frozenset({"suicide", "kills", "death"}),
    "drown": frozenset({"drown", "drowns", "drowning"}),
    "torture": frozenset({"torture", "tortured", "torturing"}),
    "ghost": frozenset({"ghost", "ghosts", "haunted"}),
    "rape": frozenset({"rape", "raped", "rapes"}),
    "spider": frozenset({"spider", "spiders"}),
    "drugs": frozenset({"drug", "drugs", "heroin", "cocaine"}),
    "crash": frozenset({"crash", "crashes", "plane"}),
}
RULED_OUT = [
    ("dog", "No dogs die."),
    ("dog", "No animals are shown, and no dog is killed."),
    ("dog", "The dog does not die."),
    ("dog", "The dog isn't dead after all."),
    ("dog", "Neither dog dies."),
    ("dog", "None of the dogs die."),
    ("dog", "She dreams that her dog is killed."),
    ("dog", "He dreams of a dead dog."),
    ("dog", "At night she has a nightmare in which the dog dies."),
    ("dog", "The boy imagines the dog dead by the road."),
    ("dog", "The dog's death turns out to be a dream."),
    ("dog", "The dog is believed dead."),
    ("dog", "The dog, presumed dead, comes home."),
    ("dog", "The puppy nearly dies."),
    ("dog", "The dog almost dies of cold."),
    ("dog", "The dog is rescued from death at the last moment."),
    ("dog", "She reads a novel in which a dog dies."),
    ("dog", "They stage a play about a dead dog."),
    ("dog", "He is writing a script where the dog is killed."),
    ("dog", "In the film within the film a dog is killed."),
    ("needle", "Her fear of needles is overcome."),
    ("needle", "He overcomes his fear of needles."),
    ("needle", "She slowly conquers a lifelong fear of needles."),
    ("needle", "He loses his fear of the needle."),
    ("needle", "The nurse cures her phobia of injections."),
    ("needle", "There are no needles in it."),
    ("needle", "Nobody uses a syringe."),
    ("suicide", "She fakes her own death and moves to Spain."),
    ("suicide", "He pretends that he kills himself."),
    ("suicide", "Her suicide was only a prank."),
    ("suicide", "His death is a hoax."),
    ("suicide", "The suicide is prevented."),
    ("drown", "The girl nearly drowns."),
    ("drown", "He narrowly escapes drowning."),
    ("drown", "She is saved from drowning by a stranger."),
    ("drown", "The boy is rescued just in time from drowning."),
    ("drown", "Nobody drowns."),
    ("torture", "The film never shows the torture."),
    ("torture", "The torture is only simulated."),
    ("torture", "He never tortures anyone."),
    ("ghost", "The ghost turns out to be a hoax."),
    ("ghost", "There is no ghost."),
    ("ghost", "She tells a story about ghosts."),
    ("ghost", "The children pretend to be ghosts."),
    ("ghost", "The haunted house is just a prank."),
    ("rape", "Nobody is raped."),
    ("rape", "She is not raped."),
    ("spider", "He imagines spiders on the wall."),
    ("spider", "She hallucinates spiders."),
    ("spider", "The spider was only a prop."),
    ("spider", "He overcomes the dread of spiders that ruled his life."),
    ("drugs", "He doesn't take drugs."),
    ("drugs", "She dreams about cocaine."),
    ("crash", "The plane doesn't crash."),
    ("crash", "The crash is averted."),
    ("crash", "He has nightmares about the crash."),
]
HOLDS = [
    ("needle", "The doctor says she imagines things and calms her by injection."),
    ("crash", "She fakes a rape and drives off, and the car crashes."),
    ("suicide", "He fakes an illness to escape the prison where his brother kills himself."),
    ("drown", "They dream of the sea, and a boy drowns."),
    ("dog", "The dog dies."),
    ("dog", "The dog is killed, and he dreams of summer."),
    ("dog", "He could not save the dog from death."),
    ("dog", "She wakes from a dream and finds the dog dead."),
    ("dog", "He dreams of his childhood until the dog dies."),
    ("dog", "Not only the dog dies."),
    ("dog", "The dog dies while they watch a film about birds."),
    ("needle", "Her fear of needles grows with every injection."),
    ("needle", "He is afraid, but the needle goes in."),
    ("suicide", "He kills himself after a dream about home."),
    ("drown", "The boy drowns, and his sister nearly follows him."),
    ("torture", "They torture the prisoner in the cellar."),
    ("ghost", "The ghost is real, and the house is haunted."),
    ("rape", "She is raped by her boss, who pretends to be a friend."),
    ("spider", "Spiders crawl over the sleeping girl."),
    ("drugs", "He pretends to be sober but takes drugs."),
    ("drugs", "He controls nearly all cocaine of the coast."),
    ("dog", "Not every dog survives."),
    ("crash", "The plane crashes before the storm is over."),
    ("crash", "He survives the crash."),
]


@pytest.mark.parametrize(("about", "sentence"), RULED_OUT, ids=[text for _, text in RULED_OUT])
def test_what_does_not_happen_is_ruled_out(about: str, sentence: str) -> None:
    assert may_deny(sentence)
    assert is_ruled_out(sentence, ABOUT[about])


@pytest.mark.parametrize(("about", "sentence"), HOLDS, ids=[text for _, text in HOLDS])
def test_what_happens_is_not_ruled_out(about: str, sentence: str) -> None:
    assert not is_ruled_out(sentence, ABOUT[about])


def test_a_sentence_without_the_words_rules_nothing_out() -> None:
    assert not is_unreal("She dreams of the sea.", ABOUT["dog"])


@pytest.mark.parametrize(
    ("file", "found", "to_find", "false", "to_keep"),
    [("negation_read.yaml", 34, 38, 0, 22), ("negation_unseen.yaml", 19, 24, 3, 16)],
    ids=["read while the rules were fixed", "not read"],
)
def test_of_sentences_written_beforehand_so_many_are_read_right(
    file: str, found: int, to_find: int, false: int, to_keep: int
) -> None:
    rows = yaml.safe_load((HERE / file).read_text(encoding="utf-8"))
    warnings = Taxonomy.load(TAXONOMY).warnings
    told = Counter(
        (is_ruled_out(text, content_words(warnings[warning])), truth)
        for warning, text, truth in rows
    )
    counts = told[True, True], told[True, True] + told[False, True], told[True, False]
    assert counts == (found, to_find, false)
    assert told[True, False] + told[False, False] == to_keep


def test_words_that_can_rule_out_are_all_that_do() -> None:
    for file in ("negation_read.yaml", "negation_unseen.yaml"):
        for _, text, _ in yaml.safe_load((HERE / file).read_text(encoding="utf-8")):
            about = {"dog", "die", "ghost", "needle", "drug", "spider"}
            assert may_deny(text) or not is_ruled_out(text, about)
