"""What each form about a record sends when a person fills it in, so that a missing check would write it."""

from tests.filled import Forms

# address → what is changed in the form that its page shows; {} where a button alone is enough
CHANGES = {
    "contacts:contact_edit": {"first_name": "Changed"},
    "contacts:contact_field": {"value": "changed@example.com"},
    "contacts:contact_assign": {"owner": "somebody else"},
    "organizations:organization_edit": {"name": "Changed"},
    "organizations:organization_field": {"value": "changed@example.com"},
    "organizations:organization_assign": {"owner": "somebody else"},
    "activities:note_add": {"text": "Changed"},
    "activities:task_add": {"title": "Changed"},
    "activities:task_replan": {"title": "Changed"},
    "deals:deal_field": {"value": "Changed"},
    "deals:deal_move": {"seen_in": "the first"},
    "deals:deal_pipeline": {"stage": "elsewhere"},
    "deals:deal_assign": {"owner": "somebody else"},
}

PRESSED = {"deals:deal_move": {"stage": "the second"}}  # the button that sends the form


def made_ready(name, record, by):
    """Bring `record` into the state in which the address `name` has something to do."""
    if name.endswith("_restore"):
        record.archive(by=by)
    if name.endswith("_reopen"):
        record.complete(by=by)


def body_of(name, client, path, meant):
    """What a person sends to `path` of the address `name`; `client` may see its form.

    `meant` says what a word in CHANGES stands for. Only buttons that have no page of their own need none.
    """
    if name not in CHANGES:
        return {}
    changes, pressed = (
        {key: meant.get(value, value) for key, value in told.get(name, {}).items()}
        for told in (CHANGES, PRESSED)
    )
    reader = Forms()
    reader.feed(client.get(path).text)
    forms = [
        form for form in reader.forms if form.method == "post" and changes.keys() <= form.controls.keys()
    ]
    assert forms, f"{path} has no form with {sorted(changes)}"
    return forms[0].posted(changes) | pressed
