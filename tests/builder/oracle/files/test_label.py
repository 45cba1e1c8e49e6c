from __future__ import annotations

from pathlib import Path

import pytest

from builder.errors import InputError
from builder.oracle.files.label import OracleLabel, require_role

LABEL = OracleLabel(
    "grade",
    {"wikipedia:similarity": 12, "mpaa:ceiling": 3},
    {"texts": [], "thresholds": ["pg:severity"]},
)


def test_a_label_goes_into_metadata_and_comes_back() -> None:
    assert OracleLabel.parse(LABEL.as_metadata(), Path("o")) == LABEL


@pytest.mark.parametrize("missing", ["role", "fed_by", "taught_by"])
def test_a_file_that_does_not_say_what_it_is_for_is_refused(missing: str) -> None:
    metadata = {name: value for name, value in LABEL.as_metadata().items() if name != missing}
    with pytest.raises(InputError, match="o: does not state its role"):
        OracleLabel.parse(metadata, Path("o"))


def test_a_grader_asked_to_build_refuses() -> None:
    require_role("grade", "grade", "o")
    with pytest.raises(InputError) as caught:
        require_role("grade", "build", "o", LABEL.fed_by)
    assert caught.value.found == (
        "is the oracle 'grade', fed by wikipedia:similarity, mpaa:ceiling, and was asked to build"
    )
