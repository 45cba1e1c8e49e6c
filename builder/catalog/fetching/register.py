"""The register of sources that can be fetched, sources.yaml."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from builder.errors import InputError
from builder.settings import Strict, read_yaml

REGISTER = Path(__file__).with_name("sources.yaml")


class Http(Strict):
    """Timeout and retries of downloads."""

    timeout_s: Annotated[float, Field(gt=0)]
    attempts: Annotated[int, Field(ge=1)]
    retry_wait_s: Annotated[float, Field(ge=0)]


class RemoteFile(Strict):
    """One file.

    Attributes:
        url: Its address.
        bytes: Its size, if the publisher states it.
        checksum: "md5:..." or "sha256:...", if the publisher states it.
        unpack: It is a zip to unpack.
    """

    url: Annotated[str, Field(pattern=r"^https?://")]
    bytes: Annotated[int, Field(ge=0)] | None = None
    checksum: Annotated[str, Field(pattern=r"^(md5:[0-9a-f]{32}|sha256:[0-9a-f]{64})$")] | None = (
        None
    )
    unpack: bool = False

    @property
    def name(self) -> str:
        """The file's name, the last part of its address."""
        return self.url.rpartition("/")[2]


class Api(Strict):
    """An API that needs a key.

    Attributes:
        url: Its base address.
        key_from: Environment variable of the key.
        obtain: How to get a key.
        requests_per_second: At most.
    """

    url: Annotated[str, Field(pattern=r"^https?://")]
    key_from: str
    obtain: str
    requests_per_second: Annotated[float, Field(gt=0)]


class Source(Strict):
    """A source that can be fetched by `files` or `api`, or by hand as `obtain` says.

    Attributes:
        name: For the command line.
        what: What it contains.
        licence: Its name.
        licence_page: Its address.
        reader: That reads it.
        path: Of what the reader reads, within the source's folder.
        options: Of the reader.
        files: To download.
        api: To ask.
        obtain: How to get it by hand.
    """

    name: str
    what: str
    licence: str
    licence_page: str
    reader: str
    path: str
    options: dict[str, Any] | None = None
    files: list[RemoteFile] | None = None
    api: Api | None = None
    obtain: str | None = None


class Register(Strict):
    """All sources, and the settings of downloads."""

    http: Http
    sources: list[Source]

    def find(self, name: str) -> Source:
        """Return a source by name.

        Raises:
            InputError: If there is none, with the names that there are.
        """
        by_name = {source.name: source for source in self.sources}
        if name not in by_name:
            near = get_close_matches(name, by_name, n=1)
            fix = f"did you mean {near[0]!r}?" if near else f"use one of {', '.join(by_name)}"
            raise InputError(f"source {name!r}", "is not in the register", fix)
        return by_name[name]


def read_register(path: Path) -> Register:
    """Return the register in a YAML file.

    Raises:
        InputError: If it is malformed, or a source has not exactly one of files, api and obtain.
    """
    register = read_yaml(path, Register)
    for source in register.sources:
        if sum(way is not None for way in (source.files, source.api, source.obtain)) != 1:
            problem = f"{source.name} needs exactly one of files, api and obtain"
            raise InputError(path, problem, "correct the entry")
    return register
