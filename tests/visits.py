"""A screen as Django's client sees it."""

from tests.phones import prove


def enter(client, person):
    """Log `person` in, with his password typed again a moment ago."""
    client.force_login(person)
    session = client.session
    prove(session, person)
    session.save()


def visit(client, world, screen, *, logged_in=False):
    """Log the screen's person in and return the answer to the screen's request."""
    if screen.who and not logged_in:
        enter(client, world.people[screen.who])
    headers = {"HX-Request": "true"} if screen.is_part else {}
    if screen.post is not None and "csrfmiddlewaretoken" in posted(screen, world):
        client.handler.enforce_csrf_checks = True
    if screen.link:
        client.get(screen.link(world))
    path = screen.path(world)
    headers["Accept-Language"] = world.language
    if screen.post is None:
        return client.get(path, headers=headers)
    return client.post(path, posted(screen, world), headers=headers)


def posted(screen, world):
    """Return what the screen's form sends."""
    return screen.post(world) if callable(screen.post) else screen.post
