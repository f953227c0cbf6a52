"""A set: what a base needs to have, and several files with their mappings, in their order."""

import tomllib
from pathlib import Path

from django.db import transaction

from directories.models import CustomField, Directory, Entry
from pipeline.models import Pipeline

from .engine import Import
from .mapping import MAPPINGS, load
from .models import ImportRun


class ImportSet:
    """The set `name` of `exchange/mappings/` (or a path), whose files lie in `folder`."""

    def __init__(self, name, folder):
        path = Path(name) if Path(name).exists() else MAPPINGS / name
        self.told, self.folder = tomllib.loads(path.read_text(encoding="utf-8")), Path(folder)

    @transaction.atomic
    def prepare(self):
        """Make the pipeline, directories and own fields that are missing. Safe to run again."""
        self._make_pipeline()
        directories = {
            code: self._make_directory(code, told) for code, told in self.told["directories"].items()
        }
        for position, told in enumerate(self.told["fields"], start=1):
            names = {"choices_from": directories.get(told.get("choices_from"))}
            CustomField.objects.get_or_create(
                entity=told["on"],
                directory=directories.get(told.get("directory")),
                code=told["code"],
                defaults={
                    **{key: told[key] for key in ("kind", "label_en", "label_ru")},
                    "without_thousands": told.get("without_thousands", False),
                    **names,
                    "position": position,
                },
            )

    def _make_pipeline(self):
        told = self.told["pipeline"]
        pipeline, made = Pipeline.objects.get_or_create(
            code=told["code"], defaults={"name": told["name"], "currency": told["currency"]}
        )
        if made:
            pipeline.stages.bulk_create(
                pipeline.stages.model(pipeline=pipeline, position=position, **stage)
                for position, stage in enumerate(told["stages"], start=1)
            )

    def _make_directory(self, code, told):
        told = {"name": told} if isinstance(told, str) else told
        directory, _made = Directory.objects.get_or_create(code=code, defaults={"name": told["name"]})
        for position, name in enumerate(told.get("entries", ()), start=1):
            Entry.objects.get_or_create(directory=directory, name=name, defaults={"position": position})
        return directory

    def bring_in(self, *, by, only_unfinished=False):
        """Bring the files in as `by`, one after the other; yield each Import when it is done.

        `only_unfinished` leaves out what a set that was cut off had finished.
        """
        for step in self.told["files"]:
            for name in step["mappings"]:
                bringing = Import(self.folder / step["file"], load(name), by=by)
                if not (only_unfinished and self._is_finished(bringing)):
                    bringing.run()
                    yield bringing

    def _is_finished(self, bringing):
        runs = ImportRun.objects.of(bringing.file, bringing.mapping)
        return runs.filter(status=ImportRun.Status.FINISHED).exists()
