from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from builder.errors import InputError
from builder.records import Dialog, Item, Mention, Request, Span, Turn
from builder.tables import read_table, write_table
from builder.tagging.encode.encoder import EncoderSettings
from pipelines.runtime.stage import Job
from pipelines.stages.link import Params, main
from tests.factories import make_dialog, make_item, make_text, make_turn

NAMES = ("items", "dialogs", "link_decisions", "mentions", "requests")


def item(title: str, year: int) -> Item:
    return make_item(f"imdb:{title}{year}", title, year)


def thread(dialog_id: str, request: str, *replies: Turn) -> Dialog:
    asked = make_turn(request, turn_id="q", author="p-1", created_utc=5)
    return make_dialog(asked, *replies, dialog_id=dialog_id, created_utc=5)


def reply(number: int, text: str, *spans: Span) -> Turn:
    return make_turn(
        text,
        turn_id=f"r{number}",
        author="p-2",
        role="recommender",
        created_utc=6,
        reply_to="q",
        spans=spans,
    )


PARAMS = Params(request_min_words=3, max_candidates=3, min_score=0.8, encoder=None)


@pytest.fixture
def paths(tmp_path: Path) -> dict[str, Path]:
    found = {name: tmp_path / f"{name}.parquet" for name in NAMES}
    write_table(found["items"], Item, [item("Heat", 1995), item("Up", 2009), item("Dune", 2021)])
    dialogs = [
        thread("a", "Loved Heat (1995)", reply(1, "Up then", Span(0, 2, "emphasis"))),
        thread("b", "Anything nice?", reply(1, "Dune (1984)"), reply(2, "Skip Dune (2021)")),
    ]
    write_table(found["dialogs"], Dialog, dialogs)
    found["link_decisions"].touch()
    return found


def test_a_reply_to_hello_is_a_counted_rejection(paths: dict[str, Path], tmp_path: Path) -> None:
    answer = reply(1, "Dune (2021)")
    write_table(paths["dialogs"], Dialog, [thread("c", "hello you", answer)])
    job = Job("link", seed=1, workers=1)
    main(job, PARAMS, **paths)
    assert read_table(paths["requests"], Request) == []
    assert [(r.place, r.reason, r.detail) for r in job.rejections] == [
        ("c#1", "seeker has said too little", "hello you")
    ]


def test_dialogs_become_mentions_and_samples(paths: dict[str, Path], tmp_path: Path) -> None:
    job = Job("link", seed=1, workers=1)
    main(job, PARAMS, **paths)
    found = [
        (m.dialog_id, m.turn_id, m.surface, m.role, m.item_id, m.abstained)
        for m in read_table(paths["mentions"], Mention)
    ]
    assert found == [
        ("a", "q", "Heat (1995)", "liked", "imdb:Heat1995", ""),
        ("a", "r1", "Up", "recommended", "imdb:Up2009", ""),
        ("b", "r1", "Dune (1984)", "recommended", None, "no such year"),
        ("b", "r2", "Dune (2021)", "mentioned", "imdb:Dune2021", ""),
    ]
    [sample] = read_table(paths["requests"], Request)
    assert (sample.request_id, sample.seen) == ("a#1", ("imdb:Heat1995",))
    assert sample.recommended == ("imdb:Up2009",)
    assert job.rows_in == {"items": 3, "dialogs": 2, "decisions": 0}
    assert job.rows_out == {"mentions": 4, "requests": 1}
    assert job.figures["linked_share"] == 0.75
    assert [(r.place, r.reason, r.detail) for r in job.rejections] == [
        ("b", "no recommendation of a known item", "2 mentions, 1 linked")
    ]


def test_without_a_catalogue_the_run_ends(paths: dict[str, Path], tmp_path: Path) -> None:
    paths["items"].unlink()
    with pytest.raises(InputError, match=r"items\.parquet: no such file; run `dvc repro`"):
        main(Job("link", seed=1, workers=1), PARAMS, **paths)
    assert not paths["mentions"].exists()


