/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_FS_H
#define _LINUX_FS_H

/* An open file, and the little of an inode that a socket needs (include/linux/fs.h). */
#include <linux/types.h>
#include <linux/atomic.h>
#include <linux/spinlock.h>
#include <linux/fcntl.h>

struct file;
struct files_struct;
struct poll_table_struct;
struct iov_iter;

#define S_IFMT      00170000
#define S_IFSOCK    0140000
#define S_IFDIR     0040000
#define S_IFCHR     0020000
#define S_ISDIR(m)  (((m)&S_IFMT) == S_IFDIR)
#define FMODE_READ  0x1u
#define FMODE_WRITE 0x2u
#define FMODE_PATH  0x4000u /* O_PATH: names a place, and is good for nothing else */
#define PATH_MAX    4096

/**
 * struct inode - the object behind a file
 * @i_mode: S_IFSOCK for sockets, with permission bits
 * @i_uid: its owner, who ran socket(2): there is one user here, root
 * @i_ino: its number
 */
struct inode {
	umode_t i_mode;
	unsigned int i_uid;
	unsigned long i_ino;
};

/**
 * struct kiocb - one read or write under way
 * @ki_filp: the file
 * @ki_flags: unused here, present for the call's shape
 */
struct kiocb {
	struct file *ki_filp;
	int ki_flags;
};

/**
 * struct file_operations - what can be done with an open file
 * @read_iter: read into the iterator; bytes or -errno
 * @write_iter: write from the iterator; bytes or -errno
 * @poll: POLL* events that hold now, after queueing the caller
 * @release: the last reference is gone
 */
struct file_operations {
	ssize_t (*read_iter)(struct kiocb *, struct iov_iter *);
	ssize_t (*write_iter)(struct kiocb *, struct iov_iter *);
	unsigned int (*poll)(struct file *, struct poll_table_struct *);
	int (*release)(struct inode *, struct file *);
};

/**
 * struct file - one open(2) or socket(2)
 * @f_inode: the object behind it
 * @f_op: its operations
 * @f_lock: guards f_flags
 * @f_count: references: one for each descriptor and each syscall that holds it
 * @f_flags: O_* flags; O_NONBLOCK is read by connect through them
 * @f_mode: FMODE_*
 * @private_data: the owner's object: for a socket its struct socket
 */
struct file {
	struct inode *f_inode;
	const struct file_operations *f_op;
	spinlock_t f_lock;
	atomic_t f_count;
	unsigned int f_flags;
	fmode_t f_mode;
	void *private_data;
};

static inline struct inode *file_inode(const struct file *f)
{
	return f->f_inode;
}

static inline struct file *get_file(struct file *f)
{
	atomic_inc(&f->f_count);
	return f;
}

#define file_count(f) atomic_read(&(f)->f_count)

/* A file with one reference, not yet in any descriptor; ERR_PTR(-ENFILE) when memory is out. */
struct file *alloc_file(struct inode *inode, unsigned int flags, const struct file_operations *fop);
/* The object that @name names, and in *@fop what can be done with it; NULL: there is none. */
struct inode *path_lookup(const char *name, const struct file_operations **fop);
/* What close(2) does to a file: drops the descriptor's reference; 0. */
int filp_close(struct file *filp, struct files_struct *id);
void files_init(void);
void files_exit(void);

#endif
