"""ESRB tables: title, console, one column of 0 and 1 per descriptor, esrb_rating.

    title,console,alcohol_reference,animated_blood,...,strong_janguage,...,violence,esrb_rating
    Subnautica: Below Zero,1,0,1,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,ET
data/taxonomy/esrb.yaml says which descriptor a column stands for, the publisher's misspelled
strong_janguage included.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from builder.catalog.descriptors import OfficialWords, rating_ceilings
from builder.catalog.draft import Draft, text_of, with_findings
from builder.sources import Reject, SourceSpec
from builder.taxonomy.official import Vocabulary
from builder.text_files.csv_rows import read_csv

_RATINGS = {"E": "E", "ET": "E10+", "E10+": "E10+", "T": "T", "M": "M", "AO": "AO"}
_OTHER_COLUMNS = {"title", "console", "esrb_rating"}


def read_esrb(
    path: Path, spec: SourceSpec, vocabulary: Vocabulary, reject: Reject
) -> Iterator[Draft]:
    """Yield one draft per game, with the severities and warnings that its descriptors state.

    A row with an unknown rating, or with a flag that is neither 0 nor 1, is rejected; a column that
    stands for no descriptor is rejected once per file.
    """
    words, by_flag = OfficialWords(vocabulary), vocabulary.descriptor_by_flag()
    unknown: set[str] = set()
    for place, row in read_csv(path, ("title", "esrb_rating"), reject):
        flags = {name: cell for name, cell in row.items() if name not in _OTHER_COLUMNS}
        for name in flags.keys() - by_flag.keys() - unknown:
            unknown.add(name)
            reject(f"{path}:1", "unknown descriptor", f"column {name!r} is not in esrb.yaml")
        rating = _RATINGS.get(row["esrb_rating"].strip())
        if rating is None:
            reject(place, "unknown rating", f"{row['esrb_rating']!r}")
        elif bad := [name for name, cell in flags.items() if cell.strip() not in {"0", "1"}]:
            reject(place, "bad flag", f"{bad[0]} is {flags[bad[0]]!r}, not 0 or 1")
        else:
            names = [by_flag[n].name for n, cell in flags.items() if cell == "1" and n in by_flag]
            draft = Draft(
                spec=spec,
                place=place,
                adds_item=True,
                domain="game",
                ids=(),
                named_by="esrb",
                title=row["title"].strip(),
                rating=rating,
                texts=text_of(spec, "descriptors", ", ".join(names)),
            )
            findings = words.descriptor_findings(names, place, reject)
            yield with_findings(draft, [*rating_ceilings(rating, None), *findings])
