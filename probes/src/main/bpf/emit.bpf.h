/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Counting and writing to the ring buffer. */
#ifndef SONDE_EMIT_BPF_H
#define SONDE_EMIT_BPF_H

#include "maps.bpf.h"

static __always_inline void count(__u32 counter, __u64 n)
{
	__u64 *value = bpf_map_lookup_elem(&counters, &counter);

	if (value)
		*value += n;
}

/*
 * No wake-up: the reader looks every few ms. A wake-up per record is an IPI per record, which halved nginx's
 * request rate.
 */
static __always_inline bool emit_process(void *record, __u64 size)
{
	if (bpf_ringbuf_output(&ring, record, size, BPF_RB_NO_WAKEUP)) {
		count(SONDE_C_RING_FULL, 1);
		return false;
	}
	count(SONDE_C_RECORDS, 1);
	return true;
}

/*
 * What connections do leaves an eighth of the ring to what processes do: a program that starts while a busy one fills
 * the ring would never be decided upon.
 */
static __always_inline bool has_room(__u64 size)
{
	__u64 room = bpf_ringbuf_query(&ring, BPF_RB_RING_SIZE);

	if (bpf_ringbuf_query(&ring, BPF_RB_AVAIL_DATA) + size > room - room / 8) {
		count(SONDE_C_RING_FULL, 1);
		return false;
	}
	return true;
}

static __always_inline bool emit(void *record, __u64 size)
{
	return has_room(size) && emit_process(record, size);
}

static __always_inline __u8 role_of(const struct tracked *t)
{
	switch (t->kind) {
	case TRACKED_SERVER:
		return SONDE_ROLE_SERVER;
	case TRACKED_CLIENT:
		return SONDE_ROLE_CLIENT;
	default:
		return SONDE_ROLE_UNKNOWN;
	}
}

static __always_inline void store_v4_mapped(__u8 *to, __u32 address)
{
	__u32 *words = (__u32 *)to;

	words[0] = 0;
	words[1] = 0;
	words[2] = bpf_htonl(0xffff);
	words[3] = address;
}

static __always_inline void store_v6(__u8 *to, const struct in6_addr *from)
{
	__u32 *words = (__u32 *)to;

	words[0] = from->in6_u.u6_addr32[0];
	words[1] = from->in6_u.u6_addr32[1];
	words[2] = from->in6_u.u6_addr32[2];
	words[3] = from->in6_u.u6_addr32[3];
}

/* skc_num is 0 once the port has been given back, which is before the change to TCP_CLOSE is told. */
static __always_inline __u16 local_port(struct sock *sk)
{
	__u16 port = sk->__sk_common.skc_num;

	return port ? port : bpf_ntohs(BPF_CORE_READ((struct inet_sock *)sk, inet_sport));
}

/* Tells the connection's identity; every other record refers to it by the cookie only. */
static __always_inline bool tell_identity(struct sock *sk, struct tracked *t, __u16 flags, __u64 now)
{
	struct sonde_connection c = {};

	c.header.length = sizeof(c);
	c.header.kind = SONDE_CONNECTION;
	c.header.flags = flags | (t->pending ? SONDE_F_PENDING : 0);
	c.header.time_ns = now;
	c.header.connection = t->cookie;
	c.header.sequence = t->sequence;
	c.header.tgid = t->owner_tgid;
	c.opened_ns = t->opened_ns;
	c.netns = sk->__sk_common.skc_net.net->ns.inum;
	c.local_port = local_port(sk);
	c.remote_port = bpf_ntohs(sk->__sk_common.skc_dport);
	if (sk->__sk_common.skc_family == AF_INET) {
		store_v4_mapped(c.local_address, sk->__sk_common.skc_rcv_saddr);
		store_v4_mapped(c.remote_address, sk->__sk_common.skc_daddr);
	} else {
		store_v6(c.local_address, &sk->__sk_common.skc_v6_rcv_saddr);
		store_v6(c.remote_address, &sk->__sk_common.skc_v6_daddr);
	}
	c.role = role_of(t);
	c.mptcp = t->mptcp;
	return emit(&c, sizeof(c));
}

static __always_inline bool announce(struct sock *sk, struct tracked *t, __u64 now)
{
	return tell_identity(sk, t, 0, now);
}

/* Fills all of an activity that comes from the socket's state but its sequence; the caller adds the operation. */
static __always_inline void describe_unnumbered(struct sonde_activity *a, struct tracked *t, __u16 kind, __u64 now)
{
	a->header.length = sizeof(*a);
	a->header.kind = kind;
	a->header.flags = t->pending ? SONDE_F_PENDING : 0;
	a->header.time_ns = now;
	a->header.connection = t->cookie;
	a->header.tgid = t->owner_tgid;
	a->header.tid = 0;
	a->header.session = 0;
	a->arrived_ns = 0;
	a->rx_offset = t->rx_total;
	a->tx_offset = t->tx_total;
	a->rx_last_ns = t->rx_last_ns;
	a->tx_last_ns = t->tx_last_ns;
	a->bytes = 0;
	a->captured = 0;
	a->direction = 0;
	a->rx_tail_length = t->rx_tail_length;
	a->tx_tail_length = t->tx_tail_length;
	a->match = SONDE_MATCH_NONE;
	a->syscall = 0;
	a->reserved2 = 0;
	*(__u64 *)a->rx_tail = *(__u64 *)t->rx_tail;
	*(__u64 *)a->tx_tail = *(__u64 *)t->tx_tail;
}

static __always_inline void describe(struct sonde_activity *a, struct tracked *t, __u16 kind, __u64 now)
{
	describe_unnumbered(a, t, kind, now);
	a->header.sequence = __sync_fetch_and_add(&t->sequence, 1);
}

/* A SUMMARY or CLOSED: what no record has told so far. */
static __always_inline bool emit_state(struct tracked *t, __u16 kind, __u16 flags, __u64 now)
{
	struct sonde_activity a;

	t->dirty = 0;
	describe(&a, t, kind, now);
	a.header.flags |= flags;
	if (emit(&a, sizeof(a)))
		return true;
	t->dirty = 1;
	return false;
}

/*
 * The identity goes along, since the kernel cannot be asked for it any more: a receiver that starts now would not know
 * whose the records are that the capture process still holds.
 */
static __always_inline void emit_closed(struct sock *sk, struct tracked *t, __u64 now)
{
	if (!t->announced)
		return;
	tell_identity(sk, t, SONDE_F_CLOSING, now);
	emit_state(t, SONDE_CLOSED, t->close_flags, now);
	/* a peer's goodbye that is read after its reset: nobody asks for cipher of a connection that is over */
	if (t->tls & TLS_SOCKET_CIPHER)
		t->tls |= TLS_SOCKET_HANDED;
}

#endif
