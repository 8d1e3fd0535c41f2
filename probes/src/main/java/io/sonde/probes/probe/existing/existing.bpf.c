// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * Sockets that were open before us. Run as iterators, in three passes over the open files of all processes:
 * who listens where, told to whoever reads the iterator, while the marks of processes that are no longer selected
 * are taken away; then marking what selected processes hold; then the hidden listeners behind MPTCP sockets (Go
 * listens with MPTCP; the children of its plain-TCP clients come from there).
 */
#include "kernel.bpf.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include "target.bpf.h"

enum pass {
	PASS_LISTENERS = 0,
	PASS_MARK = 1,
};

/* What the first pass tells of each listening socket; read by ExistingProbe. */
struct listener {
	__u32 tgid;
	__u32 netns;
	__u32 port;
};

struct endpoint {
	__u32 netns;
	__u32 port;
};

/* Set by ExistingProbe before each run. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} current_pass SEC(".maps");

/* Every listening endpoint of the host: value 0, or the selected process whose MPTCP socket listens there. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct endpoint);
	__type(value, __u32);
} listening SEC(".maps");

static __always_inline struct endpoint endpoint_of(struct sock *sk)
{
	struct endpoint e = {
		.netns = sk->__sk_common.skc_net.net->ns.inum,
		.port = sk->__sk_common.skc_num,
	};

	return e;
}

static __always_inline void note_listener(struct seq_file *seq, struct task_struct *task, struct sock *sk)
{
	struct endpoint e = endpoint_of(sk);
	struct listener l = {.tgid = task->tgid, .netns = e.netns, .port = e.port};
	__u32 none = 0;

	bpf_map_update_elem(&listening, &e, &none, BPF_NOEXIST);
	bpf_seq_write(seq, &l, sizeof(l));
}

/*
 * The process has been decided against since its socket was marked. Its owner may be another: a connection's is the one
 * that listened, before it forked.
 */
static __always_inline void unmark(struct task_struct *task, struct sock *sk)
{
	struct tracked *t;

	if (!sk->sk_bpf_storage || target_state(task->tgid))
		return;
	t = bpf_sk_storage_get(&sockets, sk, 0, 0);
	if (!t || target_state(t->owner_tgid))
		return;
	if (t->kind != TRACKED_LISTENER) {
		give_place_back(t);
		emit_closed(sk, t, bpf_ktime_get_ns());
	}
	bpf_sk_storage_delete(&sockets, sk);
}

static __always_inline void mark(struct task_struct *task, struct sock *sk)
{
	__u32 tgid = task->tgid;
	__u32 state = target_state(tgid);
	struct endpoint e = endpoint_of(sk);
	struct tracked *t;

	if (!state)
		return;
	if (sk->__sk_common.skc_state == TCP_LISTEN) {
		track(sk, tgid, TRACKED_LISTENER, state);
		if (sk->sk_protocol == IPPROTO_MPTCP)
			bpf_map_update_elem(&listening, &e, &tgid, BPF_ANY);
		return;
	}
	if (sk->__sk_common.skc_state == TCP_CLOSE)
		return;
	/* A connection whose local port is listened on is a server's, any other one may be either: its bytes decide. */
	t = track(sk, tgid, bpf_map_lookup_elem(&listening, &e) ? TRACKED_SERVER : TRACKED_UNKNOWN, state);
	if (t)
		t->cookie = bpf_get_socket_cookie(sk);
}

SEC("iter/task_file")
int on_file(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct socket *socket;
	struct sock *sk;
	__u32 zero = 0;
	__u32 *pass = bpf_map_lookup_elem(&current_pass, &zero);

	if (!task || !file || !pass)
		return 0;
	socket = bpf_sock_from_file(file);
	if (!socket)
		return 0;
	sk = socket->sk;
	if (!sk || !is_tcp(sk))
		return 0;
	if (*pass == PASS_MARK) {
		mark(task, sk);
		return 0;
	}
	unmark(task, sk);
	if (sk->__sk_common.skc_state == TCP_LISTEN)
		note_listener(ctx->meta->seq, task, sk);
	return 0;
}

SEC("iter/tcp")
int on_tcp(struct bpf_iter__tcp *ctx)
{
	struct sock_common *common = ctx->sk_common;
	struct tcp_sock *tp;
	struct sock *sk;
	struct endpoint e;
	__u32 *tgid;

	if (!common || common->skc_state != TCP_LISTEN)
		return 0;
	tp = bpf_skc_to_tcp_sock(common);
	if (!tp || !tp->is_mptcp)
		return 0;
	sk = (struct sock *)tp;
	e = endpoint_of(sk);
	tgid = bpf_map_lookup_elem(&listening, &e);
	if (tgid && *tgid) {
		__u32 state = target_state(*tgid);

		if (state)
			track(sk, *tgid, TRACKED_LISTENER, state);
	}
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
