/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* What the head of an HTTP/2 frame says. RFC 9113, 4.1: length (24 bits), type, flags, stream. No maps here. */
#ifndef SONDE_HTTP2_FRAMES_BPF_H
#define SONDE_HTTP2_FRAMES_BPF_H

#include "kernel.bpf.h"

#define HTTP2_HEAD 9
#define HTTP2_PREFACE 24 /* RFC 9113, 3.4: PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n */
#define HTTP2_PREFACE_SURE 9 /* of that tell it from HTTP/1 */

/* RFC 9113, 6 */
enum http2_type {
	HTTP2_DATA = 0,
	HTTP2_HEADERS = 1,
	HTTP2_PRIORITY = 2,
	HTTP2_RST_STREAM = 3,
	HTTP2_SETTINGS = 4,
	HTTP2_PUSH_PROMISE = 5,
	HTTP2_PING = 6,
	HTTP2_GOAWAY = 7,
	HTTP2_WINDOW_UPDATE = 8,
	HTTP2_CONTINUATION = 9,
};

#define HTTP2_END_HEADERS 0x4

/* Sets of types, a bit each. */
#define HTTP2_OF_STREAM 0x22f     /* DATA, HEADERS, PRIORITY, RST_STREAM, PUSH_PROMISE, CONTINUATION */
#define HTTP2_OF_CONNECTION 0x0d0 /* SETTINGS, PING, GOAWAY */
#define HTTP2_TELLING 0x15a       /* HEADERS, RST_STREAM, SETTINGS, PING, WINDOW_UPDATE */

/* Of a payload the receiver needs so much. DATA: where a gRPC message begins, behind the length of padding. */
#define HTTP2_WANTED_DATA 16
#define HTTP2_WANTED_GOAWAY 64
#define HTTP2_WANTED_MOST 65536

struct http2_head {
	__u32 length;
	__u32 stream; /* with the bit that is reserved */
	__u32 type;
	__u32 flags;
};

static __always_inline struct http2_head http2_head_of(const __u8 *bytes)
{
	struct http2_head head = {
		.length = (__u32)bytes[0] << 16 | (__u32)bytes[1] << 8 | bytes[2],
		.type = bytes[3],
		.flags = bytes[4],
		.stream = (__u32)bytes[5] << 24 | (__u32)bytes[6] << 16 | (__u32)bytes[7] << 8 | bytes[8],
	};

	return head;
}

static __always_inline bool http2_sized(const struct http2_head *head)
{
	switch (head->type) {
	case HTTP2_PRIORITY:
		return head->length == 5;
	case HTTP2_RST_STREAM:
	case HTTP2_WINDOW_UPDATE:
		return head->length == 4;
	case HTTP2_SETTINGS:
		return head->length % 6 == 0 && !((head->flags & 1) && head->length);
	case HTTP2_PUSH_PROMISE:
		return head->length >= 4;
	case HTTP2_PING:
		return head->length == 8;
	case HTTP2_GOAWAY:
		return head->length >= 8;
	default:
		return true;
	}
}

/* Whether a frame may begin so, where one is known to begin. Types of extensions are anybody's: RFC 9113, 5.5. */
static __always_inline bool http2_possible(const struct http2_head *head)
{
	__u32 set = head->type <= HTTP2_CONTINUATION ? 1u << head->type : 0;
	__u32 stream = head->stream & 0x7fffffff;

	return !(stream ? set & HTTP2_OF_CONNECTION : set & HTTP2_OF_STREAM) && http2_sized(head);
}

static __always_inline __u32 http2_flags_of(__u32 type)
{
	switch (type) {
	case HTTP2_DATA:
		return 0x09;
	case HTTP2_HEADERS:
		return 0x2d;
	case HTTP2_SETTINGS:
	case HTTP2_PING:
		return 0x01;
	case HTTP2_PUSH_PROMISE:
		return 0x0c;
	case HTTP2_CONTINUATION:
		return 0x04;
	default:
		return 0;
	}
}

