/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Calls of TLS libraries, from their entry to their end; for programs that hook a library's functions. */
#ifndef SONDE_TLS_BPF_H
#define SONDE_TLS_BPF_H

#include "target.bpf.h"
#include "tls_capture.bpf.h"

/* Calls by library, the high half of the attach cookie; read by the capture process. */
struct tls_hits {
	__u64 selected;
	__u64 bystanders;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, TLS_MAX_LIBRARIES);
	__type(key, __u32);
	__type(value, struct tls_hits);
} tls_libraries SEC(".maps");

enum tls_admission {
	TLS_BYSTANDER = 0, /* shares the library's file, and is not selected or does not want it */
	TLS_SELECTED = 1,
	TLS_PENDING = 2,
};

/* Whether the running process is observed. Counts the hit, by an attach cookie. */
static __always_inline enum tls_admission tls_admit(__u32 kind, __u64 attach_cookie)
{
	__u32 tgid = bpf_get_current_pid_tgid() >> 32;
	__u32 library = attach_cookie >> TLS_LIBRARY_SHIFT;
	struct tls_hits *hits = bpf_map_lookup_elem(&tls_libraries, &library);
	struct tls_process *process;
	struct tls_process fresh = {.kinds = kind};
	__u32 state = target_state(tgid);

	process = state ? bpf_map_lookup_elem(&tls_processes, &tgid) : 0;
	if (!state || (process && process->kinds & TLS_OFF)) {
		count(SONDE_C_TLS_BYSTANDER_HITS, 1);
		if (hits)
			hits->bystanders++;
		return TLS_BYSTANDER;
	}
	if (!process)
		bpf_map_update_elem(&tls_processes, &tgid, &fresh, BPF_NOEXIST);
	else if (!(process->kinds & kind))
		__sync_fetch_and_or(&process->kinds, kind);
	count(SONDE_C_TLS_HITS, 1);
	if (hits)
		hits->selected++;
	return state == TARGET_SELECTED ? TLS_SELECTED : TLS_PENDING;
}

static __always_inline __u16 tls_flags(enum tls_admission admission)
{
	return admission == TLS_PENDING ? SONDE_F_PENDING : 0;
}

static __always_inline struct tls_actor tls_thread(void)
{
	__u64 id = bpf_get_current_pid_tgid();
	struct tls_actor actor = {.tgid = id >> 32, .id = (__u32)id};

	return actor;
}

static __always_inline struct tls_actor tls_goroutine(__u64 g)
{
	struct tls_actor actor = {.tgid = bpf_get_current_pid_tgid() >> 32, .id = g};

	return actor;
}

static __always_inline struct tls_object tls_object_at(__u64 address)
{
	struct tls_object object = {.tgid = bpf_get_current_pid_tgid() >> 32, .address = address};

	return object;
}

/* What a call is entered with; as in struct tls_call. */
struct tls_entry {
	__u64 object;
	__u64 buffer;
	__u64 length;
	__u64 out;
	__s64 level;
	__u64 now;
	__u16 flags; /* of what is told: SONDE_F_PENDING, or 0 */
	__u8 function;
};

/*
 * A call begins: the session it works on, or NULL when it is part of another call on the same stack, which alone is
 * captured, or ends the session.
 */
static __always_inline struct tls_session *tls_enter(const struct tls_actor *actor, const struct tls_entry *e)
{
	struct tls_object object = tls_object_at(e->object);
	struct tls_call *call = tls_call_of(actor);
	struct tls_session *s;

	if (!call)
		return 0;
	if (call->function && call->function < TLS_GO_WRITE && e->level < call->level) {
		/* a part of what the call does itself, such as the handshake that a first read begins with, is no loss */
		if (e->object != call->object)
			count(SONDE_C_TLS_NESTED, 1);
		return 0;
	}
	call->function = TLS_NONE;
	if (e->function == TLS_END) {
		s = bpf_map_lookup_elem(&tls_sessions, &object);
		if (s)
			tls_unbind(s);
		bpf_map_delete_elem(&tls_sessions, &object);
		return 0;
	}
	s = tls_session_of(&object);
	if (!s)
		return 0;
	if (e->function == TLS_READ || e->function == TLS_READ_EX || e->function == TLS_HANDSHAKE) {
		tls_weigh(&object, s, call, e->function);
		if (s->agreed >= TLS_SURE)
			tls_name(s, e->flags, e->now);
	} else if (e->function == TLS_SHUTDOWN && call->rx_cookie == s->cookie) {
		/* the peer's goodbye: it says nothing about what the thread works on next */
		call->rx_fresh = 0;
		call->rx_ambiguous = 0;
	}
	call->object = e->object;
	call->buffer = e->buffer;
	call->length = e->length;
	call->out = e->out;
	call->level = e->level;
	call->function = e->function;
	return s;
}

/*
 * A call returns: takes it, unless it is not the one in flight (one within it, or one whose entry was not seen).
 * *call is a copy.
 */
static __always_inline bool tls_leave(const struct tls_actor *actor, __s64 level, struct tls_call *call)
{
	struct tls_call *found = bpf_map_lookup_elem(&tls_calls, actor);

	if (!found || !found->function || found->level != level)
		return false;
	*call = *found;
	found->function = TLS_NONE;
	return true;
}

/* A call that could have moved bytes did not: what it worked on was the handshake, or not a whole TLS record. */
static __always_inline void tls_idle(struct tls_session *s)
{
	if (s->rx_total || s->tx_total)
		return;
	s->shook = 1;
	s->arrived_ns = 0;
}

/* A call has moved bytes. */
static __always_inline void tls_yield(struct tls_session *s, struct tls_operation *o)
{
	/* it was in use before we came: there is no handshake by which to find its socket twice */
	if (!s->shook)
		tls_name(s, o->flags, o->now);
	tls_moved(s, o);
}

#endif
