from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from builder.errors import InputError
from builder.oracle.files.compiled import VERDICTS, write_oracle
from builder.oracle.files.label import OracleLabel, Role
from builder.oracle.files.oracle import Cut, Oracle
from builder.records import Reason
from builder.tables import write_bytes
from builder.titles import parse_title
from tests.factories import DOGS, GORE, make_item, make_risk

CATALOGUE = (
    make_item("imdb:1", "The Shining", 1980, aliases=("Shining",)),
    make_item("imdb:2", "Up", 2009),
    make_item("imdb:3", "The Lion King", 1994),
    make_item("imdb:4", "The Lion King", 2019),
    make_item("imdb:5", "Heat", 1995),
)
YES = Reason("yes", ("is-there-blood-gore",), "ours", votes=(7, 1), quote="blood", place="a.csv:2")
NO = Reason("severity", ("violence_gore",), "guide", value=0.0, votes=(9, 1, 0, 0))
OPEN = Reason("unanswered", ("does-the-dog-die", "is-there-blood-gore"))
RISKS = (
    make_risk("imdb:1", GORE, "unsafe", reasons=(YES,), pg_risk=0.75, source="Both"),
    make_risk("imdb:2", GORE, "safe", reasons=(NO, OPEN)),
    make_risk("imdb:3", GORE, "safe"),
    make_risk("imdb:1", DOGS, "safe"),
    make_risk("imdb:2", DOGS, "unknown", low=0.1, high=0.6),
    make_risk("imdb:3", DOGS, "unsafe"),
    make_risk("imdb:9", DOGS, "unsafe"),
)
LABEL = OracleLabel("build", {"ours:statement": 3}, {"texts": [], "thresholds": ["pg:severity"]})


@pytest.fixture(params=["in memory", "from its file"])
def oracle(request: pytest.FixtureRequest, tmp_path: Path) -> Oracle:
    """The oracle of these risks, in memory and from its file: both must answer alike."""
    if request.param == "in memory":
        return Oracle.of(RISKS, CATALOGUE)
    write_oracle(tmp_path / "o.arrow", LABEL, RISKS, CATALOGUE)
    return Oracle.open(tmp_path / "o.arrow", "build")


def test_an_item_is_asked_by_its_id(oracle: Oracle) -> None:
    assert oracle.traits == (GORE, DOGS)
    assert [oracle.verdict(item.item_id, GORE) for item in CATALOGUE] == [
        "unsafe",
        "safe",
        "safe",
        "unknown",
        "unknown",
    ]
    assert oracle.verdict("imdb:9", DOGS) == "unknown"
    assert oracle.verdict("imdb:1", "Another trait") == "unknown"
    assert ("imdb:5" in oracle, "imdb:9" in oracle) == (True, False)


def test_whoever_has_several_traits_gets_one_verdict(oracle: Oracle) -> None:
    ids = ["imdb:1", "imdb:2", "imdb:3", "imdb:5"]
    assert [oracle.verdict(item_id, GORE, DOGS) for item_id in ids] == [
        "unsafe",
        "unknown",
        "unsafe",
        "unknown",
    ]
    assert oracle.verdict("imdb:1") == "safe"
    assert oracle.cut(ids, (GORE, DOGS)) == Cut((), ("imdb:1", "imdb:3"), ("imdb:2", "imdb:5"))
    assert oracle.cut(ids, (GORE,)) == Cut(("imdb:2", "imdb:3"), ("imdb:1",), ("imdb:5",))
    assert oracle.cut(ids, ()) == Cut(tuple(ids), (), ())
    assert oracle.having("imdb:1", "unsafe", (DOGS, GORE)) == (GORE,)


def test_safe_items_are_safe_for_all_traits(oracle: Oracle) -> None:
    assert oracle.safe_ids([GORE]) == {"imdb:2", "imdb:3"}
    assert oracle.safe_ids([DOGS]) == {"imdb:1"}
    assert oracle.safe_ids([GORE, DOGS]) == set()
    assert oracle.safe_ids(["Another trait"]) == set()


def test_a_risk_comes_back_whole_and_says_why(oracle: Oracle) -> None:
    assert oracle.risk("imdb:1", GORE) == RISKS[0]
    assert oracle.risk("imdb:2", DOGS) == RISKS[4]
    assert oracle.risk("imdb:4", GORE) is None
    assert oracle.explain("imdb:2", GORE) == RISKS[1].reasons
    assert oracle.explain("imdb:4", GORE) == ()
    kept = [risk for risk in RISKS if risk.item_id != "imdb:9"]
    assert sorted(oracle.risks(), key=kept.index) == kept


