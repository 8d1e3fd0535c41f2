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
	__u8 reserved[6];
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
