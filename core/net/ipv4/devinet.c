/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * IPv4 addresses of devices, and how one of them is chosen as a source.
 *
 * Theory of operation
 *
 * Every device gets an in_device when it is registered. Its list of addresses keeps the primary
 * ones (first of their subnet) before the secondary ones. All addresses of all devices are also
 * in one hash, for the question "is this address ours, and whose?" (__ip_dev_find), which every
 * lookup of a route with a given source asks.
 *
 * Adding an address makes routes (fib_add_ifaddr) and expires every cached one.
 *
 * Origin: net/ipv4/devinet.c, v4.9, without netlink, ioctl, lifetimes and multicast.
 */
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/hash.h>
#include <linux/if.h>
#include <linux/in.h>
#include <linux/inetdevice.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysctl.h>
#include <net/arp.h>
#include <net/ip_fib.h>
#include <net/net_namespace.h>
#include <net/netns/hash.h>
#include <net/route.h>

#define IN4_ADDR_HSIZE_SHIFT 8
#define IN4_ADDR_HSIZE       (1U << IN4_ADDR_HSIZE_SHIFT)

static struct hlist_head inet_addr_lst[IN4_ADDR_HSIZE];

static struct ipv4_devconf ipv4_devconf;
static struct ipv4_devconf ipv4_devconf_dflt;

static u32 inet_addr_hash(struct net *net, __be32 addr)
{
	u32 val = (__force u32)addr ^ net_hash_mix(net);

	return hash_32(val, IN4_ADDR_HSIZE_SHIFT);
}

static void inet_hash_insert(struct net *net, struct in_ifaddr *ifa)
{
	hlist_add_head(&ifa->hash, &inet_addr_lst[inet_addr_hash(net, ifa->ifa_local)]);
}

static void inet_hash_remove(struct in_ifaddr *ifa)
{
	hlist_del_init(&ifa->hash);
}

/**
 * __ip_dev_find() - which device has this address?
 * @net: namespace
 * @addr: the address, network order
 * @devref: take a reference on the device
 *
 * Return: the device or NULL. An address of a subnet that is local as a whole (127.0.0.0/8) is
 * nobody's own, and found by its route.
 */
struct net_device *__ip_dev_find(struct net *net, __be32 addr, bool devref)
{
	u32 hash = inet_addr_hash(net, addr);
	struct net_device *result = NULL;
	struct in_ifaddr *ifa;

	hlist_for_each_entry(ifa, &inet_addr_lst[hash], hash) {
		if (ifa->ifa_local == addr) {
			struct net_device *dev = ifa->ifa_dev->dev;

			if (!net_eq(dev_net(dev), net))
				continue;
			result = dev;
			break;
		}
	}
	if (!result) {
		struct flowi4 fl4 = { .daddr = addr };
		struct fib_result res = { 0 };
		struct fib_table *local = fib_get_table(net, RT_TABLE_LOCAL);

		if (local && !fib_table_lookup(local, &fl4, &res, FIB_LOOKUP_NOREF) &&
		    res.type == RTN_LOCAL)
			result = FIB_RES_DEV(res);
	}
	if (result && devref)
		dev_hold(result);
	return result;
}

/**
 * inetdev_init() - give a device its IPv4 side
 * @dev: the device
 *
 * Return: the in_device, or NULL when memory is out.
 */
struct in_device *inetdev_init(struct net_device *dev)
{
	struct in_device *in_dev = kzalloc_type(struct in_device, GFP_KERNEL);

	if (!in_dev)
		return NULL;
	memcpy(&in_dev->cnf, dev_net(dev)->ipv4.devconf_dflt, sizeof(in_dev->cnf));
	in_dev->dev = dev;
	in_dev->arp_parms = neigh_parms_alloc(dev, &arp_tbl);
	if (!in_dev->arp_parms) {
		kfree(in_dev);
		return NULL;
	}
	dev_hold(dev);
	atomic_set(&in_dev->refcnt, 1);
	dev->ip_ptr = in_dev;
	return in_dev;
}

