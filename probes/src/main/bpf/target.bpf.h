/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Which processes and sockets are traced. */
#ifndef SONDE_TARGET_BPF_H
#define SONDE_TARGET_BPF_H

#include "emit.bpf.h"

static __always_inline bool port_of_interest(__u16 port)
{
	__u32 word = port >> 6;
	__u64 *bits = bpf_map_lookup_elem(&ports, &word);

	return bits && (*bits >> (port & 63) & 1);
}

static __always_inline __u32 target_state(__u32 tgid)
{
	struct target *target = bpf_map_lookup_elem(&targets, &tgid);
	__u64 *asked_ns = bpf_map_lookup_elem(&questions, &tgid);

	if (asked_ns && (!target || *asked_ns > target->decided_ns))
		return TARGET_PENDING;
	return target && target->selected ? TARGET_SELECTED : 0;
}

/* Time of the question before; 0: none. */
static __always_inline __u64 asked_before(__u32 tgid)
{
	__u64 *asked_ns = bpf_map_lookup_elem(&questions, &tgid);

	return asked_ns ? *asked_ns : 0;
}

/*
 * From now on it is pending, until the record of that time is decided upon. To be called before the record is written:
 * it may be read, and decided upon, at once.
 */
static __always_inline bool ask(__u32 tgid, __u64 now)
{
	if (tgid == settings.own_tgid)
		return false;
	if (bpf_map_update_elem(&questions, &tgid, &now, BPF_ANY)) {
		count(SONDE_C_PROCESS_TABLE, 1);
		return false;
	}
	return true;
}

/* The record could not be written, so nobody will decide: it stays what it was. */
static __always_inline void unask(__u32 tgid, __u64 before)
{
	if (before)
		bpf_map_update_elem(&questions, &tgid, &before, BPF_ANY);
	else
		bpf_map_delete_elem(&questions, &tgid);
	count(SONDE_C_PROCESS_UNTOLD, 1);
}

static __always_inline void forget_target(__u32 tgid)
{
	bpf_map_delete_elem(&questions, &tgid);
	bpf_map_delete_elem(&targets, &tgid);
}

static __always_inline bool is_tcp(const struct sock *sk)
{
	return sk->sk_protocol == IPPROTO_TCP || sk->sk_protocol == IPPROTO_MPTCP;
}

/* Takes one place of max_connections for t; without one the connection is ignored, and counted. */
static __always_inline void take_place(struct tracked *t)
{
	__u32 zero = 0;
	__u64 *n = bpf_map_lookup_elem(&live, &zero);

	if (!n)
		return;
	if (*n >= settings.max_connections) {
		t->kind = TRACKED_IGNORED;
		count(SONDE_C_TOO_MANY, 1);
		return;
	}
	__sync_fetch_and_add(n, 1);
	t->counted = 1;
}

static __always_inline void give_place_back(struct tracked *t)
{
	__u32 zero = 0;
	__u64 *n = bpf_map_lookup_elem(&live, &zero);

	if (n && t->counted)
		__sync_fetch_and_add(n, -1);
	t->counted = 0;
}

/* Marks a socket; NULL when it is marked already or no memory was left for it. */
static __always_inline struct tracked *track(struct sock *sk, __u32 tgid, __u8 kind, __u32 state)
{
	struct tracked *t = bpf_sk_storage_get(&sockets, sk, 0, 0);

	if (t)
		return 0;
	t = bpf_sk_storage_get(&sockets, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	if (!t) {
		count(SONDE_C_NO_STORAGE, 1);
		return 0;
	}
	t->kind = kind;
	t->owner_tgid = tgid;
	t->pending = state != TARGET_SELECTED;
	t->mptcp = sk->sk_protocol == IPPROTO_MPTCP;
	if (kind != TRACKED_LISTENER)
		take_place(t);
	return t;
}

#endif
