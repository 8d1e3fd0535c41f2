/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * What is remembered of calls of TLS libraries and of their sessions, shared by the programs in the libraries and the
 * ones at the sockets. Nothing here outgrows its map: whatever is forgotten too early is met again as something new.
 */
#ifndef SONDE_TLS_MAPS_BPF_H
#define SONDE_TLS_MAPS_BPF_H

#include "emit.bpf.h"
#include "http2_walk.bpf.h"
#include "tls_functions.bpf.h"

/* Who calls: a thread by its id, a goroutine by its address. */
struct tls_actor {
	__u32 tgid;
	__u32 reserved;
	__u64 id;
};

/* Its call that has not returned, and the last thing it received outside of any. */
struct tls_call {
	__u64 object;
	__u64 buffer;
	__u64 length;
	__u64 out; /* where the number of bytes will be, for functions that say so */
	__s64 level; /* stack position: a call within has a lower one, a call after an abandoned one has not */
	__u64 rx_cookie;
	__u64 rx_arrived_ns;
	__u8 function; /* enum tls_function */
	__u8 rx_fresh; /* no call has had a chance to work on it */
	__u8 rx_record; /* it began as a TLS record does */
	__u8 rx_ambiguous; /* and there was another such socket since the last call */
	__u8 rx_waits;
	__u8 rx_role;
	__u8 rx_whole; /* it is that record, or more */
	__u8 rx_hello; /* that record is of a handshake, still in clear */
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct tls_actor);
	__type(value, struct tls_call);
} tls_calls SEC(".maps");

struct tls_object {
	__u32 tgid;
	__u32 reserved;
	__u64 address;
};

/* One conversation over an object. Totals and times are of plaintext. */
struct tls_session {
	__u64 cookie; /* of its socket, as far as it is known; 0 not at all */
	__u64 arrived_ns; /* of the first byte of what will be read next */
	__u64 rx_total;
	__u64 tx_total;
	__u64 rx_last_ns;
	__u64 tx_last_ns;
	__u32 id;
	__u32 sequence;
	__u32 turn_captured;
	__u8 turn; /* enum sonde_direction + 1, 0 before the first byte */
	__u8 match; /* enum sonde_match: what is known, told or not */
	__u8 named; /* the match is sure enough to be told */
	__u8 agreed; /* times that the thread had just received from the socket, up to TLS_MOST */
	__u8 shook; /* its handshake was seen: the first call moved nothing */
	__u8 role; /* enum sonde_role of the socket */
	__u8 waits; /* the read of what will be read next would have waited */
	__u8 rx_tail_length;
	__u8 tx_tail_length;
	__u8 whole; /* what was read of the socket last began with a whole record */
	__u8 go; /* of Go's: what is read of its socket is for it */
	__u8 shaking; /* Go has begun a handshake; on which socket will be seen */
	__u8 at_once; /* all that was read of its socket for what will be read next arrived at arrived_ns */
	__u8 http2; /* one of its directions was found to be */
	__u8 reserved[6];
	__u8 rx_tail[8];
	__u8 tx_tail[8];
	struct http2_walk walk[2]; /* by enum sonde_direction */
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct tls_object);
	__type(value, struct tls_session);
} tls_sessions SEC(".maps");

/* Whose a socket is. */
struct tls_owner {
	struct tls_object object;
	__u32 session;
	__u32 reserved;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, __u64);
	__type(value, struct tls_owner);
} tls_cookies SEC(".maps");

/* [0]: sessions so far. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} tls_count SEC(".maps");

#endif
