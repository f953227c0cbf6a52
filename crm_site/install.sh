#!/bin/sh
# Installs what the site needs into .venv, as locked: sh crm_site/install.sh [options of uv sync]
# Needs any Python 3 to fetch uv with, and a Python >= 3.12 for the site, wherever it is on this machine.
set -eu
cd "$(dirname "$0")/.."
unset VIRTUAL_ENV

say() { echo "$*" >&2; }

# A uv on PATH may be a shim that leads nowhere.
if uv --version >/dev/null 2>&1; then
    uv=uv
else
    uv=var/tool/bin/uv
    if ! "$uv" --version >/dev/null 2>&1; then
        mkdir -p -m 700 var
        if ! { python3 -m venv var/tool && var/tool/bin/python -m pip install --quiet uv; } >&2; then
            say "Neither uv nor a Python with venv is here: install uv, or python3 and python3-venv, and try again."
            exit 1
        fi
    fi
fi

is_fit() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1; }

# uv asks PATH only; version managers keep theirs elsewhere.
find_python() {
    pyenv=${PYENV_ROOT:-$HOME/.pyenv}/versions
    for python in .venv/bin/python python3 python3.14 python3.13 python3.12 \
        "$pyenv"/3.14*/bin/python3 "$pyenv"/3.13*/bin/python3 "$pyenv"/3.12*/bin/python3 \
        /usr/local/bin/python3 /opt/python*/bin/python3; do
        if is_fit "$python"; then
            "$python" -c 'import os, sys; print(os.path.realpath(sys.executable))'
            return
        fi
    done
}

python=$(find_python)
if ! "$uv" sync --frozen --quiet ${python:+--python "$python"} "$@"; then
    if ! "$uv" sync --frozen --quiet --python '>=3.12' "$@"; then
        say "The packages could not be installed: Python 3.12 or later and access to its packages are wanted."
        exit 1
    fi
fi
