/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* What reads and writes of sockets say about the TLS sessions behind them. */
#ifndef SONDE_TLS_SOCKET_BPF_H
#define SONDE_TLS_SOCKET_BPF_H

#include "tls_session.bpf.h"

#define TLS_RECORD_HEADER 5
#define TLS_RECORD_MAX (16384 + 2048) /* RFC 5246, 6.2.3: TLSCiphertext */
#define TLS_TYPE_HANDSHAKE 22
#define TLS_SEEN_EVERY_NS 1000000000ULL

/* One read or write of a socket. */
struct tls_io {
	__u64 now;
	__u64 arrived_ns;
	__u32 bytes;
	__u32 record; /* length of the TLS record that it begins with, header included; 0 when it does not */
	__u8 direction;
	__u8 waits;
	__u8 hello; /* which is of a handshake, still in clear */
	__u8 at_once; /* all of its bytes arrived at arrived_ns */
	__u8 reserved[4];
};

/* The first bytes of an operation. */
struct tls_head {
	__u8 data[TLS_RECORD_HEADER];
};

/* When each process was last told to speak TLS unheard. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} tls_seen SEC(".maps");

/*
 * Length of the record that this is the beginning of, or 0. RFC 8446, 5.1: type, version, length; of types those that
 * carry a handshake or data.
 */
static __always_inline __u32 tls_record(const struct tls_head *head, __u32 length)
{
	const __u8 *data = head->data;
	__u32 content = (__u32)data[3] << 8 | data[4];
	/* without branches: the verifier would follow each of them through all that comes after */
	__u32 is = (length >= TLS_RECORD_HEADER) & (data[0] - 20u <= 3) & (data[1] == 3) & (data[2] <= 4) &
		   (content - 1 < TLS_RECORD_MAX);

	return is * (TLS_RECORD_HEADER + content);
}

static __always_inline bool tls_whole(const struct tls_io *io)
{
	return io->record && io->record <= io->bytes;
}

static __always_inline struct tls_process *tls_hooked(void)
{
	__u32 tgid = bpf_get_current_pid_tgid() >> 32;
	struct tls_process *process = bpf_map_lookup_elem(&tls_processes, &tgid);

	return process && !(process->kinds & TLS_OFF) ? process : 0;
}

/* The call of a TLS library within which the socket operation happens, or NULL. Of Go's, those that write. */
static __always_inline struct tls_call *tls_running(struct task_struct *task, const struct tls_process *process,
						    __u8 direction)
{
	__u64 id = bpf_get_current_pid_tgid();
	struct tls_actor actor = {.tgid = id >> 32};
	struct tls_call *call;

	if (process->kinds & TLS_IN_GO && direction == SONDE_TX &&
	    !bpf_probe_read_user(&actor.id, sizeof(actor.id),
				 (const void *)(task->thread.fsbase + process->g_offset))) {
		call = bpf_map_lookup_elem(&tls_calls, &actor);
		if (call && call->function)
			return call;
	}
	if (!(process->kinds & TLS_IN_C))
		return 0;
	actor.id = (__u32)id;
	call = bpf_map_lookup_elem(&tls_calls, &actor);
	return call && call->function ? call : 0;
}

static __always_inline void tls_io_within(struct tls_session *s, const struct tls_io *io)
{
	if (io->direction != SONDE_RX) {
		s->shaking = 0;
		return;
	}
	/* surely of one record alone, and so far of one segment */
	s->at_once = io->at_once && (io->bytes == TLS_RECORD_HEADER || (s->at_once && s->arrived_ns == io->arrived_ns));
	/* nothing is left of what came before, and it gave no plaintext: the end of the handshake, session tickets */
	if (!s->arrived_ns || io->bytes == TLS_RECORD_HEADER || (s->whole && io->record))
		s->arrived_ns = io->arrived_ns;
	s->whole = tls_whole(io);
	s->waits = io->waits;
}

/* The library reads or writes a socket within a call: if it is TLS, the session is of this socket. */
static __always_inline void tls_within(struct tls_call *call, struct tracked *t, const struct tls_io *io)
{
	struct tls_object object = {.tgid = bpf_get_current_pid_tgid() >> 32, .address = call->object};
	struct tls_session *s = bpf_map_lookup_elem(&tls_sessions, &object);
	struct tls_session *other;
	__u8 function = call->function;

	/* nothing says when the call is over: only what comes first is surely within it */
	if (function >= TLS_GO_WRITE)
		call->function = TLS_NONE;
	if (!s)
		return;
	if (s->match != SONDE_MATCH_IO || s->cookie != t->cookie) {
		/* Go's calls may be over without a sign, and its objects are of one socket until the next handshake */
		if (!io->record || (function >= TLS_GO_WRITE && s->cookie && !s->shaking))
			return;
		other = tls_owner_of(t->cookie);
		if (other && other->id != s->id && other->match == SONDE_MATCH_THREAD)
			tls_contradict(other);
		tls_bind(&object, s, t->cookie, SONDE_MATCH_IO, role_of(t));
		s->go = function >= TLS_GO_WRITE;
		tls_name(s, t->pending ? SONDE_F_PENDING : 0, io->now);
	}
	t->tls |= TLS_SOCKET_READABLE;
	tls_io_within(s, io);
}