/* The last reference is gone. */
void in_dev_finish_destroy(struct in_device *idev)
{
	struct net_device *dev = idev->dev;

	WARN_ON(idev->ifa_list);
	WARN_ON(!idev->dead);
	dev_put(dev);
	kfree(idev);
}

/* Take address *@ifap out of the list and the hash, remove its routes, free it. */
static void inet_del_ifa(struct in_ifaddr **ifap)
{
	struct in_ifaddr *ifa = *ifap;

	*ifap = ifa->ifa_next;
	inet_hash_remove(ifa);
	fib_inetaddr_event(NETDEV_DOWN, ifa);
	kfree(ifa);
}

/* The device goes: its addresses with it. */
void inetdev_destroy(struct in_device *in_dev)
{
	struct net_device *dev = in_dev->dev;

	in_dev->dead = 1;
	/* Last first: a secondary address must not outlive the primary one of its subnet. */
	while (in_dev->ifa_list) {
		struct in_ifaddr **last = &in_dev->ifa_list;

		while ((*last)->ifa_next)
			last = &(*last)->ifa_next;
		inet_del_ifa(last);
	}
	dev->ip_ptr = NULL;
	neigh_parms_release(&arp_tbl, in_dev->arp_parms);
	arp_ifdown(dev);
	in_dev_put(in_dev);
}

/* Are both addresses (network order; 0 for @b = any) in one subnet of the device? */
int inet_addr_onlink(struct in_device *in_dev, __be32 a, __be32 b)
{
	struct in_ifaddr *ifa;

	in_dev_for_each_primary_ifa(ifa, in_dev) {
		if (inet_ifa_match(a, ifa)) {
			if (!b || inet_ifa_match(b, ifa))
				return 1;
		}
	}
	return 0;
}

/* The IPv4 side of the device with this index, with a reference, or NULL. */
struct in_device *inetdev_by_index(struct net *net, int ifindex)
{
	struct net_device *dev = dev_get_by_index_rcu(net, ifindex);

	return dev ? in_dev_get(dev) : NULL;
}

/* The first primary address of @in_dev with a scope of at most @scope; 0 = none. */
static __always_inline __be32 first_primary_addr(struct in_device *in_dev, int scope)
{
	struct in_ifaddr *ifa;

	in_dev_for_each_primary_ifa(ifa, in_dev) {
		if (ifa->ifa_scope != RT_SCOPE_LINK && ifa->ifa_scope <= scope)
			return ifa->ifa_local;
	}
	return 0;
}

/**
 * inet_select_addr() - a source address for @dst
 * @dev: device the packet leaves by
 * @dst: destination or next hop, network order, 0 = whatever
 * @scope: the address must be seen this far: RT_SCOPE_LINK allows addresses of the link only
 *
 * Preferred is an address of the subnet @dst is in, then the device's first, then that of any
 * other device: a host may answer from an address of another interface (RFC 1122, 3.3.4.2, the
 * weak host model).
 *
 * Return: the address, network order; 0 = none.
 */
__be32 inet_select_addr(const struct net_device *dev, __be32 dst, int scope)
{
	struct net_device *other;
	struct in_device *in_dev = __in_dev_get_rcu(dev);
	struct in_ifaddr *ifa;
	__be32 addr = 0;

	if (in_dev) {
		in_dev_for_each_primary_ifa(ifa, in_dev) {
			if (ifa->ifa_scope > scope)
				continue;
			if (!dst || inet_ifa_match(dst, ifa)) {
				addr = ifa->ifa_local;
				break;
			}
			if (!addr)
				addr = ifa->ifa_local;
		}
		if (addr)
			return addr;
	}

	for_each_netdev_rcu(dev_net(dev), other)
	{
		in_dev = __in_dev_get_rcu(other);
		if (!in_dev)
			continue;
		addr = first_primary_addr(in_dev, scope);
		if (addr)
			return addr;
	}
	return 0;
}

/*
 * Does @in_dev have @local (0 = any) with a scope of at most @scope, in one subnet with @dst (0 =
 * any)? The address, or 0.
 */
