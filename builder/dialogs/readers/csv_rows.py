"""The rows of a CSV file; a bad quote costs no more than its line.

thread,user,text
17,ann,"Films
like Up?"
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from builder.errors import InputError
from builder.sources import Reject
from builder.text_files.lines import read_lines

_Line = tuple[int, str]


def read_csv_rows(
    path: Path, delimiter: str, reject: Reject
) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield (place, cell by column) of each row; the first line names the columns.

    Lines that are not UTF-8, and rows with another number of cells than the first, are rejected. If
    a quote never ends, or ends within a cell, its line is read by itself and the next ones again.

    Raises:
        InputError: If the first line is missing or not UTF-8.
    """
    lines = read_lines(path, reject)
    number, line = next(lines, (0, ""))
    if number != 1:
        problem = "is empty" if number == 0 else "its first line is not UTF-8"
        raise InputError(path, problem, "expected UTF-8 text with the names of the columns first")
    header = _alone(line, delimiter)
    for taken, cells in _records(lines, delimiter):
        (first, _), (last, _) = taken[0], taken[-1]
        if len(cells) == len(header):
            yield f"{path}:{first}", dict(zip(header, cells, strict=True))
        elif cells:
            span = "" if first == last else f", lines {first} to {last}"
            problem = f"{len(cells)}, expected {len(header)}{span}"
            reject(f"{path}:{first}", "wrong number of cells", problem)


def _records(source: Iterator[_Line], delimiter: str) -> Iterator[tuple[list[_Line], list[str]]]:
    again: deque[_Line] = deque()  # lines that a bad quote before them swallowed
    taken: list[_Line] = []

    def texts() -> Iterator[str]:
        while (line := again.popleft() if again else next(source, None)) is not None:
            taken.append(line)
            yield f"{line[1]}\n"

    while True:
        taken.clear()
        try:
            cells = next(csv.reader(texts(), delimiter=delimiter, strict=True), None)
        except csv.Error:
            again.extendleft(reversed(taken[1:]))
            yield taken[:1], _alone(taken[0][1], delimiter)
            continue
        if cells is None:
            return
        yield taken[:], cells


def _alone(line: str, delimiter: str) -> list[str]:
    """Return the cells of one line, whatever its quotes."""
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:  # a cell of more than csv.field_size_limit() characters
        return [line]
