"""Filling in a form as a browser does: what is posted is what the page has, with some inputs changed.

A test that makes up its own form doesn't notice that the page lacks a field which the view asks for.
"""

from html.parser import HTMLParser

from django.urls import reverse

BUTTONS = {"submit", "button", "reset", "image", "file"}


class Forms(HTMLParser):
    """Collects the forms of a page: {name: values} that each would post, and what could be chosen."""

    def __init__(self):
        super().__init__()
        self.forms, self._form, self._select, self._area = [], None, None, None

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        name = given.get("name")
        if tag == "form":
            self._form = Form(given.get("id", ""), given.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is None or "disabled" in given:
            return
        elif tag == "input" and name and given.get("type") not in BUTTONS:
            self._input(name, given)
        elif tag == "select" and name:
            self._select = self._form.add(name, "multiple" in given)
        elif tag == "option" and self._select is not None:
            self._select.offer(given.get("value", ""), "selected" in given)
        elif tag == "textarea" and name:
            self._area = self._form.add(name)

    def _input(self, name, given):
        control = self._form.add(name)
        if given.get("type") in ("radio", "checkbox"):
            control.is_ticked = given["type"] == "checkbox"
            control.offer(given.get("value", "on"), "checked" in given)
        else:
            control.values.append(given.get("value", ""))

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "select" and self._select is not None:
            self._select.choose_first()
            self._select = None
        elif tag == "textarea" and self._area is not None:
            text = "".join(self._area.typed).removeprefix("\n")
            self._area.values, self._area = [text], None

    def handle_data(self, data):
        if self._area is not None:
            self._area.typed.append(data)


class Control:
    """What a form has under one name."""

    def __init__(self, *, many=False):
        self.values, self.offered, self.typed, self.many, self.is_ticked = [], [], [], many, False

    def offer(self, value, chosen):
        self.offered.append(value)
        if chosen:
            self.values.append(value)

    def choose_first(self):
        """What a browser does with a list in which nothing is selected."""
        if not self.many:
            self.values = self.values[-1:] or self.offered[:1]


class Form:
    """A form of a page, by the names of its inputs."""

    def __init__(self, ident, method):
        self.ident, self.method, self.controls = ident, method, {}

    def add(self, name, many=False):
        return self.controls.setdefault(name, Control(many=many))

    def posted(self, changes):
        """Return what is posted with `changes`: {name: value}; None unticks. Fails for what isn't there."""
        posted = {name: control.values for name, control in self.controls.items() if control.values}
        for name, value in changes.items():
            assert name in self.controls, f"the page has no input “{name}”, but {sorted(self.controls)}"
            control = self.controls[name]
            values = [] if value is None else [str(each) for each in value] if control.many else [str(value)]
            if control.offered:
                strange = set(values) - set(control.offered)
                assert not strange, f"“{name}” does not offer {strange}, but {control.offered}"
            if values:
                posted[name] = values
            else:
                assert control.is_ticked or control.many, f"“{name}” can't be unticked"
                posted.pop(name, None)
        return posted


def form_of(page, ident=None):
    """Return the form of the text `page` that posts, the one with the id `ident` if that is said."""
    reader = Forms()
    reader.feed(page)
    found = [form for form in reader.forms if form.method == "post" and ident in (None, form.ident)]
    found = [form for form in found if form.ident not in ("logout-form", "back-form") or ident]
    assert len(found) == 1, f"{len(found)} forms to post: {[form.ident for form in found]}"
    return found[0]


def fill_in(client, address, changes=None, *, forged=None, follow=False, form=None, **more):
    """Get the page at `address`, change inputs of its form, post it back, and return the answer.

    `changes` ({input: value}, None unticks) and `more` are inputs that the page must have, with values
    that it offers; `forged` is what a hostile hand adds to what the page would post. `form` is the id of
    the form where the page has several.
    """
    page = client.get(address)
    assert page.status_code == 200, f"{address}: {page.status_code}"
    posted = form_of(page.text, form).posted({**(changes or {}), **more})
    return client.post(address, {**posted, **(forged or {})}, follow=follow)


def admin_page(model, verb, *arguments):
    """Return the address of an admin page: `admin_page(Stage, "change", stage.pk)`."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{verb}", args=arguments)
