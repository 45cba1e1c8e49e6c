"""YAML is read as DVC reads it, and no document keeps a reader for ever."""

from __future__ import annotations

import math
import os
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from builder.errors import InputError
from builder.yaml_files import MAX_ALIASED, line_of, read_yaml_document, to_yaml

SCALARS = (
    *("1e-3", "1e-05", "5e-5", "1E5", "12e03", "-2e+5", "+.5", ".5", "1.", "1.e3", "1_0.5e3"),
    *("010", "08", "0o10", "0x1F", "0b11", "-0o7", "007", "1_000", "1__0", "+12", "0xg", "0o8"),
    *("yes", "no", "on", "Off", "y", "N", "true", "TRUE", "False", "tRUE"),
    *(".inf", "-.INF", ".nan", "NaN", "Infinity", "~", "null", "", "1:30", "190:20:30.15"),
    *("e5", "1e", "1e+", "_1", "1.5.2", "2020-01-01", "2020-01-01 10:00:00", "a b", "tt0113277"),
)


def document(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "x.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize("text", SCALARS)
def test_a_word_is_what_dvc_reads(tmp_path: Path, text: str) -> None:
    # DVC reads params.yaml with ruamel.yaml
    assert repr(read_yaml_document(document(tmp_path, f"a: {text}"))["a"]) == repr(
        YAML(typ="safe").load(f"a: {text}")["a"]
    )


def test_yaml_exponent(tmp_path: Path) -> None:
    path = document(tmp_path, "learning_rate: 1e-05\n")
    assert read_yaml_document(path) == {"learning_rate": 0.00001}


_PLAIN = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"])


@given(st.text(_PLAIN, max_size=12) | st.from_regex(r"[-+.0-9_eEox:~ ]{1,9}", fullmatch=True))
def test_a_text_that_is_written_is_read_as_itself(text: str) -> None:
    written = to_yaml({"a": text})
    assert yaml.safe_load(written) == {"a": text}
    assert YAML(typ="safe").load(written) == {"a": text}


@pytest.mark.parametrize("value", [1e-05, 1e300, -0.5, math.inf, 0, -3, True, None, ["1e3", "no"]])
def test_a_value_that_is_written_is_read_as_itself(tmp_path: Path, value: Any) -> None:
    assert read_yaml_document(document(tmp_path, to_yaml([value]))) == [value]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: 2\na: 3\n", "x.yaml:3: is not valid YAML (key 'a' stands in line 1 already)"),
        ("- {1: a, 01: b}\n", "x.yaml:1: is not valid YAML (key 1 stands in line 1 already)"),
        ("a: [1,\n", "x.yaml:2: is not valid YAML (did not find expected node content)"),
        ("a: 1\n---\nb: 2\n", "x.yaml:2: is not valid YAML (but found another document)"),
        (
            "a: !!python/name:os.system x\n",
            "x.yaml:1: is not valid YAML (could not determine a constructor",
        ),
        (
            "a: &a [*a]\n",
            "x.yaml:1: is not valid YAML (alias 'a' stands for nothing that ends before it)",
        ),
        ("a: 2020-02-30\n", "x.yaml: is not valid YAML (day is out of range for month)"),
        (f"a: {'9' * 5000}\n", "x.yaml: is not valid YAML (Exceeds the limit (4300 digits)"),
        ("a: !!timestamp x\n", "x.yaml: is not valid YAML ("),
        ("a: !!bool maybe\n", "x.yaml: is not valid YAML ("),
        ("a: b\n\nc: \x01\n", "x.yaml:3: is not valid YAML (control characters are not allowed)"),
        (b"a: b\nc: \xff\n", "x.yaml:2: not UTF-8; save the file as UTF-8"),
        ("a: b\n".encode("utf-16"), "x.yaml: is UTF-16; save the file as UTF-8"),
    ],
    ids=range(13),
)
def test_what_is_no_yaml_is_one_line(tmp_path: Path, text: str | bytes, message: str) -> None:
    path = document(tmp_path, text)
    with pytest.raises(InputError) as caught:
        read_yaml_document(path)
    assert str(caught.value).startswith(f"{tmp_path}/{message}")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("run: " + "[" * 2000 + "]" * 2000, "nested deeper than 50 levels"),
        ("[" * 1_000_000, "nested deeper than 50 levels"),
        ("- " * 60 + "a", "nested deeper than 50 levels"),
        (
            "a: &a [x, x]\n"
            + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in pairwise("abcdefghijklmn")),
            f"aliases repeat more than {MAX_ALIASED:,} values",
        ),
    ],
    ids=["lists", "a million", "on one line", "aliases"],
)
def test_yaml_deep_and_aliases(tmp_path: Path, text: str, found: str) -> None:
    with pytest.raises(InputError, match=found):
        read_yaml_document(document(tmp_path, text))


def test_a_few_aliases_and_a_merge_are_read(tmp_path: Path) -> None:
    path = document(tmp_path, "a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\nc: *a\n")
    assert read_yaml_document(path) == {
        "a": {"x": 1, "y": 2},
        "b": {"x": 1, "y": 3},
        "c": {"x": 1, "y": 2},
    }


@given(st.text(alphabet="ab:-[]{}&*!?|>'\"#%@,<=~. \n\t01\x00", max_size=60) | st.text(max_size=40))
def test_any_text_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = document(tmp_path_factory.getbasetemp(), text.encode("utf-8", "surrogatepass"))
    with suppress(InputError):
        read_yaml_document(path)


def test_a_mark_before_the_first_key_is_passed_over(tmp_path: Path) -> None:
    assert read_yaml_document(document(tmp_path, "\ufeffa: 1\n")) == {"a": 1}


def test_lines_of_values(tmp_path: Path) -> None:
    path = document(tmp_path, "# first\ntraits:\n- name: a\n  weights: {b: 1}\n- name: c\n")
    assert [
        line_of(path, keys)
        for keys in (("traits",), ("traits", 0, "weights"), ("traits", 1), ("traits", 7), ())
    ] == [2, 4, 5, 2, 1]


def test_a_pipe_in_the_place_of_a_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.yaml")
    with pytest.raises(InputError, match=r"x\.yaml: is not a regular file"):
        read_yaml_document(tmp_path / "x.yaml")
