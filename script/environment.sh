# Sourced by the other scripts, never run. Goes to the project's root and keeps .venv in step with a lock file.
# shellcheck shell=sh

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P) || exit 1
cd -- "$root" || exit 1
python="$root/.venv/bin/python"

# Our app `requests` is found through the working directory; the first three would put something else before it.
# The last would have each process of the suite and of the server compile Django anew.
unset PYTHONPATH PYTHONHOME PYTHONSAFEPATH CDPATH PYTHONDONTWRITEBYTECODE
export PYTHONUNBUFFERED=1

# An account without a home (nobody, www-data) still needs a place for the caches of uv, pip and Chromium.
if [ ! -w "${HOME:-/nonexistent}" ]; then
    HOME="$root/var/home"
    mkdir -p "$HOME" || exit 1
    chmod 700 "$HOME"
    unset XDG_CACHE_HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_RUNTIME_DIR
    export HOME
fi

say() { printf '%s\n' "$*"; }
stop_with() { printf '%s\n' "$*" >&2; exit 1; }
have_uv() { command -v uv >/dev/null 2>&1 && uv --version >/dev/null 2>&1; }
may_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

apt_install() {
    say "Installing by apt: $*"
    DEBIAN_FRONTEND=noninteractive apt-get -qq update </dev/null >/dev/null || say "(apt-get update failed, trying with the lists there are)"
    DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$@" </dev/null >/dev/null
}

# Prints a Python of 3.11 to 3.14; without uv it must also be able to make an environment (Debian packs that apart).
find_python() {
    needs="sys"
    have_uv || needs="sys, venv, ensurepip"
    for candidate in python3 python3.13 python3.12 python3.14 python3.11 python /usr/bin/python3 /usr/bin/python3.11; do
        "$candidate" -c "import $needs
if not (3, 11) <= sys.version_info[:2] <= (3, 14):
    sys.exit(1)
print(sys.executable)" 2>/dev/null && return 0
    done
    return 1
}

make_environment() {
    [ -w "$root" ] || stop_with "You may not write in $root; copy the folder to a place of your own."
    if ! base=$(find_python) && ! have_uv; then
        may_apt && apt_install python3 python3-venv
        base=$(find_python) || stop_with "Python 3.11 to 3.14 with its venv module is needed. On Debian or Ubuntu:
  sudo apt-get install python3 python3-venv"
    fi
    rm -rf .venv
    if have_uv; then
        uv venv --quiet --python "${base:-3.13}" .venv
    else
        "$base" -m venv .venv
    fi || stop_with "The environment .venv could not be made."
}

# prepare LOCK: .venv holds exactly the hashed packages of LOCK (lock-dev.txt contains all of lock.txt).
prepare() {
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || make_environment
    stamp=".venv/.${1%.txt}.stamp"
    wanted="$(cksum <"$1") $("$python" -V)"
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then return 0; fi
    if ! have_uv && ! "$python" -m pip --version >/dev/null 2>&1; then
        make_environment # it was made by uv, which leaves pip out
    fi
    say "Installing the packages of $1"
    rm -f .venv/.lock.stamp .venv/.lock-dev.stamp
    if have_uv; then
        uv pip install --quiet --python "$python" --require-hashes --no-deps -r "$1"
    else
        "$python" -m pip install --quiet --disable-pip-version-check --no-input --require-hashes --no-deps -r "$1"
    fi || stop_with "The packages of $1 could not be installed."
    printf '%s\n' "$wanted" >"$stamp"
    if [ "$1" = lock-dev.txt ]; then
        printf '%s\n' "$(cksum <lock.txt) $("$python" -V)" >.venv/.lock.stamp
    fi
}
