#!/usr/bin/env bash
# Tries the pages in a real browser: servers with fresh data and made-up music, Debian's Chromium, and a suite that
# hears every frame. Any finding fails it.
#
# Usage: scripts/browser.sh PROGRAM [PICTURES]
#   PROGRAM   the auralis executable, with the pages inside
#   PICTURES  where pictures of every screen go; the default is $TMPDIR/auralis-screens
#
# Needs node 20.11 or newer and ffmpeg; fetches Chromium by apt-get if it is not there.
# TRIAD_BROWSER chooses where the driver of the browser is; the default is ~/.cache/triad-browser.
# TRIAD_PAGES names a folder of pages (a `web/dist`) that are tried in place of the program's own.
# TRIAD_ONLY names the parts to run, such as "exact jitter"; the default is all.
set -euo pipefail

here="$(cd "$(dirname "$0")/.." && pwd)/web/e2e"
TRIAD_PROGRAM="$(realpath "$1")"
export TRIAD_PROGRAM
export TRIAD_PICTURES="${2:-${TMPDIR:-/tmp}/auralis-screens}"
export TRIAD_BROWSER="${TRIAD_BROWSER:-$HOME/.cache/triad-browser}"

node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 11) ? 0 : 1)' 2>/dev/null || {
    echo "the browser suite needs node 20.11 or newer, which is not here"
    exit 1
}

sudo=""
[ "$(id -u)" = 0 ] || sudo=sudo
missing=""
command -v chromium >/dev/null || missing="chromium"
command -v ffmpeg >/dev/null || missing="$missing ffmpeg"
if [ -n "$missing" ]; then
    $sudo apt-get update -qq
    # shellcheck disable=SC2086
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $missing >/dev/null
fi

# What is not ours stays outside the repository, as its lock file says.
wanted="$(cat "$here/package.json" "$here/package-lock.json")"
if [ "$(cat "$TRIAD_BROWSER/.wanted" 2>/dev/null)" != "$wanted" ]; then
    mkdir -p "$TRIAD_BROWSER"
    cp "$here/package.json" "$here/package-lock.json" "$TRIAD_BROWSER/"
    (cd "$TRIAD_BROWSER" && timeout 120 npm ci --silent --no-audit --no-fund)
    echo "$wanted" >"$TRIAD_BROWSER/.wanted"
fi

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
export TMPDIR="$work"
export TRIAD_MUSIC="$work/music"
mkdir -p "$TRIAD_MUSIC" "$TRIAD_PICTURES"
timeout 120 node "$here/music.mjs" "$TRIAD_MUSIC"

parts=()
for part in ${TRIAD_ONLY:-$(cd "$here" && ls -- *.test.mjs)}; do
    parts+=("$here/${part%.test.mjs}.test.mjs")
done
timeout --kill-after=10 "${TRIAD_SECONDS:-480}" \
    node --test --test-concurrency=1 --test-reporter="$here/reporter.mjs" "${parts[@]}"
echo "browser: passed, $SECONDS s; pictures in $TRIAD_PICTURES"
