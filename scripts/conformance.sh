#!/usr/bin/env bash
# Holds the server against clients that are not ours: every typed call of py-opensonic and of the crate
# opensubsonic, and schemathesis over the published description of OpenSubsonic and over that of our own API.
# What is Python's is installed outside the repository.
#
# Usage: scripts/conformance.sh PROGRAM MUSIC OPENAPI
#   PROGRAM  the auralis executable
#   MUSIC    a folder of music
#   OPENAPI  the description, opensubsonic/openapi/openapi.json
#
# TRIAD_CONFORMANCE chooses where the clients are; the default is ~/.cache/triad-conformance.
# TRIAD_EXAMPLES chooses how many requests schemathesis draws for each method.
set -euo pipefail

program="$(realpath "$1")" music="$(realpath "$2")" openapi="$(realpath "$3")"
here="$(cd "$(dirname "$0")" && pwd)"
tools="${TRIAD_CONFORMANCE:-$HOME/.cache/triad-conformance}"
wanted='schemathesis==4.32.5 py-opensonic==10.4.1'

if [ "$(cat "$tools/.wanted" 2>/dev/null)" != "$wanted" ]; then
    python3 -m venv "$tools"
    # shellcheck disable=SC2086
    "$tools/bin/pip" install --quiet --disable-pip-version-check $wanted
    echo "$wanted" >"$tools/.wanted"
fi

# shellcheck source=scripts/conformance/server.sh
. "$here/conformance/server.sh"

"$tools/bin/python" "$here/conformance/opensonic.py" "$url" ann "$key"

cargo run --quiet --locked --manifest-path "$here/../examples/opensubsonic-client/Cargo.toml" \
    --target-dir "${CARGO_TARGET_DIR:-$here/../target}/client" -- "$url" ann "$key" >"$work/opensubsonic" ||
    { tail -5 "$work/opensubsonic" "$work/log"; exit 1; }
tail -1 "$work/opensubsonic"

# It writes what it found beside itself: into the folder that goes.
cd "$work"
draw() {
    SCHEMATHESIS_HOOKS="$1" PYTHONPATH="$here/conformance" "$tools/bin/schemathesis" run "${@:2}" \
        --url "${url%/}" --max-examples "${TRIAD_EXAMPLES:-20}" --seed 20261129 --continue-on-failure \
        --rate-limit auto >"$work/schemathesis" 2>&1 || { tail -150 "$work/schemathesis"; exit 1; }
    tail -25 "$work/schemathesis"
}

# Errors are HTTP 200 with status=failed, so shapes and the absence of crashes are what is checked.
TRIAD_KEY="$key" draw hooks "$openapi" --checks response_schema_conformance,not_a_server_error

# Our own API keeps to what it says of itself. Left out: events, which have no end; the password, whose door
# closes for longer with each wrong guess; and what composes, which works for minutes.
draw own "${url}api/v1/openapi.json" --header "Authorization: Bearer $key" \
    --checks response_schema_conformance,not_a_server_error,status_code_conformance,content_type_conformance \
    --exclude-path /api/v1/events --exclude-path /api/v1/password --exclude-path /api/v1/songs/starter
