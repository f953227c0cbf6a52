"""The change history: which models have one, kept by triggers of the database (pghistory)."""

from typing import Any

import pghistory
from django.db import models

TRACKED: list[Any] = []  # the models that have a history


def tracked(model=None, *, leave_out=()):
    """Keep the old row of every update and delete of `model` by pghistory's triggers (FACTS 2).

    Fields named in `leave_out` (a secret, how somebody likes his pages) are never kept, and their change
    alone keeps nothing. The rows are `record.changes`, indexed by record and number only.
    """
    if model is None:
        return lambda model: tracked(model, leave_out=leave_out)
    stored = [
        field.name for field in model._meta.fields if not field.generated and field.name not in leave_out
    ]
    pghistory.track(
        pghistory.UpdateEvent(row=pghistory.Old),
        pghistory.DeleteEvent(),
        fields=stored,
        model_name=f"{model.__name__}Change",
        obj_field=pghistory.ObjForeignKey(related_name="changes", db_index=False),
        context_field=pghistory.ContextForeignKey(db_index=False),
        meta={
            "indexes": [
                models.Index(fields=["pgh_obj", "pgh_id"], name=f"{model._meta.model_name}_change_of_record")
            ]
        },
    )(model)
    TRACKED.append(model)
    return model


def is_history(model):
    """Say whether the rows of `model` are changes of another one, which hold nothing that is in force."""
    return hasattr(model, "pgh_tracked_model")


def changes_model(model):
    """Return the model whose rows are the changes of the tracked `model`."""
    return model._meta.get_field("changes").related_model
