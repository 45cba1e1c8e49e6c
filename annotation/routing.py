"""Choose the conversations that people review, and the reason for each.

Four reasons share the tasks. "random" comes first and draws from all rows, so that its tasks alone
estimate the quality of the whole set; then come the lowest judge scores, the rarest traits, and the
rows with the most unknown items. "spare" rows fill what is left. No thread is shown twice, however
many replies and variants it has.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Literal, get_args

from builder.records import Conversation, Judgement
from builder.seeding import keyed_digest

Reason = Literal["random", "low_score", "rare_trait", "unknown_items"]
REASONS: tuple[Reason, ...] = get_args(Reason)
_SPARE: Literal["spare"] = "spare"


@dataclass(frozen=True, slots=True)
class Route:
    """A conversation that people are asked to review.

    Attributes:
        conversation: The conversation.
        reason: Why it was chosen.
        detail: The value that the reason looked at, in words.
    """

    conversation: Conversation
    reason: Reason | Literal["spare"]
    detail: str

    def meta(self, overlap: int) -> dict[str, str | int]:
        """Return what a task says of itself; `overlap` is how many labels are wanted."""
        return {
            "routed_because": self.reason,
            "routed_detail": self.detail,
            "annotators_wanted": overlap,
            "variant": self.conversation.variant,
            "made_by": self.conversation.made_by,
        }


@dataclass(frozen=True, slots=True)
class _View:
    """How one reason ranks the rows.

    Attributes:
        rank: Sort key of a row, lowest first; None excludes the row.
        detail: What the route of a row says in words.
    """

    rank: Callable[[Conversation], tuple[float, ...] | None]
    detail: Callable[[Conversation], str]

    def ordered(self, pool: Sequence[Conversation]) -> list[Conversation]:
        keyed = [(key, row) for row in pool if (key := self.rank(row)) is not None]
        return [row for _, row in sorted(keyed, key=lambda pair: pair[0])]


def route_conversations(
    conversations: Iterable[Conversation],
    scores: Mapping[str, float],
    *,
    n_tasks: int,
    shares: Mapping[Reason, float],
    seed: int,
) -> list[Route]:
    """Return at most `n_tasks` routes, one per thread, in an order that mixes the reasons.

    Args:
        conversations: Those without a constraint in force are skipped: nothing is ruled out there,
            so there is no safe or unsafe title to review.
        scores: Mean judge score by conversation id, 1 to 5; a row without one was not judged
            and ranks before the lowest.
        n_tasks: How many tasks people get.
        shares: Share of the tasks by reason, summing to 1.
        seed: Keys the random draw and breaks every tie.
    """
    constrained = [row for row in conversations if row.constraint and row.trait]
    pool = sorted(constrained, key=lambda row: keyed_digest(seed, "route", row.conversation_id))
    views = _views(pool, scores)
    routes: list[Route] = []
    taken: set[str] = set()
    for reason, quota in [*split_quota(n_tasks, shares).items(), (_SPARE, n_tasks)]:
        wanted = min(quota, n_tasks - len(routes))
        for row in _first_of_thread(views[reason].ordered(pool), taken, wanted):
            routes.append(Route(row, reason, views[reason].detail(row)))
    return sorted(
        routes, key=lambda route: keyed_digest(seed, "mix", route.conversation.conversation_id)
    )


def split_quota(n_tasks: int, shares: Mapping[Reason, float]) -> dict[Reason, int]:
    """Divide `n_tasks` among the reasons in whole numbers, by the largest remainder method."""
    exact = {reason: n_tasks * shares[reason] for reason in REASONS}
    quota = {reason: int(value) for reason, value in exact.items()}
    by_remainder = sorted(REASONS, key=lambda reason: quota[reason] - exact[reason])
    for reason in by_remainder[: n_tasks - sum(quota.values())]:
        quota[reason] += 1
    return quota


def mean_scores(judgements: Iterable[Judgement]) -> dict[str, float]:
    """Return the mean score over the rubrics, by row id."""
    scores: dict[str, list[int]] = defaultdict(list)
    for judgement in judgements:
        scores[judgement.row_id].append(judgement.score)
    return {row_id: fmean(values) for row_id, values in scores.items()}


def _views(pool: Sequence[Conversation], scores: Mapping[str, float]) -> dict[str, _View]:
    n_rows, by_trait = len(pool), Counter(row.trait for row in pool)
    rarity = _rarity(pool, by_trait)
    return {
        "random": _View(lambda row: (), lambda row: f"drawn at random from {n_rows} rows"),
        "low_score": _View(
            lambda row: (scores.get(row.conversation_id, 0.0),),
            lambda row: _score_detail(scores.get(row.conversation_id)),
        ),
        "rare_trait": _View(
            lambda row: rarity[row.conversation_id],
            lambda row: f"the trait has {by_trait[row.trait]} of {n_rows} rows",
        ),
        "unknown_items": _View(
            lambda row: (-len(row.unknown) / len(row.recommended),) if row.unknown else None,
            lambda row: f"{len(row.unknown)} of {len(row.recommended)} items unknown",
        ),
        _SPARE: _View(lambda row: (), lambda row: "the other reasons had no more rows"),
    }


def _first_of_thread(
    rows: Iterable[Conversation], taken: set[str], n_rows: int
) -> Iterator[Conversation]:
    """Yield up to `n_rows` rows whose thread is not taken, and take it."""
    for row in rows:
        if n_rows == 0:
            return
        if row.dialog_id not in taken:
            taken.add(row.dialog_id)
            n_rows -= 1
            yield row


def _rarity(
    pool: Sequence[Conversation], by_trait: Counter[str | None]
) -> dict[str, tuple[float, ...]]:
    """Rank one row of each trait, rarest trait first, before the second row of any trait."""
    seen: Counter[str | None] = Counter()
    rank_by_id: dict[str, tuple[float, ...]] = {}
    for row in pool:
        rank_by_id[row.conversation_id] = (seen[row.trait], by_trait[row.trait])
        seen[row.trait] += 1
    return rank_by_id


def _score_detail(score: float | None) -> str:
    return "not judged" if score is None else f"mean judge score {score:.2f} of 5"
