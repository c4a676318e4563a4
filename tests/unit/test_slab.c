/* SPDX-License-Identifier: GPL-2.0-only */

/* The allocator: sizes of the kernel, deterministic order, zeroing; user memory and its border. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include <synwalk/core.h>

static int setup(void **state)
{
	static const struct core_config config = { .seed = 1 };

	(void)state;
	assert_int_equal(core_boot(&config), 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	core_shutdown();
	assert_int_equal(core_leaks(), 0);
	return 0;
}

static void test_kmalloc_sizes(void **state)
{
	static const size_t sizes[][2] = { { 1, 16 },     { 65, 96 },     { 97, 128 },
					   { 129, 192 },  { 193, 256 },   { 480, 512 },
					   { 513, 1024 }, { 4097, 8192 }, { 8192, 8192 } };
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		void *p = kmalloc(sizes[i][0], GFP_KERNEL);

		assert_non_null(p);
		assert_int_equal((unsigned long)p % 16, 0);
		assert_int_equal(ksize(p), sizes[i][1]);
		kfree(p);
	}
	kfree(NULL);
}

static void test_first_freed_is_first_used(void **state)
{
	struct kmem_cache *c = kmem_cache_create("thing", 40, 0);
	void *a = kmem_cache_alloc(c, GFP_KERNEL);
	void *b = kmem_cache_alloc(c, GFP_KERNEL);

	(void)state;
	assert_int_equal(kmem_cache_size(c), 40);
	kmem_cache_free(c, b);
	kmem_cache_free(c, a);
	assert_ptr_equal(kmem_cache_alloc(c, GFP_KERNEL), b);
	assert_ptr_equal(kmem_cache_alloc(c, GFP_KERNEL), a);
	kmem_cache_free(c, a);
	kmem_cache_free(c, b);
	kmem_cache_destroy(c);
}

static void test_zeroing_of_reused_memory(void **state)
{
	unsigned char *p;
	int round, i;

	(void)state;
	for (round = 0; round < 3; round++) {
		p = kzalloc(100, GFP_KERNEL);
		for (i = 0; i < 100; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xaa, 100);
		kfree(p);
	}
	p = kcalloc(100000, 3, GFP_KERNEL);
	assert_non_null(p);
	assert_int_equal(p[299999], 0);
	kfree(p);
	assert_null(kcalloc((size_t)1 << 40, (size_t)1 << 40, GFP_KERNEL));
}

static void test_accounts(void **state)
{
	size_t before = slab_bytes_in_use();
	unsigned int objects = slab_report_leaks();
	void *p = kmalloc(1000, GFP_KERNEL);

	(void)state;
	assert_int_equal(slab_bytes_in_use() - before, 1024);
	assert_int_equal(slab_report_leaks() - objects, 1);
	kfree(p);
	assert_int_equal(slab_bytes_in_use(), before);
}

static void test_user_memory(void **state)
{
	char kernel[32] = "0123456789abcdef";
	char *user = core_user_alloc(16);
	char *second = core_user_alloc(1 << 20);
	char back[32] = { 0 };

	(void)state;
	assert_non_null(user);
	assert_non_null(second);
	assert_int_equal(copy_to_user(user, kernel, 16), 0);
	assert_int_equal(copy_from_user(back, user, 16), 0);
	assert_memory_equal(back, kernel, 16);
	assert_int_equal(copy_to_user(second + (1 << 20) - 4, kernel, 4), 0);
	/* One byte too far, before, in the kernel, and nowhere. */
	assert_int_equal(copy_to_user(second + (1 << 20) - 4, kernel, 5), 5);
	assert_int_equal(copy_from_user(back, user - 16, 16), 16);
	assert_int_equal(copy_from_user(back, kernel, 4), 4);
	assert_int_equal(copy_from_user(back, NULL, 1), 1);
	assert_int_equal(copy_from_user(back, (void *)-1L, 1), 1);
	assert_int_equal(copy_from_user(back, user, ~0UL), ~0UL);
	assert_int_equal(copy_from_user(back, NULL, 0), 0);
}

static void test_get_put_user(void **state)
{
	int *user = core_user_alloc(sizeof(int));
	int val = 0;

	(void)state;
	assert_int_equal(put_user(42, user), 0);
	assert_int_equal(get_user(val, user), 0);
	assert_int_equal(val, 42);
	assert_int_equal(get_user(val, (int *)&val), -EFAULT);
}

static void test_iov_iter(void **state)
{
	char *user = core_user_alloc(64);
	struct iovec iov[3] = { { user, 3 }, { user + 10, 0 }, { user + 20, 5 } };
	struct iov_iter it;
	char out[8] = { 0 };

	(void)state;
	iov_iter_init(&it, READ, iov, 3, 8);
	assert_int_equal(copy_to_iter("abcdefgh", 4, &it), 4);
	assert_int_equal(iov_iter_count(&it), 4);
	assert_int_equal(copy_to_iter("efghij", 6, &it), 4);
	assert_int_equal(iov_iter_count(&it), 0);
	assert_memory_equal(user, "abc", 3);
	assert_memory_equal(user + 20, "defgh", 5);
	iov_iter_init(&it, WRITE, iov, 3, 8);
	iov_iter_advance(&it, 2);
	assert_int_equal(copy_from_iter(out, 8, &it), 6);
	assert_memory_equal(out, "cdefgh", 6);
	iov[0].iov_base = out;
	iov_iter_init(&it, READ, iov, 3, 8);
	assert_int_equal(copy_to_iter("x", 1, &it), 0);
}

/* A second world is as fresh as the first, and at the same place in every order. */
static void test_worlds_repeat(void **state)
{
	size_t before = slab_bytes_in_use();

	(void)state;
	assert_int_equal(core_boot(&(struct core_config){ .seed = 1 }), -EBUSY);
	core_shutdown();
	assert_int_equal(core_boot(&(struct core_config){ .seed = 1 }), 0);
	assert_int_equal(slab_bytes_in_use(), before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_kmalloc_sizes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_first_freed_is_first_used, setup, teardown),
		cmocka_unit_test_setup_teardown(test_zeroing_of_reused_memory, setup, teardown),
		cmocka_unit_test_setup_teardown(test_accounts, setup, teardown),
		cmocka_unit_test_setup_teardown(test_user_memory, setup, teardown),
		cmocka_unit_test_setup_teardown(test_get_put_user, setup, teardown),
		cmocka_unit_test_setup_teardown(test_iov_iter, setup, teardown),
		cmocka_unit_test_setup_teardown(test_worlds_repeat, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