def test_verdicts_are_counted_over_the_whole_catalogue(oracle: Oracle) -> None:
    assert oracle.verdict_counts(GORE) == {"unknown": 2, "safe": 2, "unsafe": 1}
    assert oracle.verdict_counts("Another trait") == {"unknown": 5, "safe": 0, "unsafe": 0}


@pytest.mark.parametrize(
    ("title", "meant"),
    [
        ("The Shining (1980)", ["imdb:1"]),
        ("Shining, The (1980)", ["imdb:1"]),
        ("shining (1982)", ["imdb:1"]),
        ("The Shining (1983)", []),
        ("Up", ["imdb:2"]),
        ("The Lion King (1994)", ["imdb:3"]),
        ("The Lion King", ["imdb:3", "imdb:4"]),
        ("Gentle Invention (2001)", []),
    ],
    ids=["exact", "article", "two off", "three off", "no year", "remake", "both", "invented"],
)
def test_a_title_means_one_item_or_none_is_found(
    oracle: Oracle, title: str, meant: list[str]
) -> None:
    assert list(oracle.meant(parse_title(title))) == meant
    assert oracle.find(parse_title(title)) == (meant[0] if len(meant) == 1 else None)


def test_titles_of_another_year_are_told_too(oracle: Oracle) -> None:
    assert oracle.bearing("Lion King") == ("imdb:3", "imdb:4")
    assert oracle.bearing("Gentle Invention") == ()


def test_lists_of_titles_are_checked_at_once(oracle: Oracle) -> None:
    titles = ["The Shining", "SHINING!", "Up", "The Lion King", "The Lion King", "Nothing"]
    years = np.array([1980, 1981, 0, 1994, 0, 1990])
    for asked in (titles, pa.array(titles)):
        codes = oracle.check_many(asked, years, [GORE] * 6)
        assert [VERDICTS[code] for code in codes] == [
            "unsafe",
            "unsafe",
            "safe",
            "safe",
            "unknown",
            "unknown",
        ]
    assert oracle.check_many([], np.array([], dtype=np.int64), []).shape == (0,)
    with pytest.raises(ValueError, match="2 titles, 1 years, 2 traits"):
        oracle.check_many(["Up", "Up"], np.array([2009]), [GORE, GORE])


def test_a_file_says_its_role_and_what_fed_it_and_refuses_the_other(tmp_path: Path) -> None:
    assert write_oracle(tmp_path / "o.arrow", LABEL, RISKS, CATALOGUE) == 7
    assert Oracle.open(tmp_path / "o.arrow", "build").label == LABEL
    with pytest.raises(InputError, match="is the oracle 'build', fed by ours:statement, and was"):
        Oracle.open(tmp_path / "o.arrow", "grade")


@pytest.mark.parametrize(("found", "role"), [("grade", "build"), ("build", "grade")])
def test_risks_of_the_other_oracle_are_refused(found: str, role: Role) -> None:
    with pytest.raises(InputError, match=f"is the oracle '{found}' and was asked to {role}"):
        Oracle.of([make_risk("imdb:1", oracle=found)], CATALOGUE, role)


def test_an_oracle_without_items_or_traits_knows_nothing(tmp_path: Path) -> None:
    write_oracle(tmp_path / "o.arrow", LABEL, [], [])
    oracle = Oracle.open(tmp_path / "o.arrow", "build")
    assert (oracle.traits, oracle.item_ids, list(oracle.risks())) == ((), (), [])
    assert oracle.verdict("imdb:1", GORE) == "unknown"
    assert oracle.find(parse_title("Up (2009)")) is None
    assert oracle.check_many(["Up"], np.array([2009]), [GORE]).tolist() == [0]


@pytest.mark.parametrize("content", [None, b"", b"ARROW1", b"PAR1 something else"])
def test_a_file_that_is_no_compiled_oracle_is_named(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        write_bytes(tmp_path / "o.arrow", content)
    with pytest.raises(InputError, match=r"o\.arrow: (no such file|is not a compiled oracle)"):
        Oracle.open(tmp_path / "o.arrow", "build")


def test_answers_of_another_version_are_refused(tmp_path: Path) -> None:
    write_oracle(tmp_path / "o.arrow", LABEL, RISKS, CATALOGUE)
    table = pa.ipc.open_file(tmp_path / "o.arrow").read_all()
    older = table.set_column(
        table.schema.get_field_index("answers"),
        "answers",
        pa.array([[{"verdict": "safe"}]], pa.list_(pa.struct({"verdict": pa.string()}))),
    )
    with pa.ipc.new_file(tmp_path / "o.arrow", older.schema) as writer:
        writer.write_table(older)
    with pytest.raises(InputError, match=r"o\.arrow: was written by another version"):
        Oracle.open(tmp_path / "o.arrow", "build")
