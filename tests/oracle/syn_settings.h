/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_TESTS_SYN_SETTINGS_H
#define SYNWALK_TESTS_SYN_SETTINGS_H

/* Of test_syn.c: what is set, done and connected to in each recorded scenario. */

enum call { CONNECT, FASTOPEN };

struct setting {
	const char *name;
	const char *sysctl[3][2];
	struct {
		int level, name, val;
		const char *text; /* not NULL: the option's bytes, @val of them */
	} opt;
	struct core_route route; /* of 10.9.0.2/32, unless it says nothing */
	int mtu;                 /* of cv */
	uint32_t be_near;        /* one more address of cv, /24 */
	uint32_t be_bind;
	uint16_t bind_port;
	int binds;
	uint32_t be_far; /* 0: 10.9.0.2 */
	uint16_t port;   /* 0: 5000 */
	int nonblock;
	const char *md5; /* key of both ends */
	enum call call;
	size_t bytes; /* of data in sendto(MSG_FASTOPEN) */
	int cookie;   /* 1: one has been got before, as "tfo_nocookie" does */
};

#define SYSCTL(key, value)       .sysctl = { { "net.ipv4." key, value } }
#define ROUTE(...)               .route = { .be_dst = PEER_VETH, .prefixlen = 32, .ifname = "cv", __VA_ARGS__ }
#define LOCK(metric)             .lock = 1u << (metric)
#define OPT(level, name, value)  .opt = { level, name, value, NULL }
#define TEXT(level, name, value) .opt = { level, name, sizeof(value) - 1, value }

