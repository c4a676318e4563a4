#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Gets a kernel of the distribution's for the guest, and unpacks it; nothing is installed.
#
#     fetch.sh CACHE PACKAGE      a package's name, or a file PACKAGE.deb
#
# Prints two lines: the kernel's image and the TAP's driver (empty when it is part of the kernel).
# What was fetched once is used again; remove it from CACHE to have a newer one. Trouble goes to
# standard error in two lines, as synwalk tells it: "what: why", and what to do.
set -eu
cache=$1 package=$2

trouble() {
	printf '%s\n    %s\n' "$1" "$2" >&2
	exit 2
}

mkdir -p "$cache" 2>/dev/null || trouble "$cache: cannot be made" 'set XDG_CACHE_HOME to a folder that can be written'
name=${package##*/}
folder=$cache/${name%.deb}

if [ ! -e "$folder/ready" ]; then
	command -v dpkg-deb >/dev/null 2>&1 ||
		trouble 'dpkg-deb: not found' 'the guest boots a Debian kernel package: apt-get install dpkg'
	new=$(mktemp -d "$cache/new.XXXXXX")
	trap 'rm -rf "$new"' EXIT
	case $package in
	*.deb)
		cp "$package" "$new/" 2>/dev/null || trouble "$package: cannot be read" 'name a kernel package, or its file' ;;
	*)
		# linux-image-cloud-amd64 only depends on the package that has the kernel.
		real=$(apt-cache depends --no-recommends --no-suggests "$package" 2>/dev/null |
			sed -n 's/^ *Depends: \(linux-image-[0-9].*\)/\1/p' | head -n 1)
		(cd "$new" && apt-get -q -o APT::Sandbox::User=root download "${real:-$package}" >log 2>&1) ||
			trouble "$package: apt-get cannot download it: $(grep -m 1 '^E:' "$new/log")" \
				'is there a network, and was apt-get update run? or name a file: --package FILE.deb' ;;
	esac
	dpkg-deb -x "$new"/*.deb "$new/root" 2>"$new/log" ||
		trouble "$package: $(head -n 1 "$new/log")" 'name a kernel package, or its file'
	mkdir "$new/ready"
	image=$(find "$new/root" -name 'vmlinuz-*' | head -n 1)
	[ -n "$image" ] || trouble "$package: no kernel is in it" 'like --package linux-image-cloud-amd64'
	mv "$image" "$new/ready/"
	find "$new/root" -name 'tun.ko*' -exec mv {} "$new/ready/" ';'
	# A folder that is complete is moved into place; who comes second finds it there.
	mkdir -p "$folder"
	mv -T "$new/ready" "$folder/ready" 2>/dev/null || [ -e "$folder/ready" ]
fi
find "$folder/ready" -name 'vmlinuz-*'
find "$folder/ready" -name 'tun.ko*' | grep . || echo
