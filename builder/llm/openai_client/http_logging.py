"""Keeps what the HTTP packages log at DEBUG, keys and whole bodies, out of every log."""

from __future__ import annotations

import logging

_TALKERS = ("openai", "httpx", "httpx2", "httpcore", "httpcore2", "aiohttp")


class _NoDetails(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.WARNING


_FILTER = _NoDetails()


def hush() -> None:
    """Drop their records below WARNING, whatever level is set now or later."""
    for name in list(logging.root.manager.loggerDict):
        if name.split(".")[0] in _TALKERS:
            logging.getLogger(name).addFilter(_FILTER)
    for name in _TALKERS:
        logging.getLogger(name).addFilter(_FILTER)
        logging.getLogger(name).setLevel(logging.WARNING)  # for loggers made below it later
