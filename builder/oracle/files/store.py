"""An oracle on disk: its risks, with its role and what fed it in the file's own metadata.

The role is checked wherever an oracle is opened, so that the one that grades can neither build
data nor pay rewards, and the one that pays them cannot grade.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import orjson

from builder.errors import InputError
from builder.records import Risk
from builder.tables import iter_table, read_metadata, write_table

Role = Literal["build", "grade"]
"""What an oracle may be used for: to build and reward, or only to grade."""

_ROLE = "role"
_FED_BY = "fed_by"
_TAUGHT_BY = "taught_by"


@dataclass(frozen=True, slots=True)
class Label:
    """What a file says of itself: its role, and rows of evidence by "source:kind" that fed it.

    `taught_by`: what fitted its texts' likelihoods and its thresholds, as `Made` has it.
    """

    role: Role
    fed_by: Mapping[str, int]
    taught_by: Mapping[str, Sequence[str]]

    def as_metadata(self) -> dict[str, str]:
        """Return the label as a file's metadata holds it."""
        return {
            _ROLE: self.role,
            _FED_BY: orjson.dumps(dict(self.fed_by)).decode(),
            _TAUGHT_BY: orjson.dumps(dict(self.taught_by)).decode(),
        }

    @classmethod
    def parse(cls, metadata: Mapping[str, str], path: Path) -> Label:
        """Return the label of a file's metadata.

        Raises:
            InputError: If there is none: the file is no oracle, or an older version made it.
        """
        role, fed_by = metadata.get(_ROLE, ""), metadata.get(_FED_BY, "")
        taught_by = metadata.get(_TAUGHT_BY, "")
        for known in get_args(Role):
            if role == known and fed_by and taught_by:
                return cls(known, orjson.loads(fed_by), orjson.loads(taught_by))
        raise InputError(path, "does not say what it may be used for", "run `dvc repro fuse`")


def require_role(label: Label, role: Role, path: Path | str) -> None:
    """Check that an oracle is used for what it was made for.

    Raises:
        InputError: If it is not: a model rewarded and graded by one list learns the list.
    """
    if label.role != role:
        fed = f", fed by {', '.join(label.fed_by)}," if label.fed_by else ""
        raise InputError(
            path,
            f"is the oracle {label.role!r}{fed} and was asked to {role}",
            f"hand on the file of the oracle {role!r}: the two must not mix",
        )


def write_oracle(path: Path, label: Label, risks: Iterable[Risk]) -> int:
    """Write an oracle and return how many risks it holds."""
    return write_table(path, Risk, risks, label.as_metadata())


def read_label(path: Path) -> Label:
    """Return what an oracle's file says of itself.

    Raises:
        InputError: If the file is missing, damaged, or no oracle.
    """
    return Label.parse(read_metadata(path), path)


def iter_oracle(path: Path, role: Role) -> Iterator[Risk]:
    """Yield the risks of the oracle of that role, in the file's order.

    Raises:
        InputError: If the file is missing, damaged, or the other oracle's: by its label before
            any row is read, and by every row.
    """
    metadata = read_metadata(path)
    if metadata:
        require_role(Label.parse(metadata, path), role, path)
    for risk in iter_table(path, Risk):
        if risk.oracle != role:
            require_role(Label("build" if role == "grade" else "grade", {}, {}), role, path)
        yield risk
