"""The room is set up before any form of the site is."""

from django.apps import AppConfig

from .sentences import speak_plainly


class UiConfig(AppConfig):
    name = "ui"

    def __init__(self, *args):
        super().__init__(*args)
        speak_plainly()  # before the models, whose modules may make fields of forms
