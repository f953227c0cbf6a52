"""gunicorn's settings: `gunicorn -c crm_site/gunicorn_conf.py crm_site.wsgi`, also without the supervisor."""

import os
import signal

os.environ["CRM_SERVES_PAGES"] = "1"  # before Django reads its settings

from crm_site import settings  # noqa: E402
from crm_site.children import die_with_parent  # noqa: E402
from crm_site.logs import LOGGING  # noqa: E402

# The supervisor holds the listening socket, so that nobody is refused while gunicorn comes back.
_socket = os.environ.get("CRM_LISTEN_FD")
bind = f"fd://{_socket}" if _socket else f"{settings.HOST}:{settings.PORT}"
worker_class = "crm_site.web_worker.WebWorker"  # gthread, wary of its clients
workers = 2
threads = settings.THREADS
preload_app = True
timeout = 30
graceful_timeout = 2  # the supervisor waits 3 s, and promises 5
keepalive = 75
max_requests = 20_000  # a leak of anyone's never grows for ever
max_requests_jitter = 5_000
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
logconfig_dict = LOGGING
accesslog = None  # RequestIdMiddleware writes it


def post_fork(server, worker):
    """A killed master takes its workers along: they would go on for seconds, and hold the old code."""
    die_with_parent(server.pid, signal.SIGQUIT)