/* Whether this is likely the begin of a frame, where it is not known that one begins. */
static __always_inline bool http2_likely(const struct http2_head *head)
{
	__u32 most = head->type == HTTP2_DATA ? 1 << 20 : 16384;

	return head->type <= HTTP2_CONTINUATION && head->length <= most && !(head->stream >> 31) &&
	       !(head->flags & ~http2_flags_of(head->type)) && http2_possible(head);
}

static __always_inline __u32 http2_wanted(const struct http2_head *head)
{
	__u32 most = HTTP2_WANTED_MOST;

	if (head->type == HTTP2_DATA || head->type > HTTP2_CONTINUATION)
		most = HTTP2_WANTED_DATA;
	else if (head->type == HTTP2_GOAWAY)
		most = HTTP2_WANTED_GOAWAY;
	return head->length < most ? head->length : most;
}

/* The first bytes of an operation; anything behind those it has. */
struct http2_opening {
	__u8 data[HTTP2_PREFACE];
};

enum http2_sign {
	HTTP2_NO_SIGN = 0,
	HTTP2_SIGN_PREFACE,  /* a client begins */
	HTTP2_SIGN_SETTINGS, /* a server begins */
	HTTP2_SIGN_SWITCH,   /* HTTP/1.1 101: what it switches to is said by its head */
	HTTP2_SIGN_FRAME,    /* all of it may be frames */
};

/* Text of eight characters as it is loaded. */
#define TEXT8(a, b, c, d, e, f, g, h)                                                                              \
	((__u64)(a) | (__u64)(b) << 8 | (__u64)(c) << 16 | (__u64)(d) << 24 | (__u64)(e) << 32 | (__u64)(f) << 40 | \
	 (__u64)(g) << 48 | (__u64)(h) << 56)

/* Whether text is what it should be, as far as its first length bytes go. */
static __always_inline bool http2_agrees(__u64 text, __u64 should, __u32 length)
{
	return !((text ^ should) & (length >= 8 ? ~0ULL : (1ULL << (length & 7) * 8) - 1));
}

/* All of the preface, or the first bytes of it: there are servers that read it in pieces, Go's of 14 bytes and of 10. */
static __always_inline bool http2_preface(const __u64 *text, __u32 length, bool in_pieces)
{
	if (length < (in_pieces ? HTTP2_PREFACE_SURE : HTTP2_PREFACE))
		return false;
	return text[0] == TEXT8('P', 'R', 'I', ' ', '*', ' ', 'H', 'T') &&
	       http2_agrees(text[1], TEXT8('T', 'P', '/', '2', '.', '0', '\r', '\n'), length - 8) &&
	       http2_agrees(text[2], TEXT8('\r', '\n', 'S', 'M', '\r', '\n', '\r', '\n'), length < 16 ? 0 : length - 16);
}

/*
 * What is not the begin of a connection has to look like a frame, which no text and no TLS record does: the first byte
 * would be that of a length of a MiB and more.
 */
static __always_inline enum http2_sign http2_sign(const struct http2_opening *opening, __u32 length, bool of_client,
						  bool of_server, bool first, bool anywhere)
{
	const __u64 *text = (const __u64 *)opening->data;
	struct http2_head head = http2_head_of(opening->data);

	if (length < HTTP2_HEAD)
		return HTTP2_NO_SIGN;
	if (of_client && http2_preface(text, length, first || anywhere))
		return HTTP2_SIGN_PREFACE;
	if (of_server && length >= 12 && text[0] == TEXT8('H', 'T', 'T', 'P', '/', '1', '.', '1') &&
	    opening->data[9] == '1' && opening->data[10] == '0' && opening->data[11] == '1')
		return HTTP2_SIGN_SWITCH;
	if (!http2_likely(&head))
		return HTTP2_NO_SIGN;
	if (of_server && first && head.type == HTTP2_SETTINGS && !head.flags)
		return HTTP2_SIGN_SETTINGS;
	return anywhere ? HTTP2_SIGN_FRAME : HTTP2_NO_SIGN;
}

#endif
