#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# synwalk kernel: the running kernel's connect, where it may be traced; that nothing of it is left; and
# the way a guest's recording comes home, with a qemu that only plays its part. make guest boots one.
. tests/lib/tap.sh

# tracing COMMAND: run in a mount namespace of its own, in the folder of tracing files
tracing() {
	unshare -m sh -c "mount --make-rprivate / && mount -t tracefs tracefs /sys/kernel/tracing &&
		cd /sys/kernel/tracing && $1"
}
settings='head -n 1 current_tracer tracing_on trace_clock buffer_size_kb set_event set_graph_function 2>/dev/null
	ls instances'

# field NAME: what it held, in order
field() {
	sql "$work/k.db" "SELECT value FROM initial i JOIN field f ON f.id = i.field WHERE f.name = '$1'
		UNION ALL SELECT * FROM (SELECT new FROM stores WHERE field = '$1' ORDER BY step)"
}

trouble 'a tracer that does not exist' '^synwalk: ptrace: no such tracer' "$synwalk" kernel --tracer ptrace
trouble 'a package for the running kernel' '^synwalk: --package: ' "$synwalk" kernel --package linux
trouble 'a bad address' '^synwalk: 10\.9\.0\.2: no port' "$synwalk" kernel 10.9.0.2
trouble 'two addresses' 'one address is enough' "$synwalk" kernel 10.9.0.2:1 10.9.0.2:2

# Every line of the tables is in the docs, by its function.
"$synwalk" kernel --print-rules --tracer events | awk '/^[a-z]/ { sub(/=.*|.*\//, "", $2); print $2 }' >"$work/rules"
[ "$(wc -l <"$work/rules")" -gt 50 ]
result $? 'the tables of what newer kernels do otherwise'
equal 'docs/kernel.md has each of their lines' '' "$(sed -n 's/^| `\([^`]*\)`.*/\1/p' docs/kernel.md | sort -u |
	awk 'NR == FNR { told[$1] = 1; next } !($1 in told)' - "$work/rules")"

# --- the running kernel
if [ "$(id -u)" -ne 0 ]; then
	trouble 'no rights' '^synwalk: tracefs: ' "$synwalk" kernel
	skip 'the running kernel' 'only root may trace it'
else
	chmod 711 "$work"
	cp "$synwalk" "$work/synwalk"
	mkdir "$work/theirs"
	chown 65534:65534 "$work/theirs"
	out=$(cd "$work/theirs" && setpriv --reuid 65534 --regid 65534 --clear-groups \
		"$work/synwalk" kernel 2>&1 >/dev/null)
	equal 'no rights: status 2' 2 $?
	contains 'no rights: message' '^synwalk: tracefs: ' "$out"
	contains 'no rights: what to do' 'root.*--guest' "$out"
	equal 'no rights: nothing left' '' "$(ls -A "$work/theirs")"
	own_copy
	before=$(tracing "$settings" 2>"$work/err")
	if [ -s "$work/err" ]; then
		skip 'the running kernel' "$(head -n 1 "$work/err")"
	elif ! have_tap; then
		skip 'the running kernel' "$no_tap"
	else
		"$synwalk" kernel 192.0.2.7:443 -o "$work/k.db" --raw "$work/raw" >"$work/out" 2>"$work/err"
		status=$?
		# A machine may refuse each of the tracers; then that is what must be said.
		if [ $status -eq 2 ] && grep -q '^synwalk: tracing: refused' "$work/err"; then
			skip 'the running kernel' "$(head -n 1 "$work/err")"
		else
			equal 'the running kernel is recorded' 0 $status
			sed 's/^/# /' "$work/out" "$work/err"
			echo "# told: synwalk kernel: $(sed -n 's/ after .*//p' "$work/out"), by $(sed -n 's/^ *tracer: *//p' "$work/out")"
			contains 'it connected' '^connect\(192\.0\.2\.7:443\) of Linux .*: 0 after' "$(cat "$work/out")"
			equal 'the trace names kernel and tracer' 1 "$(sql "$work/k.db" "SELECT count(*) FROM meta
				WHERE key = 'scenario' AND value GLOB 'connect 192.0.2.7:443 by Linux $(uname -r)*traced by *'")"
			equal 'ARP, its answer, SYN, SYN-ACK, ACK' 'out in out in out' \
				"$(sql "$work/k.db" 'SELECT direction FROM packets ORDER BY step' | tr '\n' ' ' | sed 's/ $//')"
			# Where BPF may look: the handshake's numbers, against those of its packets.
			if grep -q '^refused: fields' "$work/raw/about.txt"; then
				skip 'fields of tcp_sock' "$(sed -n 's/^refused: fields: //p' "$work/raw/about.txt")"
			else
				equal 'fields of tcp_sock: closed, connecting, established' '7 2 1' \
					"$(field sk_state | tr '\n' ' ' | sed 's/ $//')"
				equal 'rcv_nxt is what the ACK acknowledges' \
					"$(sql "$work/k.db" "SELECT lower(hex(substr(bytes, 43, 4))) FROM packets
						WHERE hex(substr(bytes, 48, 1)) = '10'")" \
					"$(printf '%08x' "$(field rcv_nxt | tail -n 1)")"
				equal 'snd_una is what the SYN-ACK acknowledges' \
					"$(sql "$work/k.db" "SELECT lower(hex(substr(bytes, 43, 4))) FROM packets
						WHERE hex(substr(bytes, 48, 1)) = '12'")" \
					"$(printf '%08x' "$(field snd_una | tail -n 1)")"
			fi
			# Whatever the tracer, these are seen: each is above a tracepoint.
			for call in __sys_connect inet_stream_connect tcp_v4_connect tcp_connect __tcp_transmit_skb \
				ip_output ip_finish_output2 __dev_queue_xmit tcp_v4_rcv tcp_rcv_state_process; do
				[ "$(sql "$work/k.db" "SELECT count(*) > 0 FROM calls WHERE function = '$call'")" = 1 ] ||
					echo $call
			done >"$work/unseen"
			equal 'the calls on the path are seen' '' "$(cat "$work/unseen")"
		fi
		equal 'every setting is as before' "$before" "$(tracing "$settings")"
		equal 'no process is left' '' "$(left_over)"

		# Killed when its instance is there: the keeper takes it away.
		TMPDIR=$work "$synwalk" kernel -o "$work/killed.db" >/dev/null 2>&1 &
		pid=$!
		tracing "while [ -e /proc/$pid ] && [ ! -e instances/synwalk-$pid ]; do :; done
			kill -KILL $pid
			while [ -e instances/synwalk-$pid ]; do :; done"
		wait $pid
		equal 'it was killed' 137 $?
		equal 'after SIGKILL every setting is as before' "$before" "$(tracing "$settings")"
	fi
