/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Sockets on which HTTP/2 is spoken in clear. */
#ifndef SONDE_HTTP2_SOCKET_BPF_H
#define SONDE_HTTP2_SOCKET_BPF_H

#include "http2.bpf.h"
#include "tls_socket.bpf.h"

/* Not a part of struct tracked, which listeners hand on to every connection. */
struct http2_connection {
	struct http2_walk walk[2]; /* by enum sonde_direction */
};

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct http2_connection);
} http2_connections SEC(".maps");

/* NULL unless one of its directions was found to be HTTP/2. */
static __always_inline struct http2_walk *http2_walk_of(struct sock *sk, const struct tracked *t, __u8 direction)
{
	struct http2_connection *c = t->http2 ? bpf_sk_storage_get(&http2_connections, sk, 0, 0) : 0;

	return c ? &c->walk[direction == SONDE_RX ? SONDE_RX : SONDE_TX] : 0;
}

static __always_inline struct http2_walk *http2_new_walk(struct sock *sk, struct tracked *t, __u8 direction)
{
	struct http2_connection *c = bpf_sk_storage_get(&http2_connections, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);

	if (!c) {
		count(SONDE_C_HTTP2_LOST, 1);
		return 0;
	}
	t->http2 = 1;
	return &c->walk[direction == SONDE_RX ? SONDE_RX : SONDE_TX];
}

static __always_inline bool http2_of_client(const struct tracked *t, __u8 direction)
{
	return t->kind != (direction == SONDE_RX ? TRACKED_CLIENT : TRACKED_SERVER);
}

static __always_inline bool http2_of_server(const struct tracked *t, __u8 direction)
{
	return t->kind != (direction == SONDE_RX ? TRACKED_SERVER : TRACKED_CLIENT);
}

/* Its begin was not seen, or where it is was lost: any operation may be in the middle of HTTP/2. */
static __always_inline bool http2_anywhere(const struct tracked *t)
{
	return (t->http2 || !t->opened_ns) && !t->tls;
}

/* These are functions of their own to the verifier, as those of tls_socket.bpf.h. */

/* How an operation of a direction that is not walked over begins. */
__noinline int http2_look(struct tracked *t, struct tls_io *io, struct http2_opening *opening, __u32 length)
{
	bool first;

	if (!t || !io || !opening)
		return HTTP2_NO_SIGN;
	first = !(io->direction == SONDE_RX ? t->rx_total : t->tx_total);
	return http2_sign(opening, length, http2_of_client(t, io->direction), http2_of_server(t, io->direction),
			  first, http2_anywhere(t));
}

__noinline int http2_socket_frames(struct operation_bytes *b, __u32 direction)
{
	__u32 key = direction;
	struct http2_work *w = bpf_map_lookup_elem(&http2_places, &key);

	return w && b && http2_frames_alone(w, b);
}

/* Walks over an operation and tells it; true when a record was written. */
__noinline int http2_socket_follow(struct tracked *t, struct http2_walk *walk, struct tls_io *io,
				   struct operation_bytes *b)
{
	__u64 id = bpf_get_current_pid_tgid();
	struct http2_work *w;
	struct pt_regs *regs;
	__u32 key;

	if (!t || !walk || !io || !b)
		return false;
	key = io->direction;
	w = bpf_map_lookup_elem(&http2_places, &key);
	if (!w)
		return false;
	regs = (struct pt_regs *)bpf_task_pt_regs(bpf_get_current_task_btf());
	describe_unnumbered(&w->activity, t, SONDE_ACTIVITY, io->now);
	w->activity.header.tgid = id >> 32;
	w->activity.header.tid = (__u32)id;
	w->activity.arrived_ns = io->arrived_ns;
	w->activity.direction = io->direction;
	w->activity.syscall = regs->orig_ax;
	if (io->waits)
		w->activity.header.flags |= SONDE_F_WAITS;
	if (io->at_once)
		w->activity.header.flags |= SONDE_F_AT_ONCE;
	goroutine_running(&w->goroutine);
	http2_follow(w, walk, b, &t->sequence);
	return w->records;
}

#endif
