/* SPDX-License-Identifier: GPL-2.0-only */

/* Names and numbers; see symbols.h. The C library's headers have the numbers, where they agree. */

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
/* For what netinet/tcp.h of this C library does not have. */
#include <linux/tcp.h>

#include "viewer/script/symbols.h"

/* The kernel keeps these from programs' headers, or spells them as an enum elsewhere. */
#define ERESTARTSYS 512
enum {
	TCP_ESTABLISHED = 1,
	TCP_SYN_SENT,
	TCP_SYN_RECV,
	TCP_FIN_WAIT1,
	TCP_FIN_WAIT2,
	TCP_TIME_WAIT,
	TCP_CLOSE,
	TCP_CLOSE_WAIT,
	TCP_LAST_ACK,
	TCP_LISTEN,
	TCP_CLOSING,
};
#ifndef SOL_TCP
#define SOL_TCP 6
#endif
#ifndef SOL_UDP
#define SOL_UDP 17
#endif

struct symbol {
	const char *name;
	int64_t value;
};

#define SYMBOL(name)        \
	{                   \
#name, name \
	}

static const struct symbol constants[] = {
	{ "NULL", 0 },
	SYMBOL(AF_UNSPEC),
	SYMBOL(AF_UNIX),
	SYMBOL(AF_INET),
	SYMBOL(AF_INET6),
	SYMBOL(AF_NETLINK),
	SYMBOL(AF_PACKET),
	SYMBOL(PF_INET),
	SYMBOL(PF_INET6),
	SYMBOL(SOCK_STREAM),
	SYMBOL(SOCK_DGRAM),
	SYMBOL(SOCK_RAW),
	SYMBOL(SOCK_SEQPACKET),
	SYMBOL(SOCK_NONBLOCK),
	SYMBOL(SOCK_CLOEXEC),
	SYMBOL(IPPROTO_IP),
	SYMBOL(IPPROTO_ICMP),
	SYMBOL(IPPROTO_TCP),
	SYMBOL(IPPROTO_UDP),
	SYMBOL(IPPROTO_RAW),
	SYMBOL(INADDR_ANY),
	SYMBOL(INADDR_LOOPBACK),
	SYMBOL(SOL_SOCKET),
	SYMBOL(SOL_IP),
	SYMBOL(SOL_TCP),
	SYMBOL(SOL_UDP),
	SYMBOL(SO_DEBUG),
	SYMBOL(SO_REUSEADDR),
	SYMBOL(SO_TYPE),
	SYMBOL(SO_ERROR),
	SYMBOL(SO_DONTROUTE),
	SYMBOL(SO_BROADCAST),
	SYMBOL(SO_SNDBUF),
	SYMBOL(SO_RCVBUF),
	SYMBOL(SO_SNDBUFFORCE),
	SYMBOL(SO_RCVBUFFORCE),
	SYMBOL(SO_KEEPALIVE),
	SYMBOL(SO_OOBINLINE),
	SYMBOL(SO_PRIORITY),
	SYMBOL(SO_LINGER),
	SYMBOL(SO_REUSEPORT),
	SYMBOL(SO_NO_CHECK),
	SYMBOL(SO_BSDCOMPAT),
	SYMBOL(SO_PASSCRED),
	SYMBOL(SO_PASSSEC),
	SYMBOL(SO_RXQ_OVFL),
	SYMBOL(SO_INCOMING_CPU),
	SYMBOL(SO_RCVLOWAT),
	SYMBOL(SO_SNDLOWAT),
	SYMBOL(SO_RCVTIMEO),
	SYMBOL(SO_SNDTIMEO),
	SYMBOL(SO_BINDTODEVICE),
	SYMBOL(SO_PEERNAME),
	SYMBOL(SO_ACCEPTCONN),
	SYMBOL(SO_MARK),
	SYMBOL(SO_PROTOCOL),
	SYMBOL(SO_DOMAIN),
	SYMBOL(SO_MAX_PACING_RATE),
	SYMBOL(IP_TOS),
	SYMBOL(IP_TTL),
	SYMBOL(IP_OPTIONS),
	SYMBOL(IP_MTU_DISCOVER),
	SYMBOL(IP_MTU),
	SYMBOL(IP_RECVERR),
	SYMBOL(IP_FREEBIND),
	SYMBOL(IP_TRANSPARENT),
	SYMBOL(IP_BIND_ADDRESS_NO_PORT),
	SYMBOL(IP_MINTTL),
	SYMBOL(IP_HDRINCL),
	SYMBOL(IP_ROUTER_ALERT),
	SYMBOL(IP_RECVOPTS),
	SYMBOL(IP_RETOPTS),
	SYMBOL(IP_PKTINFO),
	SYMBOL(IP_RECVTTL),
	SYMBOL(IP_RECVTOS),
	SYMBOL(IP_PASSSEC),
	SYMBOL(IP_RECVORIGDSTADDR),
	SYMBOL(IP_CHECKSUM),
	SYMBOL(IP_MULTICAST_IF),
	SYMBOL(IP_MULTICAST_TTL),
	SYMBOL(IP_MULTICAST_LOOP),
	SYMBOL(IP_MULTICAST_ALL),
	SYMBOL(IP_UNICAST_IF),
	SYMBOL(IP_PMTUDISC_DONT),
	SYMBOL(IP_PMTUDISC_WANT),
	SYMBOL(IP_PMTUDISC_DO),
	SYMBOL(IP_PMTUDISC_PROBE),
	SYMBOL(IP_PMTUDISC_INTERFACE),
	SYMBOL(IP_PMTUDISC_OMIT),
	SYMBOL(TCP_NODELAY),
	SYMBOL(TCP_MAXSEG),
	SYMBOL(TCP_CORK),
	SYMBOL(TCP_KEEPIDLE),
	SYMBOL(TCP_KEEPINTVL),
	SYMBOL(TCP_KEEPCNT),
	SYMBOL(TCP_SYNCNT),
	SYMBOL(TCP_LINGER2),
	SYMBOL(TCP_DEFER_ACCEPT),
	SYMBOL(TCP_WINDOW_CLAMP),
	SYMBOL(TCP_INFO),
	SYMBOL(TCP_QUICKACK),
	SYMBOL(TCP_CONGESTION),
	SYMBOL(TCP_MD5SIG),
	SYMBOL(TCP_THIN_LINEAR_TIMEOUTS),
	SYMBOL(TCP_THIN_DUPACK),
	SYMBOL(TCP_USER_TIMEOUT),
	SYMBOL(TCP_REPAIR),
	SYMBOL(TCP_REPAIR_QUEUE),
	SYMBOL(TCP_QUEUE_SEQ),
	SYMBOL(TCP_REPAIR_OPTIONS),
	SYMBOL(TCP_NO_QUEUE),
	SYMBOL(TCP_RECV_QUEUE),
	SYMBOL(TCP_SEND_QUEUE),
	SYMBOL(TCP_FASTOPEN),
	SYMBOL(TCP_TIMESTAMP),
	SYMBOL(TCP_NOTSENT_LOWAT),
	SYMBOL(TCP_SAVE_SYN),
	SYMBOL(TCP_SAVED_SYN),
	SYMBOL(TCP_CC_INFO),
	SYMBOL(TCP_REPAIR_WINDOW),
	SYMBOL(TCP_FASTOPEN_CONNECT),
	SYMBOL(MSG_OOB),
	SYMBOL(MSG_PEEK),
	SYMBOL(MSG_DONTROUTE),
	SYMBOL(MSG_DONTWAIT),
	SYMBOL(MSG_NOSIGNAL),
	SYMBOL(MSG_WAITALL),
	SYMBOL(MSG_TRUNC),
	SYMBOL(MSG_MORE),
	SYMBOL(MSG_EOR),
	SYMBOL(MSG_FASTOPEN),
	SYMBOL(MSG_ERRQUEUE),
	SYMBOL(MSG_CONFIRM),
	SYMBOL(MSG_CTRUNC),
	SYMBOL(O_RDONLY),
	SYMBOL(O_WRONLY),
	SYMBOL(O_RDWR),
	SYMBOL(O_NONBLOCK),
	SYMBOL(O_APPEND),
	SYMBOL(O_CLOEXEC),
	SYMBOL(O_DIRECTORY),
	SYMBOL(O_PATH),
	SYMBOL(F_DUPFD),
	SYMBOL(F_GETFD),
	SYMBOL(F_SETFD),
	SYMBOL(F_GETFL),
	SYMBOL(F_SETFL),
	SYMBOL(FD_CLOEXEC),
	SYMBOL(SHUT_RD),
	SYMBOL(SHUT_WR),
	SYMBOL(SHUT_RDWR),
	SYMBOL(POLLIN),
	SYMBOL(POLLPRI),
	SYMBOL(POLLOUT),
	SYMBOL(POLLERR),
	SYMBOL(POLLHUP),
	SYMBOL(POLLNVAL),
	SYMBOL(POLLRDHUP),
	SYMBOL(POLLRDNORM),
	SYMBOL(POLLWRNORM),
	SYMBOL(SIGHUP),
	SYMBOL(SIGINT),
	SYMBOL(SIGALRM),
	SYMBOL(SIGTERM),
	SYMBOL(SIGUSR1),
	SYMBOL(SIGUSR2),
	SYMBOL(SIGPIPE),
	SYMBOL(SIGCHLD),
	SYMBOL(SIGURG),
	SYMBOL(SIGKILL),
	SYMBOL(SA_RESTART),
	SYMBOL(TCP_ESTABLISHED),
	SYMBOL(TCP_SYN_SENT),
	SYMBOL(TCP_SYN_RECV),
	SYMBOL(TCP_FIN_WAIT1),
	SYMBOL(TCP_FIN_WAIT2),
	SYMBOL(TCP_TIME_WAIT),
	SYMBOL(TCP_CLOSE),
	SYMBOL(TCP_CLOSE_WAIT),
	SYMBOL(TCP_LAST_ACK),
	SYMBOL(TCP_LISTEN),
	SYMBOL(TCP_CLOSING),
	SYMBOL(TCP_CA_Open),
	SYMBOL(TCP_CA_Disorder),
	SYMBOL(TCP_CA_CWR),
	SYMBOL(TCP_CA_Recovery),
	SYMBOL(TCP_CA_Loss),
	SYMBOL(TCPI_OPT_TIMESTAMPS),
	SYMBOL(TCPI_OPT_SACK),
	SYMBOL(TCPI_OPT_WSCALE),
	SYMBOL(TCPI_OPT_ECN),
	SYMBOL(TCPI_OPT_ECN_SEEN),
	SYMBOL(TCPI_OPT_SYN_DATA),
};

