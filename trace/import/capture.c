// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames of a capture file, read by libpcap. It is loaded when it is needed: a program that is linked
 * with it takes a millisecond longer to start.
 */
#include <dlfcn.h>
#include <errno.h>
#include <pcap/pcap.h>
#include <pcap/sll.h>
#include <stdlib.h>
#include <string.h>

#include "ftrace.h"

#define PCAP_LIBRARY "libpcap.so.0.8"

/* The functions of libpcap that are used. */
struct pcap_calls {
	pcap_t *(*open_offline)(const char *, char *);
	int (*datalink)(pcap_t *);
	int (*next_ex)(pcap_t *, struct pcap_pkthdr **, const u_char **);
	char *(*geterr)(pcap_t *);
	void (*close)(pcap_t *);
};

static int load(struct pcap_calls *calls, char *err, size_t errlen)
{
	void *handle = dlopen(PCAP_LIBRARY, RTLD_NOW | RTLD_LOCAL);

	if (!handle) {
		snprintf(err, errlen, "%s; install libpcap0.8", dlerror());
		return -ELIBACC;
	}
	*(void **)&calls->open_offline = dlsym(handle, "pcap_open_offline");
	*(void **)&calls->datalink = dlsym(handle, "pcap_datalink");
	*(void **)&calls->next_ex = dlsym(handle, "pcap_next_ex");
	*(void **)&calls->geterr = dlsym(handle, "pcap_geterr");
	*(void **)&calls->close = dlsym(handle, "pcap_close");
	if (calls->open_offline && calls->datalink && calls->next_ex && calls->geterr &&
	    calls->close)
		return 0;
	snprintf(err, errlen, "%s lacks a function; install libpcap0.8 again", PCAP_LIBRARY);
	return -ELIBACC;
}

/* How many bytes of a link's header lie before what we keep; -1: a link that is not known. */
static int header_of(int link)
{
	switch (link) {
	case DLT_EN10MB:
	case DLT_RAW:
		return 0;
	case DLT_LINUX_SLL:
		return SLL_HDR_LEN;
	case DLT_LINUX_SLL2:
		return SLL2_HDR_LEN;
	default:
		return -1;
	}
}

/* Who sent it: its Ethernet address, or its IP address; of a cooked frame whether we did. */
static int sender(int link, const uint8_t *bytes, size_t size, uint8_t *address)
{
	static const int at[] = { 6, 12, 8 };
	bool ethernet = link == DLT_EN10MB, six = size && bytes[0] >> 4 == 6;
	size_t from = (size_t)at[ethernet ? 0 : six ? 2 : 1], length = ethernet ? 6 : six ? 16 : 4;

	if (size < from + length)
		return 0;
	memcpy(address, bytes + from, length);
	return (int)length;
}

static void take(struct capture *capture, int link, const struct pcap_pkthdr *header,
		 const uint8_t *bytes)
{
	size_t skip = (size_t)header_of(link);
	struct import_frame *frame;
	uint8_t who[16] = { 0 }, first[16] = { 0 };
	uint8_t *copy;

	/* a time that cannot be is damage */
	if (header->caplen <= skip || header->ts.tv_sec < 0 || header->ts.tv_sec > UINT32_MAX)
		return;
	copy = malloc(header->caplen - skip);
	if (!copy)
		return;
	memcpy(copy, bytes + skip, header->caplen - skip);
	if (capture->count == capture->room) {
		size_t room = capture->room ? capture->room * 2 : 64;
		void *more = realloc(capture->frames, room * sizeof(*frame));

		if (!more) {
			free(copy);
			return;
		}
		capture->frames = more;
		capture->room = room;
	}
	frame = &capture->frames[capture->count++];
	*frame = (struct import_frame){
		.time = (int64_t)header->ts.tv_sec * 1000000000 + header->ts.tv_usec * 1000LL,
		.bytes = copy,
		.size = header->caplen - skip,
	};
	/* the machine that connects sends first */
	sender(link, frame->bytes, frame->size, who);
	sender(link, capture->frames[0].bytes, capture->frames[0].size, first);
	frame->out = !memcmp(who, first, sizeof(who));
}

int capture_read(const char *path, struct capture *capture, char *err, size_t errlen)
{
	char why[PCAP_ERRBUF_SIZE] = "";
	struct pcap_calls calls;
	struct pcap_pkthdr *header;
	const u_char *bytes;
	int code = load(&calls, err, errlen), link, got;
	pcap_t *pcap;

	if (code)
		return code;
	pcap = calls.open_offline(path, why);
	if (!pcap) {
		snprintf(err, errlen, "%s: %s; give a capture of tcpdump or Wireshark", path,
			 !strncmp(why, path, strlen(path)) && why[strlen(path)] == ':' ?
				 why + strlen(path) + 2 :
				 why);
		return -ENODATA;
	}
	link = calls.datalink(pcap);
	if (header_of(link) < 0) {
		snprintf(err, errlen,
			 "%s: frames of link type %d are not understood; capture on an Ethernet or "
			 "IP device",
			 path, link);
		calls.close(pcap);
		return -ENODATA;
	}
	while ((got = calls.next_ex(pcap, &header, &bytes)) == 1)
		take(capture, link, header, bytes);
	if (got == PCAP_ERROR) {
		snprintf(err, errlen, "%s: %s; the capture is damaged or was cut short", path,
			 calls.geterr(pcap));
		code = -EIO;
	}
	calls.close(pcap);
	return code;
}

void capture_free(struct capture *capture)
{
	for (size_t i = 0; i < capture->count; i++)
		free((void *)(uintptr_t)capture->frames[i].bytes);
	free(capture->frames);
	*capture = (struct capture){ 0 };
}
