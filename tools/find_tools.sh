#!/usr/bin/env bash
# Look for what the whole suite needs beside Python: a PostgreSQL server and Chromium. Root on
# Debian installs the packages; otherwise say plainly which tests will be left out. With CI=true
# leaving out is a failure.
set -euo pipefail

has_postgresql() {
    command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null ||
        { command -v pg_config >/dev/null && [[ -x "$(pg_config --bindir)/initdb" ]]; }
}

has_chromium() {
    command -v chromium >/dev/null || command -v chromium-browser >/dev/null ||
        command -v google-chrome >/dev/null
}

packages=()
has_postgresql || packages+=(postgresql)
has_chromium || packages+=(chromium)
if ((${#packages[@]})) && ((EUID == 0)) && [[ -e /etc/debian_version ]]; then
    echo "Installing ${packages[*]} …"
    export DEBIAN_FRONTEND=noninteractive
    { apt-get -qq update && apt-get -qq install --yes --no-install-recommends "${packages[@]}"; } \
        >/dev/null || echo "Debian's packages could not be installed." >&2
fi

missing=0
if ! has_postgresql; then
    echo 'No PostgreSQL server (initdb) found: tests marked "postgres" are left out.' >&2
    missing=1
fi
if ! has_chromium; then
    echo 'No Chromium found: tests marked "browser" are left out.' >&2
    missing=1
fi
if ((missing)) && [[ "${CI:-}" == true ]]; then
    echo 'CI leaves nothing out: install postgresql and chromium.' >&2
    exit 1
fi
