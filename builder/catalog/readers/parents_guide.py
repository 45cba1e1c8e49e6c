"""IMDb Parents Guide votes, no header: tt0032138,no age rating found,nudity,93,3,0,8.

The last four cells are the votes for none, mild, moderate and severe. The severity is the level
with the most votes, the higher one in a tie; the votes are kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from builder.catalog.draft import Draft, Finding, imdb_id, with_findings
from builder.sources import Reject, SourceSpec, read_count
from builder.taxonomy import Category
from builder.text_files.csv_rows import read_csv

_COLUMNS = ("id", "rating", "category", "none", "mild", "moderate", "severe")
_CATEGORY_BY_NAME: dict[str, Category] = {
    "nudity": "sex_nudity",
    "violence": "violence_gore",
    "profanity": "profanity",
    "alcohol": "alcohol_drugs_smoking",
    "frightening": "frightening_intense",
}


def read_parents_guide(path: Path, spec: SourceSpec, reject: Reject) -> Iterator[Draft]:
    """Yield one draft per film, with a severity for each category that has votes."""
    findings: dict[str, list[Finding]] = defaultdict(list)
    place_by_id: dict[str, str] = {}
    for place, row in read_csv(path, _COLUMNS, reject, has_header=False):
        imdb, finding = imdb_id(row["id"]), _finding(row, place, reject)
        if imdb is None:
            reject(place, "bad id", f"id is {row['id']!r}")
        elif finding is not None and any(f.subject == finding.subject for f in findings[imdb]):
            reject(place, "duplicate id", f"{row['category']} of {row['id']} appears twice")
        elif finding is not None:
            place_by_id.setdefault(imdb, place)
            findings[imdb].append(finding)
    for imdb, place in place_by_id.items():
        draft = Draft(spec=spec, place=place, adds_item=False, domain="film", ids=(imdb,))
        yield with_findings(draft, findings[imdb])


def _finding(row: dict[str, str], place: str, reject: Reject) -> Finding | None:
    category = _CATEGORY_BY_NAME.get(row["category"])
    cells = [row[level] for level in _COLUMNS[3:]]
    if category is None:
        reject(place, "unknown category", f"{row['category']!r}")
        return None
    votes = tuple(count for cell in cells if (count := read_count(cell)) is not None)
    if len(votes) < len(cells):
        reject(place, "bad votes", f"{', '.join(cells)} are not four counts")
        return None
    if not sum(votes):
        reject(place, "no votes", f"{row['category']} of {row['id']}")
        return None
    severity = max(range(4), key=lambda level: (votes[level], level))
    return Finding("severity", category, float(severity), votes=votes)
