/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The settings under net.ipv4 and net.core: name, place, limits and default in one list.
 *
 * ipv4_sysctl_init() runs at each boot of a world. It registers the table with kernel/sysctl.c,
 * and then writes every default through the very door a user would take, so that a world starts
 * with the same settings whatever the one before was told.
 *
 * The defaults are those of a v4.9 kernel with 256 MB of memory (tcp_mem and the like depend on
 * it).
 *
 * Origin: net/ipv4/sysctl_net_ipv4.c, net/ipv4/route.c and net/core/sysctl_net_core.c, v4.9.
 */
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/sysctl.h>
#include <net/inet_timewait_sock.h>
#include <net/ip.h>
#include <net/net_namespace.h>
#include <net/route.h>
#include <net/sock.h>
#include <net/tcp.h>

static int zero;
static int one = 1;
static int four = 4;
static int u8_max = 255;
static int u16_max = 65535;
static int retr_max = 127; /* MAX_TCP_SYNCNT: a SYN may be sent this often */
static int tcp_adv_win_scale_min = -31;
static int tcp_adv_win_scale_max = 31;
static int min_sndbuf = SOCK_MIN_SNDBUF;
static int min_rcvbuf = SOCK_MIN_RCVBUF;

static char ca_available[] = "cubic reno dctcp";
static char default_qdisc[] = "pfifo_fast";

/*
 * "LOW HIGH": the ports connect(2) picks from. Both are written at once or not at all, since a
 * range that is empty for a moment would fail a connect. -EINVAL.
 */
static int ipv4_local_port_range(const struct ctl_table *table, const char *value)
{
	struct local_ports *ports = container_of(table->data, struct local_ports, range);
	int range[2] = { ports->range[0], ports->range[1] };
	struct ctl_table tmp = {
		.data = range,
		.maxlen = sizeof(range),
		.extra1 = &one,
		.extra2 = &u16_max,
	};
	int err = proc_dointvec_minmax(&tmp, value);

	if (err)
		return err;
	if (range[1] < range[0])
		return -EINVAL;

	/* The search for a port relies on the ends having different parity. */
	ports->warned = !((range[0] ^ range[1]) & 1);
	ports->range[0] = range[0];
	ports->range[1] = range[1];
	return 0;
}

/* The congestion control of sockets that name none; -ENOENT if nobody registered it. */
static int proc_tcp_congestion_control(const struct ctl_table *table, const char *value)
{
	(void)table;
	return tcp_set_default_congestion_control(value);
}

static void show_tcp_congestion_control(const struct ctl_table *table, char *buf, size_t len)
{
	char name[TCP_CA_NAME_MAX];

	(void)table;
	tcp_get_default_congestion_control(name);
	strlcpy(buf, name, len);
}

/* One bit a port (ip_local_reserved_ports). */
static unsigned long reserved_ports[65536 / 64];

#define NS init_net.ipv4

