"""The screens of Django's admin."""

from django.contrib import admin
from django.urls import reverse

from .screen import Screen, at


def first_of(model):
    """Return the row of `model` whose admin pages stand for all of them."""
    return model._default_manager.order_by("pk").first().pk


# an empty form of the admin, with no rows within it
NO_ROWS = {"entries-TOTAL_FORMS": "0", "entries-INITIAL_FORMS": "0", "_save": "1"}


def stages_of_one(world):
    """Return the path of the stages of one pipeline, where they can be dragged."""
    return f"{reverse('admin:pipeline_stage_changelist')}?pipeline__id__exact={world.pipeline.pk}"


def of_admin():
    """The pages of every model that the admin knows, without a list to keep."""
    yield Screen("admin", at("admin:index"), who="admin")
    for model, page in admin.site._registry.items():
        label = f"{model._meta.app_label}_{model._meta.model_name}"
        here = f"admin:{label}"
        if label == "pipeline_stage":
            yield Screen(f"admin: {label} list", stages_of_one, who="admin")
        elif label not in ("accounts_company", "accounts_securityevent"):
            yield Screen(f"admin: {label} list", at(f"{here}_changelist"), who="admin")
        yield Screen(
            f"admin: {label}",
            lambda world, here=here, model=model: reverse(f"{here}_change", args=[first_of(model)]),
            who="admin",
        )
        if model._meta.model_name not in ("company", "securityevent"):
            yield Screen(f"admin: new {label}", at(f"{here}_add"), who="admin")
            yield Screen(f"admin: new {label} refused", at(f"{here}_add"), who="admin", post=NO_ROWS)
        if hasattr(page, "retire_view"):
            yield Screen(
                f"admin: {label} retired",
                lambda world, here=here, model=model: reverse(f"{here}_retire", args=[first_of(model)]),
                who="admin",
            )
        yield Screen(
            f"admin: history of {label}",
            lambda world, here=here, model=model: reverse(f"{here}_history", args=[first_of(model)]),
            who="admin",
        )


OWN_FIELDS = Screen(
    "admin: entry with own fields", at("admin:directories_entry_change", "cars.0.pk"), who="admin"
)


def new_entry(world):
    """Return the path of the form of a new entry; without a directory the page asks for one."""
    return f"{reverse('admin:directories_entry_add')}?directory={world.cars[0].directory_id}"


NEW_ENTRIES = [
    Screen("admin: new entry with own fields", new_entry, who="admin"),
    Screen("admin: new entry with own fields refused", new_entry, who="admin", post=NO_ROWS),
]
