"""The addresses that are no page of their own."""

from django.urls import URLPattern, get_resolver

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
