#!/usr/bin/env bash
# Installs what `cargo xtask bench` compares with, outside the repository. Safe to run again.
#
# TRIAD_PEERS chooses the folder of what is no package of the system;
# the default is ~/.cache/triad-peers.
set -euo pipefail

peers="${TRIAD_PEERS:-$HOME/.cache/triad-peers}"
packages=(ffmpeg fluidsynth)
if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
    packages+=(python3-venv)
fi

missing=()
for package in "${packages[@]}"; do
    if ! dpkg-query --show --showformat='${Status}' "$package" 2>/dev/null | grep -q 'ok installed'; then
        missing+=("$package")
    fi
done
if ((${#missing[@]} > 0)); then
    sudo=()
    if ((EUID != 0)); then
        sudo=(sudo)
    fi
    "${sudo[@]}" apt-get update
    "${sudo[@]}" apt-get install --yes --no-install-recommends "${missing[@]}"
fi

if [[ ! -x "$peers/venv/bin/python" ]]; then
    mkdir -p "$peers"
    python3 -m venv "$peers/venv"
fi
if ! "$peers/venv/bin/python" -c 'import matchering' 2>/dev/null; then
    "$peers/venv/bin/pip" install --quiet --disable-pip-version-check 'matchering==2.0.6'
fi

ffmpeg -version | sed -n 1p
fluidsynth --version | sed -n 1p
"$peers/venv/bin/python" -c 'import matchering; print("matchering", matchering.__version__)'
