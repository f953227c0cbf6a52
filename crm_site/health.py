"""For whoever watches the machine: is the process alive, and is the site ready to work."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

WORKER_SILENT_SECONDS = 60  # the worker tells that it lives every 10 s


@login_not_required
@require_safe
@never_cache
def live(request):
    """The process answers; nothing else is asked."""
    return JsonResponse({"status": "ok"})


@login_not_required
@require_safe
@never_cache
def ready(request):
    """200 if the database answers, has this code's migrations, and a job worker lives; else 503."""
    found = {"database": False, "migrations": False, "worker": False}
    try:
        found["database"] = _answers()
        found["migrations"] = _is_migrated()
        found["worker"] = _worker_lives()
    except DatabaseError:
        pass  # what was not found stays False
    status = 200 if all(found.values()) else 503
    return JsonResponse({"status": "ok" if status == 200 else "unavailable", **found}, status=status)


def _answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def _is_migrated() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _worker_lives() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM procrastinate_workers"
            " WHERE last_heartbeat > now() - make_interval(secs => %s))",
            [WORKER_SILENT_SECONDS],
        )
        return cursor.fetchone()[0]
