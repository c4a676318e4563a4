/* SPDX-License-Identifier: GPL-2.0-only */
/* What a frame is for, in sentences. */
#include <stdio.h>
#include <string.h>

#include "viewer/decode_bytes.h"
#include "viewer/explain.h"
#include "viewer/i18n.h"

static void arp(FILE *to, const struct decoded *d)
{
	const uint8_t *p = d->bytes + d->network;

	if (d->len < d->network + 28)
		return;
	if (be16(p + 6) == 1)
		fputs(_("ARP asks the whole link which Ethernet address this IP address has. Until the "
			"answer comes, what is to be sent there waits in the neighbour's queue."),
		      to);
	else
		fputs(_("ARP's answer: the neighbour's Ethernet address. Whatever waited for it can be "
			"sent now."),
		      to);
}

static void syn(FILE *to, const struct decoded *d, bool out)
{
	char options[200];

	if (!(d->flags & DECODE_ACK))
		fprintf(to,
			out ? _("The SYN: we ask for a connection and tell our initial sequence "
				"number, %u.") :
			      _("A SYN: the peer asks for a connection and tells its initial "
				"sequence number, %u."),
			d->seq);
	else
		fprintf(to,
			_("The SYN-ACK: it acknowledges the SYN (that is why ack is one more than "
			  "the SYN's number) and tells the sender's own initial sequence number, %u."),
			d->seq);
	fprintf(to, _(" The window (%u) is not scaled in a segment with SYN."), d->window);
	if (*decode_tcp_options(options, sizeof(options), d))
		fprintf(to, _(" Options can only be agreed on here: %s."), options);
}

static void tcp(FILE *to, const struct decoded *d, bool out)
{
	if (d->flags & DECODE_RST)
		fputs(_("A RST ends the connection at once. As the answer to a SYN it says that nobody "
			"listens on that port: connect() fails with ECONNREFUSED."),
		      to);
	else if (d->flags & DECODE_SYN)
		syn(to, d, out);
	else if (d->flags & DECODE_FIN)
		fprintf(to,
			_("A FIN: the sender has nothing more to send; it takes a sequence number of its "
			  "own and is acknowledged like a byte. It also acknowledges everything before "
			  "%u."),
			d->ack);
	else if (d->payload_len)
		fprintf(to, _("%zu bytes of data; everything before %u is acknowledged with it."),
			d->payload_len, d->ack);
	else
		fprintf(to,
			_("A bare acknowledgement: everything before sequence number %u has arrived. It "
			  "takes no sequence number and is never acknowledged itself."),
			d->ack);
	if (d->sum_bad)
		fputs(_(" Its checksum is wrong: the receiver drops it without a word."), to);
}

static void icmp(FILE *to, const struct decoded *d)
{
	uint8_t type = d->bytes[d->transport], code = d->bytes[d->transport + 1];

	if (type == 3 && code == 4)
		fputs(_("ICMP says that a packet was too large for a link on the way and must not be "
			"fragmented: the route's MTU is lowered, and TCP sends smaller segments."),
		      to);
	else if (type == 3)
		fprintf(to,
			_("ICMP says that a packet cannot be delivered (code %u). It quotes the head of "
			  "that packet, by which the socket is found. While connecting such an error is "
			  "passed on; on an open connection most are only noted."),
			code);
	else if (type == 11)
		fputs(_("ICMP says that a packet was dropped because its time to live ran out."),
		      to);
	else
		fprintf(to, _("An ICMP message of type %u."), type);
}

void explain_packet(FILE *to, const struct decoded *d, bool out)
{
	fputs(out ? _("This frame leaves through the device. ") :
		    _("This frame has arrived; the softirq that runs now takes it up through the layers. "),
	      to);
	switch (d->layer) {
	case DECODE_ARP:
		arp(to, d);
		break;
	case DECODE_TCP:
		tcp(to, d, out);
		break;
	case DECODE_UDP:
		fprintf(to, _("A UDP datagram with %zu bytes: no handshake, no acknowledgement."),
			d->payload_len);
		break;
	case DECODE_ICMP:
		icmp(to, d);
		break;
	default:
		fputs(_("Its headers are not whole."), to);
	}
}
