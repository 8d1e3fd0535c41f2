/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Where a thread of a Go program keeps the address of its goroutine, for programs that do not see r14. At -8 when Go's
 * linker made the program; a linker of C puts it somewhere among the thread-local variables of its libraries.
 */
#ifndef SONDE_GO_THREAD_BPF_H
#define SONDE_GO_THREAD_BPF_H

#include "maps.bpf.h"

/* Of thread-local storage, 8 bytes each, below what fs points to; and the usual one. */
#define G_SLOTS 512
#define G_USUAL -8

static __always_inline bool g_is_at(struct task_struct *task, __s32 offset, __u64 g)
{
	__u64 found;

	return !bpf_probe_read_user(&found, sizeof(found), (const void *)(task->thread.fsbase + offset)) && found == g;
}

/* The offset from the fs base at which g is; 0 when it is not there. */
static __always_inline __s32 g_search(struct task_struct *task, __u64 g)
{
	int i;

	for (i = 1; i <= G_SLOTS; i++) {
		if (g_is_at(task, -8 * i, g))
			return -8 * i;
	}
	return 0;
}

#endif
