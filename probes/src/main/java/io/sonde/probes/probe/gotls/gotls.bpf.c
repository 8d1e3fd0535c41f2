// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * Go's crypto/tls, by uprobes at instructions within its functions and never at their returns: Go moves its stacks, and
 * a changed return address would crash the program. Since the registers hold a function's arguments (Go 1.17) a call
 * is known by its goroutine, r14, whatever thread it goes on on.
 */
#include "kernel.bpf.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include "tls.bpf.h"
#include "go_thread.bpf.h"

/* recordType of crypto/tls/common.go; RFC 8446, 5.1 */
#define APPLICATION_DATA 23

#define X86_CARRY 0x01
#define X86_ZERO 0x40

/* For the socket's programs. */
static __always_inline void learn_g(__u64 g, bool verify)
{
	struct task_struct *task = bpf_get_current_task_btf();
	__u32 tgid = bpf_get_current_pid_tgid() >> 32;
	struct tls_process *process = bpf_map_lookup_elem(&tls_processes, &tgid);
	__s32 found;

	if (!process || (process->g_offset && (!verify || g_is_at(task, process->g_offset, g))))
		return;
	found = g_search(task, g);
	/* or not to be looked for at every call; the next handshake finds out that it is not there */
	process->g_offset = found ? found : G_USUAL;
}

/*
 * (*Conn).clientHandshake and serverHandshake: a new conversation, on an object that may be where an older one was; or
 * the same once more, when a server asks for it.
 */
static __always_inline void begin_session(__u64 conn)
{
	struct tls_object object = tls_object_at(conn);
	struct tls_session *s = bpf_map_lookup_elem(&tls_sessions, &object);
	struct tls_session *owner;

	if (!s)
		return;
	owner = tls_owner_of(s->cookie);
	if (owner && owner->id == s->id)
		s->shaking = 1;
	else /* the socket of the older one is closed */
		tls_renew(s);
}

/*
 * (*Conn).writeRecordLocked(typ recordType, data []byte), within which, or soon after, the socket is written to; and
 * handshakes.
 */
SEC("uprobe")
int on_go_call(struct pt_regs *ctx)
{
	__u64 attach_cookie = bpf_get_attach_cookie(ctx);
	enum tls_admission admission;
	struct tls_actor goroutine;
	struct tls_operation o = {};
	struct tls_entry e = {};
	struct tls_session *s;
	__u64 g = ctx->r14;
	__u64 second = ctx->bx;
	__u64 third = ctx->cx;
	__u64 fourth = ctx->di;

	/* at the jump of the stack check, which it takes: once the stack has grown, it comes here again */
	if (ctx->flags & (X86_CARRY | X86_ZERO))
		return 0;
	admission = tls_admit(TLS_IN_GO, attach_cookie);
	if (admission == TLS_BYSTANDER)
		return 0;
	e.function = attach_cookie & TLS_FUNCTION_MASK;
	e.object = ctx->ax;
	learn_g(g, e.function == TLS_GO_HANDSHAKE);
	if (e.function == TLS_GO_HANDSHAKE) {
		begin_session(e.object);
		return 0;
	}
	goroutine = tls_goroutine(g);
	e.now = bpf_ktime_get_ns();
	e.flags = tls_flags(admission);
	s = tls_enter(&goroutine, &e);
	if (!s || (__u8)second != APPLICATION_DATA || !fourth)
		return 0;
	o.buffer = third;
	o.bytes = fourth <= 0x7fffffff ? fourth : 0x7fffffff;
	o.now = e.now;
	o.flags = e.flags;
	o.direction = SONDE_TX;
	tls_yield(s, &o);
	return 0;
}

/* Where a caller keeps room for what (*Conn).Read(b []byte) got in registers; Read puts it there before it calls. */
struct read_arguments {
	__u64 conn;
	__u64 buffer;
	__u64 length;
};

static __always_inline void read_gives(const struct read_arguments *args, __u64 buffer, __s64 bytes, __u64 attach_cookie)
{
	enum tls_admission admission = tls_admit(TLS_IN_GO, attach_cookie);
	struct tls_object object = tls_object_at(args->conn);
	struct tls_operation o = {};
	struct tls_session *s;

	if (admission == TLS_BYSTANDER || bytes > 0x7fffffff || bytes > args->length)
		return;
	s = tls_session_of(&object);
	if (!s)
		return;
	o.buffer = buffer;
	o.bytes = bytes;
	o.now = bpf_ktime_get_ns();
	o.flags = tls_flags(admission);
	o.direction = SONDE_RX;
	tls_yield(s, &o);
}

/*
 * Read calls memmove(to, from, n), to give its bytes to the caller. Above what the frame pointer points to are the
 * return address and the arguments.
 */
SEC("uprobe")
int on_go_copy(struct pt_regs *ctx)
{
	__u64 to = ctx->ax;
	__u64 from = ctx->bx;
	__s64 n = ctx->cx;
	struct read_arguments args;

	if (bpf_probe_read_user(&args, sizeof(args), (const void *)(ctx->bp + 16)) || args.buffer != to || n <= 0)
		return 0;
	read_gives(&args, from, n, bpf_get_attach_cookie(ctx));
	return 0;
}

/* A return of Read, where its copying cannot be told from other copying. */
SEC("uprobe")
int on_go_return(struct pt_regs *ctx)
{
	__s64 n = ctx->ax;
	struct read_arguments args;

	if (n <= 0 || bpf_probe_read_user(&args, sizeof(args), (const void *)(ctx->sp + 8)))
		return 0;
	read_gives(&args, args.buffer, n, bpf_get_attach_cookie(ctx));
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
