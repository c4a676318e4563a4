/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/core/dev.c */
/*
 * The life of a network device: made by its driver, registered, up, down, gone
 * (net/core/dev.c in the kernel). Each step is told to the notifiers: that is
 * how IPv4 learns that there is a device to put addresses on.
 */
#include <linux/err.h>
#include <linux/if_arp.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/net_namespace.h>
#include <net/sch_generic.h>

static RAW_NOTIFIER_HEAD(netdev_chain);

int call_netdevice_notifiers(unsigned long val, struct net_device *dev)
{
	struct netdev_notifier_info info = { .dev = dev };

	return raw_notifier_call_chain(&netdev_chain, val, &info);
}

int register_netdevice_notifier(struct notifier_block *nb)
{
	struct netdev_notifier_info info;
	struct net_device *dev;

	raw_notifier_chain_register(&netdev_chain, nb);
	for_each_netdev(&init_net, dev) {
		info.dev = dev;
		nb->notifier_call(nb, NETDEV_REGISTER, &info);
		if (dev->flags & IFF_UP)
			nb->notifier_call(nb, NETDEV_UP, &info);
	}
	return 0;
}

int unregister_netdevice_notifier(struct notifier_block *nb)
{
	return raw_notifier_chain_unregister(&netdev_chain, nb);
}

/*
 * alloc_netdev - a device with @sizeof_priv zeroed bytes for its driver
 * @priv_type: type of those bytes, as DWARF has it
 * @setup: fills in what follows from the link layer
 * NULL when memory is out.
 */
struct net_device *alloc_netdev(int sizeof_priv, const char *name, const char *priv_type,
				void (*setup)(struct net_device *))
{
	struct net_device *dev = kzalloc_type(struct net_device, GFP_KERNEL);

	if (!dev)
		return NULL;
	dev->num_tx_queues = 1;
	dev->real_num_tx_queues = 1;
	dev->_tx = kcalloc_type(1, struct netdev_queue, GFP_KERNEL);
	if (sizeof_priv)
		dev->priv = __kmalloc_type((size_t)sizeof_priv, GFP_KERNEL | __GFP_ZERO, priv_type);
	if (!dev->_tx || (sizeof_priv && !dev->priv)) {
		free_netdev(dev);
		return NULL;
	}
	dev->_tx->dev = dev;
	dev->_tx->xmit_lock_owner = -1;
	INIT_LIST_HEAD(&dev->dev_list);
	INIT_LIST_HEAD(&dev->ptype_all);
	INIT_LIST_HEAD(&dev->ptype_specific);
	dev->gso_max_size = GSO_MAX_SIZE;
	dev->gso_max_segs = GSO_MAX_SEGS;
	dev->priv_flags = IFF_XMIT_DST_RELEASE | IFF_XMIT_DST_RELEASE_PERM;
	dev_net_set(dev, &init_net);
	strlcpy(dev->name, name, sizeof(dev->name));
	setup(dev);
	return dev;
}

void free_netdev(struct net_device *dev)
{
	kfree(dev->priv);
	kfree(dev->_tx);
	kfree(dev);
}

struct net_device *__dev_get_by_name(struct net *net, const char *name)
{
	struct net_device *dev;

	for_each_netdev(net, dev)
		if (!strcmp(dev->name, name))
			return dev;
	return NULL;
}

struct net_device *__dev_get_by_index(struct net *net, int ifindex)
{
	struct net_device *dev;

	for_each_netdev(net, dev)
		if (dev->ifindex == ifindex)
			return dev;
	return NULL;
}

/* With a reference, to be given back by dev_put(). */
struct net_device *dev_get_by_index(struct net *net, int ifindex)
{
	struct net_device *dev = __dev_get_by_index(net, ifindex);

	if (dev)
		dev_hold(dev);
	return dev;
}

/* A name must be there, fit, and be a single word. */
static bool dev_valid_name(const char *name)
{
	if (!*name || strlen(name) >= IFNAMSIZ || !strcmp(name, ".") || !strcmp(name, ".."))
		return false;
	for (; *name; name++)
		if (*name == '/' || *name == ':' || *name == ' ' || *name == '\t' || *name == '\n')
			return false;
	return true;
}

