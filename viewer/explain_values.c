/* SPDX-License-Identifier: GPL-2.0-only */
/* What numbers in fields say: flags by name, sequence numbers by their distance from the first. */
#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "viewer/explain.h"
#include "viewer/i18n.h"
#include "viewer/model_words.h"

/* A sequence number further from the first one than this belongs to another connection. */
#define FAR_FROM_FIRST (1u << 24)

struct bit {
	uint64_t bit;
	const char *name;
};

static const struct bit sock_flags[] = {
	{ 1 << 0, "SOCK_DEAD" },
	{ 1 << 1, "SOCK_DONE" },
	{ 1 << 2, "SOCK_URGINLINE" },
	{ 1 << 3, "SOCK_KEEPOPEN" },
	{ 1 << 4, "SOCK_LINGER" },
	{ 1 << 5, "SOCK_DESTROY" },
	{ 1 << 6, "SOCK_BROADCAST" },
	{ 1 << 7, "SOCK_TIMESTAMP" },
	{ 1 << 8, "SOCK_ZAPPED" },
	{ 1 << 9, "SOCK_USE_WRITE_QUEUE" },
	{ 1 << 10, "SOCK_DBG" },
	{ 1 << 11, "SOCK_RCVTSTAMP" },
	{ 1 << 13, "SOCK_LOCALROUTE" },
	{ 1 << 14, "SOCK_QUEUE_SHRUNK" },
	{ 1 << 15, "SOCK_MEMALLOC" },
	{ 1 << 17, "SOCK_FASYNC" },
	{ 1 << 23, "SOCK_SELECT_ERR_QUEUE" },
	{ 1 << 24, "SOCK_RCU_FREE" },
	{ 0, NULL },
};
static const struct bit tcp_header_flags[] = {
	{ 1, "TCPHDR_FIN" },  { 2, "TCPHDR_SYN" },   { 4, "TCPHDR_RST" },
	{ 8, "TCPHDR_PSH" },  { 16, "TCPHDR_ACK" },  { 32, "TCPHDR_URG" },
	{ 64, "TCPHDR_ECE" }, { 128, "TCPHDR_CWR" }, { 0, NULL },
};
static const struct bit sacked[] = {
	{ 1, "TCPCB_SACKED_ACKED" }, { 2, "TCPCB_SACKED_RETRANS" }, { 4, "TCPCB_LOST" },
	{ 16, "TCPCB_REPAIRED" },    { 128, "TCPCB_EVER_RETRANS" }, { 0, NULL },
};
static const struct bit ack_pending[] = {
	{ 1, "ICSK_ACK_SCHED" },
	{ 2, "ICSK_ACK_TIMER" },
	{ 4, "ICSK_ACK_PUSHED" },
	{ 8, "ICSK_ACK_PUSHED2" },
	{ 0, NULL },
};
static const struct bit userlocks[] = {
	{ 1, "SOCK_SNDBUF_LOCK" },
	{ 2, "SOCK_RCVBUF_LOCK" },
	{ 4, "SOCK_BINDADDR_LOCK" },
	{ 8, "SOCK_BINDPORT_LOCK" },
	{ 0, NULL },
};
static const struct bit tsq[] = {
	{ 1 << 0, "TSQ_THROTTLED" },
	{ 1 << 1, "TSQ_QUEUED" },
	{ 1 << 2, "TCP_TSQ_DEFERRED" },
	{ 1 << 3, "TCP_WRITE_TIMER_DEFERRED" },
	{ 1 << 4, "TCP_DELACK_TIMER_DEFERRED" },
	{ 1 << 5, "TCP_MTU_REDUCED_DEFERRED" },
	{ 0, NULL },
};
static const struct bit ecn[] = {
	{ 1, "TCP_ECN_OK" },
	{ 2, "TCP_ECN_QUEUE_CWR" },
	{ 4, "TCP_ECN_DEMAND_CWR" },
	{ 8, "TCP_ECN_SEEN" },
	{ 0, NULL },
};
static const struct bit shutdown_bits[] = { { 1, "RCV_SHUTDOWN" },
					    { 2, "SEND_SHUTDOWN" },
					    { 0, NULL } };
