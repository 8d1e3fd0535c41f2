/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Which socket a session is of. A library that does its own reads and writes shows it: they happen within its calls.
 * One that is handed bytes (a memory BIO) is matched by its thread: what it has just received is what the next call
 * works on. That is inferred, so it is not told of a session whose handshake was seen before it has been found twice,
 * and a contradiction ends it, unless it was found many times by then.
 */
#ifndef SONDE_TLS_SESSION_BPF_H
#define SONDE_TLS_SESSION_BPF_H

#include "tls_maps.bpf.h"

#define TLS_SURE 2      /* times found */
#define TLS_CERTAIN 8   /* so many are worth a contradiction */
#define TLS_MOST 64

static __always_inline __u32 tls_next_session(void)
{
	__u32 zero = 0;
	__u64 *n = bpf_map_lookup_elem(&tls_count, &zero);
	__u32 id = n ? __sync_fetch_and_add(n, 1) + 1 : 0;

	return id ? id : 1;
}

static __always_inline struct tls_call *tls_call_of(const struct tls_actor *actor)
{
	struct tls_call *call = bpf_map_lookup_elem(&tls_calls, actor);
	struct tls_call fresh;

	if (call)
		return call;
	__builtin_memset(&fresh, 0, sizeof(fresh));
	bpf_map_update_elem(&tls_calls, actor, &fresh, BPF_NOEXIST);
	return bpf_map_lookup_elem(&tls_calls, actor);
}

static __always_inline struct tls_session *tls_session_of(const struct tls_object *object)
{
	struct tls_session *s = bpf_map_lookup_elem(&tls_sessions, object);
	struct tls_session fresh;

	if (s)
		return s;
	__builtin_memset(&fresh, 0, sizeof(fresh));
	fresh.id = tls_next_session();
	bpf_map_update_elem(&tls_sessions, object, &fresh, BPF_NOEXIST);
	return bpf_map_lookup_elem(&tls_sessions, object);
}

/* The session that a socket belongs to, unless that is over. */
static __always_inline struct tls_session *tls_owner_of(__u64 cookie)
{
	struct tls_owner *owner = bpf_map_lookup_elem(&tls_cookies, &cookie);
	struct tls_session *s;

	if (!owner)
		return 0;
	s = bpf_map_lookup_elem(&tls_sessions, &owner->object);
	return s && s->id == owner->session ? s : 0;
}

static __always_inline void tls_unbind(struct tls_session *s)
{
	struct tls_owner *owner;

	if (!s->cookie)
		return;
	owner = bpf_map_lookup_elem(&tls_cookies, &s->cookie);
	if (owner && owner->session == s->id)
		bpf_map_delete_elem(&tls_cookies, &s->cookie);
	s->cookie = 0;
	s->named = 0;
	s->agreed = 0;
}

/* The object is used for another conversation. */
static __always_inline void tls_renew(struct tls_session *s)
{
	tls_unbind(s);
	__builtin_memset(s, 0, sizeof(*s));
	s->id = tls_next_session();
}

static __always_inline void tls_contradict(struct tls_session *s)
{
	tls_unbind(s);
	s->match = SONDE_MATCH_CONFLICT;
}

/* As a thread's receives are only likely to be of what it works on next. */
static __always_inline void tls_doubt(struct tls_session *s)
{
	if (s->agreed >= TLS_CERTAIN)
		s->agreed -= TLS_CERTAIN;
	else
		tls_contradict(s);
}

static __always_inline void tls_bind(const struct tls_object *object, struct tls_session *s, __u64 cookie,
				     __u8 match, __u8 role)
{
	struct tls_owner owner = {.object = *object};

	if (s->match != SONDE_MATCH_NONE && s->cookie != cookie)
		tls_renew(s);
	s->cookie = cookie;
	s->match = match;
	s->role = role;
	owner.session = s->id;
	bpf_map_update_elem(&tls_cookies, &cookie, &owner, BPF_ANY);
}