/* X(name, place, handler, smallest, largest, default); default NULL: its owner sets it. */
#define IPV4_SETTINGS(X)                                                                          \
	X("icmp_echo_ignore_all", NS.sysctl_icmp_echo_ignore_all, proc_dointvec, 0, 0, "0")       \
	X("icmp_echo_ignore_broadcasts", NS.sysctl_icmp_echo_ignore_broadcasts, proc_dointvec, 0, \
	  0, "1")                                                                                 \
	X("icmp_ignore_bogus_error_responses", NS.sysctl_icmp_ignore_bogus_error_responses,       \
	  proc_dointvec, 0, 0, "1")                                                               \
	X("icmp_ratelimit", NS.sysctl_icmp_ratelimit, proc_dointvec_ms_jiffies, 0, 0, "1000")     \
	X("icmp_ratemask", NS.sysctl_icmp_ratemask, proc_dointvec, 0, 0, "6168")                  \
	X("icmp_errors_use_inbound_ifaddr", NS.sysctl_icmp_errors_use_inbound_ifaddr,             \
	  proc_dointvec, 0, 0, "0")                                                               \
	X("ip_default_ttl", NS.sysctl_ip_default_ttl, proc_dointvec_minmax, &one, &u8_max, "64")  \
	X("ip_no_pmtu_disc", NS.sysctl_ip_no_pmtu_disc, proc_dointvec, 0, 0, "0")                 \
	X("ip_forward_use_pmtu", NS.sysctl_ip_fwd_use_pmtu, proc_dointvec, 0, 0, "0")             \
	X("ip_nonlocal_bind", NS.sysctl_ip_nonlocal_bind, proc_dointvec, 0, 0, "0")               \
	X("ip_dynaddr", NS.sysctl_ip_dynaddr, proc_dointvec, 0, 0, "0")                           \
	X("ip_early_demux", NS.sysctl_ip_early_demux, proc_dointvec, 0, 0, "1")                   \
	X("fwmark_reflect", NS.sysctl_fwmark_reflect, proc_dointvec, 0, 0, "0")                   \
	X("tcp_fwmark_accept", NS.sysctl_tcp_fwmark_accept, proc_dointvec, 0, 0, "0")             \
	X("ip_local_port_range", NS.ip_local_ports.range, ipv4_local_port_range, 0, 0,            \
	  "32768 60999")                                                                          \
	X("route/min_adv_mss", ip_rt_min_advmss, proc_dointvec, 0, 0, "256")                      \
	X("route/min_pmtu", ip_rt_min_pmtu, proc_dointvec, 0, 0, "552")                           \
	X("route/mtu_expires", ip_rt_mtu_expires, proc_dointvec_jiffies, 0, 0, "600")

