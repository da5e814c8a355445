#!/bin/sh
# Print the path of a Chromium that starts; install one where there is none. A missing browser is an error, not a skip.
#
#   LOSSVIZ_CHROMIUM   take this one
#   PYTHON             a Python with Playwright, whose own Chromium is looked for and, if need be, installed
set -u
python=${PYTHON:-.venv/bin/python}

starts() { [ -n "$1" ] && "$1" --version >/dev/null 2>&1; }

playwright_path() {
    "$python" -c 'from playwright.sync_api import sync_playwright as s
with s() as p: print(p.chromium.executable_path)' 2>/dev/null
}

# Print the first browser that starts. Ubuntu's `chromium` may be a stub that only asks for snap: hence `starts`. The shell is the
# same browser without a window's machinery, and takes a quarter less of the processor.
find_shell() {
    path=$(command -v chromium-headless-shell) && starts "$path" && echo "$path"
}

find_chromium() {
    find_shell && return
    for name in chromium chromium-browser google-chrome; do
        path=$(command -v "$name") && starts "$path" && echo "$path" && return
    done
    path=$(playwright_path) && starts "$path" && echo "$path"
}

apt_install() {
    command -v apt-get >/dev/null || return 1
    package=$1 && shift
    "$@" apt-get update && "$@" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$package"
}

# As root, in a container or CI, the system's package brings the libraries it needs. Anyone else's system is left alone
# while Playwright's download into the home directory will do.
install_chromium() {
    if [ "$(id -u)" = 0 ]; then
        apt_install chromium-headless-shell && find_shell && return
        find_chromium && return
        apt_install chromium && find_chromium && return
        "$python" -m playwright install --with-deps chromium
    else
        "$python" -m playwright install chromium && find_chromium && return
        apt_install chromium sudo -n
    fi
    find_chromium
}

if [ -n "${LOSSVIZ_CHROMIUM:-}" ]; then
    starts "$LOSSVIZ_CHROMIUM" && echo "$LOSSVIZ_CHROMIUM" && exit
    echo "LOSSVIZ_CHROMIUM=$LOSSVIZ_CHROMIUM does not start." >&2
    exit 1
fi
find_shell && exit
[ "$(id -u)" != 0 ] && find_chromium && exit

echo "No Chromium shell found: installing one." >&2
# Installers talk on stdout; here only the path may.
exec 3>&1
install_chromium </dev/null 1>&2 && find_chromium >&3 && exit
echo "No Chromium could be installed. Install one, or name one in LOSSVIZ_CHROMIUM." >&2
exit 1
