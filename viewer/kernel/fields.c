/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * Theory of operation
 *
 * Where members stand is looked up in the running kernel's BTF, so one program fits all kernels. It is put
 * together here, instruction by instruction: it finds the socket, ends if that does not go to our target,
 * and else copies it into a ring buffer that we map. Which fields are of interest is decided when the
 * copies are read. It needs the right to use BPF, but no function tracer, and nothing is left of it when
 * the descriptors are closed, however this process ends.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "viewer/kernel/fields.h"
#include "viewer/target.h"

#define BTF_FILE "/sys/kernel/btf/vmlinux"

enum { RING = 1 << 20, MOST_INSNS = 64 };

/* As the core names them, and where they are called otherwise as BTF does. */
static const struct {
	const char *name, *path;
} wanted[] = {
	{ "sk_state", "skc_state" },
	{ "snd_una", "snd_una" },
	{ "snd_nxt", "snd_nxt" },
	{ "snd_sml", "snd_sml" },
	{ "snd_up", "snd_up" },
	{ "write_seq", "write_seq" },
	{ "pushed_seq", "pushed_seq" },
	{ "rcv_nxt", "rcv_nxt" },
	{ "rcv_wup", "rcv_wup" },
	{ "copied_seq", "copied_seq" },
	{ "snd_wl1", "snd_wl1" },
	{ "snd_wnd", "snd_wnd" },
	{ "max_window", "max_window" },
	{ "rcv_wnd", "rcv_wnd" },
	{ "window_clamp", "window_clamp" },
	{ "rcv_ssthresh", "rcv_ssthresh" },
	{ "advmss", "advmss" },
	{ "mss_cache", "mss_cache" },
	{ "tcp_header_len", "tcp_header_len" },
	{ "packets_out", "packets_out" },
	{ "snd_cwnd", "snd_cwnd" },
	{ "snd_ssthresh", "snd_ssthresh" },
	{ "srtt_us", "srtt_us" },
	{ "mdev_us", "mdev_us" },
	{ "mdev_max_us", "mdev_max_us" },
	{ "rttvar_us", "rttvar_us" },
	{ "rtt_seq", "rtt_seq" },
	{ "rx_opt.mss_clamp", "rx_opt.mss_clamp" },
	{ "rx_opt.user_mss", "rx_opt.user_mss" },
	{ "rx_opt.tstamp_ok", "rx_opt.tstamp_ok" },
	{ "rx_opt.sack_ok", "rx_opt.sack_ok" },
	{ "rx_opt.wscale_ok", "rx_opt.wscale_ok" },
	{ "rx_opt.snd_wscale", "rx_opt.snd_wscale" },
	{ "rx_opt.rcv_wscale", "rx_opt.rcv_wscale" },
	{ "rx_opt.ts_recent", "rx_opt.ts_recent" },
	{ "icsk_rto", "icsk_rto" },
	{ "icsk_retransmits", "icsk_retransmits" },
	{ "icsk_backoff", "icsk_backoff" },
	{ "icsk_pmtu_cookie", "icsk_pmtu_cookie" },
	{ "inet_sport", "inet_sport" },
	{ "sk_rcvbuf", "sk_rcvbuf" },
	{ "sk_sndbuf", "sk_sndbuf" },
	{ "sk_wmem_queued", "sk_wmem_queued" },
	{ "sk_forward_alloc", "sk_forward_alloc" },
};

enum { WANTED = sizeof(wanted) / sizeof(wanted[0]) };

/* The raw tracepoints: their first argument is a socket, or a packet that may have one. */
static const struct {
	const char *name;
	int packet;
} points[FIELD_POINTS] = { { "inet_sock_set_state", 0 }, { "net_dev_queue", 1 } };

/* What a program writes: the time, then the socket. */
struct taken {
	uint64_t time;
	char socket[];
};

static long bpf(int command, union bpf_attr *attr)
{
	return syscall(SYS_bpf, command, attr, sizeof(*attr));
}

__attribute__((format(printf, 2, 3))) static int refuse(struct fields *f, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(f->refused, sizeof(f->refused), format, args);
	va_end(args);
	return -1;
}

/* ---------------------------------------------------------------- the program */

struct program {
	struct bpf_insn insn[MOST_INSNS];
	int count;
};

static void add(struct program *p, int code, int dst, int src, int off, int32_t imm)
{
	p->insn[p->count++] = (struct bpf_insn){ .code = (uint8_t)code,
						 .dst_reg = (uint8_t)dst & 15,
						 .src_reg = (uint8_t)src & 15,
						 .off = (int16_t)off,
						 .imm = imm };
}

static void move(struct program *p, int dst, int src)
{
	add(p, BPF_ALU64 | BPF_MOV | BPF_X, dst, src, 0, 0);
}

static void move_number(struct program *p, int dst, int32_t number)
{
	add(p, BPF_ALU64 | BPF_MOV | BPF_K, dst, 0, 0, number);
}

