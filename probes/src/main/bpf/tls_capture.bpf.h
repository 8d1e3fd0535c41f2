/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* The bytes that a call gave or took. */
#ifndef SONDE_TLS_CAPTURE_BPF_H
#define SONDE_TLS_CAPTURE_BPF_H

#include "tls_session.bpf.h"
#include "http2.bpf.h"

#define TLS_MAX_CAPTURE (SONDE_MAX_CAPTURE / 2)
#define TLS_SLOTS 4

/* A program in a library may be preempted by another one on its CPU, unlike one at a tracepoint: it claims a slot. */
struct tls_slot {
	__u64 claimed;
	struct sonde_activity activity;
	__u8 data[TLS_MAX_CAPTURE + sizeof(struct sonde_goroutine)];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, TLS_SLOTS);
	__type(key, __u32);
	__type(value, struct tls_slot);
} tls_slots SEC(".maps");

static __always_inline struct tls_slot *tls_claim(void)
{
	__u32 i;

	for (i = 0; i < TLS_SLOTS; i++) {
		__u32 key = i;
		struct tls_slot *slot = bpf_map_lookup_elem(&tls_slots, &key);

		if (slot && !__sync_lock_test_and_set(&slot->claimed, 1))
			return slot;
	}
	return 0;
}

static __always_inline __u32 tls_budget(const struct tls_session *s, __u8 direction)
{
	__u32 request = settings.request_bytes;
	__u32 response = settings.response_bytes;

	if (s->match == SONDE_MATCH_CONFLICT) /* nobody can use them */
		return 0;
	if (s->role == SONDE_ROLE_SERVER)
		return direction == SONDE_RX ? request : response;
	if (s->role == SONDE_ROLE_CLIENT)
		return direction == SONDE_TX ? request : response;
	return request > response ? request : response;
}

/* One operation of a TLS library: bytes of them at buffer (0: not known where). */
struct tls_operation {
	__u64 buffer;
	__u64 now;
	__u32 bytes;
	__u16 flags; /* SONDE_F_PENDING, or 0 */
	__u8 direction;
};

static __always_inline void tls_describe_operation(struct sonde_activity *a, const struct tls_session *s,
						   const struct tls_operation *o)
{
	a->direction = o->direction;
	if (o->direction != SONDE_RX)
		return;
	a->arrived_ns = s->arrived_ns;
	if (s->waits)
		a->header.flags |= SONDE_F_WAITS;
	if (s->arrived_ns && s->at_once)
		a->header.flags |= SONDE_F_AT_ONCE;
}

/* Returns how many bytes went into the record. */
static __always_inline __u32 tls_tell(struct tls_session *s, const struct tls_operation *o, __u32 want)
{
	struct tls_slot *slot = tls_claim();
	struct sonde_activity *a;
	__u32 got = 0;
	__u64 size;

	if (!slot) {
		count(SONDE_C_NO_BUFFER, 1);
		return 0;
	}
	a = &slot->activity;
	asm volatile("" : "+r"(want));
	if (want && want <= TLS_MAX_CAPTURE) {
		if (bpf_probe_read_user(slot->data, want, (const void *)o->buffer))
			count(SONDE_C_FAULT, 1);
		else
			got = want;
	}
	tls_describe(a, s, o->flags, o->now);
	tls_describe_operation(a, s, o);
	a->bytes = o->bytes;
	a->captured = got;
	if (!got)
		a->header.flags |= SONDE_F_NO_DATA;
	size = (sizeof(*a) + got + 7) & ~7ULL;
	asm volatile("" : "+r"(size));
	if (size <= sizeof(*a) + TLS_MAX_CAPTURE) {
		size = goroutine_append(a, (void *)a + size, size);
		a->header.length = size;
		emit(a, size);
	}
	__sync_lock_test_and_set(&slot->claimed, 0);
	return got;
}

static __always_inline __u8 tls_tail(const struct tls_operation *o, __u8 *tail)
{
	__u32 n = o->bytes < 8 ? o->bytes : 8;

	asm volatile("" : "+r"(n));
	if (!o->buffer || n == 0 || n > 8 || bpf_probe_read_user(tail, n, (const void *)(o->buffer + o->bytes - n)))
		return 0;
	return n;
}

static __always_inline void tls_account(struct tls_session *s, const struct tls_operation *o, __u64 tail,
					__u8 tail_length)
{
	if (o->direction == SONDE_RX) {
		*(__u64 *)s->rx_tail = tail;
		s->rx_tail_length = tail_length;
		s->rx_last_ns = o->now;
		s->rx_total += o->bytes;
	} else {
		*(__u64 *)s->tx_tail = tail;
		s->tx_tail_length = tail_length;
		s->tx_last_ns = o->now;
		s->tx_total += o->bytes;
	}
	s->arrived_ns = 0;
}