fi

# --- a guest takes minutes: not here
kept=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/synwalk
if ! command -v qemu-system-x86_64 >"$work/out"; then
	skip 'synwalk kernel --guest' 'qemu-system-x86 is not installed (make deps-guest); make guest runs it'
elif ! ls "$kept"/*/ready/vmlinuz-* >"$work/out" 2>&1; then
	skip 'synwalk kernel --guest' "no kernel package in $kept yet; make guest fetches one and runs it"
else
	skip 'synwalk kernel --guest' 'all is there, but it takes minutes: make guest runs it'
fi

# --- a guest that is played
XDG_CACHE_HOME=$work/cache
export XDG_CACHE_HOME
ready=$work/cache/synwalk/fake/ready
mkdir -p "$work/bin" "$ready"
: >"$ready/vmlinuz-1"
# The last argument of -serial is where the guest's files go.
cat >"$work/bin/qemu-system-x86_64" <<'EOF'
#!/bin/sh
for argument; do
	case $argument in file:*/line) line=${argument#file:} ;; esac
done
eval "$QEMU_PLAYS"
EOF
# There is no network, and no package.
printf '#!/bin/sh\necho "E: Unable to locate package" >&2\nexit 100\n' >"$work/bin/apt-get"
cp "$work/bin/apt-get" "$work/bin/apt-cache"
chmod +x "$work/bin/"*
guest() {
	QEMU_PLAYS=$1
	shift
	export QEMU_PLAYS
	PATH=$work/bin:$PATH "$synwalk" kernel --guest --package fake "$@"
}
trouble 'no qemu' '^synwalk: qemu-system-x86_64: not installed' \
	env PATH=/nowhere "$synwalk" kernel --guest
trouble 'no such package' '^synwalk: no-such-kernel: apt-get cannot download it: E: Unable' \
	env PATH="$work/bin:$PATH" "$synwalk" kernel --guest --package no-such-kernel
echo garbage >"$work/bad.deb"
trouble 'a file that is no package' '^synwalk: .*bad\.deb: ' \
	env PATH="$work/bin:$PATH" "$synwalk" kernel --guest --package "$work/bad.deb"
trouble 'a guest that says nothing' '^synwalk: guest: it ended without a recording' guest true
trouble 'a qemu that fails' '^synwalk: qemu-system-x86_64: ended with status 3' guest 'exit 3'
trouble 'a guest that takes too long' '^synwalk: guest: not done after 1 seconds' \
	guest 'exec tail -f /dev/null' --timeout 1
trouble 'a guest in trouble' '^synwalk: the guest.s driver tun: Exec format error' \
	guest 'printf "trouble\nthe guest'\''s driver tun\nExec format error\n\n" >"$line"'
trouble 'a file cut short' '^synwalk: guest: it ended without a recording' \
	guest 'printf "file calls.txt 100\nshort" >"$line"'
trouble 'a file elsewhere' '^synwalk: guest: it ended without a recording' \
	guest 'printf "file ../../calls.txt 1\nxend\n" >"$line"'
if [ -s "$work/k.db" ]; then
	rm -f "$work/raw/buffer.txt"
	guest 'for f in '"$work"'/raw/*; do
		printf "file %s %d\n" "${f##*/}" $(wc -c <"$f"); cat "$f"; done >"$line"; echo end >>"$line"' \
		-o "$work/g.db" >/dev/null 2>&1
	equal 'a guest that records' 0 $?
	equal 'and what it recorded comes home' "$(sql "$work/k.db" 'SELECT * FROM calls')" \
		"$(sql "$work/g.db" 'SELECT * FROM calls')"
fi
finish
