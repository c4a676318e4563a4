#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What a stranger sees: a bare Debian 12 in a folder, a fresh clone in it, make demo, make test.
#
#     sudo sh tests/bare.sh [FOLDER]
#
# Needs root, debootstrap and a Debian mirror, so it is no part of make test. The folder (default:
# a new one below /var/tmp, removed afterwards) may be kept and given again: what is installed in
# it then is taken away by a fresh copy of its first state. MIRROR names the mirror.
#
# "Bare" is debootstrap's minbase with make, which is all that README.md asks for beside git.
set -eu
cd "$(dirname "$0")/.."

mirror=${MIRROR:-http://deb.debian.org/debian}
say() {
	echo "== $(date +%T) $*"
}

if [ "$(id -u)" -ne 0 ]; then
	echo "synwalk: bare: only root can make a root folder; run: sudo sh tests/bare.sh" >&2
	exit 2
fi
if ! command -v debootstrap >/dev/null; then
	echo "synwalk: bare: debootstrap is missing; run: apt-get install debootstrap" >&2
	exit 2
fi

folder=${1-}
if [ -z "$folder" ]; then
	folder=$(mktemp -d /var/tmp/synwalk-bare.XXXXXX)
	trap 'rm -rf "$folder"' EXIT
fi
mkdir -p "$folder"
base=$folder/base.tar
root=$folder/root

if [ ! -e "$base" ]; then
	say 'debootstrap'
	rm -rf "$root"
	debootstrap --variant=minbase --include=make bookworm "$root" "$mirror" >"$folder/debootstrap.log"
	tar -C "$root" -cf "$base" .
fi
say 'a fresh root'
rm -rf "$root"
mkdir -p "$root"
tar -C "$root" -xf "$base"
# The mirror as this machine reaches it.
cp /etc/resolv.conf /etc/hosts "$root/etc/" 2>/dev/null || true
for conf in /etc/apt/apt.conf.d/*proxy* /etc/apt/apt.conf.d/*registry* /etc/apt/apt.conf; do
	[ -e "$conf" ] && cp "$conf" "$root/etc/apt/apt.conf.d/"
done
git clone -q . "$root/root/synwalk"

# The mounts are in a namespace of their own and go with it, whatever happens.
run() {
	unshare --mount --propagation private sh -c '
		mount -t proc proc "$1/proc" && mount --rbind /sys "$1/sys" && mount --rbind /dev "$1/dev" &&
		exec chroot "$1" /usr/bin/env -i HOME=/root TERM=dumb PATH=/usr/sbin:/usr/bin:/sbin:/bin \
			CI="$3" sh -c "cd /root/synwalk && $2"' sh "$root" "$1" "${CI-}"
}

status=0
for target in deps demo test; do
	say "make $target"
	began=$(date +%s)
	if run "make $target" </dev/null >"$folder/$target.log" 2>&1; then
		say "make $target: done in $(($(date +%s) - began)) s"
	else
		say "make $target: FAILED after $(($(date +%s) - began)) s"
		status=1
		tail -n 40 "$folder/$target.log"
	fi
done
tail -n 1 "$folder/test.log"
exit $status
