/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Where messages of gRPC begin within DATA (grpc/doc/PROTOCOL-HTTP2.md, Length-Prefixed-Message): a byte that is 0 or 1,
 * the length in four, the message. They begin and end anywhere in the frames of their stream. Whether a stream is
 * gRPC's is not known here: what does not look like it is left alone, and of what does by chance a few bytes more are
 * told.
 */
#ifndef SONDE_HTTP2_MESSAGES_BPF_H
#define SONDE_HTTP2_MESSAGES_BPF_H

#include "maps.bpf.h"
#include "http2_walk.bpf.h"

#define HTTP2_PREFIX 5
#define HTTP2_PREFIXES 255 /* at most in a frame, of which an empty message is worth as many as */
#define HTTP2_EMPTY 16     /* since a body of zeros would be one after another */

#define HTTP2_END_STREAM 0x1
#define HTTP2_PADDED 0x8

/* A direction of a stream. */
struct http2_stream {
	__u64 of; /* cookie of the connection, or the TLS session and the highest bit */
	__u32 id;
	__u32 direction;
};

/* What the stream's next frame begins with, when that is not a message. */
struct http2_message {
	__u32 left; /* of the message */
	__u32 declared; /* length of the next one, as far as it has come */
	__u32 prefix_length;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct http2_stream);
	__type(value, struct http2_message);
} http2_messages SEC(".maps");

static __always_inline struct http2_stream http2_stream_of(const struct http2_walk *walk,
							   const struct sonde_activity *a)
{
	struct http2_head head = http2_head_of(walk->head);
	struct http2_stream stream = {
		.of = a->header.session ? 1ULL << 63 | a->header.session : a->header.connection,
		.id = head.stream & 0x7fffffff,
		.direction = a->direction,
	};

	return stream;
}

/* A frame of DATA begins. */
static __always_inline void http2_messages_enter(struct http2_walk *walk, const struct sonde_activity *a)
{
	struct http2_stream stream = http2_stream_of(walk, a);
	struct http2_message *m = walk->unfinished ? bpf_map_lookup_elem(&http2_messages, &stream) : 0;

	walk->messages = walk->head[4] & HTTP2_PADDED ? 0 : HTTP2_PREFIXES;
	walk->resumed = m != 0;
	walk->message = m ? m->left : 0;
	walk->declared = m ? m->declared : 0;
	walk->prefix_length = m ? m->prefix_length : 0;
}

/*
 * Of a frame that has just begun the first n bytes are known: the most usual ones need no more looking at, those that are
 * one message and those that are none.
 */
static __always_inline void http2_messages_peek(struct http2_walk *walk, const __u8 *body, __u32 n)
{
	__u32 length = (__u32)body[1] << 24 | (__u32)body[2] << 16 | (__u32)body[3] << 8 | body[4];

	if (walk->resumed || n < HTTP2_PREFIX)
		return;
	if (body[0] > 1 || length == walk->payload - HTTP2_PREFIX)
		walk->messages = 0;
}

struct http2_prefix {
	__u8 data[HTTP2_PREFIX];
};

static __always_inline void http2_messages_byte(struct http2_walk *walk, __u8 byte)
{
	__u8 cost;

	if (walk->prefix_length)
		walk->declared = walk->declared << 8 | byte;
	else if (byte > 1)
		walk->messages = 0;
	walk->prefix_length++;
	if (walk->prefix_length < HTTP2_PREFIX)
		return;
	cost = walk->declared ? 1 : HTTP2_EMPTY;
	walk->messages = walk->messages > cost ? walk->messages - cost : 0;
	walk->message = walk->declared;
	walk->declared = 0;
	walk->prefix_length = 0;
}

/* The next n bytes of a prefix. */
__noinline int http2_messages_take(struct http2_walk *walk, struct http2_prefix *prefix, __u32 n)
{
	__u32 i;

	if (!walk || !prefix)
		return 0;
	for (i = 0; i < HTTP2_PREFIX; i++)
		if (i < n)
			http2_messages_byte(walk, prefix->data[i]);
	return 0;
}

/* A frame of DATA ends. */
__noinline int http2_messages_leave(struct http2_walk *walk, struct sonde_activity *a)
{
	struct http2_stream stream;
	struct http2_message m = {};
	bool goes_on;

	if (!walk || !a)
		return 0;
	m.left = walk->message;
	m.declared = walk->declared;
	m.prefix_length = walk->prefix_length;
	goes_on = walk->messages && (m.left || m.prefix_length) && !(walk->head[4] & HTTP2_END_STREAM);
	if (!goes_on && !walk->resumed)
		return 0;
	stream = http2_stream_of(walk, a);
	if (goes_on) {
		walk->unfinished = 1;
		bpf_map_update_elem(&http2_messages, &stream, &m, BPF_ANY);
	} else {
		bpf_map_delete_elem(&http2_messages, &stream);
	}
	return 0;
}

#endif