static const struct symbol errors[] = {
	{ "EWOULDBLOCK", EAGAIN },
	{ "ENOTSUP", EOPNOTSUPP },
	SYMBOL(EPERM),
	SYMBOL(ENOENT),
	SYMBOL(ESRCH),
	SYMBOL(EINTR),
	SYMBOL(EIO),
	SYMBOL(ENXIO),
	SYMBOL(E2BIG),
	SYMBOL(ENOEXEC),
	SYMBOL(EBADF),
	SYMBOL(ECHILD),
	SYMBOL(EAGAIN),
	SYMBOL(ENOMEM),
	SYMBOL(EACCES),
	SYMBOL(EFAULT),
	SYMBOL(EBUSY),
	SYMBOL(EEXIST),
	SYMBOL(ENODEV),
	SYMBOL(EINVAL),
	SYMBOL(ENFILE),
	SYMBOL(EMFILE),
	SYMBOL(ENOTTY),
	SYMBOL(EFBIG),
	SYMBOL(ENOSPC),
	SYMBOL(ESPIPE),
	SYMBOL(EPIPE),
	SYMBOL(EDOM),
	SYMBOL(ERANGE),
	SYMBOL(EDEADLK),
	SYMBOL(ENAMETOOLONG),
	SYMBOL(ENOSYS),
	SYMBOL(ENOTSOCK),
	SYMBOL(EDESTADDRREQ),
	SYMBOL(EMSGSIZE),
	SYMBOL(EPROTOTYPE),
	SYMBOL(ENOPROTOOPT),
	SYMBOL(EPROTONOSUPPORT),
	SYMBOL(ESOCKTNOSUPPORT),
	SYMBOL(EOPNOTSUPP),
	SYMBOL(EPFNOSUPPORT),
	SYMBOL(EAFNOSUPPORT),
	SYMBOL(EADDRINUSE),
	SYMBOL(EADDRNOTAVAIL),
	SYMBOL(ENETDOWN),
	SYMBOL(ENETUNREACH),
	SYMBOL(ENETRESET),
	SYMBOL(ECONNABORTED),
	SYMBOL(ECONNRESET),
	SYMBOL(ENOBUFS),
	SYMBOL(EISCONN),
	SYMBOL(ENOTCONN),
	SYMBOL(ESHUTDOWN),
	SYMBOL(ETOOMANYREFS),
	SYMBOL(ETIMEDOUT),
	SYMBOL(ECONNREFUSED),
	SYMBOL(EHOSTDOWN),
	SYMBOL(EHOSTUNREACH),
	SYMBOL(EALREADY),
	SYMBOL(EINPROGRESS),
	SYMBOL(ENONET),
	SYMBOL(EPROTO),
	SYMBOL(ERESTARTSYS),
};

