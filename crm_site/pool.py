"""The pool's look at a connection before it is given to a page."""

import select

import psycopg


def refuse_if_broken(candidate: psycopg.Connection) -> None:
    """Raise if the server has hung up; without a question to it, which it might never answer.

    An idle connection has nothing to read but its own end.
    """
    if not candidate.closed:
        poll = select.poll()
        poll.register(candidate.fileno(), select.POLLIN)
        if not poll.poll(0):
            return
        candidate.close()
    raise psycopg.OperationalError("the server has hung up")
