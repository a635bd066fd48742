#!/usr/bin/env bash
# Makes sure that what the system must bring is there: installs it when root, else fails naming the package.
# usage: system.sh venv PYTHON | chromium | postgresql | redis | wrk …
set -euo pipefail

refreshed=
install() {
  if [ "$(id -u)" != 0 ]; then
    echo "Laurel needs the system package(s): $*. Install them (apt-get install $*), then try again." >&2
    exit 1
  fi
  export DEBIAN_FRONTEND=noninteractive
  if [ -z "$refreshed" ]; then apt-get update -qq; refreshed=1; fi
  apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

is_ubuntu() { grep -qi '^ID=ubuntu' /etc/os-release 2>/dev/null; }

chromium() {
  command -v chromium >/dev/null && [ ! -L /snap/bin/chromium ] && fc-list 2>/dev/null | grep -qi liberation && return
  if is_ubuntu; then
    # Ubuntu's package is a stub that asks for a snap: the browser that comes with the test driver serves there.
    [ -e "$HOME/.cache/ms-playwright" ] || .venv/bin/python -m playwright install --with-deps chromium
  else
    install chromium fonts-liberation fontconfig
  fi
}

while [ $# -gt 0 ]; do
  case "$1" in
    venv)
      python=${2:-}
      [ -n "$python" ] || { echo "Laurel needs Python 3.11 or newer." >&2; exit 1; }
      "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Laurel needs Python 3.11 or newer; $python is older." >&2; exit 1; }
      "$python" -c 'import ensurepip, venv' 2>/dev/null || install "python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
      shift ;;
    chromium) chromium ;;
    postgresql) ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || install postgresql postgresql-client ;;
    redis) command -v redis-server >/dev/null || install redis-server ;;
    wrk) command -v wrk >/dev/null || install wrk ;;
    *) echo "unknown: $1" >&2; exit 2 ;;
  esac
  shift
done
