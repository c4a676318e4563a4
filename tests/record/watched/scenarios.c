/* SPDX-License-Identifier: GPL-2.0-only */
/* What the recorder must see, one function for each kind of thing. */
#include "watched.h"

struct bucket table[64];
static uint64_t jiffies;
static uint64_t clock_ns;

uint64_t *watched_clock(void)
{
	return &clock_ns;
}

/* The core brings its own memcpy and memset; so does this program, without hurting the host's. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"

static void *memset(void *to, int value, size_t count)
{
	unsigned char *byte = to;

	while (count--)
		*byte++ = (unsigned char)value;
	return to;
}

static void *memcpy(void *to, const void *from, size_t count)
{
	unsigned char *out = to;
	const unsigned char *in = from;

	while (count--)
		*out++ = *in++;
	return to;
}

#pragma GCC diagnostic pop

static void *kmalloc(size_t size, const char *type)
{
	void *ptr = machine_alloc(size);

	trace_kmem_alloc(ptr, size, type);
	return ptr;
}

static void kfree(void *ptr)
{
	trace_kmem_free(ptr);
}

void watched_reset(void)
{
	machine_reset();
	memset(table, 0, sizeof(table));
	jiffies = 0;
	clock_ns = 0;
}

struct tcp_sock *scenario_boot(void)
{
	struct tcp_sock *tp = kmalloc(sizeof(*tp), "tcp_sock");

	tp->write_seq = 77;
	tp->inet.sk.sk_state = TCP_CLOSE;
	return tp;
}

/* ---- calls: arguments and values of every sort, recursion */

static int factorial(int n)
{
	if (n <= 1)
		return 1;
	return n * factorial(n - 1);
}

static const char *greeting(const char *name, char initial, _Bool loud)
{
	return loud && initial == *name ? "HELLO" : "hello";
}

static struct options by_value(struct options options, int64_t big, uint8_t small)
{
	options.mss = (uint16_t)(big + small);
	return options;
}

static int negative(long value)
{
	return (int)value - 115;
}

static uint64_t unsigned_top(void)
{
	return 0xfedcba9876543210ULL;
}

static void nothing(void)
{
}

static struct tcp_sock *same(struct tcp_sock *tp, enum colour colour)
{
	tp->colour = colour;
	return tp;
}

void scenario_calls(void)
{
	struct options options = { .mss = 536, .wscale = 7 };
	struct tcp_sock *tp = kmalloc(sizeof(*tp), "tcp_sock");

	factorial(4);
	greeting("host", 'h', 1);
	by_value(options, 1000, 3);
	negative(-5);
	unsigned_top();
	nothing();
	same(tp, GREEN);
	tp->connect = 0;
	kfree(tp);
}

/* ---- stores: fields nested, aliased, bits, arrays, copies, globals, statics */

static int do_connect(struct tcp_sock *tp, int seq)
{
	tp->snd_nxt = (uint32_t)seq;
	return 0;
}

static void count_calls(void)
{
	static unsigned int calls;

	calls++;
	jiffies += 4;
}

static void put_err(int *err)
{
	*err = -22;
}

void scenario_stores(void)
{
	struct tcp_sock *tp = kmalloc(sizeof(*tp), "tcp_sock");
	struct tcp_sock *other = kmalloc(sizeof(*tp), "tcp_sock");
	struct options local = { .mss = 1460, .sack = 1 };
	int err;

	tp->inet.sk.sk_state = TCP_SYN_SENT;
	tp->inet.sk.sk_daddr = 0x0200000a;
	tp->inet.inet_num = 4096;
	tp->inet.sk.__sk_common.skc_addrpair = 5;
	tp->inet.sk.sk_reuse = 1;
	tp->inet.sk.sk_reuse = 1;
	tp->rx_opt.wscale = 7;
	tp->rx_opt.mss = 536;
	tp->colour = BLUE;
	tp->connect = do_connect;
	tp->connect(tp, -2);
	tp->peer = other;
	tp->inet.sk.__sk_common.skc_node.next = &other->inet.sk.__sk_common.skc_node;
	tp->inet.sk.sk_timer.data = (unsigned long)tp;
	tp->history[2].mss = 88;
	tp->history[1] = local;
	memcpy(tp->inet.name, "lo", 3);
	table[40].chain.next = &table[40].chain;
	table[40].count++;
	count_calls();
	put_err(&err);
	memcpy(other, tp, sizeof(*tp));
	memset(tp, 0, sizeof(*tp));
	if (err)
		kfree(other);
	kfree(tp);
}

/* ---- locals that live in no register and whose address nobody takes */

static int sum_up(int count)
{
	int sum = 0;
	struct bictcp pair;

	for (int i = 0; i < count; i++)
		sum += i;
	pair.cnt = 3;
	pair.last_max = pair.cnt + 1;
	count = (int)pair.last_max;
	return sum + count;
}

void scenario_locals(void)
{
	int never;
	int err = -115;
	long timeo = 0;

	if (timeo)
		never = 1;
	else
		timeo = 9;
	err = sum_up(3);
	timeo = err;
	(void)never;
}

/* ---- bytes that get their meaning from pointers and casts */

static struct tcphdr *tcp_hdr(const struct sk_buff *skb)
{
	return (struct tcphdr *)skb->data;
}

