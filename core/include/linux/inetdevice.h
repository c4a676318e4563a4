/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * IPv4's view of a device: its addresses and its settings.
 *
 * Origin: include/linux/inetdevice.h, v4.9. Left out: multicast membership (IGMP).
 */
#ifndef _LINUX_INETDEVICE_H
#define _LINUX_INETDEVICE_H

#include <linux/atomic.h>
#include <linux/byteorder.h>
#include <linux/list.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/types.h>
#include <net/neighbour.h>

/* Names of the settings under net.ipv4.conf.<device>; the numbers are an ABI. */
enum {
	IPV4_DEVCONF_FORWARDING = 1,
	IPV4_DEVCONF_MC_FORWARDING,
	IPV4_DEVCONF_PROXY_ARP,
	IPV4_DEVCONF_ACCEPT_REDIRECTS,
	IPV4_DEVCONF_SECURE_REDIRECTS,
	IPV4_DEVCONF_SEND_REDIRECTS,
	IPV4_DEVCONF_SHARED_MEDIA,
	IPV4_DEVCONF_RP_FILTER,
	IPV4_DEVCONF_ACCEPT_SOURCE_ROUTE,
	IPV4_DEVCONF_BOOTP_RELAY,
	IPV4_DEVCONF_LOG_MARTIANS,
	IPV4_DEVCONF_TAG,
	IPV4_DEVCONF_ARPFILTER,
	IPV4_DEVCONF_MEDIUM_ID,
	IPV4_DEVCONF_NOXFRM,
	IPV4_DEVCONF_NOPOLICY,
	IPV4_DEVCONF_FORCE_IGMP_VERSION,
	IPV4_DEVCONF_ARP_ANNOUNCE,
	IPV4_DEVCONF_ARP_IGNORE,
	IPV4_DEVCONF_PROMOTE_SECONDARIES,
	IPV4_DEVCONF_ARP_ACCEPT,
	IPV4_DEVCONF_ARP_NOTIFY,
	IPV4_DEVCONF_ACCEPT_LOCAL,
	IPV4_DEVCONF_SRC_VMARK,
	IPV4_DEVCONF_PROXY_ARP_PVLAN,
	IPV4_DEVCONF_ROUTE_LOCALNET,
	IPV4_DEVCONF_IGMPV2_UNSOLICITED_REPORT_INTERVAL,
	IPV4_DEVCONF_IGMPV3_UNSOLICITED_REPORT_INTERVAL,
	IPV4_DEVCONF_IGNORE_ROUTES_WITH_LINKDOWN,
	IPV4_DEVCONF_DROP_UNICAST_IN_L2_MULTICAST,
	IPV4_DEVCONF_DROP_GRATUITOUS_ARP,
	__IPV4_DEVCONF_MAX
};
#define IPV4_DEVCONF_MAX (__IPV4_DEVCONF_MAX - 1)

struct ipv4_devconf {
	int data[IPV4_DEVCONF_MAX];
};

struct in_ifaddr;

/**
 * struct in_device - the IPv4 side of a net_device (dev->ip_ptr)
 * @dev:       the device
 * @refcnt:    holders
 * @dead:      the device is being unregistered
 * @ifa_list:  addresses, primary ones first
 * @arp_parms: the neighbour table's settings for this device
 * @cnf:       settings
 */
struct in_device {
	struct net_device *dev;
	atomic_t refcnt;
	int dead;
	struct in_ifaddr *ifa_list;
	struct neigh_parms *arp_parms;
	struct ipv4_devconf cnf;
};

/**
 * struct in_ifaddr - one address of a device; addresses and masks in network order
 * @hash:          in the table behind __ip_dev_find()
 * @ifa_next:      next address of the device
 * @ifa_dev:       the device
 * @ifa_local:     our address
 * @ifa_address:   the other end on a point to point link, else = @ifa_local
 * @ifa_mask:      netmask
 * @ifa_broadcast: broadcast address, 0 = none
 * @ifa_scope:     RT_SCOPE_*: who may see it as a source address
 * @ifa_prefixlen: bits of @ifa_mask
 * @ifa_flags:     IFA_F_*
 * @ifa_label:     name, eth0 or eth0:1
 */
