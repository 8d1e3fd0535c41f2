/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Walks over the frames of one direction of an HTTP/2 connection, from one operation to the next, and tells of them
 * what is not body: a header block that is missed makes all that come after it unreadable (RFC 7541, 2.2).
 */
#ifndef SONDE_HTTP2_BPF_H
#define SONDE_HTTP2_BPF_H

#include "emit.bpf.h"
#include "buffer.bpf.h"
#include "goroutine.bpf.h"
#include "http2_messages.bpf.h"

#define HTTP2_STEPS 8192 /* a frame takes one to three, each message and each piece of the caller's buffer one more */
#define HTTP2_MAX_SEGMENTS 1024 /* UIO_MAXIOV */
#define HTTP2_GULP 119 /* read along with a head: the payload of most frames that matter */
#define HTTP2_CHUNK 1024
#define HTTP2_AREA 12288
#define HTTP2_NEEDED (HTTP2_CHUNK + 32) /* room in the area for a step */

/* Places to work in: one for each direction of sockets, the others to be claimed. */
#define HTTP2_CLAIMED_FROM 2
#define HTTP2_PLACES 6

struct http2_work {
	__u64 claimed;
	__u64 at;   /* the next byte */
	__u64 iov;  /* the next iovec */
	__u32 iovecs; /* from there on */
	__u32 here; /* bytes from at on in the same piece */
	__u32 left; /* of the operation, here among them */
	__u32 moved; /* walked over since the record began */
	__u32 skipped; /* the last of these: not told */
	__u32 used; /* of data[] */
	__u32 fragment; /* index in data[] of the one that is open */
	__u32 told; /* of the whole operation */
	__u32 seen; /* bits of frame types that began */
	__u8 open;
	__u8 trial; /* only to find out whether these are frames: nothing is told */
	__u8 lost;
	__u8 records;
	struct http2_walk walk;
	struct sonde_goroutine goroutine;
	struct sonde_activity activity; /* of the next record */
	__u8 data[HTTP2_AREA + 16];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, HTTP2_PLACES);
	__type(key, __u32);
	__type(value, struct http2_work);
} http2_places SEC(".maps");

/* For a program that may be preempted by another one on its CPU. */
static __always_inline struct http2_work *http2_claim(void)
{
	__u32 i;

	for (i = HTTP2_CLAIMED_FROM; i < HTTP2_PLACES; i++) {
		__u32 key = i;
		struct http2_work *w = bpf_map_lookup_elem(&http2_places, &key);

		if (w && !__sync_lock_test_and_set(&w->claimed, 1))
			return w;
	}
	return 0;
}

static __always_inline void http2_release(struct http2_work *w)
{
	__sync_lock_test_and_set(&w->claimed, 0);
}

static __always_inline void http2_lose(struct http2_walk *walk)
{
	count(SONDE_C_HTTP2_LOST, 1);
	walk->mode = HTTP2_LOST;
}

struct http2_loop {
	struct http2_work *work;
	__u32 *sequence; /* of the connection or session */
};

static __always_inline void http2_advance(struct http2_work *w, __u32 n)
{
	w->at += n;
	w->here -= n;
	w->left -= n;
	w->moved += n;
}

static __always_inline void http2_close_fragment(struct http2_work *w)
{
	__u32 at = w->fragment;
	struct sonde_fragment *f;

	asm volatile("" : "+r"(at));
	if (!w->open || at > HTTP2_AREA)
		return;
	f = (struct sonde_fragment *)(w->data + at);
	f->length = w->used - at - sizeof(*f);
	w->used = (w->used + 7) & ~7;
	w->open = 0;
}

static __always_inline void http2_open_fragment(struct http2_work *w)
{
	__u32 at = w->used;
	struct sonde_fragment *f;

	asm volatile("" : "+r"(at));
	if (w->open || at > HTTP2_AREA)
		return;
	f = (struct sonde_fragment *)(w->data + at);
	f->skipped = w->skipped;
	w->fragment = at;
	w->used = at + sizeof(*f);
	w->skipped = 0;
	w->open = 1;
}