/* The session of a socket that Go reads by itself, and writes to. */
static __always_inline struct tls_session *tls_of_go(const struct tls_process *process, const struct tracked *t)
{
	struct tls_session *s;

	if (!(process->kinds & TLS_IN_GO) || !(t->tls & TLS_SOCKET_READABLE))
		return 0;
	s = tls_owner_of(t->cookie);
	return s && s->go ? s : 0;
}

/* A thread receives what a library may be handed next. Only of sockets that speak TLS: others say nothing. */
static __always_inline void tls_received(struct tracked *t, const struct tls_io *io)
{
	__u64 id = bpf_get_current_pid_tgid();
	struct tls_actor actor = {.tgid = id >> 32, .id = (__u32)id};
	struct tls_session *owner;
	struct tls_call *call;

	if (!io->record && !(t->tls & TLS_SOCKET_CIPHER))
		return;
	if (!(t->tls & TLS_SOCKET_HANDED)) {
		owner = tls_owner_of(t->cookie);
		if (owner && owner->named && owner->agreed >= TLS_CERTAIN)
			t->tls |= TLS_SOCKET_HANDED;
	}
	call = tls_call_of(&actor);
	if (!call)
		return;
	call->rx_whole = tls_whole(io);
	if (call->rx_fresh && call->rx_cookie == t->cookie)
		return; /* more of the same */
	call->rx_ambiguous = call->rx_fresh;
	call->rx_fresh = 1;
	call->rx_cookie = t->cookie;
	call->rx_arrived_ns = io->arrived_ns;
	call->rx_record = io->record != 0;
	call->rx_hello = io->hello;
	call->rx_waits = io->waits;
	call->rx_role = role_of(t);
}

/* A process in which nothing is hooked speaks TLS: the capture process may find a library in it by now. */
static __always_inline void tls_tell_unheard(struct task_struct *task, const struct tracked *t, __u64 now)
{
	__u32 tgid = task->tgid;
	__u64 *last = bpf_map_lookup_elem(&tls_seen, &tgid);
	struct sonde_process p = {};
	__u64 before = last ? *last : 0;

	if (last && (__s64)(now - before) < (__s64)TLS_SEEN_EVERY_NS)
		return;
	if (bpf_map_lookup_elem(&tls_processes, &tgid)) /* TLS_OFF: nobody wants to know */
		return;
	/* of its threads that see it at once one tells */
	if (last ? __sync_val_compare_and_swap(last, before, now) != before :
		   bpf_map_update_elem(&tls_seen, &tgid, &now, BPF_NOEXIST) != 0)
		return;
	p.header.length = sizeof(p);
	p.header.kind = SONDE_TLS_SEEN;
	p.header.flags = t->pending ? SONDE_F_PENDING : 0;
	p.header.time_ns = now;
	p.header.tgid = tgid;
	p.header.tid = task->pid;
	p.start_ns = task->start_boottime;
	emit_process(&p, sizeof(p));
}

enum tls_look {
	TLS_CLEAR = 0,    /* nothing to consider, unless it begins as TLS does: nothing hooked, or not TLS so far */
	TLS_OPEN = 1,     /* to be considered, once it is known how it begins */
	TLS_KNOWN = 2,    /* the library's own, of the session that the socket is known to be of: all is said */
};

/*
 * Two functions of their own to the verifier, which would otherwise follow what they do once for each of the ways in
 * which a socket operation can go.
 */
__noinline int tls_look(struct tracked *t, struct tls_io *io)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct tls_object object = {.tgid = task->tgid};
	struct tls_process *process = tls_hooked();
	struct tls_call *call;
	struct tls_session *s;

	if (!process || !t || !io)
		return TLS_CLEAR;
	s = tls_of_go(process, t);
	if (!s) {
		call = tls_running(task, process, io->direction);
		if (!call)
			return t->tls || !(t->rx_total || t->tx_total) ? TLS_OPEN : TLS_CLEAR;
		if (!(t->tls & TLS_SOCKET_READABLE))
			return TLS_OPEN;
		object.address = call->object;
		s = bpf_map_lookup_elem(&tls_sessions, &object);
		if (!s || s->match != SONDE_MATCH_IO || s->cookie != t->cookie)
			return TLS_OPEN;
	}
	/* what came last before the first plaintext is told by how it begins */
	if (io->direction == SONDE_RX && !s->rx_total && io->bytes != TLS_RECORD_HEADER)
		return TLS_OPEN;
	tls_io_within(s, io);
	return TLS_KNOWN;
}

__noinline int tls_consider(struct tracked *t, struct tls_io *io)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct tls_process *process = tls_hooked();
	struct tls_session *s;
	struct tls_call *call;

	if (!t || !io)
		return 0;
	if (!process) {
		if (io->record)
			tls_tell_unheard(task, t, io->now);
		return 0;
	}
	s = tls_of_go(process, t);
	if (s) {
		tls_io_within(s, io);
		return 0;
	}
	call = tls_running(task, process, io->direction);
	if (call)
		tls_within(call, t, io);
	else if (process->kinds & TLS_IN_C && io->direction == SONDE_RX && !(t->tls & TLS_SOCKET_READABLE))
		tls_received(t, io);
	return 0;
}

#endif
