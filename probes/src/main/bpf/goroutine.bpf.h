/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Which goroutine the running thread executes. */
#ifndef SONDE_GOROUTINE_BPF_H
#define SONDE_GOROUTINE_BPF_H

#include "maps.bpf.h"

/* runtime.stack, the first field of runtime.g in every release. */
struct go_stack {
	__u64 lo;
	__u64 hi;
};

/*
 * Id 0 when there is none, or the process is not one of go_processes. A thread that C made has something else where
 * Go keeps its goroutine, and one that runs C is not on a goroutine's stack.
 */
static __always_inline void goroutine_running(struct sonde_goroutine *to)
{
	struct task_struct *task = bpf_get_current_task_btf();
	__u32 tgid = task->tgid;
	struct go_process *p = bpf_map_lookup_elem(&go_processes, &tgid);
	struct pt_regs *regs;
	struct go_stack stack;
	__u64 g;

	to->id = 0;
	to->parent = 0;
	if (!p)
		return;
	regs = (struct pt_regs *)bpf_task_pt_regs(task);
	if (bpf_probe_read_user(&g, sizeof(g), (const void *)(task->thread.fsbase + p->g_offset)) ||
	    bpf_probe_read_user(&stack, sizeof(stack), (const void *)g) || regs->sp < stack.lo || regs->sp >= stack.hi)
		return;
	if (bpf_probe_read_user(&to->id, sizeof(to->id), (const void *)(g + p->goid_offset)))
		to->id = 0;
	if (to->id && p->parent_offset >= 0 &&
	    bpf_probe_read_user(&to->parent, sizeof(to->parent), (const void *)(g + p->parent_offset)))
		to->parent = 0;
}

/* Says behind size bytes of a record, where there is room at end, which goroutine did it. Returns the size then. */
static __always_inline __u64 goroutine_append(struct sonde_activity *a, struct sonde_goroutine *end, __u64 size)
{
	goroutine_running(end);
	if (!end->id)
		return size;
	a->header.flags |= SONDE_F_GOROUTINE;
	return size + sizeof(*end);
}

#endif