/* packetdrill's words, for the numbers of RFC 792, 1122 and 1812. */
static const struct symbol icmp_types[] = {
	{ "echo_reply", 0 },         { "unreachable", 3 },  { "source_quench", 4 },
	{ "redirect", 5 },           { "echo_request", 8 }, { "time_exceeded", 11 },
	{ "parameter_problem", 12 }, { "timestamp", 13 },   { "timestamp_reply", 14 },
};

static const struct symbol unreachable_codes[] = {
	{ "net_unreachable", 0 },
	{ "host_unreachable", 1 },
	{ "protocol_unreachable", 2 },
	{ "port_unreachable", 3 },
	{ "frag_needed", 4 },
	{ "source_route_failed", 5 },
	{ "net_unknown", 6 },
	{ "host_unknown", 7 },
	{ "source_host_isolated", 8 },
	{ "net_prohibited", 9 },
	{ "host_prohibited", 10 },
	{ "net_unreachable_for_tos", 11 },
	{ "host_unreachable_for_tos", 12 },
	{ "admin_prohibited", 13 },
	{ "host_precedence_violation", 14 },
	{ "precedence_cutoff", 15 },
};

static const struct symbol redirect_codes[] = {
	{ "net", 0 },
	{ "host", 1 },
	{ "tos_net", 2 },
	{ "tos_host", 3 },
};

