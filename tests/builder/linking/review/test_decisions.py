from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from builder.linking.review.decisions import read_decisions, without_year, words_of

_LINES = st.one_of(
    st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=40),
    st.fixed_dictionaries(
        {}, optional={"words": st.text(max_size=9), "item_id": st.none() | st.text(max_size=3)}
    ).map(lambda row: str(row).replace("'", '"').replace("None", "null")),
)


@given(st.lists(_LINES, max_size=8))
def test_every_line_is_a_decision_a_rejection_or_blank(
    tmp_path_factory: object, lines: list[str]
) -> None:
    path = Path(tmp_path_factory.mktemp("d")) / "decisions.jsonl"  # type: ignore[attr-defined]
    path.write_text("\n".join(lines), encoding="utf-8", newline="")
    rejected: list[str] = []
    decided = read_decisions(path, {"a"}, lambda place, reason, detail: rejected.append(place))
    read = path.read_bytes().split(b"\n")
    assert len(decided) + len(rejected) <= len([line for line in read if line.strip()])
    assert set(decided.values()) <= {"a", None}
    assert len(rejected) == len(set(rejected))


def test_words_are_a_key_with_the_year_that_is_written() -> None:
    assert words_of("the  THING") == "the thing"
    assert words_of("The Thing (1982)") == "the thing 1982"
    assert without_year("The Thing (1982)") == "the thing"
