// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/* Life of processes: a fork inherits the selection, an exec puts it in question, an exit ends it. */
#include "kernel.bpf.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include "target.bpf.h"
#include "tls_maps.bpf.h"

#define MAX_PATH 256
#define MAX_ARGS 512

struct exec_record {
	struct sonde_process process;
	__u8 data[MAX_PATH + MAX_ARGS];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct exec_record);
} exec_scratch SEC(".maps");

static __always_inline void fill(struct sonde_process *p, __u16 kind, struct task_struct *task)
{
	p->header.length = sizeof(*p);
	p->header.kind = kind;
	p->header.flags = 0;
	p->header.time_ns = bpf_ktime_get_ns();
	p->header.connection = 0;
	p->header.sequence = 0;
	p->header.tgid = task->tgid;
	p->header.tid = task->pid;
	p->start_ns = task->start_boottime;
	p->parent_tgid = task->real_parent->tgid;
	p->uid = task->cred->uid.val;
	p->port = 0;
	p->path_length = 0;
	p->args_length = 0;
}

/* What is hooked was hooked of the program before, and so were its goroutines. */
static __always_inline void forget_program(__u32 tgid)
{
	if (settings.tls)
		bpf_map_delete_elem(&tls_processes, &tgid);
	bpf_map_delete_elem(&go_processes, &tgid);
}

/* A thread that ends within a call would leave it in flight for the next one with its id. */
static __always_inline void forget_tls_call(__u32 tgid, __u32 tid)
{
	struct tls_actor thread = {.tgid = tgid, .id = tid};

	if (settings.tls)
		bpf_map_delete_elem(&tls_calls, &thread);
}

static __always_inline void inherit_tls(__u32 parent, __u32 child)
{
	struct tls_process *process = settings.tls ? bpf_map_lookup_elem(&tls_processes, &parent) : 0;

	if (process)
		bpf_map_update_elem(&tls_processes, &child, process, BPF_ANY);
}

/*
 * What a process executes is decided upon by the capture process, some ms later. Until then it is pending: its
 * sockets are tracked, so that its first request is not missed. Path and arguments are sent along, because a
 * short-lived program may be gone before /proc is read.
 */
SEC("tp_btf/sched_process_exec")
int BPF_PROG(on_exec, struct task_struct *task, int old_pid, struct linux_binprm *bprm)
{
	__u32 tgid = task->tgid;
	__u32 zero = 0;
	struct exec_record *r;
	struct mm_struct *mm;
	long n;

	forget_program(tgid);
	if (!settings.select_by_executable && !target_state(tgid))
		return 0;
	r = bpf_map_lookup_elem(&exec_scratch, &zero);
	if (!r)
		return 0;
	fill(&r->process, SONDE_EXEC, task);
	if (!ask(tgid, r->process.header.time_ns))
		return 0;
	n = bpf_probe_read_kernel_str(r->data, MAX_PATH, bprm->filename);
	r->process.path_length = n > 0 ? n : 0;
	mm = task->mm;
	if (mm) {
		__u64 length = mm->arg_end - mm->arg_start;

		if (length > MAX_ARGS)
			length = MAX_ARGS;
		asm volatile("" : "+r"(length));
		if (length && length <= MAX_ARGS &&
		    !bpf_probe_read_user(r->data + MAX_PATH, length, (const void *)mm->arg_start))
			r->process.args_length = length;
	}
	r->process.header.length = sizeof(*r);
	if (!emit_process(r, sizeof(*r))) { /* nobody will decide */
		forget_target(tgid);
		count(SONDE_C_PROCESS_UNTOLD, 1);
	}
	return 0;
}

/* Of a parent that is observed: so is the child, at once. */
static __always_inline bool inherit(__u32 tgid, __u64 now)
{
	struct target selected = {.decided_ns = now, .selected = 1};

	if (bpf_map_update_elem(&targets, &tgid, &selected, BPF_ANY)) {
		count(SONDE_C_PROCESS_TABLE, 1);
		return false;
	}
	return true;
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_fork, struct task_struct *parent, struct task_struct *child)
{
	struct sonde_process p;
	__u32 tgid = child->tgid;
	__u32 state;

	if (child->pid != child->tgid) /* a thread */
		return 0;
	state = target_state(parent->tgid);
	if (!state)
		return 0;
	__builtin_memset(&p, 0, sizeof(p));
	fill(&p, SONDE_FORK, child);
	p.parent_tgid = parent->tgid;
	if (state == TARGET_SELECTED ? !inherit(tgid, p.header.time_ns) : !ask(tgid, p.header.time_ns))
		return 0;
	inherit_tls(parent->tgid, tgid);
	if (!emit_process(&p, sizeof(p)) && state == TARGET_PENDING)
		unask(tgid, 0);
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(on_exit, struct task_struct *task)
{
	struct sonde_process p;
	__u32 tgid = task->tgid;
	__u32 state;

	forget_tls_call(tgid, task->pid);
	if (task->signal->live.counter)
		return 0;
	state = target_state(tgid);
	forget_target(tgid);
	if (!state)
		return 0;
	forget_program(tgid);
	__builtin_memset(&p, 0, sizeof(p));
	fill(&p, SONDE_EXIT, task);
	emit_process(&p, sizeof(p));
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
