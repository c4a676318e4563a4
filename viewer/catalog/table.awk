# SPDX-License-Identifier: GPL-2.0-only
#
# Makes C of the catalogue's texts: one line an entry, "KIND NAME" and its text, sorted, for
# build/gen/catalog_texts.h.  Comments are for translators.  The format of the texts is told in docs/contributing.md.
#
# Input that is not of the format ends it with a message and status 1, which fails the build.

function fail(why) {
	printf "%s:%d: %s\n", FILENAME, FNR, why >"/dev/stderr"
	failed = 1
	exit 1
}

function finish(    i) {
	if (!heads)
		return
	if (text == "")
		fail("the entry before has no text")
	gsub(/\\/, "\\\\", text)
	gsub(/"/, "\\\"", text)
	for (i = 2; i <= heads; i++)
		printf "{ \"%s %s\", /* of %s %s */ N_(\"%s\") },\n", head[1], head[i], head[1], head[i], text
	heads = 0
	text = ""
}

FNR == 1 { finish() }
/^#/ || /^[ \t]*$/ { next }
/^\t/ {
	if (!heads)
		fail("a text without a line KIND NAME before it")
	sub(/^\t+/, "")
	text = text (text == "" ? "" : " ") $0
	next
}
{
	finish()
	if ($1 !~ /^(function|field|object|errno|state|drop|value)$/ || NF < 2)
		fail("neither a text behind a tab nor KIND NAME...: " $0)
	for (heads = 1; heads <= NF; heads++) {
		head[heads] = $heads
		if (heads > 1 && seen[$1, $heads]++)
			fail($1 " " $heads " stands here twice")
	}
	heads = NF
}
END {
	if (!failed)
		finish()
}
