/* SPDX-License-Identifier: GPL-2.0-only */
/* Open files and their end (fs/file_table.c). */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/slab.h>

static struct kmem_cache *filp_cachep;

static struct file *get_empty_filp(void)
{
	struct file *f = kmem_cache_zalloc(filp_cachep, GFP_KERNEL);

	if (!f)
		return ERR_PTR(-ENOMEM);
	atomic_set(&f->f_count, 1);
	spin_lock_init(&f->f_lock);
	return f;
}

struct file *alloc_file(struct inode *inode, unsigned int flags, const struct file_operations *fop)
{
	struct file *file = get_empty_filp();

	if (IS_ERR(file))
		return file;
	file->f_inode = inode;
	file->f_flags = flags;
	file->f_mode = FMODE_READ | FMODE_WRITE;
	file->f_op = fop;
	return file;
}

/* The last reference is gone: the owner releases its object, then the file goes. */
static void __fput(struct file *file)
{
	if (file->f_op->release)
		file->f_op->release(file->f_inode, file);
	kmem_cache_free(filp_cachep, file);
}

/*
 * fput - gives a reference back
 * The kernel puts the last fput() of a syscall off until it returns to user
 * mode (task_work); here it happens at once, the caller being at its end.
 */
void fput(struct file *file)
{
	if (atomic_dec_and_test(&file->f_count))
		__fput(file);
}

void files_init(void)
{
	filp_cachep = kmem_cache_create("file", sizeof(struct file), SLAB_PANIC);
}

void files_exit(void)
{
	kmem_cache_destroy(filp_cachep);
}
