/* SPDX-License-Identifier: GPL-2.0-only */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "viewer/command.h"
#include "viewer/target.h"

const uint8_t near_mac[6] = { 0x02, 0, 0, 0, 0, 0x01 };
const uint8_t far_mac[6] = { 0x02, 0, 0, 0, 0, 0x02 };

int parse_target(const char *text, struct target *target)
{
	const char *hint = "an address is four numbers and a port, like " DEFAULT_TARGET;
	const char *colon = strrchr(text, ':');
	char addr[INET_ADDRSTRLEN] = "";
	struct in_addr in;
	uint64_t port;
	uint32_t host;

	if (!colon)
		return trouble(text, hint, "no port");
	if (colon == text || (size_t)(colon - text) >= sizeof(addr))
		return trouble(text, hint, "not an IPv4 address");
	memcpy(addr, text, (size_t)(colon - text));
	if (inet_pton(AF_INET, addr, &in) != 1)
		return trouble(text, hint, "'%s' is not an IPv4 address", addr);
	if (read_number(colon + 1, 65535, &port) || port == 0)
		return trouble(text, hint, "'%s' is not a port from 1 to 65535", colon + 1);

	host = ntohl(in.s_addr);
	if (host >> 24 == 0 || host >> 24 == 127 || host >> 24 >= 224)
		return trouble(text, "choose a unicast address that is not a loopback",
			       "no host can have the address %s on a link", addr);
	if (!strcmp(addr, NEAR_ADDR))
		return trouble(text, "choose another; " FAR_ADDR " is the far end's",
			       "this is the address that connects");
	if ((host ^ ntohl(inet_addr(FAR_ADDR))) >> 8 == 0 && (host + 1) % 256 <= 1)
		return trouble(text, "choose another; " FAR_ADDR " is the far end's",
			       "this is the network's own or broadcast address");
	target->addr = in.s_addr;
	target->port = (uint16_t)port;
	snprintf(target->text, sizeof(target->text), "%s:%u", addr, (unsigned int)port);
	return 0;
}
