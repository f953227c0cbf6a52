"""What the room adds when the site starts."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "exchange"

    def ready(self):
        from . import operations  # noqa: F401  (an import is an operation)