/*
 * Those that are not static are functions of their own to the verifier, which would otherwise follow what they do once
 * for each way in which a step can go.
 */

/* Tells what has been walked over so far; nothing when none of it was to be told. */
__noinline int http2_tell(struct http2_work *w, __u32 *sequence)
{
	struct sonde_activity *a;
	struct sonde_goroutine *g;
	__u64 size;
	__u32 used;

	if (!w || !sequence) /* none in a trial */
		return 0;
	a = &w->activity;
	http2_close_fragment(w);
	used = w->used;
	asm volatile("" : "+r"(used));
	if (!used || used > HTTP2_AREA)
		return 0;
	a->header.sequence = __sync_fetch_and_add(sequence, 1);
	a->bytes = w->moved;
	a->captured = used;
	size = sizeof(*a) + used;
	if (w->goroutine.id) {
		a->header.flags |= SONDE_F_GOROUTINE;
		g = (struct sonde_goroutine *)(w->data + used);
		*g = w->goroutine;
		size += sizeof(*g);
	}
	a->header.length = size;
	emit(a, size);
	if (a->direction == SONDE_RX)
		a->rx_offset += w->moved;
	else
		a->tx_offset += w->moved;
	w->records = 1;
	w->moved = 0;
	w->skipped = 0;
	w->used = 0;
	return 0;
}

/* Reads n of the next bytes to the end of what is to be told; false when they cannot be read. */
static __always_inline bool http2_read(struct http2_work *w, __u32 n)
{
	__u32 used;

	if (!w->trial)
		http2_open_fragment(w);
	used = w->used;
	asm volatile("" : "+r"(n));
	asm volatile("" : "+r"(used));
	if (n > HTTP2_CHUNK || used > HTTP2_AREA - HTTP2_CHUNK)
		return false;
	if (bpf_probe_read_user(w->data + used, n, (const void *)w->at)) {
		count(SONDE_C_FAULT, 1);
		return false;
	}
	return true;
}

/* Goes over n bytes that have been read. */
static __always_inline void http2_keep(struct http2_work *w, __u32 n)
{
	http2_advance(w, n);
	if (w->trial)
		return;
	w->used += n;
	w->told += n;
}

static __always_inline void http2_skip(struct http2_work *w, __u32 n)
{
	http2_advance(w, n);
	if (w->trial)
		return;
	http2_close_fragment(w);
	w->skipped += n;
}

/* A head is complete: a bit for its type, or -1 when no frame begins so. */
__noinline int http2_enter(struct http2_walk *walk, struct sonde_activity *a, int trial)
{
	struct http2_head head;

	if (!walk || !a)
		return -1;
	head = http2_head_of(walk->head);
	if (trial ? !http2_likely(&head) : !http2_possible(&head))
		return -1;
	walk->head_length = HTTP2_HEAD;
	walk->payload = head.length;
	walk->forward = trial ? 0 : http2_wanted(&head);
	walk->messages = 0;
	if (!trial && head.type == HTTP2_DATA)
		http2_messages_enter(walk, a);
	return head.type <= HTTP2_CONTINUATION ? 1 << head.type : 0;
}

static __always_inline bool http2_entered(struct http2_work *w)
{
	int type = http2_enter(&w->walk, &w->activity, w->trial);

	if (type < 0)
		return false;
	w->seen |= type;
	return true;
}

/* Goes over n bytes of a payload, none of them behind the begin of a message. */
static __always_inline void http2_pass_payload(struct http2_walk *walk, __u32 n)
{
	walk->payload -= n;
	walk->forward = walk->forward > n ? walk->forward - n : 0;
	walk->message = walk->message > n ? walk->message - n : 0;
}

