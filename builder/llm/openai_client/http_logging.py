"""Keeps keys and request bodies, which the HTTP packages log at DEBUG, out of every log."""

from __future__ import annotations

import logging

_HTTP_LOGGERS = ("openai", "httpx", "httpx2", "httpcore", "httpcore2", "aiohttp")


class _NoDetails(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.WARNING


_FILTER = _NoDetails()


def silence_http_logging() -> None:
    """Drop the HTTP packages' records below WARNING, whatever level is set now or later."""
    for name in list(logging.root.manager.loggerDict):
        if name.split(".")[0] in _HTTP_LOGGERS:
            logging.getLogger(name).addFilter(_FILTER)
    for name in _HTTP_LOGGERS:
        logging.getLogger(name).addFilter(_FILTER)
        logging.getLogger(name).setLevel(logging.WARNING)  # for child loggers created later
