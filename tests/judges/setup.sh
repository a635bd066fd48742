#!/bin/bash
# Installs the judges (implementations by others that check our badges) into .judges/, once for every change of their pins.
# usage: tests/judges/setup.sh        needs python3.11 and node >= 20; afterwards tests/judges/__init__.py runs them
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
target=$(cd "$here/../.." && pwd)/.judges
pins=$(cat "$here"/openbadges.txt "$here"/package-lock.json "$here"/setup.sh | sha256sum | cut -d' ' -f1)
[ "$(cat "$target/pins" 2>/dev/null || true)" = "$pins" ] && exit 0

mkdir -p "$target"
exec 9>"$target/lock"
flock 9 2>/dev/null || true
[ "$(cat "$target/pins" 2>/dev/null || true)" = "$pins" ] && exit 0
rm -rf "$target/ob2" "$target/node" "$target/pins"
echo "Installing the judges of badges into .judges/"
"$(command -v python3.11 || command -v python3)" -m venv "$target/ob2"
"$target/ob2/bin/pip" install --quiet --disable-pip-version-check --require-hashes --no-deps -r "$here/openbadges.txt"
mkdir -p "$target/node"
cp "$here/package.json" "$here/package-lock.json" "$here/.npmrc" "$target/node/"
(cd "$target/node" && npm ci --ignore-scripts --silent)
echo "$pins" > "$target/pins"