static const struct setting settings[] = {
	{ .name = "defaults" },
	{ .name = "sysctl_tcp_timestamps=0", SYSCTL("tcp_timestamps", "0") },
	{ .name = "sysctl_tcp_window_scaling=0", SYSCTL("tcp_window_scaling", "0") },
	{ .name = "sysctl_tcp_ecn=1", SYSCTL("tcp_ecn", "1") },
	{ .name = "sysctl_ip_no_pmtu_disc=1", SYSCTL("ip_no_pmtu_disc", "1") },
	{ .name = "sysctl_ip_default_ttl=99", SYSCTL("ip_default_ttl", "99") },
	{ .name = "sysctl_tcp_mtu_probing=1", SYSCTL("tcp_mtu_probing", "1") },
	{ .name = "sysctl_tcp_adv_win_scale=-2", SYSCTL("tcp_adv_win_scale", "-2") },
	{ .name = "sysctl_tcp_app_win=0", SYSCTL("tcp_app_win", "0") },
	{ .name = "sysctl_tcp_workaround_signed_windows=1",
	  SYSCTL("tcp_workaround_signed_windows", "1") },
	{ .name = "sysctl_tcp_rmem=4096 16384 1000000", SYSCTL("tcp_rmem", "4096 16384 1000000") },
	{ .name = "sysctl_tcp_rmem=4096 87380 16777216",
	  SYSCTL("tcp_rmem", "4096 87380 16777216") },
	{ .name = "sysctl_tcp_rmem=4096 87380 65535", SYSCTL("tcp_rmem", "4096 87380 65535") },
	{ .name = "ts0_sack0",
	  .sysctl = { { "net.ipv4.tcp_timestamps", "0" }, { "net.ipv4.tcp_sack", "0" } } },
	{ .name = "sack0_ws0",
	  .sysctl = { { "net.ipv4.tcp_sack", "0" }, { "net.ipv4.tcp_window_scaling", "0" } } },
	{ .name = "ts0_sack0_ws0",
	  .sysctl = { { "net.ipv4.tcp_timestamps", "0" },
		      { "net.ipv4.tcp_sack", "0" },
		      { "net.ipv4.tcp_window_scaling", "0" } } },
	{ .name = "maxseg_536", OPT(SOL_TCP, TCP_MAXSEG, 536) },
	{ .name = "maxseg_900", OPT(SOL_TCP, TCP_MAXSEG, 900) },
	{ .name = "maxseg_64", OPT(SOL_TCP, TCP_MAXSEG, 64) },
	{ .name = "maxseg_1400", OPT(SOL_TCP, TCP_MAXSEG, 1400) },
	{ .name = "maxseg_2000", OPT(SOL_TCP, TCP_MAXSEG, 2000) },
	{ .name = "maxseg_8", OPT(SOL_TCP, TCP_MAXSEG, 8) },
	{ .name = "rcvbuf_1", OPT(SOL_SOCKET, SO_RCVBUF, 1) },
	{ .name = "rcvbuf_4096", OPT(SOL_SOCKET, SO_RCVBUF, 4096) },
	{ .name = "rcvbuf_32768", OPT(SOL_SOCKET, SO_RCVBUF, 32768) },
	{ .name = "rcvbuf_65536", OPT(SOL_SOCKET, SO_RCVBUF, 65536) },
	{ .name = "rcvbuf_1048576", OPT(SOL_SOCKET, SO_RCVBUF, 1048576) },
	{ .name = "rcvbufforce_8388608", OPT(SOL_SOCKET, SO_RCVBUFFORCE, 8388608) },
	{ .name = "rcvbufforce_1073741823", OPT(SOL_SOCKET, SO_RCVBUFFORCE, 1073741823) },
	{ .name = "tos_10", OPT(SOL_IP, IP_TOS, 0x10) },
	{ .name = "tos_08", OPT(SOL_IP, IP_TOS, 0x08) },
	{ .name = "tos_02", OPT(SOL_IP, IP_TOS, 0x02) },
	{ .name = "tos_ff", OPT(SOL_IP, IP_TOS, 0xff) },
	{ .name = "ttl_17", OPT(SOL_IP, IP_TTL, 17) },
	{ .name = "mtu_discover_0", OPT(SOL_IP, IP_MTU_DISCOVER, 0) },
	{ .name = "mtu_discover_1", OPT(SOL_IP, IP_MTU_DISCOVER, 1) },
	{ .name = "mtu_discover_3", OPT(SOL_IP, IP_MTU_DISCOVER, 3) },
	{ .name = "mtu_discover_5", OPT(SOL_IP, IP_MTU_DISCOVER, 5) },
	{ .name = "mtu_68", .mtu = 68 },
	{ .name = "mtu_576", .mtu = 576 },
	{ .name = "mtu_1400", .mtu = 1400 },
	{ .name = "mtu_9000", .mtu = 9000 },
	{ .name = "window_clamp_1", OPT(SOL_TCP, TCP_WINDOW_CLAMP, 1) },
	{ .name = "window_clamp_4096", OPT(SOL_TCP, TCP_WINDOW_CLAMP, 4096) },
	{ .name = "window_clamp_30000", OPT(SOL_TCP, TCP_WINDOW_CLAMP, 30000) },
	{ .name = "window_clamp_1000000", OPT(SOL_TCP, TCP_WINDOW_CLAMP, 1000000) },
	{ .name = "route_advmss_1000", ROUTE(.advmss = 1000) },
	{ .name = "route_advmss_100", ROUTE(.advmss = 100) },
	{ .name = "route_advmss_65000", ROUTE(.advmss = 65000) },
	{ .name = "route_window_100000", ROUTE(.window = 100000) },
	{ .name = "route_initrwnd_2", ROUTE(.initrwnd = 2) },
	{ .name = "route_initcwnd_20", ROUTE(.initcwnd = 20) },
	{ .name = "route_mtu_lock_1000", ROUTE(.mtu = 1000, LOCK(RTAX_MTU)) },
	{ .name = "route_hoplimit_33", ROUTE(.hoplimit = 33) },
	{ .name = "route_features_ecn", ROUTE(.features_ecn = 1) },
	{ .name = "route_quickack_1", ROUTE(.quickack = 1) },
	{ .name = "route_ssthresh_20", ROUTE(.ssthresh = 20) },
	{ .name = "route_cwnd_lock_5", ROUTE(.cwnd = 5, LOCK(RTAX_CWND)) },
	{ .name = "route_congctl_dctcp", ROUTE(.congctl = "dctcp") },
	{ .name = "congestion_reno", TEXT(SOL_TCP, TCP_CONGESTION, "reno") },
	{ .name = "congestion_dctcp", TEXT(SOL_TCP, TCP_CONGESTION, "dctcp") },
	{ .name = "bind_port", .binds = 1, .bind_port = 45678 },
	{ .name = "bind_addr_noport",
	  OPT(SOL_IP, IP_BIND_ADDRESS_NO_PORT, 1),
	  .binds = 1,
	  .be_bind = PEER_NEAR },
	{ .name = "bindtodevice", TEXT(SOL_SOCKET, SO_BINDTODEVICE, "cv") },
	{ .name = "nodelay", OPT(SOL_TCP, TCP_NODELAY, 1) },
	{ .name = "sndbuf_4096", OPT(SOL_SOCKET, SO_SNDBUF, 4096) },
	{ .name = "quickack0", OPT(SOL_TCP, TCP_QUICKACK, 0) },
	{ .name = "oobinline", OPT(SOL_SOCKET, SO_OOBINLINE, 1) },
	{ .name = "ipopt_rr", TEXT(SOL_IP, IP_OPTIONS, "\x07\x0f\x04\0\0\0\0\0\0\0\0\0\0\0\0") },
	{ .name = "ipopt_ts", TEXT(SOL_IP, IP_OPTIONS, "\x44\x0c\x05\0\0\0\0\0\0\0\0\0") },
	{ .name = "ipopt_lsrr_via_gw",
	  TEXT(SOL_IP, IP_OPTIONS, "\x01\x83\x07\x04\x0a\x09\x00\x02"),
	  .be_far = PEER_IP(10, 10, 0, 1),
	  .nonblock = 1 },
	{ .name = "ipopt_lsrr_2hops",
	  TEXT(SOL_IP, IP_OPTIONS, "\x01\x83\x0b\x04\x0a\x09\x00\x02\x0a\x0a\x00\x01"),
	  .be_far = PEER_IP(10, 10, 0, 1),
	  .nonblock = 1 },
	{ .name = "md5sig", .port = 5002, .md5 = "secret", .nonblock = 1 },
	{ .name = "tfo_nocookie", .port = 5001, .call = FASTOPEN, .bytes = 10 },
	{ .name = "tfo_cookie", .port = 5001, .call = FASTOPEN, .bytes = 10, .cookie = 1 },
	{ .name = "tfo_cookie_nodata", .port = 5001, .call = FASTOPEN, .cookie = 1 },
	{ .name = "tfo_cookie_big", .port = 5001, .call = FASTOPEN, .bytes = 3000, .cookie = 1 },
	{ .name = "tfo_cookie_nb",
	  .port = 5001,
	  .call = FASTOPEN,
	  .bytes = 10,
	  .cookie = 1,
	  .nonblock = 1 },
	{ .name = "tfo_no_cookie_mode",
	  SYSCTL("tcp_fastopen", "7"),
	  .port = 5003,
	  .call = FASTOPEN,
	  .bytes = 10 },
	{ .name = "tfo_disabled",
	  SYSCTL("tcp_fastopen", "0"),
	  .port = 5001,
	  .call = FASTOPEN,
	  .bytes = 10 },
	{ .name = "wire_tap", .be_far = PEER_WIRE },
	{ .name = "tun_l3", .be_near = PEER_IP(10, 7, 0, 1), .be_far = PEER_IP(10, 7, 0, 2) },
};

#endif