static __be32 confirm_addr_indev(struct in_device *in_dev, __be32 dst, __be32 local, int scope)
{
	struct in_ifaddr *ifa;
	__be32 addr = 0;
	int same = 0;

	in_dev_for_each_ifa(ifa, in_dev) {
		if (!addr && (local == ifa->ifa_local || !local) && ifa->ifa_scope <= scope) {
			addr = ifa->ifa_local;
			if (same)
				break;
		}
		if (!same) {
			same = (!local || inet_ifa_match(local, ifa)) &&
			       (!dst || inet_ifa_match(dst, ifa));
			if (same && addr) {
				if (local || !dst)
					break;
				/* Both fit, if the address found is of that subnet itself. */
				if (inet_ifa_match(addr, ifa))
					break;
				if (ifa->ifa_scope <= scope) {
					addr = ifa->ifa_local;
					break;
				}
				same = 0;
			}
		}
	}

	return same ? addr : 0;
}

/**
 * inet_confirm_addr() - is @local an address to talk to @dst from?
 * @net: namespace
 * @in_dev: look at this device only, or NULL for all
 * @dst: the other side, network order, 0 = anyone
 * @local: our address, network order, 0 = any
 * @scope: widest scope allowed
 *
 * Return: the address, network order; 0 = no.
 */
__be32 inet_confirm_addr(struct net *net, struct in_device *in_dev, __be32 dst, __be32 local,
			 int scope)
{
	struct net_device *dev;
	__be32 addr = 0;

	(void)net;
	if (in_dev)
		return confirm_addr_indev(in_dev, dst, local, scope);

	for_each_netdev_rcu(net, dev)
	{
		in_dev = __in_dev_get_rcu(dev);
		if (!in_dev)
			continue;
		addr = confirm_addr_indev(in_dev, dst, local, scope);
		if (addr)
			break;
	}
	return addr;
}

/*
 * Put a new address into its device's list: secondary if its subnet has one already, else behind
 * the last primary one of at least its scope. -EEXIST: is there; -EINVAL: differs from its
 * equals in scope.
 */
static int __inet_insert_ifa(struct in_ifaddr *ifa)
{
	struct in_device *in_dev = ifa->ifa_dev;
	struct in_ifaddr *ifa1, **ifap, **last_primary;

	ifa->ifa_flags &= ~IFA_F_SECONDARY;
	last_primary = &in_dev->ifa_list;

	for (ifap = &in_dev->ifa_list; (ifa1 = *ifap) != NULL; ifap = &ifa1->ifa_next) {
		if (!(ifa1->ifa_flags & IFA_F_SECONDARY) && ifa->ifa_scope <= ifa1->ifa_scope)
			last_primary = &ifa1->ifa_next;
		if (ifa1->ifa_mask == ifa->ifa_mask && inet_ifa_match(ifa1->ifa_address, ifa)) {
			if (ifa1->ifa_local == ifa->ifa_local)
				return -EEXIST;
			if (ifa1->ifa_scope != ifa->ifa_scope)
				return -EINVAL;
			ifa->ifa_flags |= IFA_F_SECONDARY;
		}
	}

	if (!(ifa->ifa_flags & IFA_F_SECONDARY))
		ifap = last_primary;

	ifa->ifa_next = *ifap;
	*ifap = ifa;

	inet_hash_insert(dev_net(in_dev->dev), ifa);
	fib_inetaddr_event(NETDEV_UP, ifa);
	return 0;
}

/* `ip address add`; see linux/inetdevice.h. */
int inet_addr_add(struct net_device *dev, __be32 addr, int prefixlen)
{
	struct in_device *in_dev = __in_dev_get_rtnl(dev);
	struct in_ifaddr *ifa;
	int err;

	if (prefixlen < 0 || prefixlen > 32 || ipv4_is_multicast(addr) || !addr)
		return -EINVAL;
	if (!in_dev)
		return -ENOBUFS;

	ifa = kzalloc_type(struct in_ifaddr, GFP_KERNEL);
	if (!ifa)
		return -ENOBUFS;
	INIT_HLIST_NODE(&ifa->hash);
	ifa->ifa_dev = in_dev;
	ifa->ifa_local = addr;
	ifa->ifa_address = addr;
	ifa->ifa_prefixlen = prefixlen;
	ifa->ifa_mask = inet_make_mask(prefixlen);
	if (prefixlen < 31 && !(dev->flags & IFF_LOOPBACK))
		ifa->ifa_broadcast = addr | ~ifa->ifa_mask;
	ifa->ifa_scope = ipv4_is_loopback(addr) ? RT_SCOPE_HOST : RT_SCOPE_UNIVERSE;
	ifa->ifa_flags = IFA_F_PERMANENT;
	memcpy(ifa->ifa_label, dev->name, IFNAMSIZ);

	err = __inet_insert_ifa(ifa);
	if (err)
		kfree(ifa);
	return err;
}

