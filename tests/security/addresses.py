"""Every address of the site, and what each sort of person gets there (TRUST S1).

A test fails for an address that stands in the URL configuration and not here.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Address:
    """What an address is about and what it takes.

    `record` names the record in the path ("" for none): what a person may not see of it is a 404.
    `methods` are those it knows; others are a 405, for everybody the same. `also` are further
    arguments of the path. `open_to` are the roles that get in without a 403 (everybody who is
    logged in unless said); `public` needs no log-in. `lists` says that the page lists records, so
    that a stranger's must not stand in it.
    """

    methods: tuple = ("GET",)
    record: str = ""
    also: dict = field(default_factory=dict)
    open_to: tuple = ("observer", "manager", "head", "owner", "admin")
    public: bool = False
    lists: bool = False


FORM = ("GET", "POST")
POST = ("POST",)
CHANGERS = ("manager", "head", "owner", "admin")
CONFIGURES = ("admin",)


def of_record(room, record):
    """The addresses that contacts and organizations have alike."""
    name = f"{room}:{record}"
    return {
        f"{name}_list": Address(lists=True),
        f"{name}_new": Address(FORM, open_to=CHANGERS),
        f"{name}_card": Address(record=record),
        f"{name}_changes": Address(record=record),
        f"{name}_edit": Address(FORM, record),
        f"{name}_field": Address(FORM, record, {"name": "emails"}),
        f"{name}_assign": Address(FORM, record),
        f"{name}_archive": Address(POST, record),
        f"{name}_restore": Address(POST, record),
    }


ADDRESSES = {
    "health_live": Address(public=True),
    "health_ready": Address(public=True),
    "system": Address(open_to=CONFIGURES),
    "system_back_up": Address(POST, open_to=CONFIGURES),
    "system_try_mail": Address(POST, open_to=CONFIGURES),
    "account_login": Address(FORM, public=True),
    "account_logout": Address(FORM, public=True),
    "account_inactive": Address(public=True),
    "account_change_password": Address(FORM),
    "account_reauthenticate": Address(FORM),
    "mfa_index": Address(),
    "mfa_authenticate": Address(FORM, public=True),
    "mfa_activate_totp": Address(FORM),
    "mfa_deactivate_totp": Address(FORM),
    "mfa_view_recovery_codes": Address(),
    "mfa_generate_recovery_codes": Address(FORM),
    "account_reset_password": Address(FORM, public=True),
    "account_reset_password_done": Address(public=True),
    "account_reset_password_from_key": Address(FORM, also={"uidb36": "1", "key": "1-a"}, public=True),
    "account_reset_password_from_key_done": Address(public=True),
    "set_language": Address(POST, public=True),
    "accounts:profile": Address(FORM),
    "accounts:security_log": Address(open_to=CONFIGURES),
    "accounts:sessions_end": Address(POST),
    "accounts:preference_set": Address(POST),
    "accounts:email_change": Address(FORM),
    "accounts:email_confirm": Address(FORM, also={"token": "1-a"}),
    "accounts:form_kept": Address(also={"key": "nothing-waits"}),
    "accounts:back_in": Address(),
    "accounts:invitation_list": Address(FORM, open_to=CONFIGURES),
    "accounts:invitation_send_again": Address(POST, also={"pk": 987654321}, open_to=CONFIGURES),
    "accounts:invitation_withdraw": Address(POST, also={"pk": 987654321}, open_to=CONFIGURES),
    "accounts:invitation_open": Address(also={"token": "1-a"}, public=True),
    "accounts:join": Address(FORM, public=True),
    "desk:home": Address(),
    "desk:search": Address(lists=True),
    "desk:setup": Address(FORM, public=True),
    "desk:setup_company": Address(FORM, open_to=CONFIGURES),
    "desk:setup_colleagues": Address(open_to=CONFIGURES),
    **of_record("contacts", "contact"),
    "contacts:contact_doubles": Address(open_to=CHANGERS),
    **of_record("organizations", "organization"),
    "organizations:organization_doubles": Address(open_to=CHANGERS),
    "directories:record_history": Address(record="deal", also={"entity": "deal"}),
    "directories:change_undo": Address(POST, "deal", {"entity": "deal", "change": "change"}),
    "records:operation_list": Address(),
    "records:operation_page": Address(record="operation"),
    "records:operation_undo": Address(POST, "operation"),
    "directories:suggest": Address(also={"entity": "organization"}, lists=True),
    "activities:note_add": Address(FORM, "deal", {"entity": "deal"}),
    "activities:task_add": Address(FORM, "deal", {"entity": "deal"}),
    "activities:task_complete": Address(POST, "activity"),
    "activities:task_reopen": Address(POST, "activity"),
    "activities:task_replan": Address(FORM, "activity"),
    "deals:board_last": Address(),
    "deals:board": Address(also={"pk": "pipeline"}, lists=True),
    "deals:board_column": Address(also={"pk": "pipeline", "stage_pk": "stage"}, lists=True),
    "deals:board_changes": Address(also={"pk": "pipeline"}, lists=True),
    "deals:deal_list": Address(lists=True),
    "deals:deal_new": Address(FORM, open_to=CHANGERS),
    "deals:deal_card": Address(record="deal"),
    "deals:deal_changes": Address(record="deal"),
    "deals:deal_field": Address(FORM, "deal", {"name": "title"}),
    "deals:deal_move": Address(FORM, "deal"),
    "deals:deal_pipeline": Address(FORM, "deal"),
    "deals:deal_assign": Address(FORM, "deal"),
    "deals:deal_archive": Address(POST, "deal"),
    "deals:deal_restore": Address(POST, "deal"),
    "deals:funnel_last": Address(),
    "deals:funnel": Address(also={"pk": "pipeline"}, lists=True),
}
