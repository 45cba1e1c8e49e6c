"""Read what people answered from Label Studio's JSON export.

One task of such a file, shortened:
    {"id": 7, "data": {"conversation_id": "...", "fingerprint": "...", ...}, "annotations": [
      {"completed_by": 2, "was_cancelled": false, "lead_time": 41.8,
       "updated_at": "2026-11-21T10:02:11.4Z", "result": [
         {"from_name": "comes_through", "to_name": "conversation", "type": "choices",
          "value": {"choices": ["yes"]}},
         {"from_name": "comment", "to_name": "conversation", "type": "textarea",
          "value": {"text": ["reads like a form"]}}]}]}
Label Studio checks none of this, so everything is checked here. Whatever is wrong becomes a
rejection with its file and row (the task's number in the file) and never stops the run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from annotation.screen import Screen
from annotation.tasks import fingerprint, groups
from builder.errors import InputError
from builder.records import Conversation
from builder.sources import Reject
from builder.text_files.json_text import read_json


class _Read(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Value(_Read):
    choices: list[str] = []
    text: list[str] | str = []


class _Result(_Read):
    from_name: str
    value: _Value


class _Person(_Read):
    id: int


class _Annotation(_Read):
    completed_by: int | _Person
    was_cancelled: bool = False
    lead_time: float | None = None
    updated_at: str = ""
    result: list[_Result]


class _TaskData(_Read):
    conversation_id: str
    fingerprint: str


class _Task(_Read):
    data: _TaskData
    annotations: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Label:
    """One person's answers to one task; all of them are empty if it was skipped.

    Attributes:
        place: File and row.
        conversation_id: The conversation that the task asks about.
        annotator: A pseudonym.
        skipped: Whether the task was skipped, by the screen's choice or Label Studio's button.
        answers: Choice by question.
        items: "fits" or "breaks" by (group, item id), only for the items that were answered.
        comment: Free text, "" if there is none.
        seconds: How long the task was open, None if Label Studio did not record it.
        updated_at: ISO 8601, as Label Studio wrote it.
    """

    place: str
    conversation_id: str
    annotator: str
    skipped: bool
    answers: Mapping[str, str]
    items: Mapping[tuple[str, str], str]
    comment: str
    seconds: float | None
    updated_at: str


class _RefusedError(Exception):
    """An annotation that cannot be used, with a reason to count and a detail for people."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(reason)
        self.reason, self.detail = reason, detail


class LabelReader:
    """Reads the labels that were given to the run's conversations on one screen."""

    def __init__(
        self,
        conversations: Mapping[str, Conversation],
        screen: Screen,
        pseudonym: Callable[[str], str],
        reject: Reject,
    ) -> None:
        self._conversations, self._screen = conversations, screen
        self._pseudonym, self._reject = pseudonym, reject

    def read(self, folder: Path) -> list[Label]:
        """Return the usable labels of every *.json file in a folder, in order of file and row.

        If a person answered the same task twice, the answer updated last is kept.

        Raises:
            InputError: If the folder is missing or a file is not a Label Studio JSON export.
        """
        if not folder.is_dir():
            raise InputError(folder, "no such folder", "correct merge_labels.root in params.yaml")
        label_by_key: dict[tuple[str, str], Label] = {}
        for label in self._read_all(folder):
            key = (label.conversation_id, label.annotator)
            if key in label_by_key:
                older, label = sorted((label_by_key[key], label), key=lambda one: one.updated_at)
                self._reject(
                    older.place, "duplicate annotation", f"{older.annotator} answered it again"
                )
            label_by_key[key] = label
        return list(label_by_key.values())

    def _read_all(self, folder: Path) -> Iterator[Label]:
        for path in sorted(folder.glob("*.json")):
            for place, task in _read_tasks(path, self._reject):
                for row in task.annotations:
                    try:
                        yield self._read_one(row, task.data, place)
                    except _RefusedError as refused:
                        self._reject(place, refused.reason, refused.detail)

    def _read_one(self, row: dict[str, Any], data: _TaskData, place: str) -> Label:
        conversation = self._find(data)
        try:
            annotation = _Annotation.model_validate(row)
        except ValidationError as exc:
            raise _RefusedError("malformed annotation", _first_error(exc)) from exc
        answers, items, comments = _answers(annotation.result, conversation, self._screen)
        skipped = annotation.was_cancelled or "skip" in answers
        missing = [name for name in self._screen.required if name not in answers]
        if missing and not skipped:
            raise _RefusedError("incomplete annotation", f"{missing[0]} is not answered")
        person = annotation.completed_by
        return Label(
            place=place,
            conversation_id=conversation.conversation_id,
            annotator=self._pseudonym(str(person if isinstance(person, int) else person.id)),
            skipped=skipped,
            answers={} if skipped else answers,
            items={} if skipped else items,
            comment=" ".join(comments),
            seconds=annotation.lead_time,
            updated_at=annotation.updated_at,
        )

    def _find(self, data: _TaskData) -> Conversation:
        conversation = self._conversations.get(data.conversation_id)
        if conversation is None:
            raise _RefusedError("unknown task", "its conversation is not in this run")
        if fingerprint(conversation) != data.fingerprint:
            raise _RefusedError(
                "outdated label", f"{data.conversation_id} has changed since it was labelled"
            )
        return conversation


def _read_tasks(path: Path, reject: Reject) -> Iterator[tuple[str, _Task]]:
    document = read_json(path)
    if not isinstance(document, list):
        raise InputError(path, "is not a list of tasks", "export it from Label Studio as JSON")
    for number, row in enumerate(document, start=1):
        place = f"{path}:{number}"
        try:
            yield place, _Task.model_validate(row)
        except ValidationError as exc:
            reject(place, "malformed task", _first_error(exc))


def _answers(
    results: Iterable[_Result], conversation: Conversation, screen: Screen
) -> tuple[dict[str, str], dict[tuple[str, str], str], list[str]]:
    """Return the answers by question, those by (group, item id), and the comments."""
    answers: dict[str, str] = {}
    items: dict[tuple[str, str], str] = {}
    comments: list[str] = []
    for result in results:
        name, item = result.from_name, screen.item_question(result.from_name)
        if name in screen.questions:
            answers[name] = _choice(result, screen.questions[name])
        elif item is not None:
            items[_item_key(item, conversation)] = _choice(result, screen.items[item[0]])
        elif name in screen.comments:
            text = result.value.text
            comments += [text] if isinstance(text, str) else text
        else:
            raise _RefusedError("unknown question", name)
    return answers, items, comments


def _item_key(item: tuple[str, int], conversation: Conversation) -> tuple[str, str]:
    group, number = item
    listed = groups(conversation)[group]
    if number >= len(listed):
        raise _RefusedError(
            "unknown question", f"{group}_{number}: the task lists {len(listed)} items"
        )
    return group, listed[number]


def _choice(result: _Result, offered: frozenset[str]) -> str:
    chosen = result.value.choices
    if len(chosen) != 1 or chosen[0] not in offered:
        raise _RefusedError(
            "unknown choice", f"{result.from_name}: {', '.join(chosen) or 'nothing'}"
        )
    return chosen[0]


def _first_error(exc: ValidationError) -> str:
    error = exc.errors()[0]
    return f"{'.'.join(map(str, error['loc']))}: {error['msg']}"