static const struct bit out_options[] = {
	{ 1, "OPTION_SACK_ADVERTISE" },
	{ 2, "OPTION_TS" },
	{ 4, "OPTION_MD5" },
	{ 8, "OPTION_WSCALE" },
	{ 256, "OPTION_FAST_OPEN_COOKIE" },
	{ 0, NULL },
};
static const struct bit dst_flags[] = {
	{ 1, "DST_HOST" },   { 2, "DST_NOXFRM" },   { 4, "DST_NOPOLICY" },
	{ 8, "DST_NOHASH" }, { 16, "DST_NOCACHE" }, { 0, NULL },
};
static const struct bit route_flags[] = {
	{ 0x00010000, "RTCF_NOTIFY" },     { 0x00020000, "RTCF_DIRECTDST" },
	{ 0x00040000, "RTCF_REDIRECTED" }, { 0x01000000, "RTCF_DOREDIRECT" },
	{ 0x04000000, "RTCF_DIRECTSRC" },  { 0x10000000, "RTCF_BROADCAST" },
	{ 0x20000000, "RTCF_MULTICAST" },  { 0x40000000, "RTCF_REJECT" },
	{ 0x80000000, "RTCF_LOCAL" },      { 0, NULL },
};
static const struct bit file_flags[] = {
	{ 1, "O_WRONLY" },       { 2, "O_RDWR" },          { 0x400, "O_APPEND" },
	{ 0x800, "O_NONBLOCK" }, { 0x80000, "O_CLOEXEC" }, { 0, NULL },
};
static const struct bit wait_flags[] = { { 1, "WQ_FLAG_EXCLUSIVE" },
					 { 2, "WQ_FLAG_WOKEN" },
					 { 0, NULL } };
static const struct bit task_states[] = {
	{ 1, "TASK_INTERRUPTIBLE" },
	{ 2, "TASK_UNINTERRUPTIBLE" },
	{ 64, "TASK_DEAD" },
	{ 0, NULL },
};
static const struct bit task_flags[] = {
	{ 4, "PF_EXITING" },
	{ 0x800, "PF_MEMALLOC" },
	{ 0x200000, "PF_KTHREAD" },
	{ 0, NULL },
};
static const struct bit flow_flags[] = { { 1, "FLOWI_FLAG_ANYSRC" },
					 { 2, "FLOWI_FLAG_KNOWN_NH" },
					 { 0, NULL } };
