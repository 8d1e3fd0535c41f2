/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* What is remembered of one direction of an HTTP/2 connection. */
#ifndef SONDE_HTTP2_WALK_BPF_H
#define SONDE_HTTP2_WALK_BPF_H

#include "http2_frames.bpf.h"

enum http2_mode {
	HTTP2_UNKNOWN = 0,
	HTTP2_WALKED = 1,
	HTTP2_LOST = 2,
};

/* Where one direction of a connection is. */
struct http2_walk {
	__u32 payload; /* of the frame, not yet walked over */
	__u32 forward; /* of that, to be told */
	__u8 mode;     /* enum http2_mode */
	__u8 head_length; /* of head[]: HTTP2_HEAD within a payload */
	/* Of gRPC, in DATA. */
	__u8 messages; /* so many may still begin in this frame; 0: none are looked for */
	__u8 prefix_length; /* of the next one's prefix, so far */
	__u8 resumed; /* the frame does not begin with one */
	__u8 unfinished; /* there was a stream of which a frame ended within one */
	__u8 reserved[2];
	__u32 message; /* bytes before the next one's prefix */
	__u32 declared; /* the next one's length, as far as it has come */
	__u8 head[16];
};

/* The client's first bytes are not a frame: they are told as one's payload. */
static __always_inline void http2_begin(struct http2_walk *walk, __u32 before)
{
	__builtin_memset(walk, 0, sizeof(*walk));
	walk->mode = HTTP2_WALKED;
	walk->payload = before;
	walk->forward = before;
	walk->head_length = before ? HTTP2_HEAD : 0;
	/* not DATA: what is missing of it is a loss */
	walk->head[3] = HTTP2_HEADERS;
}

#endif
