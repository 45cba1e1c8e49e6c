"""A trace as text: each link names the one before it, down to files and lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from pipelines.cli.console import out

if TYPE_CHECKING:
    from builder.explanations.renderer import Renderer
    from builder.records import Conversation, Dialog, ExportRow, Item, Mention, Request, Scenario
    from pipelines.cli.commands.trace import Trace, TracedTitle

_STYLE_BY_PLACE = {
    "left out": "bold red",
    "kept": "green",
    "alternative": "green",
    "unknown": "dim",
}
_TEXT_CHARS = 160


def print_trace(trace: Trace, renderer: Renderer, n_reasons: int | None) -> None:
    """Print each link of a trace under its own heading.

    Args:
        trace: The links.
        renderer: Puts reasons into words.
        n_reasons: Printed for each title and trait; None prints all, and texts whole.
    """
    from pipelines.cli.commands.show import name_of

    n_chars = None if n_reasons is None else _TEXT_CHARS
    name_by_id = {item.item_id: name_of(item) for item in trace.items}
    if trace.row:
        _print_row(trace.row, name_by_id)
    if trace.scenario:
        _print_scenario(trace.scenario)
    if trace.conversation:
        _print_conversation(trace.conversation)
        for title in trace.titles:
            _print_title(title, name_by_id, renderer, n_reasons)
    if trace.request:
        _print_request(trace.request, name_by_id)
    _print_mentions(trace.mentions, name_by_id)
    _print_items(trace.items)
    if trace.dialog:
        _print_dialog(trace.dialog, n_chars)


def _heading(link: str, name: str, *details: str) -> None:
    out.print(
        f"\n[bold]{link}[/]  {escape('  '.join([name, *filter(None, details)]))}", soft_wrap=True
    )


def _line(text: str) -> None:
    out.print(f"  {escape(text)}", soft_wrap=True)


def _print_row(row: ExportRow, name_by_id: Mapping[str, str]) -> None:
    _heading("row", row.row_id)
    _line(f"ground truth, {row.truth_from}: {_names(row.groundtruth_ids, name_by_id)}")
    if row.completion_ids:
        _line(f"completion: {_names(row.completion_ids, name_by_id)}")


def _print_scenario(scenario: Scenario) -> None:
    _heading("scenario", scenario.scenario_id, scenario.domain, f"by {scenario.made_by}")
    _line(scenario.query)
    if not scenario.dialog_id:
        _line("invented, not from a thread")


def _print_conversation(conversation: Conversation) -> None:
    constraint = conversation.constraint
    _heading(
        "conversation",
        conversation.conversation_id,
        conversation.variant,
        f"by {conversation.made_by}",
    )
    if conversation.in_force:
        _line(f"in force: {'; '.join(conversation.in_force)}")
    if constraint:
        words = " ... ".join(filter(None, (constraint.earlier, constraint.text)))
        _line(f"constraint in message {constraint.message}: {words}")
    if conversation.assignment_reason:
        _line(f"assigned: {conversation.assignment_reason}")


def _print_title(
    title: TracedTitle, name_by_id: Mapping[str, str], renderer: Renderer, n_reasons: int | None
) -> None:
    from pipelines.cli.commands.show import interval_of

    style = _STYLE_BY_PLACE[title.place]
    name = name_by_id.get(title.item_id, title.item_id)
    out.print(f"  [{style}]{title.place}[/]  {escape(name)}  {title.item_id}", soft_wrap=True)
    for risk in title.risks:
        _line(f"  {risk.verdict}, {interval_of(risk)}: {risk.trait}")
        for reason in risk.reasons[:n_reasons]:
            place = f"  ({reason.place})" if reason.place else ""
            for line in renderer.lines(risk.trait, [reason]):
                _line(f"    {line}{place}")


def _print_request(request: Request, name_by_id: Mapping[str, str]) -> None:
    *talk, reply = request.turn_ids
    _heading("request", request.request_id, f"posts {', '.join(talk)}", f"answered by {reply}")
    if request.seen:
        _line(f"named by the seeker: {_names(request.seen, name_by_id)}")
    _line(f"recommended: {_names(request.recommended, name_by_id)}")


def _print_mentions(mentions: tuple[Mention, ...], name_by_id: Mapping[str, str]) -> None:
    if not mentions:
        return
    _heading("mentions", f"{len(mentions)} in these posts")
    table = Table.grid(padding=(0, 2))
    for mention in mentions:
        linked = mention.item_id
        target = (
            f"open: {mention.abstained}"
            if linked is None
            else f"{name_by_id.get(linked, linked)}, {mention.score:.2f}"
        )
        place = f"  {mention.turn_id}:{mention.start}-{mention.end}"
        table.add_row(place, escape(f'"{mention.surface}"'), mention.role, escape(target))
    out.print(table)


def _print_items(items: tuple[Item, ...]) -> None:
    if not items:
        return
    _heading("items", f"{len(items)} named")
    for item in items:
        _line(f"{item.item_id}  {item.title}: {'; '.join(_sources(item))}")
        _line(f"  {', '.join(item.places)}")


def _sources(item: Item) -> Iterator[str]:
    """Yield each source of an item, with the fields that it gave."""
    fields_by_source: dict[tuple[str, str, str], list[str]] = {}
    for origin in item.provenance:
        key = (origin.source, origin.licence, origin.retrieved)
        fields_by_source.setdefault(key, []).append(origin.field)
    for (source, licence, retrieved), fields in fields_by_source.items():
        yield f"{', '.join(fields)} from {source} ({licence}, {retrieved})"


def _print_dialog(dialog: Dialog, n_chars: int | None) -> None:
    day = datetime.fromtimestamp(dialog.created_utc, tz=UTC).date().isoformat()
    dated = day if dialog.created_utc else "undated"
    _heading("thread", dialog.dialog_id, dialog.community, dated, f"licence {dialog.licence}")
    for turn in dialog.turns:
        text = " ".join(turn.text.split())
        short = text if n_chars is None or len(text) <= n_chars else f"{text[:n_chars]} ..."
        _line(f"{turn.turn_id}  {turn.role}  {turn.place}")
        _line(f"  {short}")


def _names(item_ids: tuple[str, ...], name_by_id: Mapping[str, str]) -> str:
    return "; ".join(name_by_id.get(item_id, item_id) for item_id in item_ids) or "none"