#define TCP_SETTINGS(X)                                                                            \
	X("tcp_timestamps", sysctl_tcp_timestamps, proc_dointvec, 0, 0, "1")                       \
	X("tcp_window_scaling", sysctl_tcp_window_scaling, proc_dointvec, 0, 0, "1")               \
	X("tcp_sack", sysctl_tcp_sack, proc_dointvec, 0, 0, "1")                                   \
	X("tcp_fack", sysctl_tcp_fack, proc_dointvec, 0, 0, "1")                                   \
	X("tcp_dsack", sysctl_tcp_dsack, proc_dointvec, 0, 0, "1")                                 \
	X("tcp_ecn", NS.sysctl_tcp_ecn, proc_dointvec, 0, 0, "2")                                  \
	X("tcp_ecn_fallback", NS.sysctl_tcp_ecn_fallback, proc_dointvec, 0, 0, "1")                \
	X("tcp_rmem", sysctl_tcp_rmem, proc_dointvec_minmax, &one, 0, "4096 87380 6291456")        \
	X("tcp_wmem", sysctl_tcp_wmem, proc_dointvec_minmax, &one, 0, "4096 16384 4194304")        \
	X("tcp_mem", sysctl_tcp_mem, proc_doulongvec_minmax, 0, 0, "23763 31687 47526")            \
	X("tcp_adv_win_scale", sysctl_tcp_adv_win_scale, proc_dointvec_minmax,                     \
	  &tcp_adv_win_scale_min, &tcp_adv_win_scale_max, "1")                                     \
	X("tcp_app_win", sysctl_tcp_app_win, proc_dointvec, 0, 0, "31")                            \
	X("tcp_syn_retries", NS.sysctl_tcp_syn_retries, proc_dointvec_minmax, &one, &retr_max,     \
	  "6")                                                                                     \
	X("tcp_synack_retries", NS.sysctl_tcp_synack_retries, proc_dointvec, 0, 0, "5")            \
	X("tcp_retries1", NS.sysctl_tcp_retries1, proc_dointvec_minmax, &zero, &u8_max, "3")       \
	X("tcp_retries2", NS.sysctl_tcp_retries2, proc_dointvec, 0, 0, "15")                       \
	X("tcp_orphan_retries", NS.sysctl_tcp_orphan_retries, proc_dointvec, 0, 0, "0")            \
	X("tcp_fin_timeout", NS.sysctl_tcp_fin_timeout, proc_dointvec_jiffies, 0, 0, "60")         \
	X("tcp_keepalive_time", NS.sysctl_tcp_keepalive_time, proc_dointvec_jiffies, 0, 0, "7200") \
	X("tcp_keepalive_intvl", NS.sysctl_tcp_keepalive_intvl, proc_dointvec_jiffies, 0, 0, "75") \
	X("tcp_keepalive_probes", NS.sysctl_tcp_keepalive_probes, proc_dointvec, 0, 0, "9")        \
	X("tcp_syncookies", NS.sysctl_tcp_syncookies, proc_dointvec, 0, 0, "1")                    \
	X("tcp_reordering", NS.sysctl_tcp_reordering, proc_dointvec, 0, 0, "3")                    \
	X("tcp_max_reordering", sysctl_tcp_max_reordering, proc_dointvec, 0, 0, "300")             \
	X("tcp_fastopen", sysctl_tcp_fastopen, proc_dointvec, 0, 0, "3")                           \
	X("tcp_base_mss", NS.sysctl_tcp_base_mss, proc_dointvec, 0, 0, "1024")                     \
	X("tcp_mtu_probing", NS.sysctl_tcp_mtu_probing, proc_dointvec, 0, 0, "0")                  \
	X("tcp_probe_threshold", NS.sysctl_tcp_probe_threshold, proc_dointvec, 0, 0, "8")          \
	X("tcp_probe_interval", NS.sysctl_tcp_probe_interval, proc_dointvec, 0, 0, "600")          \
	X("tcp_workaround_signed_windows", sysctl_tcp_workaround_signed_windows, proc_dointvec, 0, \
	  0, "0")                                                                                  \
	X("tcp_moderate_rcvbuf", sysctl_tcp_moderate_rcvbuf, proc_dointvec, 0, 0, "1")             \
	X("tcp_no_metrics_save", sysctl_tcp_nometrics_save, proc_dointvec, 0, 0, "0")              \
	X("tcp_max_orphans", sysctl_tcp_max_orphans, proc_dointvec, 0, 0, "8192")                  \
	X("tcp_max_tw_buckets", tcp_death_row.sysctl_max_tw_buckets, proc_dointvec, 0, 0, "8192")  \
	X("tcp_tw_reuse", sysctl_tcp_tw_reuse, proc_dointvec, 0, 0, "0")                           \
	X("tcp_tw_recycle", tcp_death_row.sysctl_tw_recycle, proc_dointvec, 0, 0, "0")             \
	X("tcp_early_retrans", sysctl_tcp_early_retrans, proc_dointvec_minmax, &zero, &four, "3")  \
	X("tcp_recovery", sysctl_tcp_recovery, proc_dointvec, 0, 0, "1")                           \
	X("tcp_thin_linear_timeouts", sysctl_tcp_thin_linear_timeouts, proc_dointvec, 0, 0, "0")   \
	X("tcp_thin_dupack", sysctl_tcp_thin_dupack, proc_dointvec, 0, 0, "0")                     \
	X("tcp_tso_win_divisor", sysctl_tcp_tso_win_divisor, proc_dointvec, 0, 0, "3")             \
	X("tcp_min_tso_segs", sysctl_tcp_min_tso_segs, proc_dointvec_minmax, &one, &u16_max, "2")  \
	X("tcp_slow_start_after_idle", sysctl_tcp_slow_start_after_idle, proc_dointvec, 0, 0, "1") \
	X("tcp_low_latency", sysctl_tcp_low_latency, proc_dointvec, 0, 0, "0")                     \
	X("tcp_notsent_lowat", NS.sysctl_tcp_notsent_lowat, proc_dointvec, 0, 0, "-1")             \
	X("tcp_limit_output_bytes", sysctl_tcp_limit_output_bytes, proc_dointvec, 0, 0, "262144")  \
	X("tcp_challenge_ack_limit", sysctl_tcp_challenge_ack_limit, proc_dointvec, 0, 0, "1000")  \
	X("tcp_frto", sysctl_tcp_frto, proc_dointvec, 0, 0, "2")                                   \
	X("tcp_rfc1337", sysctl_tcp_rfc1337, proc_dointvec, 0, 0, "0")                             \
	X("tcp_autocorking", sysctl_tcp_autocorking, proc_dointvec_minmax, &zero, &one, "1")       \
	X("tcp_retrans_collapse", sysctl_tcp_retrans_collapse, proc_dointvec, 0, 0, "1")           \
	X("tcp_abort_on_overflow", sysctl_tcp_abort_on_overflow, proc_dointvec, 0, 0, "0")         \
	X("tcp_stdurg", sysctl_tcp_stdurg, proc_dointvec, 0, 0, "0")                               \
	X("tcp_invalid_ratelimit", sysctl_tcp_invalid_ratelimit, proc_dointvec_ms_jiffies, 0, 0,   \
	  "500")