static const struct bit message_flags[] = {
	{ 1, "MSG_OOB" },
	{ 2, "MSG_PEEK" },
	{ 4, "MSG_DONTROUTE" },
	{ 0x20, "MSG_TRUNC" },
	{ 0x40, "MSG_DONTWAIT" },
	{ 0x80, "MSG_EOR" },
	{ 0x100, "MSG_WAITALL" },
	{ 0x4000, "MSG_NOSIGNAL" },
	{ 0x8000, "MSG_MORE" },
	{ 0x20000000, "MSG_FASTOPEN" },
	{ 0, NULL },
};
static const struct bit features[] = {
	{ 1ull << 0, "NETIF_F_SG" },
	{ 1ull << 1, "NETIF_F_IP_CSUM" },
	{ 1ull << 3, "NETIF_F_HW_CSUM" },
	{ 1ull << 4, "NETIF_F_IPV6_CSUM" },
	{ 1ull << 5, "NETIF_F_HIGHDMA" },
	{ 1ull << 6, "NETIF_F_FRAGLIST" },
	{ 1ull << 7, "NETIF_F_HW_VLAN_CTAG_TX" },
	{ 1ull << 8, "NETIF_F_HW_VLAN_CTAG_RX" },
	{ 1ull << 10, "NETIF_F_VLAN_CHALLENGED" },
	{ 1ull << 11, "NETIF_F_GSO" },
	{ 1ull << 12, "NETIF_F_LLTX" },
	{ 1ull << 13, "NETIF_F_NETNS_LOCAL" },
	{ 1ull << 14, "NETIF_F_GRO" },
	{ 1ull << 16, "NETIF_F_TSO" },
	{ 1ull << 17, "NETIF_F_UFO" },
	{ 1ull << 18, "NETIF_F_GSO_ROBUST" },
	{ 1ull << 19, "NETIF_F_TSO_ECN" },
	{ 1ull << 20, "NETIF_F_TSO_MANGLEID" },
	{ 1ull << 21, "NETIF_F_TSO6" },
	{ 1ull << 31, "NETIF_F_GSO_SCTP" },
	{ 1ull << 33, "NETIF_F_SCTP_CRC" },
	{ 1ull << 37, "NETIF_F_RXCSUM" },
	{ 1ull << 45, "NETIF_F_LOOPBACK" },
	{ 0, NULL },
};
static const struct bit ack_flags[] = {
	{ 0x01, "FLAG_DATA" },
	{ 0x02, "FLAG_WIN_UPDATE" },
	{ 0x04, "FLAG_DATA_ACKED" },
	{ 0x08, "FLAG_RETRANS_DATA_ACKED" },
	{ 0x10, "FLAG_SYN_ACKED" },
	{ 0x20, "FLAG_DATA_SACKED" },
	{ 0x40, "FLAG_ECE" },
	{ 0x80, "FLAG_LOST_RETRANS" },
	{ 0x100, "FLAG_SLOWPATH" },
	{ 0x200, "FLAG_ORIG_SACK_ACKED" },
	{ 0x400, "FLAG_SND_UNA_ADVANCED" },
	{ 0x800, "FLAG_DSACKING_ACK" },
	{ 0x2000, "FLAG_SACK_RENEGING" },
	{ 0x4000, "FLAG_UPDATE_TS_RECENT" },
	{ 0, NULL },
};

/* Fields that hold flags, by type (NULL: any) and the end of their name. */
static const struct {
	const char *type, *name;
	const struct bit *bits;
	const char *zero; /* what no bit at all is called */
} flag_fields[] = {
	{ NULL, "sk_flags", sock_flags, NULL },
	{ NULL, "tcp_flags", tcp_header_flags, NULL },
	{ NULL, "sacked", sacked, NULL },
	{ NULL, "icsk_ack.pending", ack_pending, NULL },
	{ NULL, "sk_userlocks", userlocks, NULL },
	{ NULL, "tsq_flags", tsq, NULL },
	{ NULL, "ecn_flags", ecn, NULL },
	{ NULL, "sk_shutdown", shutdown_bits, NULL },
	{ "tcp_out_options", "options", out_options, NULL },
	{ "rtable", "flags", dst_flags, NULL },
	{ NULL, "rt_flags", route_flags, NULL },
	{ NULL, "f_flags", file_flags, "O_RDONLY" },
	{ "__wait_queue", "flags", wait_flags, NULL },
	{ "task_struct", "state", task_states, "TASK_RUNNING" },
	{ "task_struct", "flags", task_flags, NULL },
	{ NULL, "flowi4_flags", flow_flags, NULL },
	{ NULL, "flowic_flags", flow_flags, NULL },
	{ NULL, "msg_flags", message_flags, NULL },
	{ NULL, "sk_route_caps", features, NULL },
	{ NULL, "sk_route_nocaps", features, NULL },
	{ "net_device", "features", features, NULL },
	{ "rtx_acked", "flag", ack_flags, NULL },
};

/* Is END the name, or its last components? */
static bool named(const char *name, const char *end)
{
	size_t a = strlen(name), b = strlen(end);

	return a >= b && !strcmp(name + a - b, end) && (a == b || name[a - b - 1] == '.');
}