/* How HTTP/2 begins with this operation, or that it may be in the middle of it. */
static __always_inline enum http2_sign tls_http2_sign(const struct tls_session *s, const struct tls_operation *o)
{
	struct http2_opening opening = {};
	bool first = !(o->direction == SONDE_RX ? s->rx_total : s->tx_total);
	bool of_client = s->role != (o->direction == SONDE_RX ? SONDE_ROLE_CLIENT : SONDE_ROLE_SERVER);
	bool of_server = s->role != (o->direction == SONDE_RX ? SONDE_ROLE_SERVER : SONDE_ROLE_CLIENT);
	bool anywhere = s->http2 || !s->shook;
	__u32 n = o->bytes < HTTP2_PREFACE ? o->bytes : HTTP2_PREFACE;
	enum http2_sign sign;

	asm volatile("" : "+r"(n));
	if (!o->buffer || !(first || anywhere) || n > HTTP2_PREFACE ||
	    bpf_probe_read_user(&opening, n, (const void *)o->buffer))
		return HTTP2_NO_SIGN;
	sign = http2_sign(&opening, n, of_client, of_server, first, anywhere);
	/* what is agreed upon in a handshake does not change within the session: RFC 9113, 3.3 */
	return sign == HTTP2_SIGN_SWITCH ? HTTP2_NO_SIGN : sign;
}

static __always_inline void tls_http2_tell(struct http2_work *w, struct tls_session *s, const struct tls_operation *o,
					   struct http2_walk *walk, const struct operation_bytes *where)
{
	tls_describe_unnumbered(&w->activity, s, o->flags, o->now);
	tls_describe_operation(&w->activity, s, o);
	goroutine_running(&w->goroutine);
	http2_follow(w, walk, where, &s->sequence);
}

/* True when the operation is one of HTTP/2, and told. A function of its own to the verifier. */
__noinline int tls_http2(struct tls_session *s, struct tls_operation *o)
{
	struct operation_bytes where = {};
	enum http2_sign sign = HTTP2_NO_SIGN;
	struct http2_walk *walk;
	struct http2_work *w;
	bool http2 = true;

	if (!s || !o || s->match == SONDE_MATCH_CONFLICT)
		return false;
	walk = o->direction == SONDE_RX ? &s->walk[SONDE_RX] : &s->walk[SONDE_TX];
	where.address = o->buffer;
	where.length = o->bytes;
	if (walk->mode != HTTP2_WALKED) {
		sign = tls_http2_sign(s, o);
		if (sign == HTTP2_NO_SIGN)
			return false;
	} else if (!o->buffer) {
		http2 = http2_pass(walk, o->bytes);
		if (http2)
			count(SONDE_C_BYTES_UNCAPTURED, o->bytes);
		return http2;
	}
	w = http2_claim();
	if (!w) {
		http2_lose(walk);
		return false;
	}
	if (sign == HTTP2_SIGN_FRAME)
		http2 = http2_frames_alone(w, &where);
	if (http2) {
		if (sign != HTTP2_NO_SIGN)
			http2_begin(walk, sign == HTTP2_SIGN_PREFACE ? HTTP2_PREFACE : 0);
		s->http2 = 1;
		tls_http2_tell(w, s, o, walk, &where);
	}
	http2_release(w);
	return http2;
}

/*
 * The library has moved plaintext. What is not captured to its end is told by a summary behind it, and so is what is
 * over the budget of its turn: there is no socket whose idleness a sweep could see.
 */
static __always_inline void tls_moved(struct tls_session *s, struct tls_operation *o)
{
	__u32 budget, want, got = 0;
	__u8 tail_length = 0;
	__u64 tail = 0;

	if (tls_http2(s, o)) {
		tls_account(s, o, 0, 0);
		return;
	}
	if (s->turn != o->direction + 1) {
		s->turn = o->direction + 1;
		s->turn_captured = 0;
	}
	budget = tls_budget(s, o->direction);
	want = s->turn_captured < budget ? budget - s->turn_captured : 0;
	if (want > o->bytes)
		want = o->bytes;
	if (!o->buffer)
		want = 0;
	/* The first operation of a turn is always told, however little of it could be captured. */
	if (want || s->turn_captured == 0)
		got = tls_tell(s, o, want);
	s->turn_captured += got ? got : 1;
	if (got < o->bytes) {
		count(SONDE_C_BYTES_UNCAPTURED, o->bytes - got);
		tail_length = tls_tail(o, (__u8 *)&tail);
	}
	tls_account(s, o, tail, tail_length);
	if (got < o->bytes)
		tls_summarise(s, o->flags, o->now);
}

#endif