/* `ip address del`; see linux/inetdevice.h. Secondary addresses of its subnet go with it. */
int inet_addr_del(struct net_device *dev, __be32 addr, int prefixlen)
{
	struct in_device *in_dev = __in_dev_get_rtnl(dev);
	struct in_ifaddr **ifap, *ifa;
	bool primary;
	__be32 mask;

	if (!in_dev)
		return -EADDRNOTAVAIL;
	for (ifap = &in_dev->ifa_list; (ifa = *ifap) != NULL; ifap = &ifa->ifa_next) {
		if (ifa->ifa_local == addr && ifa->ifa_prefixlen == prefixlen)
			break;
	}
	if (!ifa)
		return -EADDRNOTAVAIL;

	primary = !(ifa->ifa_flags & IFA_F_SECONDARY);
	mask = ifa->ifa_mask;
	if (primary) {
		struct in_ifaddr **p = &ifa->ifa_next;

		while (*p) {
			if ((*p)->ifa_mask == mask && inet_ifa_match((*p)->ifa_address, ifa))
				inet_del_ifa(p);
			else
				p = &(*p)->ifa_next;
		}
	}
	inet_del_ifa(ifap);
	return 0;
}

/* A device came up, or came and went. The loopback device configures itself. */
static int inetdev_event(struct notifier_block *this, unsigned long event, void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct in_device *in_dev = __in_dev_get_rtnl(dev);

	(void)this;
	if (!in_dev) {
		if (event == NETDEV_REGISTER) {
			in_dev = inetdev_init(dev);
			if (!in_dev)
				return notifier_from_errno(-ENOMEM);
			if (dev->flags & IFF_LOOPBACK) {
				IN_DEV_CONF_SET(in_dev, NOXFRM, 1);
				IN_DEV_CONF_SET(in_dev, NOPOLICY, 1);
			}
		}
		return NOTIFY_DONE;
	}

	switch (event) {
	case NETDEV_UP:
		if ((dev->flags & IFF_LOOPBACK) && !in_dev->ifa_list)
			inet_addr_add(dev, htonl(INADDR_LOOPBACK), 8);
		break;
	case NETDEV_UNREGISTER:
		inetdev_destroy(in_dev);
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block ip_netdev_notifier;

/*
 * net.ipv4.conf.all counts for every device together with the device's own (IN_DEV_ANDCONF() and
 * its like say how), net.ipv4.conf.default is what devices start with.
 */
#define DEVINET_ROW(cnf, name, attr)                                                       \
	{                                                                                  \
		.procname = name, .data = &IPV4_DEVCONF(cnf, attr), .maxlen = sizeof(int), \
		.mode = 0644, .proc_handler = proc_dointvec,                               \
	}

#define DEVINET_TABLE(cnf)                                                              \
	{                                                                               \
		DEVINET_ROW(cnf, "accept_local", ACCEPT_LOCAL),                         \
			DEVINET_ROW(cnf, "accept_source_route", ACCEPT_SOURCE_ROUTE),   \
			DEVINET_ROW(cnf, "arp_accept", ARP_ACCEPT),                     \
			DEVINET_ROW(cnf, "arp_announce", ARP_ANNOUNCE),                 \
			DEVINET_ROW(cnf, "arp_filter", ARPFILTER),                      \
			DEVINET_ROW(cnf, "arp_ignore", ARP_IGNORE),                     \
			DEVINET_ROW(cnf, "drop_gratuitous_arp", DROP_GRATUITOUS_ARP),   \
			DEVINET_ROW(cnf, "drop_unicast_in_l2_multicast",                \
				    DROP_UNICAST_IN_L2_MULTICAST),                      \
			DEVINET_ROW(cnf, "log_martians", LOG_MARTIANS),                 \
			DEVINET_ROW(cnf, "route_localnet", ROUTE_LOCALNET),             \
			DEVINET_ROW(cnf, "rp_filter", RP_FILTER), { .procname = NULL }, \
	}

static const struct ctl_table devinet_all_table[] = DEVINET_TABLE(ipv4_devconf);
static const struct ctl_table devinet_default_table[] = DEVINET_TABLE(ipv4_devconf_dflt);

/*
 * net.ipv4.conf.DEVICE.SETTING: the row of the table "all", with the device's own value behind it.
 * (The kernel copies the table for each device.) NULL: no such device or setting.
 */
static const struct ctl_table *devinet_lookup(const char *name)
{
	static const char prefix[] = "net.ipv4.conf.";
	static struct ctl_table row;
	const struct ctl_table *t;
	char dev_name[IFNAMSIZ];
	struct net_device *dev;
	struct in_device *in_dev;
	size_t n = 0;

	for (; *name && prefix[n]; name++, n++)
		if (*name != prefix[n] && !(*name == '/' && prefix[n] == '.'))
			return NULL;
	if (prefix[n])
		return NULL;
	for (n = 0; name[n] && name[n] != '.' && name[n] != '/' && n < IFNAMSIZ - 1; n++)
		dev_name[n] = name[n];
	dev_name[n] = '\0';
	dev = __dev_get_by_name(&init_net, dev_name);
	in_dev = dev ? __in_dev_get_rtnl(dev) : NULL;
	if (!in_dev || !name[n])
		return NULL;
	for (t = devinet_all_table; t->procname; t++) {
		if (strcmp(t->procname, name + n + 1))
			continue;
		row = *t;
		row.data = (char *)&in_dev->cnf + ((char *)t->data - (char *)&ipv4_devconf);
		return &row;
	}
	return NULL;
}

/* Settings as the kernel's static tables have them. */
static void devconf_defaults(struct ipv4_devconf *cnf)
{
	memset(cnf, 0, sizeof(*cnf));
	IPV4_DEVCONF(*cnf, ACCEPT_REDIRECTS) = 1;
	IPV4_DEVCONF(*cnf, SEND_REDIRECTS) = 1;
	IPV4_DEVCONF(*cnf, SECURE_REDIRECTS) = 1;
	IPV4_DEVCONF(*cnf, SHARED_MEDIA) = 1;
}

/*
 * After arp_init(), whose tunables every device copies, and ip_fib_init(), whose tables the first
 * address needs. A device that exists already gets its IPv4 side here.
 */
void devinet_init(void)
{
	struct net *net = &init_net;

	memset(inet_addr_lst, 0, sizeof(inet_addr_lst));
	devconf_defaults(&ipv4_devconf);
	devconf_defaults(&ipv4_devconf_dflt);
	IPV4_DEVCONF(ipv4_devconf_dflt, ACCEPT_SOURCE_ROUTE) = 1;
	net->ipv4.devconf_all = &ipv4_devconf;
	net->ipv4.devconf_dflt = &ipv4_devconf_dflt;

	if (register_sysctl("net/ipv4/conf/all", devinet_all_table) ||
	    register_sysctl("net/ipv4/conf/default", devinet_default_table))
		panic("cannot register the settings of devices");
	register_sysctl_lookup(devinet_lookup);

	ip_netdev_notifier = (struct notifier_block){ .notifier_call = inetdev_event };
	register_netdevice_notifier(&ip_netdev_notifier);
}

/* The end of the world: every device loses its IPv4 side. */
void devinet_exit(void)
{
	struct net_device *dev;

	unregister_netdevice_notifier(&ip_netdev_notifier);
	for_each_netdev(&init_net, dev) {
		if (dev->ip_ptr)
			inetdev_destroy(dev->ip_ptr);
	}
}
