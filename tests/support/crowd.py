"""Many people at once: signed-in sessions and POSTs sent from several processes at the same moment."""

import json
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlencode, urlparse

from django.conf import settings
from django.test import Client

WORKER = Path(__file__).with_name("http_worker.py")
CSRF = "a" * 32
PROCESSES = 8


def session_of(person) -> str:
    """A signed-in session of this person, as its cookie."""
    client = Client()
    client.force_login(person, backend="portal.staff_session.StaffBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def post(path: str, fields: dict, session: str = "") -> dict:
    cookies = f"csrftoken={CSRF}" + (f"; {settings.SESSION_COOKIE_NAME}={session}" if session else "")
    headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
    return {"path": path, "headers": headers, "body": urlencode({"csrfmiddlewaretoken": CSRF, **fields}, doseq=True)}


def send(live_server, posts: list[dict], processes: int = PROCESSES) -> list[dict]:
    """Deal the posts out to the processes, let all go at once, collect the answers."""
    place = urlparse(live_server.url)
    start = time.time() + 1.5
    hands = [posts[n::processes] for n in range(processes)]
    workers = []
    for hand in filter(None, hands):
        worker = subprocess.Popen([sys.executable, str(WORKER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        worker.stdin.write(json.dumps({"host": place.hostname, "port": place.port, "start": start, "posts": hand}))
        worker.stdin.close()
        workers.append(worker)
    answers = []
    for worker in workers:
        answers += json.loads(worker.stdout.read())
        worker.wait()
    return answers