#define CORE_SETTINGS(X)                                                                       \
	X("rmem_max", sysctl_rmem_max, proc_dointvec_minmax, &min_rcvbuf, 0, "212992")         \
	X("rmem_default", sysctl_rmem_default, proc_dointvec_minmax, &min_rcvbuf, 0, "212992") \
	X("wmem_max", sysctl_wmem_max, proc_dointvec_minmax, &min_sndbuf, 0, "212992")         \
	X("wmem_default", sysctl_wmem_default, proc_dointvec_minmax, &min_sndbuf, 0, "212992") \
	X("somaxconn", init_net.core.sysctl_somaxconn, proc_dointvec_minmax, &zero, &u16_max, "128")

#define SETTING_ROW(name, place, handler, lo, hi, def) \
	{                                              \
		.procname = name,                      \
		.data = &place,                        \
		.maxlen = sizeof(place),               \
		.mode = 0644,                          \
		.proc_handler = handler,               \
		.extra1 = (void *)lo,                  \
		.extra2 = (void *)hi,                  \
	},

static const struct ctl_table ipv4_net_table[] = {
	IPV4_SETTINGS(SETTING_ROW)
		TCP_SETTINGS(SETTING_ROW){ .procname = "tcp_congestion_control",
					   .mode = 0644,
					   .proc_handler = proc_tcp_congestion_control,
					   .proc_show = show_tcp_congestion_control },
	{ .procname = "ip_local_reserved_ports",
	  .data = &NS.sysctl_local_reserved_ports,
	  .maxlen = 65536,
	  .mode = 0644,
	  .proc_handler = proc_do_large_bitmap,
	  .proc_show = proc_show_large_bitmap },
	{ .procname = "tcp_available_congestion_control",
	  .data = ca_available,
	  .maxlen = sizeof(ca_available),
	  .mode = 0444,
	  .proc_handler = proc_dostring },
	{ .procname = NULL },
};

static const struct ctl_table net_core_table[] = {
	CORE_SETTINGS(SETTING_ROW){ .procname = "default_qdisc",
				    .data = default_qdisc,
				    .maxlen = sizeof(default_qdisc),
				    .mode = 0444,
				    .proc_handler = proc_dostring },
	{ .procname = NULL },
};

#define IPV4_DEFAULT(name, place, handler, lo, hi, def) { "net/ipv4/" name, def },
#define CORE_DEFAULT(name, place, handler, lo, hi, def) { "net/core/" name, def },

static const struct {
	const char *name;
	const char *value;
} sysctl_defaults[] = { IPV4_SETTINGS(IPV4_DEFAULT) TCP_SETTINGS(IPV4_DEFAULT)
				CORE_SETTINGS(CORE_DEFAULT) };

int ipv4_sysctl_init(void)
{
	size_t i;
	int err;

	memset(reserved_ports, 0, sizeof(reserved_ports));
	NS.sysctl_local_reserved_ports = reserved_ports;
	err = register_sysctl("net/ipv4", ipv4_net_table);
	if (!err)
		err = register_sysctl("net/core", net_core_table);
	for (i = 0; !err && i < ARRAY_SIZE(sysctl_defaults); i++) {
		if (sysctl_defaults[i].value)
			err = sysctl_write(sysctl_defaults[i].name, sysctl_defaults[i].value);
	}
	return err;
}