def test_what_people_decided_is_linked_the_next_time(
    paths: dict[str, Path], tmp_path: Path
) -> None:
    replies = ("The new Dune", "The new Dune (1984)", "The new Dune (1999)", "The new Heat", "Up")
    turns = [reply(number, text) for number, text in enumerate(replies)]
    write_table(paths["dialogs"], Dialog, [thread("a", "Anything?", *turns)])
    told = (
        '{"words": "Dune", "item_id": "imdb:Dune2021"}',
        '{"words": "Dune (1999)", "item_id": "imdb:Dune2021"}',
        '{"words": "heat", "item_id": null}',
        '{"words": "Up", "item_id": "imdb:Gone1999"}',
        '{"words": "Up"}',
        "no JSON",
    )
    before, after = Job("link", seed=1, workers=1), Job("link", seed=1, workers=1)
    rows = []
    for job, lines in ((before, ()), (after, told)):
        paths["link_decisions"].write_text("\n".join(lines))
        main(job, PARAMS, **paths)
        found = read_table(paths["mentions"], Mention)
        rows.append([(m.surface, m.item_id, m.score, m.abstained) for m in found])
    assert rows[0] == [
        ("Dune", None, 0.0, "another version"),
        ("Dune (1984)", None, 0.0, "no such year"),
        ("Dune (1999)", None, 0.0, "no such year"),
        ("Heat", None, 0.0, "another version"),
    ]
    assert rows[1] == [
        ("Dune", "imdb:Dune2021", 1.0, ""),
        ("Dune (1984)", None, 0.0, "no such year"),  # the decision is on a film of another year
        ("Dune (1999)", "imdb:Dune2021", 1.0, ""),
        ("Heat", None, 0.0, "reviewed: no title"),
    ]
    reasons = [r.reason for r in after.rejections if "decisions" in r.place]
    assert after.rows_in["decisions"] == 3
    assert reasons == ["decision on an unknown item", "bad decision", "not JSON"]


def test_doubles_of_the_catalogue_are_told_and_count_once(
    paths: dict[str, Path], tmp_path: Path
) -> None:
    doubled = [item("Heat", 1995), item("Heat", 1995), item("Up", 2009), item("Dune", 2021)]
    write_table(paths["items"], Item, doubled)
    job = Job("link", seed=1, workers=1)
    main(job, PARAMS, **paths)
    [heat] = [m for m in read_table(paths["mentions"], Mention) if m.surface == "Heat (1995)"]
    assert heat.item_id == "imdb:Heat1995"
    assert next((r.place, r.reason) for r in job.rejections) == (
        "imdb:Heat1995",
        "duplicate in the catalogue",
    )


def test_the_plot_decides_between_items_of_one_title(
    paths: dict[str, Path], tmp_path: Path
) -> None:
    plots = {
        1953: "A ship hits an iceberg in the night and the passengers fight for the lifeboats.",
        1996: "A farmer raises a pig that learns to herd sheep and wins a contest.",
    }
    films = [replace(item("Alba", year), texts=(make_text(text),)) for year, text in plots.items()]
    write_table(paths["items"], Item, films)
    asked = "Alba, the one with the sinking ship and too few boats for all on board"
    write_table(paths["dialogs"], Dialog, [replace(thread("a", asked), created_utc=0)])
    encoder = EncoderSettings(model="offline", batch_tokens=1024)
    by_plot = PARAMS.model_copy(update={"encoder": encoder})
    told = []
    for settings in (PARAMS, by_plot):
        main(Job("link", seed=1, workers=1), settings, **paths)
        [mention] = read_table(paths["mentions"], Mention)
        told.append((mention.item_id, mention.abstained))
    assert told == [(None, "ambiguous year"), ("imdb:Alba1953", "")]
