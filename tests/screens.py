"""Every page that people see; a new address without a screen fails (tests/house/test_screens.py).

The tests that hold for each of them (looks, languages, queries, hostile texts) go over this list.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.contrib import admin
from django.urls import URLPattern, get_resolver, reverse

from accounts.models import User
from accounts.tokens import email_tokens
from tests.screen_world import EMPTY, WHOLE, WITHOUT_COMPANY


@dataclass(frozen=True)
class Screen:
    """One page, or one state of it.

    `path` makes its address of a ScreenWorld. `who` is the person of the world that looks ("" for
    nobody). With `post` the screen is what comes back when a form is sent there from the page `begun`.
    `link` makes the address out of a letter that was opened before, in the same browser.
    Menus that a page declares are looked at too (those of the frame only where it `has_frame_opened`),
    and what the buttons `opens` bring. `age` is how far the world is made. A part is asked for by htmx.
    """

    name: str
    path: Callable
    who: str = "anna"
    status: int = 200
    post: Any = None
    begun: str = "/profile/"
    link: Callable | None = None
    opens: tuple = ()
    age: str = WHOLE
    is_part: bool = False
    has_frame_opened: bool = False

    def __str__(self):
        return self.name


def at(name, *arguments, query=""):
    """Return a function that gives the address `name`; an argument is a value, or a path into the world."""

    def path(world):
        values = [_value(world, argument) for argument in arguments]
        return reverse(name, args=values) + query

    return path


def _value(world, argument):
    if not isinstance(argument, str) or "." not in argument:
        return argument
    value = world
    for step in argument.split("."):
        value = value[int(step)] if step.isdigit() else getattr(value, step)
    return value


def reset_link(world):
    """Return the link of a letter for a new password, as it would be written now."""
    key = default_token_generator.make_token(User.objects.get(pk=world.boris.pk))
    return reverse("account_reset_password_from_key", args=[user_pk_to_url_str(world.boris), key])


def new_password(world):
    return reverse("account_reset_password_from_key", args=[user_pk_to_url_str(world.boris), "set-password"])


def email_link(world):
    return reverse("accounts:email_confirm", args=[email_tokens.make_token(world.head)])


INVITED = at("accounts:invitation_open", "invitation.token")
ENTRANCE = [
    Screen("setup", at("desk:setup"), who="", age=EMPTY),
    Screen("setup refused", at("desk:setup"), who="", age=EMPTY, status=422, post={}, begun="/setup/"),
    Screen("setup: company", at("desk:setup_company"), who="admin", age=WITHOUT_COMPANY),
    Screen(
        "setup: company refused", at("desk:setup_company"), who="admin", age=WITHOUT_COMPANY,
        status=422, post={}, begun="/setup/company/",
    ),
    Screen("setup: colleagues", at("desk:setup_colleagues"), who="admin"),
    Screen("log-in", at("account_login"), who=""),
    Screen(
        "log-in refused", at("account_login"), who="", begun="/accounts/login/",
        post={"login": "nobody@example.com", "password": "wrong"},
    ),
    Screen("forgotten password", at("account_reset_password"), who=""),
    Screen(
        "forgotten password refused", at("account_reset_password"), who="", post={"email": "x"},
        begun="/accounts/password/reset/",
    ),
    Screen("letter on its way", at("account_reset_password_done"), who=""),
    Screen("link out of use", at("account_reset_password_from_key", "1", "1-a"), who=""),
    Screen("new password", new_password, who="", link=reset_link),
    Screen(
        "new password refused", new_password, who="", post={"password1": "short"}, link=reset_link,
        begun="/accounts/password/reset/",
    ),
    Screen("password is new", at("account_reset_password_from_key_done"), who=""),
    Screen("invitation out of use", at("accounts:invitation_open", "1-a"), who="", status=404),
    Screen("invited", at("accounts:join"), who="", link=INVITED),
    Screen(
        "invited, refused", at("accounts:join"), who="", status=422, post={"password": "short"}, link=INVITED,
        begun="/accounts/join/",
    ),
    Screen("invited, while somebody is logged in", at("accounts:join"), who="boris", link=INVITED),
    Screen("invitations", at("accounts:invitation_list"), who="admin"),
    Screen(
        "invitation refused", at("accounts:invitation_list"), who="admin", status=422, post={"email": "x"},
    ),
    Screen("no longer works here", at("account_inactive"), who=""),
    Screen("log-out", at("account_logout")),
    Screen("change of password", at("account_change_password")),
    Screen(
        "change of password refused", at("account_change_password"), begun="/accounts/password/change/",
        post={"oldpassword": "x", "password1": "short", "password2": "other"},
    ),
    Screen("change of e-mail", at("accounts:email_change")),
    Screen(
        "change of e-mail refused", at("accounts:email_change"), status=422, begun="/profile/email/",
        post={"email": "x", "password": ""},
    ),
    Screen("confirmation of an e-mail", email_link, who="head"),
    Screen("password once more", at("account_reauthenticate")),
    Screen("second factor", at("mfa_activate_totp")),
    Screen(
        "second factor refused", at("mfa_activate_totp"), begun="/accounts/2fa/set-up/", status=422,
        post={"code": "000000"},
    ),
    Screen("second factor switched off", at("mfa_deactivate_totp"), who="head"),
    Screen("recovery codes shown already", at("mfa_view_recovery_codes"), who="head"),
    Screen("new recovery codes", at("mfa_generate_recovery_codes"), who="head"),
    Screen("own page with a second factor", at("accounts:profile"), who="head"),
    Screen("record of security", at("accounts:security_log"), who="admin"),
    Screen("record of security narrowed", at("accounts:security_log", query="?filter=open"), who="admin"),
    Screen("record of security, none", at("accounts:security_log", query="?day=2001-01-01"), who="admin"),
    Screen("own page", at("accounts:profile"), has_frame_opened=True),
    Screen("system", at("system"), who="admin"),
    Screen("own page refused", at("accounts:profile"), status=422, post={"language": "0", "time_zone": "0"}),
]  # fmt: skip

ERRORS = [
    Screen("not found", lambda world: "/nothing-here/", status=404),
    Screen("deal not found", at("deals:deal_card", 987654321), status=404),
    Screen("not allowed", at("admin:login"), status=403),
    Screen("not allowed to make", at("deals:deal_new"), who="observer", status=403),
    Screen(
        "refused without the form's token", at("accounts:preference_set"), status=403,
        post={"csrfmiddlewaretoken": "wrong"},
    ),
    Screen(
        "overtaken move", at("deals:deal_move", "deal.pk"), status=409,
        post=lambda world: {"stage": world.stages[2].pk, "seen_in": world.stages[0].pk},
    ),
]  # fmt: skip


def of_record(room, record, label, field_name, refused):
    """The screens that contacts and organizations have alike."""
    own = f"{record}.pk"
    name = f"{room}:{record}"
    return [
        Screen(f"{room}", at(f"{name}_list")),
        Screen(f"{room}: found", at(f"{name}_list", query="?q=812555")),
        Screen(f"{room}: filter", at(f"{name}_list", query="?filter=open&source=1")),
        Screen(f"{room}: none found", at(f"{name}_list", query="?q=0000000")),
        Screen(f"{room}: none yet", at(f"{name}_list"), who="boris"),
        Screen(f"{room}: archive", at(f"{name}_list", query="?archived=1")),
        Screen(f"{label}", at(f"{name}_card", own)),
        Screen(f"{label} in the archive", at(f"{name}_card", f"archived_{record}.pk"), who="admin"),
        Screen(f"{label} for an observer", at(f"{name}_card", own), who="observer"),
        Screen(f"new {label}", at(f"{name}_new")),
        Screen(f"new {label} refused", at(f"{name}_new"), status=422, post={}),
        Screen(f"edit of {label}", at(f"{name}_edit", own)),
        Screen(f"edit of {label} refused", at(f"{name}_edit", own), status=422, post=refused),
        Screen(f"field of {label}", at(f"{name}_field", own, field_name)),
        Screen(
            f"field of {label} refused", at(f"{name}_field", own, field_name), status=422, post={"value": "0"}
        ),
        Screen(f"{label} handed over", at(f"{name}_assign", own)),
        Screen(f"field of {label}, part", at(f"{name}_field", own, field_name), is_part=True),
        Screen(f"{label} handed over, part", at(f"{name}_assign", own), is_part=True),
        Screen(
            f"news of {label}, part", at(f"{name}_changes", own, query="?since=0"), who="head", is_part=True
        ),
    ]


RECORDS = [
    *of_record("contacts", "contact", "contact", "phones", {"emails": "x"}),
    Screen(
        "doubles of a contact, part",
        at("contacts:contact_doubles", query="?phones=%2B78125550001"),
        is_part=True,
    ),
    *of_record("organizations", "organization", "organization", "inn", {"name": "", "inn": "1"}),
    Screen(
        "doubles of an organization, part",
        at("organizations:organization_doubles", query="?name=%D0%92%D0%B5%D0%BA%D1%82%D0%BE%D1%80"),
        is_part=True,
    ),
    Screen("search", at("desk:search", query="?q=812555")),
    Screen("search without a text", at("desk:search")),
    Screen("search finds nothing", at("desk:search", query="?q=0000000")),
    Screen(
        "suggestions, part", at("directories:suggest", "organization", query="?q=%D0%92%D0%B5"), is_part=True
    ),
]  # fmt: skip


def history(entity, pk, query=""):
    """Return a function that gives the address of the history of a record."""
    return at("directories:record_history", entity, pk, query=query)


HISTORY = [
    Screen("history of a deal", history("deal", "deal.pk")),
    Screen("history of a deal for an observer", history("deal", "deal.pk"), who="observer"),
    Screen("deal as it was", history("deal", "deal.pk", "?at=2099-01-31")),
    Screen("deal before it was there", history("deal", "deal.pk", "?at=2001-01-31")),
    Screen("deal as it was on no date", history("deal", "deal.pk", "?at=x"), status=422),
    Screen("history of a contact", history("contact", "contact.pk")),
    Screen("history of an organization", history("organization", "organization.pk")),
    Screen("history of a stage", history("stage", "stages.1.pk"), who="admin"),
    Screen("operations", at("records:operation_list")),
    Screen("operations: none yet", at("records:operation_list"), who="boris"),
    Screen("operation", at("records:operation_page", "operation.pk")),
    Screen("operation undone", at("records:operation_page", "undone_operation.pk")),
    Screen("operation, part", at("records:operation_page", "operation.pk"), is_part=True),
]  # fmt: skip

DEALS = [
    Screen(
        "board", at("deals:board", "pipeline.pk"),
        opens=("#board [data-move]",),
    ),
    Screen("board of many", at("deals:board", "pipeline.pk"), who="head"),
    Screen("board narrowed", at("deals:board", "pipeline.pk", query="?q=0000000&created=week")),
    Screen("board for an observer", at("deals:board", "pipeline.pk"), who="observer"),
    Screen("column of the board", at("deals:board_column", "pipeline.pk", "stages.0.pk")),
    Screen(
        "column of the board, part", at("deals:board_column", "pipeline.pk", "stages.0.pk"), is_part=True
    ),
    Screen(
        "changes of the board, part", at("deals:board_changes", "pipeline.pk", query="?since=0"), is_part=True
    ),
    Screen("move", at("deals:deal_move", "deal.pk")),
    Screen("move, part", at("deals:deal_move", "deal.pk"), is_part=True),
    Screen(
        "loss without a reason", at("deals:deal_move", "deal.pk"), status=422,
        post=lambda world: {"stage": world.stages[6].pk, "seen_in": world.deal.stage_id},
    ),
    Screen("deals", at("deals:deal_list")),
    Screen("deals: filter", at("deals:deal_list", query="?filter=open&q=a&amount_from=x&step=none")),
    Screen("deals: won", at("deals:deal_list", query="?outcome=won")),
    Screen("deals: archive", at("deals:deal_list", query="?archived=1")),
    Screen("deals: none found", at("deals:deal_list", query="?q=0000000")),
    Screen("deals, part", at("deals:deal_list"), is_part=True),
    Screen("deal", at("deals:deal_card", "deal.pk")),
    Screen(
        "deal of one's people", at("deals:deal_card", "deal.pk"), who="head",
        opens=("[hx-target='#dialogs']:visible",),
    ),
    Screen("deal, changes only", at("deals:deal_card", "deal.pk", query="?tab=changes")),
    Screen(
        "news of a deal, part", at("deals:deal_changes", "deal.pk", query="?since=0"), who="head",
        is_part=True,
    ),
    Screen("idle deal", at("deals:deal_card", "late.pk")),
    Screen("bare deal", at("deals:deal_card", "bare.pk"), who="boris"),
    Screen("won deal", at("deals:deal_card", "won.pk")),
    Screen("lost deal", at("deals:deal_card", "lost.pk")),
    Screen("deal in the archive", at("deals:deal_card", "archived_deal.pk"), who="admin"),
    Screen("deal for an observer", at("deals:deal_card", "deal.pk"), who="observer"),
    Screen("new deal", at("deals:deal_new")),
    Screen("new deal refused", at("deals:deal_new"), status=422, post={"phone": "x", "amount": "x"}),
    Screen("field of a deal", at("deals:deal_field", "deal.pk", "amount")),
    Screen(
        "field of a deal refused", at("deals:deal_field", "deal.pk", "amount"), status=422,
        post={"value": "x", "shown": "360000"},
    ),
    Screen(
        "field of a deal overtaken", at("deals:deal_field", "deal.pk", "title"), status=409,
        post=lambda world: {"value": world.say("Иное", "Other"), "shown": world.say("Прежнее", "Before")},
    ),
    Screen("field of a deal, part", at("deals:deal_field", "deal.pk", "contact"), is_part=True),
    Screen("deal handed over", at("deals:deal_assign", "deal.pk")),
    Screen("deal handed over, part", at("deals:deal_assign", "deal.pk"), is_part=True),
    Screen("deal to another pipeline", at("deals:deal_pipeline", "deal.pk")),
    Screen("deal to another pipeline, part", at("deals:deal_pipeline", "deal.pk"), is_part=True),
    Screen("funnel", at("deals:funnel", "pipeline.pk"), who="head"),
    Screen("funnel on a past date", at("deals:funnel", "pipeline.pk", query="?asof=2026-01-31"), who="head"),
    Screen("funnel of own deals", at("deals:funnel", "pipeline.pk", query="?period=year")),
    Screen("note", at("activities:note_add", "deal", "deal.pk")),
    Screen("note refused", at("activities:note_add", "deal", "deal.pk"), status=422, post={"text": ""}),
    Screen("note, part", at("activities:note_add", "deal", "deal.pk"), is_part=True),
    Screen("task", at("activities:task_add", "contact", "contact.pk")),
    Screen("task refused", at("activities:task_add", "deal", "deal.pk"), status=422, post={"title": ""}),
    Screen("task put off", at("activities:task_replan", "task.pk")),
    Screen("task put off, part", at("activities:task_replan", "task.pk"), is_part=True),
]  # fmt: skip


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
SCREENS = [*ENTRANCE, *ERRORS, *RECORDS, *HISTORY, *DEALS, *of_admin(), OWN_FIELDS, *NEW_ENTRIES]
PAGES = [screen for screen in SCREENS if not screen.is_part]
PARTS = [screen for screen in SCREENS if screen.is_part]

# Addresses that are no page of their own, and why.
NO_SCREEN = {
    "health_live": "for machines",
    "health_ready": "for machines",
    "set_language": "POST only",
    "system_back_up": "POST only",
    "system_try_mail": "POST only",
    "mfa_index": "leads on",
    "mfa_authenticate": "within a log-in: tests/browser/test_second_factor.py",
    "accounts:sessions_end": "POST only",
    "accounts:preference_set": "POST only",
    "accounts:back_in": "for the script",
    "accounts:form_kept": "leads on, unless a form waits: tests/browser/test_again.py",
    "accounts:invitation_send_again": "POST only",
    "accounts:invitation_withdraw": "POST only",
    "desk:home": "leads on",
    "deals:board_last": "leads on",
    "deals:funnel_last": "leads on",
    "admin:logout": "leads on",
    "admin:password_change": "leads on",
    "admin:password_change_done": "leads on",
    "admin:autocomplete": "JSON",
    "admin:jsi18n": "a script",
    "admin:app_list": "a part of the index",
    "admin:pipeline_stage_sortable_update": "POST only",
    "admin:accounts_company_changelist": "leads on, there is one company",
    "admin:accounts_securityevent_changelist": "leads on to the record of security",
    "admin:accounts_company_add": "403, there is one company",
    "admin:accounts_securityevent_add": "403, nobody writes them",
}
POST_ONLY = ("_archive", "_restore", "_complete", "_reopen", "_back", "_undo")  # the ends of names
NOT_DELETED = "_delete"  # the admin deletes nothing but empty teams and roles


def addresses(resolver=None, namespace=""):
    """Yield the name of every address of the URL configuration."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            if pattern.name:
                yield f"{namespace}{pattern.name}"
        else:
            yield from addresses(
                pattern, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            )


def needs_no_screen(name):
    return name in NO_SCREEN or name.endswith((*POST_ONLY, NOT_DELETED))
