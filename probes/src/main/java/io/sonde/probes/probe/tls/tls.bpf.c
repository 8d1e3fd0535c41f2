// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * TLS libraries with the interface of OpenSSL or GnuTLS, by uprobes. What a function does is in the attach cookie, so
 * that two programs serve them all. A return is told by the stack to be that of the call in flight.
 */
#include "kernel.bpf.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include "tls.bpf.h"

SEC("uprobe")
int on_call(struct pt_regs *ctx)
{
	__u64 attach_cookie = bpf_get_attach_cookie(ctx);
	enum tls_admission admission = tls_admit(TLS_IN_C, attach_cookie);
	struct tls_actor thread;
	struct tls_entry e = {};
	__u64 fourth = ctx->cx;
	__u64 fifth = ctx->r8;

	if (admission == TLS_BYSTANDER)
		return 0;
	/* or clang loads one of them through a computed address, which the verifier refuses of a context */
	asm volatile("" : "+r"(fourth), "+r"(fifth));
	thread = tls_thread();
	e.object = ctx->di;
	e.buffer = ctx->si;
	e.length = ctx->dx;
	e.function = attach_cookie & TLS_FUNCTION_MASK;
	e.out = fourth;
	if (e.function == TLS_WRITE_EX2)
		e.out = fifth;
	e.level = ctx->sp;
	e.now = bpf_ktime_get_ns();
	e.flags = tls_flags(admission);
	tls_enter(&thread, &e);
	return 0;
}

/* Bytes moved by a call that has returned, 0 when none. Lengths and results of SSL_read are ints. */
static __always_inline __u32 bytes_moved(const struct tls_call *call, __s32 result)
{
	__u64 moved = 0;

	switch (call->function) {
	case TLS_READ:
	case TLS_WRITE:
		moved = result > 0 ? result : 0;
		break;
	case TLS_READ_EX:
	case TLS_WRITE_EX:
	case TLS_WRITE_EX2:
		if (result != 1)
			return 0;
		if (bpf_probe_read_user(&moved, sizeof(moved), (const void *)call->out)) {
			count(SONDE_C_FAULT, 1);
			return 0;
		}
	}
	/*
	 * A library does not move more than it was asked to, else this is not the function it was taken for. Without a
	 * buffer GnuTLS writes what it was given before and could not get rid of.
	 */
	return (moved <= call->length || !call->buffer) && moved <= 0x7fffffff ? moved : 0;
}

SEC("uretprobe")
int on_return(struct pt_regs *ctx)
{
	struct tls_actor thread = tls_thread();
	struct tls_operation o = {};
	struct tls_object object;
	struct tls_session *s;
	struct tls_call call;
	__u32 state;

	/* the return address is off the stack */
	if (!tls_leave(&thread, ctx->sp - 8, &call))
		return 0;
	object = tls_object_at(call.object);
	s = bpf_map_lookup_elem(&tls_sessions, &object);
	state = target_state(thread.tgid);
	if (!s || !state)
		return 0;
	o.bytes = bytes_moved(&call, ctx->ax);
	if (!o.bytes) {
		tls_idle(s);
		return 0;
	}
	o.buffer = call.buffer;
	o.now = bpf_ktime_get_ns();
	o.flags = state == TARGET_SELECTED ? 0 : SONDE_F_PENDING;
	o.direction = call.function == TLS_READ || call.function == TLS_READ_EX ? SONDE_RX : SONDE_TX;
	tls_yield(s, &o);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