struct in_ifaddr {
	struct hlist_node hash;
	struct in_ifaddr *ifa_next;
	struct in_device *ifa_dev;
	__be32 ifa_local;
	__be32 ifa_address;
	__be32 ifa_mask;
	__be32 ifa_broadcast;
	unsigned char ifa_scope;
	unsigned char ifa_prefixlen;
	__u32 ifa_flags;
	char ifa_label[IFNAMSIZ];
};

#define IFA_F_SECONDARY     0x01 /* another address of the same subnet came first */
#define IFA_F_PERMANENT     0x80
#define IFA_F_NOPREFIXROUTE 0x200

/* One setting of one device, e.g. IN_DEV_RP_FILTER: the macros below read like the kernel's. */
static inline int ipv4_devconf_get(struct in_device *in_dev, int index)
{
	return in_dev->cnf.data[index - 1];
}

static inline void ipv4_devconf_set(struct in_device *in_dev, int index, int val)
{
	in_dev->cnf.data[index - 1] = val;
}

#define IPV4_DEVCONF(cnf, attr)            ((cnf).data[IPV4_DEVCONF_##attr - 1])
#define IPV4_DEVCONF_ALL(net, attr)        IPV4_DEVCONF((*(net)->ipv4.devconf_all), attr)
#define IPV4_DEVCONF_DFLT(net, attr)       IPV4_DEVCONF((*(net)->ipv4.devconf_dflt), attr)
#define IN_DEV_CONF_GET(in_dev, attr)      ipv4_devconf_get((in_dev), IPV4_DEVCONF_##attr)
#define IN_DEV_CONF_SET(in_dev, attr, val) ipv4_devconf_set((in_dev), IPV4_DEVCONF_##attr, (val))

#define IN_DEV_ANDCONF(in_dev, attr) \
	(IPV4_DEVCONF_ALL(dev_net((in_dev)->dev), attr) && IN_DEV_CONF_GET((in_dev), attr))
#define IN_DEV_ORCONF(in_dev, attr) \
	(IPV4_DEVCONF_ALL(dev_net((in_dev)->dev), attr) || IN_DEV_CONF_GET((in_dev), attr))
#define IN_DEV_MAXCONF(in_dev, attr)                                                        \
	(IPV4_DEVCONF_ALL(dev_net((in_dev)->dev), attr) > IN_DEV_CONF_GET((in_dev), attr) ? \
		 IPV4_DEVCONF_ALL(dev_net((in_dev)->dev), attr) :                           \
		 IN_DEV_CONF_GET((in_dev), attr))

#define IN_DEV_FORWARD(in_dev)        IN_DEV_CONF_GET((in_dev), FORWARDING)
#define IN_DEV_RPFILTER(in_dev)       IN_DEV_MAXCONF((in_dev), RP_FILTER)
#define IN_DEV_SOURCE_ROUTE(in_dev)   IN_DEV_ANDCONF((in_dev), ACCEPT_SOURCE_ROUTE)
#define IN_DEV_LOG_MARTIANS(in_dev)   IN_DEV_ORCONF((in_dev), LOG_MARTIANS)
#define IN_DEV_SRC_VMARK(in_dev)      IN_DEV_ORCONF((in_dev), SRC_VMARK)
#define IN_DEV_ACCEPT_LOCAL(in_dev)   IN_DEV_ORCONF((in_dev), ACCEPT_LOCAL)
#define IN_DEV_ROUTE_LOCALNET(in_dev) IN_DEV_ORCONF(in_dev, ROUTE_LOCALNET)
#define IN_DEV_NET_ROUTE_LOCALNET(in_dev, net) \
	(IN_DEV_CONF_GET(in_dev, ROUTE_LOCALNET) || IPV4_DEVCONF_ALL(net, ROUTE_LOCALNET))
