"""The judge without a model: what the rules of judging.yaml say about a row, with reasons.

The rules say what they cannot decide: a life story that names nothing scores 3.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from builder.synthesis.constraints.constraint_task import explicit_words
from builder.synthesis.diversity import words_of
from builder.synthesis.judging.judge_rules import (
    NOTHING,
    Expectation,
    JudgeRules,
    Limits,
    ScoreNote,
    deduct,
    find_contradictions,
    find_slips,
)
from builder.synthesis.offline.phrases import read_phrases


@dataclass(frozen=True, slots=True)
class ConversationRules:
    """Judges a conversation; the task "judge_conversation"."""

    rules: JudgeRules
    limits: Limits

    def __call__(self, inputs: Mapping[str, Any], rng: random.Random) -> Mapping[str, Any]:
        """Return the reply's fields; nothing is drawn."""
        marks = {
            "constraint_comes_through": self._comes_through(inputs),
            "wish_intact": self._wish_intact(inputs),
            "natural": self._natural(inputs),
            "facts_right": _facts_right(inputs["faults"]),
        }
        return {name: {"score": score, "note": note} for name, (score, note) in marks.items()}

    def _comes_through(self, inputs: Mapping[str, Any]) -> ScoreNote:
        text, earlier = inputs["text"], inputs["earlier"]
        if text not in inputs["message"]:
            return 1, "the text does not stand in its message"
        if earlier and not any(earlier in text_of_seeker for text_of_seeker in inputs["own"]):
            return 1, "its earlier part does not stand in the conversation"
        expectation = self.rules.styles.get(inputs["style"])
        named = self._names(f"{earlier} {text}", inputs["trait_id"], inputs["short"])
        refused = self._finds(self.rules.refusal, text)
        if expectation == "tacit":
            if named and refused:
                return 2, "a tacit text that names the trait and refuses it"
            return 3, "tacit, as its style says; whether the trait comes through rules cannot tell"
        if expectation == "own" and not (named and refused):
            return 3, "the seeker's own words; whether they mean the trait rules cannot tell"
        if not named:
            return 1, "no word of the trait"
        return (
            self._released(earlier, text)
            if expectation == "released"
            else self._held(inputs, expectation)
        )

    def _held(self, inputs: Mapping[str, Any], expectation: Expectation | None) -> ScoreNote:
        """Return the mark of a text that names the trait and should refuse it in some way."""
        text = inputs["text"]
        if not self._finds(self.rules.refusal, text):
            return 3, "names the trait without refusing it"
        if expectation == "other" and not self._finds(self.rules.other_person, text):
            return 3, "nobody else is spoken of"
        if expectation == "bending" and not self._finds(self.rules.hedge, text):
            return 3, "nothing says that the wish bends"
        if expectation == "reversed" and not self._finds(self.rules.release, inputs["earlier"]):
            return 3, "nothing goes against it before"
        return 5, "names the trait and refuses it"

    def _released(self, earlier: str, text: str) -> ScoreNote:
        if earlier and not self._finds(self.rules.refusal, earlier):
            return 3, "takes back what was not said"
        if not self._finds(self.rules.release, text):
            return 3, "nothing says that the wish is over"
        return 5, "names the trait and says that the wish is over"

    def _finds(self, pattern: str, text: str) -> bool:
        return bool(re.search(pattern, text, re.IGNORECASE))

    def _names(self, text: str, trait_id: str, short: str) -> bool:
        pattern = self.rules.direct.get(trait_id)
        if pattern is not None:
            return bool(re.search(pattern, text, re.IGNORECASE))
        return bool({w for w in words_of(short) if len(w) > 3} & set(words_of(text)))

    def _wish_intact(self, inputs: Mapping[str, Any]) -> ScoreNote:
        if inputs["own"] == inputs["original"]:
            return 5, "nothing was added to the request"
        kept, note = _kept(inputs["original"], inputs["own"], inputs["earlier"], inputs["text"])
        if kept == 5 and self._asks_for_it(inputs):
            return 3, "the request seems to ask for what the constraint refuses"
        return kept, note

    def _asks_for_it(self, inputs: Mapping[str, Any]) -> bool:
        """Return whether a request names the trait's content in a sentence without a refusal."""
        if inputs["trait_id"] in self.rules.subjects:
            return False
        sentences = re.split(r"[.!?\n]+", "\n".join(inputs["original"]))
        return any(
            self._names(sentence, inputs["trait_id"], inputs["short"])
            and not re.search(self.rules.refusal, sentence, re.IGNORECASE)
            for sentence in sentences
        )

    def _natural(self, inputs: Mapping[str, Any]) -> ScoreNote:
        if inputs["own"] == inputs["original"]:
            return 5, "the seeker's own words"
        text, limits = inputs["text"], self.limits
        faults = find_slips(text, self.rules)
        for part in filter(None, (inputs["earlier"], text)):
            n_words = len(words_of(part))
            if not limits.constraint_min_words <= n_words <= limits.constraint_max_words:
                faults.append((1, f"{n_words} words"))
        faults += find_slips(inputs["earlier"], self.rules)
        faults += _out_of_voice(f"{inputs['earlier']} {text}".strip(), inputs["writes_lower"])
        if _is_glued(text, inputs["message"]):
            faults.append((2, "no space around it"))
        if inputs["n_copies"]:
            faults.append((2, f"word for word in {inputs['n_copies']} other threads"))
        elif inputs["nearest"] >= self.limits.near_copy:
            faults.append((1, f"a near copy, {inputs['nearest']:.2f} of its word runs"))
        return deduct(faults)


