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
	__u32 *state = bpf_map_lookup_elem(&targets, &tgid);

	return state ? *state : 0;
}

static __always_inline bool add_target(__u32 tgid, __u32 state)
{
	if (tgid == settings.own_tgid)
		return false;
	if (bpf_map_update_elem(&targets, &tgid, &state, BPF_ANY)) {
		count(SONDE_C_PROCESS_TABLE, 1);
		return false;
	}
	return true;
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
