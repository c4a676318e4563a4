/* SPDX-License-Identifier: GPL-2.0-only */

/* Checksums, hashes, trees, text: the library under everything. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* In a test these names are the C library's; the core's own are compiled in under others. */
#define memcpy  core_memcpy
#define memmove core_memmove
#define memset  core_memset
#define memcmp  core_memcmp
#define strlen  core_strlen
#define strnlen core_strnlen
#define strcmp  core_strcmp
#define strncmp core_strncmp
#define strchr  core_strchr
#define strlcpy core_strlcpy
#include "core/lib/string.c"

#include <linux/cryptohash.h>
#include <linux/jhash.h>
#include <linux/kernel.h>
#include <linux/random.h>
#include <linux/string.h>
#include <linux/win_minmax.h>
#include <net/checksum.h>

/* RFC 1071's definition, word by word, in network order. */
static __sum16 reference(const u8 *p, int len)
{
	u32 sum = 0;
	int i;

	for (i = 0; i < len; i++)
		sum += i & 1 ? p[i] : (u32)p[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons((u16)~sum);
}

static void test_csum_partial(void **state)
{
	u8 buf[300];
	int start, len;

	(void)state;
	for (len = 0; len < 300; len++)
		buf[len] = (u8)(len * 37 + (len >> 3));
	for (start = 0; start < 4; start++)
		for (len = 0; len < 290; len++)
			assert_int_equal(csum_fold(csum_partial(buf + start, len, 0)),
					 reference(buf + start, len));
	memset(buf, 0xff, sizeof(buf));
	assert_int_equal(csum_fold(csum_partial(buf, 300, 0)), 0);
}

/* A header from RFC 1071's usual example, and one that is damaged. */
static void test_ip_header(void **state)
{
	u8 iph[20] = { 0x45, 0,    0,    0x73, 0, 0, 0x40, 0,    0x40, 0x11,
		       0xb8, 0x61, 0xc0, 0xa8, 0, 1, 0xc0, 0xa8, 0,    0xc7 };

	(void)state;
	assert_int_equal(ip_fast_csum(iph, 5), 0);
	iph[8]--;
	assert_int_not_equal(ip_fast_csum(iph, 5), 0);
	iph[10] = iph[11] = 0;
	assert_int_equal(ip_fast_csum(iph, 5), htons(0xb961));
}

static void test_pseudo_header(void **state)
{
	/* The pseudo header written out, and the function that only adds it. */
	u8 pseudo[12] = { 10, 9, 0, 1, 10, 9, 0, 2, 0, 6, 0, 40 };
	__be32 saddr = htonl(0x0a090001), daddr = htonl(0x0a090002);

	(void)state;
	assert_int_equal(csum_tcpudp_magic(saddr, daddr, 40, 6, 0), reference(pseudo, 12));
	assert_int_equal(csum_fold(csum_sub(csum_add(1000, 0xffffffff), 1000)),
			 csum_fold(0xffffffff));
}

/* RFC 1321: MD5("") and MD5("abc"), each one padded block. */
static void test_md5(void **state)
{
	u32 hash[4] = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476 };
	u32 block[16] = { 0x80 };

	(void)state;
	md5_transform(hash, block);
	assert_int_equal(hash[0], 0xd98c1dd4);
	assert_int_equal(hash[3], 0x7e42f8ec);
	hash[0] = 0x67452301, hash[1] = 0xefcdab89, hash[2] = 0x98badcfe, hash[3] = 0x10325476;
	block[0] = 0x80636261;
	block[14] = 24;
	md5_transform(hash, block);
	assert_int_equal(hash[0], 0x98500190);
	assert_int_equal(hash[1], 0xb04fd23c);
	assert_int_equal(hash[2], 0x7d3f96d6);
	assert_int_equal(hash[3], 0x727fe128);
}

static void test_jhash(void **state)
{
	u32 k[3] = { 1, 2, 3 };

	(void)state;
	assert_int_equal(jhash2(k, 3, 7), jhash_3words(1, 2, 3, 7));
	assert_int_equal(jhash2(k, 2, 7), jhash_2words(1, 2, 7));
	assert_int_equal(jhash2(k, 1, 7), jhash_1word(1, 7));
	assert_int_not_equal(jhash_1word(1, 7), jhash_1word(1, 8));
}

