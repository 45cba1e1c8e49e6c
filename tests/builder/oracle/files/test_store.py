from __future__ import annotations

from pathlib import Path

import pytest

from builder.errors import InputError
from builder.oracle.files.store import Label, Role, iter_oracle, read_label, write_oracle
from builder.records import Reason, Risk
from builder.tables import write_table
from tests.factories import make_risk

LABEL = Label(
    "grade",
    {"wikipedia:similarity": 12, "mpaa:ceiling": 3},
    {"texts": [], "thresholds": ["pg:severity"]},
)
REASONS = (
    Reason("severity", ("profanity",), "pg", 1.0, (2, 8, 0, 0), quote="Damn.", place="a.csv:2"),
    Reason("unanswered", ("w1", "w2")),
)
RISK = make_risk("imdb:1", "gore", "safe", oracle="grade", high=0.1, reasons=REASONS)


def test_a_file_says_its_role_and_what_fed_it(tmp_path: Path) -> None:
    assert write_oracle(tmp_path / "o", LABEL, [RISK]) == 1
    assert read_label(tmp_path / "o") == LABEL
    assert list(iter_oracle(tmp_path / "o", "grade")) == [RISK]


def test_a_grader_asked_to_build_refuses(tmp_path: Path) -> None:
    write_oracle(tmp_path / "o", LABEL, [])
    with pytest.raises(InputError) as caught:
        list(iter_oracle(tmp_path / "o", "build"))
    assert caught.value.found == (
        "is the oracle 'grade', fed by wikipedia:similarity, mpaa:ceiling, and was asked to build"
    )


@pytest.mark.parametrize("role", ["build", "grade"])
def test_rows_of_the_other_oracle_are_refused_without_a_label(tmp_path: Path, role: Role) -> None:
    write_table(tmp_path / "o", Risk, [RISK])
    if role == "grade":
        assert list(iter_oracle(tmp_path / "o", role)) == [RISK]
    else:
        with pytest.raises(InputError, match="is the oracle 'grade' and was asked to build"):
            list(iter_oracle(tmp_path / "o", role))


def test_a_table_that_is_no_oracle_has_no_label(tmp_path: Path) -> None:
    write_table(tmp_path / "o", Risk, [RISK])
    with pytest.raises(InputError, match="does not say what it may be used for"):
        read_label(tmp_path / "o")
