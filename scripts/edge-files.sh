#!/usr/bin/env bash
# Fetches small sound files of many formats and defects: the test files of two tagging libraries,
# by pip, at the versions and sums below. Safe to run again; nothing of it is part of this
# repository.
#
# TRIAD_EDGE chooses the folder; the default is ~/.cache/triad-edge.
set -euo pipefail

edge="${TRIAD_EDGE:-$HOME/.cache/triad-edge}"

# package, version, SHA-256 of the source distribution, folder of the files in it.
wanted='
mutagen 1.48.1 8f95637ab9f6f305cec6bd1294e197debe207998e3e068596563c74f86b0a173 tests/data
beets 2.14.1 b25dc7bf8ed093d8b6e043e88013736902c1082c958b81a598af5db5275539a5 test/rsrc
'

fail() { echo "edge-files: $*" >&2; exit 1; }

python3 -m pip --version >/dev/null 2>&1 || fail "pip is missing (python3-pip)"
mkdir -p "$edge"
work="$(mktemp -d "$edge/.fetching.XXXXXX")"
trap 'rm -rf "$work"' EXIT

while read -r package version sum folder; do
    if [ -z "$package" ] || [ "$(cat "$edge/$package/.sum" 2>/dev/null)" = "$sum" ]; then
        continue
    fi
    echo "$package==$version --hash=sha256:$sum" >"$work/wanted.txt"
    python3 -m pip download --quiet --disable-pip-version-check --no-deps --no-binary :all: \
        --require-hashes --requirement "$work/wanted.txt" --dest "$work" \
        || fail "$package $version could not be fetched: offline?"
    mkdir "$work/$package"
    tar -xzf "$work/$package-$version.tar.gz" -C "$work/$package" --strip-components 1 \
        "$package-$version/$folder"
    find "$work/$package" -type f \( -name '*.py' -o -name '*.txt' -o -name '*.json' -o -name '*.yaml' \
        -o -name '*.html' -o -name '*.js' -o -name '*.xml' -o -name '*.sh' \) -delete
    echo "$sum" >"$work/$package/.sum"
    rm -rf "${edge:?}/$package"
    mv "$work/$package" "$edge/$package"
done <<<"$wanted"
echo "edge-files: $(find "$edge" -type f ! -name .sum | wc -l) files in $edge"