static void test_random_repeats(void **state)
{
	u8 a[13], b[13];
	u32 x, y;

	(void)state;
	random_init(5);
	get_random_bytes(a, sizeof(a));
	x = prandom_u32();
	random_init(5);
	get_random_bytes(b, sizeof(b));
	y = prandom_u32();
	assert_memory_equal(a, b, sizeof(a));
	assert_int_equal(x, y);
	random_init(6);
	get_random_bytes(b, sizeof(b));
	assert_memory_not_equal(a, b, sizeof(a));
	for (x = 0; x < 1000; x++)
		assert_true(prandom_u32_max(10) < 10);
}

static void test_strings(void **state)
{
	char buf[200], two[200];
	int i, n;

	(void)state;
	for (i = 0; i < 200; i++)
		buf[i] = (char)i;
	for (n = 0; n < 150; n++) {
		memset(two, 0x55, sizeof(two));
		memcpy(two + 3, buf + 1, (size_t)n);
		assert_int_equal(memcmp(two + 3, buf + 1, (size_t)n), 0);
		assert_int_equal(two[3 + n], 0x55);
		assert_int_equal(two[2], 0x55);
	}
	memmove(buf + 5, buf, 100);
	assert_int_equal(buf[104], 99);
	memmove(buf, buf + 5, 100);
	assert_int_equal(buf[99], 99);
	assert_int_equal(strlcpy(two, "interface", 5), 9);
	assert_string_equal(two, "inte");
	assert_true(strcmp("a", "b") < 0);
	assert_int_equal(strncmp("abc", "abd", 2), 0);
	assert_null(strchr("abc", 'd'));
}

static void test_snprintf(void **state)
{
	__be32 addr = htonl(0x0a090001);
	char buf[64];

	(void)state;
	assert_int_equal(scnprintf(buf, sizeof(buf), "%d %u %x %s %c%%", -5, 7u, 255u, "hi", 'x'),
			 13);
	assert_string_equal(buf, "-5 7 ff hi x%");
	scnprintf(buf, sizeof(buf), "%pI4 %pM", &addr, "\x02\x00\x00\x00\x00\xff");
	assert_string_equal(buf, "10.9.0.1 02:00:00:00:00:ff");
	scnprintf(buf, sizeof(buf), "%lu %ld %04d", ~0ul, -1l, 42);
	assert_string_equal(buf, "18446744073709551615 -1 0042");
	assert_int_equal(scnprintf(buf, 4, "abcdef"), 3);
	assert_string_equal(buf, "abc");
}

static void test_kstrtol(void **state)
{
	long val;
	int i;

	(void)state;
	assert_int_equal(kstrtol("42", 0, &val), 0);
	assert_int_equal(val, 42);
	assert_int_equal(kstrtol("-0x10\n", 0, &val), 0);
	assert_int_equal(val, -16);
	assert_int_equal(kstrtol("", 0, &val), -EINVAL);
	assert_int_equal(kstrtol("4x", 0, &val), -EINVAL);
	assert_int_equal(kstrtol("99999999999999999999", 10, &val), -ERANGE);
	assert_int_equal(kstrtoint("4294967296", 10, &i), -ERANGE);
}

/* The window is 10: the smallest of the last 10 units of time. */
static void test_minmax(void **state)
{
	struct minmax m;

	(void)state;
	minmax_reset(&m, 0, 100);
	assert_int_equal(minmax_running_min(&m, 10, 1, 50), 50);
	assert_int_equal(minmax_running_min(&m, 10, 5, 70), 50);
	assert_int_equal(minmax_running_min(&m, 10, 9, 80), 50);
	assert_int_equal(minmax_running_min(&m, 10, 12, 90), 70);
	assert_int_equal(minmax_running_min(&m, 10, 40, 95), 95);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_csum_partial),  cmocka_unit_test(test_ip_header),
		cmocka_unit_test(test_pseudo_header), cmocka_unit_test(test_md5),
		cmocka_unit_test(test_jhash),         cmocka_unit_test(test_random_repeats),
		cmocka_unit_test(test_strings),       cmocka_unit_test(test_snprintf),
		cmocka_unit_test(test_kstrtol),       cmocka_unit_test(test_minmax),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
