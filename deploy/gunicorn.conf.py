"""gunicorn for the portal, in the demo (script/server) and for real (yibentong.service). HOST and PORT say where it listens.

Two processes of four threads: as fast as any server we tried and half the memory. Each process keeps its own search index
and page cache, so more processes cost memory; a larger centre raises WEB_PROCESSES to the number of its cores.
"""

import gc
import os
from pathlib import Path

from django.urls import get_resolver

_host = os.environ.get("HOST", "127.0.0.1")
_port = os.environ.get("PORT", "8000")

chdir = str(Path(__file__).resolve().parent.parent)  # our app `requests` is found from here
wsgi_app = "portal.wsgi:application"
bind = f"[{_host}]:{_port}" if ":" in _host else f"{_host}:{_port}"
# Loaded once, before the processes are forked: they share its memory. New code needs a restart, not a reload.
preload_app = True
worker_class = "gthread"
workers = int(os.environ.get("WEB_PROCESSES", "2"))
threads = 4
timeout = 120  # seconds; the printed book and a large import take longest
graceful_timeout = 10
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
control_socket_disable = True
proc_name = "yibentong"
accesslog = os.environ.get("ACCESS_LOG") or None
# Without the query string: what people search for is theirs.
access_log_format = '%(t)s "%(m)s %(U)s" %(s)s %(B)s %(M)sms'
loglevel = os.environ.get("LOG_LEVEL", "warning")


def when_ready(server):
    """Just before the first process is forked: load every view, 40 MB that all processes then share. What is loaded stays, so
    no collection need walk through it (and copy it)."""
    list(get_resolver().url_patterns)
    gc.collect()
    gc.freeze()
