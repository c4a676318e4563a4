/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The states of a TCP connection, RFC 793 section 3.2, with Linux' numbers (they are ABI: tcp_info
 * and /proc/net/tcp show them).  The TCPF_ bits make "is the state one of these" a single AND.
 *
 * Origin: include/net/tcp_states.h.
 */
#ifndef _LINUX_TCP_STATES_H
#define _LINUX_TCP_STATES_H

enum {
	TCP_ESTABLISHED = 1,
	TCP_SYN_SENT,   /* our SYN is out, connect(2) waits */
	TCP_SYN_RECV,   /* SYNs crossed: simultaneous open */
	TCP_FIN_WAIT1,  /* our FIN is out, not acknowledged */
	TCP_FIN_WAIT2,  /* our FIN is acknowledged, the peer still may send */
	TCP_TIME_WAIT,  /* both closed, we wait 2 MSL; a mini socket holds it */
	TCP_CLOSE,      /* no connection */
	TCP_CLOSE_WAIT, /* the peer's FIN arrived, the user has not closed */
	TCP_LAST_ACK,   /* after CLOSE_WAIT our FIN is out */
	TCP_LISTEN,
	TCP_CLOSING,      /* both FINs crossed */
	TCP_NEW_SYN_RECV, /* a request_sock, not a whole socket */
	TCP_MAX_STATES    /* keep last */
};

#define TCP_STATE_MASK 0xF
#define TCP_ACTION_FIN (1 << 7)

enum {
	TCPF_ESTABLISHED = 1 << TCP_ESTABLISHED,
	TCPF_SYN_SENT = 1 << TCP_SYN_SENT,
	TCPF_SYN_RECV = 1 << TCP_SYN_RECV,
	TCPF_FIN_WAIT1 = 1 << TCP_FIN_WAIT1,
	TCPF_FIN_WAIT2 = 1 << TCP_FIN_WAIT2,
	TCPF_TIME_WAIT = 1 << TCP_TIME_WAIT,
	TCPF_CLOSE = 1 << TCP_CLOSE,
	TCPF_CLOSE_WAIT = 1 << TCP_CLOSE_WAIT,
	TCPF_LAST_ACK = 1 << TCP_LAST_ACK,
	TCPF_LISTEN = 1 << TCP_LISTEN,
	TCPF_CLOSING = 1 << TCP_CLOSING,
	TCPF_NEW_SYN_RECV = 1 << TCP_NEW_SYN_RECV
};

#endif