@dataclass(frozen=True, slots=True)
class OtherConversationRules(ConversationRules):
    """A second opinion, by the words that writers must not use in implicit styles."""

    def _names(self, text: str, trait_id: str, short: str) -> bool:
        phrases = read_phrases().get(trait_id)
        if phrases is None:
            return ConversationRules._names(self, text, trait_id, short)
        return bool(explicit_words(text, phrases.explicit))


@dataclass(frozen=True, slots=True)
class ScenarioRules:
    """Judges a scenario; the task "judge_scenario"."""

    rules: JudgeRules
    limits: Limits

    def __call__(self, inputs: Mapping[str, Any], rng: random.Random) -> Mapping[str, Any]:
        """Return the reply's fields; nothing is drawn."""
        marks = {
            "profile_consistent": self._consistent(inputs["row"]),
            "query_plausible": self._plausible(inputs),
        }
        return {name: {"score": score, "note": note} for name, (score, note) in marks.items()}

    def _consistent(self, row: Mapping[str, str]) -> ScoreNote:
        contradictions = find_contradictions(row, self.rules)
        return (1, "; ".join(contradictions)) if contradictions else (5, "no contradiction")

    def _plausible(self, inputs: Mapping[str, Any]) -> ScoreNote:
        row, query = inputs["row"], inputs["row"]["query"]
        if inputs["n_copies"]:
            return 1, f"word for word in {inputs['n_copies']} other rows"
        faults = find_slips(query, self.rules)
        n_words, length = len(words_of(query)), self.limits.queries
        if not length.min_words <= n_words <= length.max_words:
            faults.append((2, f"{n_words} words"))
        recited = [name for name in ("profession", "age") if _recites(query, row[name])]
        if recited:
            faults.append((2, f"recites the {' and '.join(recited)}"))
        if row["source"] == "real" and not query.rstrip("\"')").endswith("?"):
            faults.append((1, "a request, not a question"))
        if inputs["nearest"] >= self.limits.near_copy:
            faults.append((1, f"a near copy, {inputs['nearest']:.2f} of its word runs"))
        return deduct(faults)


def _kept(original: Sequence[str], current: Sequence[str], earlier: str, text: str) -> ScoreNote:
    """Return how much of the seeker's original words is left next to the constraint."""
    joined = "\n".join(current)
    rest = (joined.replace(earlier, " ", 1) if earlier else joined).replace(text, " ", 1)
    before, after = words_of("\n".join(original)), words_of(rest)
    if before == after:
        return 5, "the request stands word for word"
    share = _common(before, after) / max(1, len(before))
    for score, least in ((4, 0.95), (3, 0.8), (2, 0.5)):
        if share >= least:
            return score, f"{share:.0%} of the request's words stand"
    return 1, f"only {share:.0%} of the request's words stand"


def _common(before: Sequence[str], after: Sequence[str]) -> int:
    left = list(after)
    n_common = 0
    for word in before:
        if word in left:
            left.remove(word)
            n_common += 1
    return n_common


def _out_of_voice(text: str, writes_lower: bool) -> list[ScoreNote]:
    """Return the deductions for a text that is not written like the rest of the post."""
    if len(words_of(text)) > 2 and text.isupper():
        return [(3, "shouted")]
    if writes_lower and re.search(r"(?:^|[.!?] )(?!I\b|I')[A-Z][a-z]", text):
        return [(2, "capitals in a post that has none")]
    if not writes_lower and text[:1].islower():
        return [(1, "no capitals in a post that has them")]
    return []


def _is_glued(text: str, message: str) -> bool:
    before, match, after = message.partition(text)
    return bool(match) and (before[-1:].isalnum() or after[:1].isalnum())


def _recites(query: str, value: str) -> bool:
    stated = words_of(value)
    return not NOTHING.search(value) and len(stated) > 1 and _holds(words_of(query), stated)


def _holds(words: Sequence[str], run: Sequence[str]) -> bool:
    return any(list(words[i : i + len(run)]) == list(run) for i in range(len(words)))


def _facts_right(faults: Sequence[Mapping[str, str]]) -> ScoreNote:
    if not faults:
        return 5, "every title exists, and the lists agree"
    note = "; ".join(fault["text"] for fault in faults)
    return (1 if any(fault["severity"] == "wrong" for fault in faults) else 3), note