static void add_number(struct program *p, int dst, int32_t number)
{
	add(p, BPF_ALU64 | BPF_ADD | BPF_K, dst, 0, 0, number);
}

static void call(struct program *p, int helper)
{
	add(p, BPF_JMP | BPF_CALL, 0, 0, 0, helper);
}

/* r0 = 0; exit */
static void leave(struct program *p)
{
	move_number(p, BPF_REG_0, 0);
	add(p, BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
}

/* Ends unless DST is, or (equal 0) is not, the number. */
static void leave_unless(struct program *p, int dst, int32_t number, int equal)
{
	/* a number of 32 bits, without a sign */
	add(p, (equal ? BPF_JMP32 : BPF_JMP) | (equal ? BPF_JEQ : BPF_JNE) | BPF_K, dst, 0, 2,
	    number);
	leave(p);
}

/* r0 = the SIZE bytes at OFFSET of what SRC points to, by way of the stack */
static void fetch(struct program *p, int src, uint32_t offset, int size)
{
	int load = size == 8 ? BPF_DW : size == 4 ? BPF_W : BPF_H;

	add(p, BPF_ST | BPF_MEM | BPF_DW, BPF_REG_10, 0, -8, 0);
	move(p, BPF_REG_1, BPF_REG_10);
	add_number(p, BPF_REG_1, -8);
	move_number(p, BPF_REG_2, size);
	move(p, BPF_REG_3, src);
	add_number(p, BPF_REG_3, (int32_t)offset);
	call(p, BPF_FUNC_probe_read_kernel);
	add(p, BPF_LDX | BPF_MEM | load, BPF_REG_0, BPF_REG_10, -8, 0);
}

/* Where what the program asks for stands. */
struct offsets {
	struct btf_place sk, daddr, dport;
	uint32_t size;
};

/* r7 = the socket; or the end, if it is not one of ours */
static void find_socket(struct program *p, const struct offsets *o, const struct target *target,
			int packet)
{
	add(p, BPF_LDX | BPF_MEM | BPF_DW, BPF_REG_7, BPF_REG_1, 0, 0);
	if (packet) {
		fetch(p, BPF_REG_7, o->sk.offset, 8);
		move(p, BPF_REG_7, BPF_REG_0);
	}
	leave_unless(p, BPF_REG_7, 0, 0);
	fetch(p, BPF_REG_7, o->daddr.offset, 4);
	leave_unless(p, BPF_REG_0, (int32_t)target->addr, 1);
	fetch(p, BPF_REG_7, o->dport.offset, 2);
	leave_unless(p, BPF_REG_0, htons(target->port), 1);
}

/* A place in the ring, the time, the socket. */
static void take_socket(struct program *p, const struct offsets *o, int map)
{
	add(p, BPF_LD | BPF_DW | BPF_IMM, BPF_REG_1, BPF_PSEUDO_MAP_FD, 0, map);
	add(p, 0, 0, 0, 0, 0);
	move_number(p, BPF_REG_2, (int32_t)(sizeof(struct taken) + o->size));
	move_number(p, BPF_REG_3, 0);
	call(p, BPF_FUNC_ringbuf_reserve);
	leave_unless(p, BPF_REG_0, 0, 0);
	move(p, BPF_REG_8, BPF_REG_0);
	call(p, BPF_FUNC_ktime_get_ns);
	add(p, BPF_STX | BPF_MEM | BPF_DW, BPF_REG_8, BPF_REG_0, 0, 0);
	move(p, BPF_REG_1, BPF_REG_8);
	add_number(p, BPF_REG_1, sizeof(struct taken));
	move_number(p, BPF_REG_2, (int32_t)o->size);
	move(p, BPF_REG_3, BPF_REG_7);
	call(p, BPF_FUNC_probe_read_kernel);
	move(p, BPF_REG_1, BPF_REG_8);
	move_number(p, BPF_REG_2, 0);
	call(p, BPF_FUNC_ringbuf_submit);
	leave(p);
}

static int attach(struct fields *f, int i, const struct offsets *o, const struct target *target)
{
	struct program p = { .count = 0 };
	union bpf_attr attr = { .prog_type = BPF_PROG_TYPE_RAW_TRACEPOINT };

	find_socket(&p, o, target, points[i].packet);
	take_socket(&p, o, f->map);
	attr.insns = (uintptr_t)p.insn;
	attr.insn_cnt = (uint32_t)p.count;
	attr.license = (uintptr_t) "GPL";
	f->programs[i] = (int)bpf(BPF_PROG_LOAD, &attr);
	if (f->programs[i] < 0)
		return refuse(f, "BPF program: %s", strerror(errno));
	attr = (union bpf_attr){ 0 };
	attr.raw_tracepoint.name = (uintptr_t)points[i].name;
	attr.raw_tracepoint.prog_fd = (uint32_t)f->programs[i];
	f->links[i] = (int)bpf(BPF_RAW_TRACEPOINT_OPEN, &attr);
	if (f->links[i] < 0)
		return refuse(f, "raw tracepoint %s: %s", points[i].name, strerror(errno));
	return 0;
}

/* ---------------------------------------------------------------- where things are */

static int look_up(struct fields *f, struct offsets *o)
{
	int error = btf_open(&f->btf, BTF_FILE);

	if (error)
		return refuse(f, BTF_FILE ": %s", strerror(-error));
	o->size = btf_sizeof(&f->btf, "tcp_sock");
	if (!o->size || btf_find(&f->btf, "sk_buff", "sk", &o->sk) ||
	    btf_find(&f->btf, "tcp_sock", "skc_daddr", &o->daddr) ||
	    btf_find(&f->btf, "tcp_sock", "skc_dport", &o->dport))
		return refuse(f, BTF_FILE ": no sk_buff.sk, skc_daddr or skc_dport in it");
	for (int i = 0; i < WANTED && f->count < FIELDS_MOST; i++) {
		if (btf_find(&f->btf, "tcp_sock", wanted[i].path, &f->place[f->count]) ||
		    f->place[f->count].offset + f->place[f->count].size > o->size)
			continue;
		f->known[f->count++] = i;
	}
	return 0;
}

static int open_ring(struct fields *f)
{
	union bpf_attr attr = { .map_type = BPF_MAP_TYPE_RINGBUF, .max_entries = RING };
	char *at;

	f->map = (int)bpf(BPF_MAP_CREATE, &attr);
	if (f->map < 0)
		return refuse(f, "BPF ring buffer: %s", strerror(errno));
	f->page = (size_t)sysconf(_SC_PAGESIZE);
	/* what it wrote is mapped twice, one behind the other, so that nothing is cut at the end */
	f->room = 2 * f->page + 2 * (size_t)RING;
	at = mmap(NULL, f->room, PROT_READ, MAP_SHARED, f->map, 0);
	if (at == MAP_FAILED)
		return refuse(f, "BPF ring buffer: mmap: %s", strerror(errno));
	f->taken = at;
	return 0;
}

void fields_none(struct fields *f)
{
	*f = (struct fields){ .map = -1, .programs = { -1, -1 }, .links = { -1, -1 } };
}

void fields_open(struct fields *f, const struct target *target)
{
	struct offsets o;
	int failed;

	fields_none(f);
	failed = look_up(f, &o) || open_ring(f);
	for (int i = 0; i < FIELD_POINTS && !failed; i++)
		failed = attach(f, i, &o, target);
	if (failed) {
		char why[sizeof(f->refused)];

		memcpy(why, f->refused, sizeof(why));
		fields_close(f);
		memcpy(f->refused, why, sizeof(why));
	}
}

/* ---------------------------------------------------------------- what was taken */

static int keep_one(const struct fields *f, const struct taken *taken, FILE *out)
{
	fprintf(out, "at %llu", (unsigned long long)taken->time);
	for (int i = 0; i < f->count; i++)
		fprintf(out, " %lld", (long long)btf_value(&f->place[i], taken->socket));
	fputc('\n', out);
	return 1;
}

int fields_keep(const struct fields *f, FILE *out)
{
	const char *kernel, *data;
	uint64_t end, at = 0;
	int moments = 0;

	if (!f->taken)
		return 0;
	kernel = (const char *)f->taken + f->page;
	data = kernel + f->page;
	fprintf(out, "tcp_sock %u\n", btf_sizeof(&f->btf, "tcp_sock"));
	for (int i = 0; i < f->count; i++)
		fprintf(out, "field %s %u %u\n", wanted[f->known[i]].name, f->place[i].offset,
			f->place[i].size);
	/* nobody took anything out before: what does not fit is not there */
	end = __atomic_load_n((const uint64_t *)(const void *)kernel, __ATOMIC_ACQUIRE);
	while (at < end) {
		uint32_t len = __atomic_load_n((const uint32_t *)(const void *)(data + at),
					       __ATOMIC_ACQUIRE);

		if (len & BPF_RINGBUF_BUSY_BIT)
			break;
		if (!(len & BPF_RINGBUF_DISCARD_BIT))
			moments += keep_one(f, (const void *)(data + at + BPF_RINGBUF_HDR_SZ), out);
		len &= ~BPF_RINGBUF_DISCARD_BIT;
		at += (len + BPF_RINGBUF_HDR_SZ + 7) / 8 * 8;
	}
	return moments;
}

void fields_close(struct fields *f)
{
	if (f->taken)
		munmap(f->taken, f->room);
	for (int i = 0; i < FIELD_POINTS; i++) {
		if (f->links[i] >= 0)
			close(f->links[i]);
		if (f->programs[i] >= 0)
			close(f->programs[i]);
	}
	if (f->map >= 0)
		close(f->map);
	btf_close(&f->btf);
	fields_none(f);
}