/* All but the sequence. */
static __always_inline void tls_describe_unnumbered(struct sonde_activity *a, struct tls_session *s, __u16 flags, __u64 now)
{
	__u64 id = bpf_get_current_pid_tgid();
	bool named = s->named && s->cookie;

	a->header.length = sizeof(*a);
	a->header.kind = SONDE_PLAINTEXT;
	a->header.flags = flags;
	a->header.time_ns = now;
	a->header.connection = named ? s->cookie : 0;
	a->header.tgid = id >> 32;
	a->header.tid = (__u32)id;
	a->header.session = s->id;
	a->arrived_ns = 0;
	a->rx_offset = s->rx_total;
	a->tx_offset = s->tx_total;
	a->rx_last_ns = s->rx_last_ns;
	a->tx_last_ns = s->tx_last_ns;
	a->bytes = 0;
	a->captured = 0;
	a->direction = 0;
	a->rx_tail_length = s->rx_tail_length;
	a->tx_tail_length = s->tx_tail_length;
	a->match = named || s->match == SONDE_MATCH_CONFLICT ? s->match : SONDE_MATCH_NONE;
	a->syscall = 0;
	a->reserved2 = 0;
	*(__u64 *)a->rx_tail = *(__u64 *)s->rx_tail;
	*(__u64 *)a->tx_tail = *(__u64 *)s->tx_tail;
}

static __always_inline void tls_describe(struct sonde_activity *a, struct tls_session *s, __u16 flags, __u64 now)
{
	tls_describe_unnumbered(a, s, flags, now);
	a->header.sequence = __sync_fetch_and_add(&s->sequence, 1);
}

/* Tells the totals. */
static __always_inline void tls_summarise(struct tls_session *s, __u16 flags, __u64 now)
{
	struct sonde_activity a;

	tls_describe(&a, s, flags | SONDE_F_SUMMARY, now);
	emit(&a, sizeof(a));
}

/* The match is sure enough: it is told at once, so that a connection of a handshake alone is known to be readable. */
static __always_inline void tls_name(struct tls_session *s, __u16 flags, __u64 now)
{
	if (s->named || !s->cookie)
		return;
	s->named = 1;
	tls_summarise(s, flags, now);
}

static __always_inline void tls_arrive(struct tls_session *s, const struct tls_call *call)
{
	if (!s->arrived_ns || (s->whole && call->rx_record))
		s->arrived_ns = call->rx_arrived_ns;
	s->whole = call->rx_whole;
	s->waits = call->rx_waits;
}

/* What the thread received since its last call speaks for the session that is now worked on. */
static __always_inline void tls_weigh(const struct tls_object *object, struct tls_session *s, struct tls_call *call,
				      __u8 function)
{
	bool telling = call->rx_fresh && !call->rx_ambiguous;
	struct tls_session *other;

	call->rx_fresh = 0;
	call->rx_ambiguous = 0;
	if (!telling || s->match == SONDE_MATCH_IO || s->match == SONDE_MATCH_CONFLICT)
		return;
	if (s->match == SONDE_MATCH_THREAD && s->cookie == call->rx_cookie) {
		if (s->agreed < TLS_MOST)
			s->agreed++;
		tls_arrive(s, call);
		return;
	}
	/* a handshake begins in clear: anything else is of another session, such as what it says goodbye with */
	if (!call->rx_record || (function == TLS_HANDSHAKE && !call->rx_hello))
		return;
	if (s->match == SONDE_MATCH_THREAD) {
		other = tls_owner_of(s->cookie);
		if (other && other->id == s->id) { /* its socket is open */
			tls_doubt(s);
			return;
		}
		tls_renew(s);
	}
	other = tls_owner_of(call->rx_cookie);
	if (!other) {
		tls_bind(object, s, call->rx_cookie, SONDE_MATCH_THREAD, call->rx_role);
		s->agreed = 1;
		tls_arrive(s, call);
	} else if (other->match == SONDE_MATCH_THREAD) {
		tls_doubt(other);
		tls_contradict(s);
	}
}

#endif