#define IN_DEV_ARPFILTER(in_dev)    IN_DEV_ORCONF((in_dev), ARPFILTER)
#define IN_DEV_ARP_ACCEPT(in_dev)   IN_DEV_ORCONF((in_dev), ARP_ACCEPT)
#define IN_DEV_ARP_ANNOUNCE(in_dev) IN_DEV_MAXCONF((in_dev), ARP_ANNOUNCE)
#define IN_DEV_ARP_IGNORE(in_dev)   IN_DEV_MAXCONF((in_dev), ARP_IGNORE)
#define IN_DEV_TX_REDIRECTS(in_dev) IN_DEV_ORCONF((in_dev), SEND_REDIRECTS)
#define IN_DEV_IGNORE_ROUTES_WITH_LINKDOWN(in_dev) \
	IN_DEV_CONF_GET((in_dev), IGNORE_ROUTES_WITH_LINKDOWN)

static inline struct in_device *__in_dev_get_rcu(const struct net_device *dev)
{
	return dev->ip_ptr;
}

static inline struct in_device *__in_dev_get_rtnl(const struct net_device *dev)
{
	return dev->ip_ptr;
}

static inline struct in_device *in_dev_get(const struct net_device *dev)
{
	struct in_device *in_dev = __in_dev_get_rcu(dev);

	if (in_dev)
		atomic_inc(&in_dev->refcnt);
	return in_dev;
}

void in_dev_finish_destroy(struct in_device *idev);

static inline void in_dev_put(struct in_device *idev)
{
	if (atomic_dec_and_test(&idev->refcnt))
		in_dev_finish_destroy(idev);
}

static inline bool inet_ifa_match(__be32 addr, struct in_ifaddr *ifa)
{
	return !((addr ^ ifa->ifa_address) & ifa->ifa_mask);
}

/* Netmask with @logmask bits, network order. */
static inline __be32 inet_make_mask(int logmask)
{
	if (logmask)
		return htonl(~((1U << (32 - logmask)) - 1));
	return 0;
}

/* Bits of a netmask; the caller knows it is contiguous. */
static inline int inet_mask_len(__be32 mask)
{
	u32 hmask = ntohl(mask);

	if (!hmask)
		return 0;
	return 32 - __builtin_ctz(hmask);
}

/* All addresses of a device. (v4.9's for_ifa() declares its variable out of sight.) */
#define in_dev_for_each_ifa(ifa, in_dev) for (ifa = (in_dev)->ifa_list; ifa; ifa = ifa->ifa_next)

/* Only the first of each subnet; they stand before all secondary ones. */
#define in_dev_for_each_primary_ifa(ifa, in_dev)                                   \
	for (ifa = (in_dev)->ifa_list; ifa && !(ifa->ifa_flags & IFA_F_SECONDARY); \
	     ifa = ifa->ifa_next)

void devinet_init(void);
void devinet_exit(void);
struct net_device *__ip_dev_find(struct net *net, __be32 addr, bool devref);
int inet_addr_onlink(struct in_device *in_dev, __be32 a, __be32 b);
__be32 inet_select_addr(const struct net_device *dev, __be32 dst, int scope);
__be32 inet_confirm_addr(struct net *net, struct in_device *in_dev, __be32 dst, __be32 local,
			 int scope);
struct in_device *inetdev_init(struct net_device *dev);
void inetdev_destroy(struct in_device *in_dev);
struct in_device *inetdev_by_index(struct net *net, int ifindex);

/* The device that has @addr (network order), with a reference, or NULL. */
static inline struct net_device *ip_dev_find(struct net *net, __be32 addr)
{
	return __ip_dev_find(net, addr, true);
}

/*
 * `ip address add ADDR/PREFIXLEN dev DEV`: the part of inet_rtm_newaddr() behind netlink.
 * @addr in network order. -EINVAL: bad prefix length; -EEXIST: is there already; -ENOBUFS.
 */
int inet_addr_add(struct net_device *dev, __be32 addr, int prefixlen);
/* The reverse; 0, or -EADDRNOTAVAIL if the device has no such address. */
int inet_addr_del(struct net_device *dev, __be32 addr, int prefixlen);

#endif /* _LINUX_INETDEVICE_H */