char *explain_flags(char *buf, size_t len, const char *type, const char *name, uint64_t value)
{
	size_t at = 0;

	for (size_t i = 0; i < sizeof(flag_fields) / sizeof(flag_fields[0]); i++) {
		const struct bit *b = flag_fields[i].bits;

		if (!named(name, flag_fields[i].name) ||
		    (flag_fields[i].type && (!type || strcmp(type, flag_fields[i].type))))
			continue;
		if (!value)
			snprintf(buf, len, "%s",
				 flag_fields[i].zero ? flag_fields[i].zero : _("none"));
		for (; b->bit && at < len; b++)
			if (value & b->bit) {
				at += (size_t)snprintf(buf + at, len - at, "%s%s", at ? "|" : "",
						       b->name);
				value &= ~b->bit;
			}
		if (value && at < len)
			snprintf(buf + at, len - at, "%s0x%" PRIx64, at ? "|" : "", value);
		return buf;
	}
	return NULL;
}

const char *explain_name(const char *type, const char *name, int64_t value)
{
	static const char *const pmtudisc[] = { "IP_PMTUDISC_DONT", "IP_PMTUDISC_WANT",
						"IP_PMTUDISC_DO", "IP_PMTUDISC_PROBE" };
	static const char *const fclone[] = { "SKB_FCLONE_UNAVAILABLE", "SKB_FCLONE_ORIG",
					      "SKB_FCLONE_CLONE" };

	if (named(name, "pmtudisc") && value >= 0 && value < 4)
		return pmtudisc[value];
	if (named(name, "fclone") && type && strstr(type, "sk_buff") && value >= 0 && value < 3)
		return fclone[value];
	if (named(name, "nh_scope") || named(name, "fc_scope") || named(name, "flowi4_scope") ||
	    named(name, "flowic_scope") ||
	    (type && !strcmp(type, "fib_result") && named(name, "scope")))
		return value == 0   ? "RT_SCOPE_UNIVERSE" :
		       value == 253 ? "RT_SCOPE_LINK" :
		       value == 254 ? "RT_SCOPE_HOST" :
		       value == 255 ? "RT_SCOPE_NOWHERE" :
				      NULL;
	return NULL;
}

bool explain_is_errno(const char *name)
{
	return named(name, "sk_err") || named(name, "sk_err_soft") || named(name, "error") ||
	       named(name, "err") || named(name, "ret") || named(name, "rc");
}

/* Fields and locals that hold a place in a stream of bytes. */
static bool is_sequence(const char *name)
{
	static const char *const names[] = {
		"snd_una",      "snd_nxt",         "snd_sml", "snd_up",     "write_seq",
		"pushed_seq",   "rcv_nxt",         "rcv_wup", "copied_seq", "snd_wl1",
		"seq",          "end_seq",         "ack_seq", "tw_rcv_nxt", "tw_snd_nxt",
		"undo_marker",  "high_seq",        "ack",     "rtt_seq",    "prior_snd_una",
		"tlp_high_seq", "max_packets_seq",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (named(name, names[i]))
			return true;
	return false;
}

char *explain_sequence(char *buf, size_t len, const char *name, const char *ctype, uint32_t value,
		       const struct decode_flows *flows)
{
	const struct decode_flow *best = NULL;
	char address[16];

	if (!is_sequence(name) || !value)
		return NULL;
	/* A header's is in network order; without a type it is a place inside bytes. */
	if (ctype ? strstr(ctype, "be32") != NULL : strstr(name, "tcphdr.") != NULL)
		value = ntohl(value);
	for (size_t i = 0; i < flows->count; i++)
		if (value - flows->flow[i].isn < FAR_FROM_FIRST &&
		    (!best || value - flows->flow[i].isn < value - best->isn))
			best = &flows->flow[i];
	if (!best)
		return NULL;
	snprintf(buf, len, _("the initial sequence number of %s + %u"),
		 decode_address(address, best->saddr), value - best->isn);
	return buf;
}
