"""The request that this thread is answering: its id stands on every line of the log."""

from contextvars import ContextVar

current_request_id: ContextVar[str] = ContextVar("current_request_id", default="")