static const struct symbol exceeded_codes[] = {
	{ "ttl", 0 },
	{ "reassembly", 1 },
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static int find(const struct symbol *table, size_t count, const char *name, int64_t *value)
{
	for (size_t i = 0; i < count; i++) {
		if (!strcmp(table[i].name, name)) {
			*value = table[i].value;
			return 0;
		}
	}
	return -1;
}

int symbol_value(const char *name, int64_t *value)
{
	return find(constants, COUNT(constants), name, value);
}

int symbol_errno(const char *name, int64_t *value)
{
	return find(errors, COUNT(errors), name, value);
}

/* From the end: the second names of a number stand at the beginning. */
const char *symbol_errno_name(int64_t number)
{
	for (size_t i = COUNT(errors); i-- > 0;) {
		if (errors[i].value == number)
			return errors[i].name;
	}
	return NULL;
}

int symbol_icmp_type(const char *name, int64_t *value)
{
	return find(icmp_types, COUNT(icmp_types), name, value);
}

static const struct symbol *codes_of(int type, size_t *count)
{
	switch (type) {
	case 3:
		*count = COUNT(unreachable_codes);
		return unreachable_codes;
	case 5:
		*count = COUNT(redirect_codes);
		return redirect_codes;
	case 11:
		*count = COUNT(exceeded_codes);
		return exceeded_codes;
	default:
		*count = 0;
		return NULL;
	}
}

int symbol_icmp_code(int type, const char *name, int64_t *value)
{
	size_t count;
	const struct symbol *codes = codes_of(type, &count);

	return codes ? find(codes, count, name, value) : -1;
}

const char *symbol_icmp_code_example(int type)
{
	size_t count;
	const struct symbol *codes = codes_of(type, &count);

	return codes ? codes[count > 3 ? 3 : 0].name : "code 0";
}