/* In one go, with what follows; false when that is not possible. */
static __always_inline bool http2_whole_head(struct http2_work *w)
{
	struct http2_walk *walk = &w->walk;
	__u32 n = w->here < HTTP2_HEAD + HTTP2_GULP ? w->here : HTTP2_HEAD + HTTP2_GULP;
	__u32 used, more;

	if (!http2_read(w, n))
		return false;
	used = w->used;
	asm volatile("" : "+r"(used));
	if (used > HTTP2_AREA)
		return false;
	*(__u64 *)walk->head = *(__u64 *)(w->data + used);
	walk->head[8] = w->data[used + 8];
	if (!http2_entered(w))
		return false;
	more = n - HTTP2_HEAD;
	if (walk->messages)
		http2_messages_peek(walk, w->data + used + HTTP2_HEAD, more);
	if (more > walk->forward)
		more = walk->forward;
	if (walk->messages && more > walk->message)
		more = walk->message;
	http2_pass_payload(walk, more);
	http2_keep(w, HTTP2_HEAD + more);
	return true;
}

/* The operation holds a part of it. */
static __always_inline bool http2_part_of_head(struct http2_work *w)
{
	struct http2_walk *walk = &w->walk;
	__u32 got = walk->head_length;
	__u32 n = HTTP2_HEAD - got;

	if (n > w->here)
		n = w->here;
	asm volatile("" : "+r"(n));
	asm volatile("" : "+r"(got));
	if (got >= HTTP2_HEAD || n > HTTP2_HEAD || bpf_probe_read_user(walk->head + got, n, (const void *)w->at) ||
	    !http2_read(w, n))
		return false;
	walk->head_length = got + n;
	if (walk->head_length == HTTP2_HEAD && !http2_entered(w))
		return false;
	http2_keep(w, n);
	return true;
}

static __always_inline bool http2_forward(struct http2_work *w)
{
	struct http2_walk *walk = &w->walk;
	__u32 n = walk->forward < w->here ? walk->forward : w->here;

	if (n > HTTP2_CHUNK)
		n = HTTP2_CHUNK;
	if (walk->messages && n > walk->message)
		n = walk->message;
	if (!http2_read(w, n))
		return false;
	http2_pass_payload(walk, n);
	http2_keep(w, n);
	return true;
}

/* What is there of a message's prefix. */
static __always_inline bool http2_prefix(struct http2_work *w)
{
	struct http2_walk *walk = &w->walk;
	__u32 n = HTTP2_PREFIX - walk->prefix_length;
	__u32 used;

	if (n > w->here)
		n = w->here;
	if (n > walk->payload)
		n = walk->payload;
	if (!http2_read(w, n))
		return false;
	used = w->used;
	asm volatile("" : "+r"(used));
	if (used > HTTP2_AREA)
		return false;
	http2_pass_payload(walk, n);
	http2_messages_take(walk, (struct http2_prefix *)(w->data + used), n);
	http2_keep(w, n);
	return true;
}

static __always_inline void http2_skip_payload(struct http2_work *w)
{
	struct http2_walk *walk = &w->walk;
	__u32 n = walk->payload < w->here ? walk->payload : w->here;

	if (walk->messages && n > walk->message)
		n = walk->message;
	http2_pass_payload(walk, n);
	if (n)
		http2_skip(w, n);
}

/* To the next piece of the caller's buffer; false when there is none. */
static __always_inline bool http2_next_piece(struct http2_work *w)
{
	struct user_iovec v;

	if (!w->iovecs)
		return false;
	if (bpf_probe_read_user(&v, sizeof(v), (const void *)w->iov)) {
		count(SONDE_C_FAULT, 1);
		return false;
	}
	w->iovecs--;
	w->iov += sizeof(v);
	w->at = v.base;
	w->here = v.length < w->left ? v.length : w->left;
	return true;
}