static struct bictcp *ca_of(struct tcp_sock *tp)
{
	return (struct bictcp *)tp->priv;
}

static void write_option(uint32_t *ptr)
{
	*ptr++ = 0x020405b4;
	*ptr = 1;
}

void scenario_bytes(void)
{
	struct tcp_sock *tp = kmalloc(sizeof(*tp), "tcp_sock");
	struct sk_buff *skb = kmalloc(sizeof(*skb), "sk_buff");
	struct bictcp *ca = ca_of(tp);
	struct tcphdr *th;

	skb->head = kmalloc(128, "");
	skb->data = skb->head + 16;
	th = (struct tcphdr *)skb->data;
	th->seq = 1;
	th->syn = 1;
	tcp_hdr(skb)->dest = 80;
	write_option((uint32_t *)(th + 1));
	TCP_SKB_CB(skb)->end_seq = 2;
	ca->cnt = 10;
	tp->priv[7] = 9;
	kfree(skb->head);
	kfree(skb);
	kfree(tp);
}

/* ---- what the compiler or the preprocessor folds into a function */

static inline __attribute__((always_inline)) void helper(struct sk_buff *skb)
{
	int len = 3;

	put_err(&len);
	skb->len = (unsigned int)len;
}

void scenario_helpers(void)
{
	struct sk_buff *skb = kmalloc(sizeof(*skb), "sk_buff");
	unsigned char *room = (unsigned char *)skb->cb;

	helper(skb);
	skb_mark_peeked(skb);
	skb->nohdr = 0;
	skb->data = room;
	kfree(skb);
}

/* ---- comparisons */

static int choose(int value)
{
	switch (value) {
	case 3:
		return 30;
	case 9:
		return 90;
	}
	return 0;
}

void scenario_branches(void)
{
	struct tcp_sock *tp = kmalloc(sizeof(*tp), "tcp_sock");
	int err = -22;
	unsigned int big = 0xfffffff0u;

	if (err < 0)
		err = 5;
	if (big > 7)
		big = 0;
	if (tp->peer == tp)
		err = 1;
	tp->peer = tp;
	if (tp->peer == tp && err != 4)
		err = 2;
	choose(9);
	choose(1);
	kfree(tp);
}

/* ---- tasks, contexts, packets */

static struct task_struct tasks[3] = {
	{ 0, "swapper" },
	{ 1, "client" },
	{ 2, "server" },
};
static int current;

static void switch_to(int next)
{
	int prev = current;

	current = next;
	trace_sched_switch(&tasks[prev], &tasks[next]);
	machine_switch(prev, next);
}

static int client_step(int n)
{
	trace_sched_sleep(&tasks[1], 250);
	switch_to(2);
	return n + 1;
}

static void client(void)
{
	int n = client_step(1);

	n = client_step(n);
	switch_to(0);
}

static int server_step(int n)
{
	trace_sched_wakeup(&tasks[1]);
	switch_to(1);
	return n * 2;
}

static void server(void)
{
	int n = 1;

	for (;;)
		n = server_step(n);
}

void scenario_tasks(void)
{
	machine_fiber(1, client);
	machine_fiber(2, server);
	switch_to(1);
	nothing();
}

static void on_timer(unsigned long data)
{
	struct sock *sk = (struct sock *)data;

	sk->sk_err = 110;
}

static void run_timer(struct timer_list *timer)
{
	trace_timer_expire_entry(timer);
	timer->function(timer->data);
	trace_timer_expire_exit(timer);
}

void scenario_points(void)
{
	struct sock *sk = kmalloc(sizeof(*sk), "sock");
	struct sk_buff *skb = kmalloc(sizeof(*skb), "sk_buff");
	static const char frame[] = "\xff\xff\xff\xff\xff\xff.frame";

	clock_ns = 1000;
	trace_net_dev_xmit(skb, "tap0", frame, sizeof(frame));
	trace_netif_receive_skb(skb, "tap0", frame, 6);
	trace_kfree_skb(skb, "NO_SOCKET");
	trace_inet_sock_set_state(sk, TCP_CLOSE, TCP_SYN_SENT);
	sk->sk_timer.function = on_timer;
	sk->sk_timer.data = (unsigned long)sk;
	trace_timer_start(&sk->sk_timer, 1001000);
	trace_timer_cancel(&sk->sk_timer);
	clock_ns = 1001000;
	trace_softirq_entry(TIMER_SOFTIRQ);
	run_timer(&sk->sk_timer);
	trace_softirq_exit(TIMER_SOFTIRQ);
	kfree(skb);
	kfree(sk);
}

/* ---- all of it, a lot of it, and the end */

void scenario_everything(void)
{
	scenario_calls();
	scenario_stores();
	scenario_locals();
	scenario_bytes();
	scenario_helpers();
	scenario_branches();
	scenario_tasks();
	scenario_points();
}

static void one_round(struct tcp_sock *tp, int round)
{
	tp->write_seq = (uint32_t)round;
	clock_ns += 1000;
}

void scenario_many(int rounds)
{
	struct tcp_sock *tp = kmalloc(sizeof(*tp), "tcp_sock");

	for (int i = 0; i < rounds; i++)
		one_round(tp, i);
	kfree(tp);
}

void scenario_crash(void)
{
	struct tcp_sock *tp = 0;

	scenario_calls();
	tp->write_seq = 1;
}
