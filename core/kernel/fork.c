/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Birth and death of tasks (kernel/fork.c, kernel/exit.c). Each has a stack
 * with a guard page below, so that a runaway recursion faults instead of
 * writing over a neighbour; stacks are reused, because mapping them costs more
 * than everything else here.
 */
#include <linux/err.h>
#include <linux/fdtable.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <host/host.h>

#define THREAD_SIZE      (256UL * 1024) /* bytes; frames are large at -O0 and larger under ASan */
#define NR_CACHED_STACKS 16

static struct kmem_cache *task_struct_cachep;
static int last_pid;
static unsigned int nr_threads;
static void *cached_stacks[NR_CACHED_STACKS];
static unsigned int nr_cached_stacks;

static void *alloc_thread_stack(void)
{
	if (nr_cached_stacks)
		return cached_stacks[--nr_cached_stacks];
	return host_stack_alloc(THREAD_SIZE);
}

/* The dead task's frames have left marks for the sanitizers; the next owner starts clean. */
static void free_thread_stack(void *stack)
{
	host_mem_allow(stack, THREAD_SIZE);
	if (nr_cached_stacks < NR_CACHED_STACKS)
		cached_stacks[nr_cached_stacks++] = stack;
	else
		host_stack_free(stack, THREAD_SIZE);
}

/* CLONE_FILES: a share of @files. Without it, a table of its own, empty. */
static struct files_struct *copy_files(struct files_struct *files)
{
	if (!files)
		return alloc_files();
	atomic_inc(&files->count);
	return files;
}

/* A task_struct with a stack and a descriptor table; NULL when memory is out. */
static struct task_struct *dup_task_struct(struct files_struct *files)
{
	struct task_struct *p = kmem_cache_zalloc(task_struct_cachep, GFP_KERNEL);

	if (!p)
		return NULL;
	p->rlim_nofile = current->rlim_nofile;
	p->stack = alloc_thread_stack();
	p->files = copy_files(files);
	if (p->stack && p->files)
		return p;
	if (p->stack)
		free_thread_stack(p->stack);
	if (p->files)
		put_files_struct(p->files);
	kmem_cache_free(task_struct_cachep, p);
	return NULL;
}

/*
 * kernel_thread_files - a new task that runs @fn(@arg)
 * @files: the descriptors that it shares; NULL: its own, and empty
 * Returns its pid, or -ENOMEM.
 */
int kernel_thread_files(const char *name, void (*fn)(void *arg), void *arg,
			struct files_struct *files)
{
	struct task_struct *p = dup_task_struct(files);

	if (!p)
		return -ENOMEM;
	p->stack_size = THREAD_SIZE;
	p->pid = ++last_pid;
	p->sleep_timeout = MAX_SCHEDULE_TIMEOUT;
	p->start_fn = fn;
	p->start_arg = arg;
	strlcpy(p->comm, name, sizeof(p->comm));
	INIT_LIST_HEAD(&p->run_list);
	list_add_tail(&p->tasks, &init_task.tasks);
	nr_threads++;
	copy_thread(p);
	wake_up_new_task(p);
	return p->pid;
}

/* The same with descriptors of its own. */
int kernel_thread(const char *name, void (*fn)(void *arg), void *arg)
{
	return kernel_thread_files(name, fn, arg, NULL);
}

/* Called by the task that runs after @p: nobody may free the stack that it stands on. */
void free_task(struct task_struct *p)
{
	list_del(&p->tasks);
	free_thread_stack(p->stack);
	kmem_cache_free(task_struct_cachep, p);
}

/* Ends the calling task: its files are closed here, in its own context. */
void do_exit(long code)
{
	struct task_struct *tsk = current;

	might_sleep();
	tsk->flags |= PF_EXITING;
	tsk->exit_code = code;
	put_files_struct(tsk->files);
	tsk->files = NULL;
	nr_threads--;
	tsk->state = TASK_DEAD;
	schedule();
	BUG();
}

/* NULL when there is none. */
struct task_struct *find_task_by_pid(int pid)
{
	struct task_struct *p;

	list_for_each_entry(p, &init_task.tasks, tasks)
		if (p->pid == pid && p->state != TASK_DEAD)
			return p;
	return NULL;
}

unsigned int nr_tasks(void)
{
	return nr_threads;
}

void fork_init(void)
{
	task_struct_cachep =
		kmem_cache_create("task_struct", sizeof(struct task_struct), SLAB_PANIC);
	last_pid = 0;
	nr_threads = 0;
	init_task.files = alloc_files();
	init_task.rlim_nofile = INR_OPEN_CUR;
}

/*
 * The world ends: tasks that still sleep are forgotten where they stand. Their
 * files are closed, as the kernel does for a killed process; that may wake them
 * once more, so they leave the run queue after it.
 */
void fork_exit(void)
{
	struct task_struct *p;

	list_for_each_entry(p, &init_task.tasks, tasks) {
		if (p->files)
			put_files_struct(p->files);
		p->files = NULL;
		sched_forget(p);
	}
	put_files_struct(init_task.files);
	init_task.files = NULL;
}

/*
 * Only when nothing else moves any more: on the stack of a sleeper may lie a
 * timer or an entry of a wait queue that others are linked to.
 */
void fork_free(void)
{
	struct task_struct *p, *tmp;

	list_for_each_entry_safe(p, tmp, &init_task.tasks, tasks)
		free_task(p);
	while (nr_cached_stacks)
		host_stack_free(cached_stacks[--nr_cached_stacks], THREAD_SIZE);
	kmem_cache_destroy(task_struct_cachep);
}
