#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Installs the Debian packages that are missing, if this user may; otherwise prints the one line to
# run.
#
#     sh tests/lib/deps.sh         what synwalk is built with: make demo, make
#     sh tests/lib/deps.sh test    and what it is tested with: make test
#     sh tests/lib/deps.sh guest   and what a guest is booted with: make guest
#
# The programs that the exports are for (Wireshark's, Graphviz, a browser) are only tested with;
# a test that does not find one says so and is skipped.
set -eu

packages="gcc libc6-dev make pkg-config flex bison gettext
libsqlite3-dev sqlite3 libdw-dev libelf-dev zlib1g-dev liblzma-dev libbz2-dev libncurses-dev libjansson-dev
liblttng-ust-dev liblttng-ctl-dev libbabeltrace2-dev libpcap-dev libseccomp-dev libyaml-dev
util-linux"
[ "${1:-}" = test ] && packages="$packages lttng-tools babeltrace2 libcmocka-dev libvterm-dev valgrind
tshark wireshark-common graphviz chromium python3-jsonschema"
[ "${1:-}" = guest ] && packages="$packages qemu-system-x86"

missing=
for package in $packages; do
	# dpkg says 'ii' of a package that is installed and configured.
	case $(dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null || true) in
	ii*) ;;
	*) missing="$missing $package" ;;
	esac
done
[ -z "$missing" ] && exit 0

if ! command -v dpkg-query >/dev/null 2>&1; then
	echo "synwalk: deps: this is not Debian; it needs the equivalents of:$missing" >&2
	exit 2
fi

as_root=
if [ "$(id -u)" -ne 0 ]; then
	if sudo -n true 2>/dev/null; then
		as_root='sudo -n'
	else
		echo "synwalk: deps: packages are missing and this user may not install them; run:" >&2
		echo "    sudo apt-get install --no-install-recommends$missing" >&2
		exit 2
	fi
fi

echo "installing:$missing"
install() {
	DEBIAN_FRONTEND=noninteractive $as_root apt-get -qq install --no-install-recommends -y \
		$missing >"$log" 2>&1
}
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# The package list may be old or, on a fresh system, not there at all: fetch it and try again.
if ! install && ! { $as_root apt-get -qq update >"$log" 2>&1 && install; }; then
	tail -n 20 "$log" >&2
	echo "synwalk: deps: apt-get could not install:$missing" >&2
	echo "    see the lines above; then run: apt-get install --no-install-recommends$missing" >&2
	exit 2
fi