/* 0, -EINVAL for a bad name, -EEXIST, or what the driver and the notifiers say. */
int register_netdevice(struct net_device *dev)
{
	struct net *net = dev_net(dev);
	int ret;

	if (!dev_valid_name(dev->name))
		return -EINVAL;
	if (__dev_get_by_name(net, dev->name))
		return -EEXIST;
	if (dev->netdev_ops->ndo_init) {
		ret = dev->netdev_ops->ndo_init(dev);
		if (ret)
			return ret;
	}
	dev->ifindex = ++net->ifindex;
	dev->features |= NETIF_F_SOFT_FEATURES;
	dev->vlan_features |= NETIF_F_HIGHDMA;
	memcpy(dev->perm_addr, dev->dev_addr, dev->addr_len);
	set_bit(__LINK_STATE_PRESENT, &dev->state);
	dev_init_scheduler(dev);
	dev_hold(dev);
	list_add_tail(&dev->dev_list, &net->dev_base_head);
	dev->reg_state = NETREG_REGISTERED;
	ret = notifier_to_errno(call_netdevice_notifiers(NETDEV_REGISTER, dev));
	if (ret)
		unregister_netdevice(dev);
	return ret;
}

/* Brings it down and takes it out; free_netdev() remains to be done. */
void unregister_netdevice(struct net_device *dev)
{
	dev_close(dev);
	dev->reg_state = NETREG_UNREGISTERING;
	dev_shutdown(dev);
	call_netdevice_notifiers(NETDEV_UNREGISTER, dev);
	list_del_init(&dev->dev_list);
	if (dev->netdev_ops->ndo_uninit)
		dev->netdev_ops->ndo_uninit(dev);
	dev_put(dev);
	dev->reg_state = NETREG_UNREGISTERED;
}

int dev_open(struct net_device *dev)
{
	int ret = 0;

	if (dev->flags & IFF_UP)
		return 0;
	set_bit(__LINK_STATE_START, &dev->state);
	if (dev->netdev_ops->ndo_open)
		ret = dev->netdev_ops->ndo_open(dev);
	if (ret) {
		clear_bit(__LINK_STATE_START, &dev->state);
		return ret;
	}
	dev->flags |= IFF_UP | IFF_RUNNING;
	dev->operstate = IF_OPER_UP;
	ret = dev_activate(dev);
	if (ret)
		return ret;
	call_netdevice_notifiers(NETDEV_UP, dev);
	return 0;
}

int dev_close(struct net_device *dev)
{
	if (!(dev->flags & IFF_UP))
		return 0;
	call_netdevice_notifiers(NETDEV_GOING_DOWN, dev);
	clear_bit(__LINK_STATE_START, &dev->state);
	dev_deactivate(dev);
	if (dev->netdev_ops->ndo_stop)
		dev->netdev_ops->ndo_stop(dev);
	dev->flags &= ~(unsigned int)(IFF_UP | IFF_RUNNING);
	dev->operstate = IF_OPER_DOWN;
	call_netdevice_notifiers(NETDEV_DOWN, dev);
	return 0;
}

/*
 * dev_set_mtu - ip link set mtu
 * Routes that took the old one from the device are expired (NETDEV_CHANGEMTU). 0, -EINVAL when it
 * is less than IPv4 needs (RFC 791: 68) or more than it can say.
 */
int dev_set_mtu(struct net_device *dev, int new_mtu)
{
	if (new_mtu == (int)dev->mtu)
		return 0;
	if (new_mtu < 68 || new_mtu > 65535)
		return -EINVAL;
	dev->mtu = (unsigned int)new_mtu;
	call_netdevice_notifiers(NETDEV_CHANGEMTU, dev);
	return 0;
}

void netdev_register_init(void)
{
	netdev_chain.head = NULL;
}

/*
 * The last first, and all but loopback, the first: local routes of every device lead through it,
 * and a route that a socket still holds is moved to it when its own device goes. So it stays
 * until the last socket is gone (loopback_exit).
 */
void netdev_register_exit(void)
{
	struct net_device *dev;

	while (!list_empty(&init_net.dev_base_head)) {
		dev = list_last_entry(&init_net.dev_base_head, struct net_device, dev_list);
		if (dev == init_net.loopback_dev)
			break;
		unregister_netdevice(dev);
		free_netdev(dev);
	}
}
