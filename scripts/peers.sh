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

# environment NAME REQUIREMENT...: a Python of its own that has them all at these versions.
environment() {
    local folder="$peers/$1" wanted="$1.installed"
    shift
    if [[ ! -x "$folder/bin/python" ]]; then
        mkdir -p "$peers"
        python3 -m venv "$folder"
    fi
    # What was asked for last time is written down, so that nothing is asked of the registry again.
    if [[ "$(cat "$peers/$wanted" 2>/dev/null)" != "$*" ]]; then
        "$folder/bin/pip" install --quiet --disable-pip-version-check "$@"
        echo "$*" >"$peers/$wanted"
    fi
}

environment venv 'matchering==2.0.6' 'pedalboard==0.9.26' 'librosa==0.11.0'

# NautilusTrader cannot make its bars from tables of pandas 3, which matchering has; vectorbt does
# not import beside plotly 6. The NautilusTrader is the newest for Python 3.11.
environment markets \
    'pandas==2.3.3' 'plotly==5.24.1' 'numba==0.68.1' \
    'TA-Lib==0.8.2' 'smartmoneyconcepts==0.0.27' \
    'vectorbt==1.0.0' 'vectorbt-rust==1.0.0' \
    'nautilus_trader==1.221.0' 'hftbacktest==2.4.4'

ffmpeg -version | sed -n 1p
fluidsynth --version | sed -n 1p
"$peers/venv/bin/python" - <<'VERSIONS'
from importlib.metadata import version
for name in ("matchering", "pedalboard", "librosa"):
    print(name, version(name))
VERSIONS
"$peers/markets/bin/python" - <<'VERSIONS'
from importlib.metadata import version
for name in ("TA-Lib", "smartmoneyconcepts", "vectorbt", "nautilus_trader", "hftbacktest"):
    print(name, version(name))
VERSIONS