static long http2_step(__u32 i, struct http2_loop *loop)
{
	struct http2_work *w = loop->work;
	struct http2_walk *walk = &w->walk;
	bool good = true;

	if (!w->here) {
		w->lost = !http2_next_piece(w);
		if (w->lost || !w->here)
			return w->lost;
	}
	if (w->used > HTTP2_AREA - HTTP2_NEEDED)
		http2_tell(w, loop->sequence);
	if (walk->head_length < HTTP2_HEAD)
		good = walk->head_length || w->here < HTTP2_HEAD ? http2_part_of_head(w) : http2_whole_head(w);
	else if (walk->messages && !walk->message)
		good = http2_prefix(w);
	else if (walk->forward)
		good = http2_forward(w);
	if (!good) {
		w->lost = 1;
		return 1;
	}
	if (walk->head_length == HTTP2_HEAD) {
		if (!walk->forward)
			http2_skip_payload(w);
		if (!walk->payload) {
			if (walk->head[3] == HTTP2_DATA)
				http2_messages_leave(walk, &w->activity);
			walk->head_length = 0;
		}
	}
	return w->left == 0;
}

static __always_inline void http2_seek(struct http2_work *w, const struct operation_bytes *b, const struct http2_walk *walk)
{
	w->at = b->address;
	w->iov = b->address;
	w->iovecs = b->iovecs < HTTP2_MAX_SEGMENTS ? b->iovecs : HTTP2_MAX_SEGMENTS;
	w->here = b->iovecs ? 0 : b->length;
	w->left = b->length;
	w->moved = 0;
	w->skipped = 0;
	w->used = 0;
	w->told = 0;
	w->seen = 0;
	w->open = 0;
	w->trial = 0;
	w->lost = 0;
	w->records = 0;
	w->walk = *walk;
}

/*
 * Whether the operation is a row of whole frames and holds one that has little else to look like. Or it is the head of
 * HEADERS alone: there are readers that ask for nine bytes, and then for what these announce.
 */
static __always_inline bool http2_frames_alone(struct http2_work *w, const struct operation_bytes *b)
{
	struct http2_loop loop = {.work = w};
	struct http2_walk fresh = {};

	http2_seek(w, b, &fresh);
	w->trial = 1;
	bpf_loop(HTTP2_STEPS, http2_step, &loop, 0);
	if (w->lost || w->left)
		return false;
	if (b->length == HTTP2_HEAD && w->seen == 1 << HTTP2_HEADERS && w->walk.payload)
		return w->walk.head[4] & HTTP2_END_HEADERS;
	return !w->walk.head_length && (w->seen & HTTP2_TELLING);
}

/*
 * Walks over an operation, whose activity is described in w, and tells it. False when not all of it could be followed:
 * the walk is over then.
 */
static __always_inline bool http2_follow(struct http2_work *w, struct http2_walk *walk, const struct operation_bytes *b,
					 __u32 *sequence)
{
	struct http2_loop loop = {.work = w, .sequence = sequence};
	bool whole;

	http2_seek(w, b, walk);
	w->activity.header.flags |= SONDE_F_FRAGMENTS;
	bpf_loop(HTTP2_STEPS, http2_step, &loop, 0);
	whole = !w->lost && !w->left;
	w->moved += w->left;
	http2_tell(w, sequence);
	if (b->length > w->told)
		count(SONDE_C_BYTES_UNCAPTURED, b->length - w->told);
	*walk = w->walk;
	if (!whole)
		http2_lose(walk);
	return whole;
}

/*
 * An operation whose bytes are not known, such as sendfile: within a body nothing is lost by it but where its first
 * message begins.
 */
static __always_inline bool http2_pass(struct http2_walk *walk, __u32 length)
{
	if (walk->head_length == HTTP2_HEAD && walk->head[3] == HTTP2_DATA && length <= walk->payload) {
		walk->messages = 0;
		http2_pass_payload(walk, length);
		if (!walk->payload)
			walk->head_length = 0;
		return true;
	}
	http2_lose(walk);
	return false;
}

#endif
