"""Logs: one JSON object a line on stdout, each with the id of the request that caused it."""

import json
import logging

from ui.keys_in_paths import without_keys
from ui.request_id import current_request_id


class JsonFormatter(logging.Formatter):
    """A record as JSON; what a call gives as `extra={"particulars": {…}}` stands beside the message."""

    default_msec_format = "%s.%03d"

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": _request_id(record),
            **getattr(record, "particulars", {}),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        text = json.dumps({key: value for key, value in line.items() if value != ""}, ensure_ascii=False)
        return without_keys(text)


def _request_id(record: logging.LogRecord) -> str:
    # Django logs an error answer when the request has left the middleware already.
    return getattr(getattr(record, "request", None), "id", "") or current_request_id.get()


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "crm_site.logs.JsonFormatter"}},
    "handlers": {
        "stdout": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "json"}
    },
    "root": {"handlers": ["stdout"], "level": "WARNING"},
    "loggers": {
        # Django's own handlers write to stderr in DEBUG and mail the admins; ours is the only one.
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
        "gunicorn.error": {"level": "WARNING", "propagate": True},
        "procrastinate": {"level": "WARNING"},
        "voronka": {"level": "INFO"},
    },
}
