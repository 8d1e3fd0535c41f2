// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * What goroutines do for each other, by uprobes at instructions within functions of Go programs and never at their
 * returns: Go moves its stacks, and a changed return address would crash the program. Arguments are in registers, in
 * the order ax, bx, cx, di, si, r8, r9, r10; the goroutine is in r14. Nothing is written to the program.
 */
#include "kernel.bpf.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include "go_acts.bpf.h"
#include "go_lineage.bpf.h"
#include "go_thread.bpf.h"

#define X86_CARRY 0x01
#define X86_ZERO 0x40

#define MAX_ROUTE 256
#define MAX_STREAM 0x7fffffff /* RFC 9113, 5.1.1 */

/* Of struct g, in all releases since 1.17. */
#define G_M 48

/* Of HTTP/2's responseWriter, responseWriterState and stream, in all releases. */
#define RESPONSE_STATE 0
#define STATE_STREAM 0
#define STREAM_ID 8

/* Hits by file; read by the capture process. */
struct go_hits {
	__u64 selected;
	__u64 bystanders;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, GO_MAX_FILES);
	__type(key, __u32);
	__type(value, struct go_hits);
} go_files SEC(".maps");

/* Who has handed a request to a persistConn, or queued a header frame, by its address; until it is written. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 8192);
	__type(key, struct go_key);
	__type(value, struct go_lineage);
} go_callers SEC(".maps");

/* Where a route will be, once one has been found. */
struct go_place {
	__u64 address;
	__u64 behind; /* 1: of a pointer to the string; 0: of the string */
};

/* Of the request that a framework was given last on a goroutine, until its answer begins. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 8192);
	__type(key, struct go_key);
	__type(value, struct go_place);
} go_requests SEC(".maps");

struct go_string {
	__u64 bytes;
	__u64 length;
};

/* One hit in an observed process. */
struct go_hit {
	struct go_process *process;
	struct sonde_goroutine goroutine; /* that runs; 0 on a stack of the runtime */
	__u64 g;
	__u64 argument;
	__u32 tgid;
	__u16 flags; /* of what is told: SONDE_F_PENDING, or 0 */
};

static __always_inline __u64 word_at(__u64 address)
{
	__u64 word = 0;

	bpf_probe_read_user(&word, sizeof(word), (const void *)address);
	return word;
}

static __always_inline __u32 half_at(__u64 address)
{
	__u32 half = 0;

	bpf_probe_read_user(&half, sizeof(half), (const void *)address);
	return half;
}

static __always_inline void describe_go(struct sonde_go *r, const struct go_hit *h, __u8 act, __u32 length)
{
	__u64 id = bpf_get_current_pid_tgid();

	__builtin_memset(r, 0, sizeof(*r));
	r->header.length = length;
	r->header.kind = SONDE_GOROUTINE;
	r->header.flags = h->flags;
	r->header.time_ns = bpf_ktime_get_ns();
	r->header.tgid = id >> 32;
	r->header.tid = id;
	r->goroutine = h->goroutine;
	r->act = act;
}

static __always_inline void tell_calls(const struct go_hit *h, __u32 stream, const struct go_lineage *l)
{
	struct sonde_go r;

	describe_go(&r, h, SONDE_GO_CALLS, sizeof(r));
	/* whoever made the call may serve another request by the time it is written */
	r.header.time_ns = l->time_ns;
	r.stream = stream;
	r.ancestors = l->ancestors;
	__builtin_memcpy(r.ancestor, l->ancestor, sizeof(r.ancestor));
	emit(&r, sizeof(r));
}

static __always_inline void tell_serves(const struct go_hit *h, __u32 stream)
{
	struct go_lineage l;
	struct sonde_go r;

	/* of what a client may open: else this is not what it was taken for */
	if (!(stream & 1) || stream > MAX_STREAM)
		return;
	describe_go(&r, h, SONDE_GO_SERVES, sizeof(r));
	r.stream = stream;
	/* grpc-go reads its first streams by the goroutine that creates the one which creates this one */
	go_lineage_of(&l, h->tgid, h->goroutine.id);
	r.ancestors = l.ancestors;
	__builtin_memcpy(r.ancestor, l.ancestor, sizeof(r.ancestor));
	emit(&r, sizeof(r));
}

struct go_route {
	struct sonde_go told;
	__u8 route[MAX_ROUTE];
};

/* Made in the ring: it is too large for the stack. */
static __always_inline void tell_route(const struct go_hit *h, __u64 address)
{
	struct go_string s = {};
	struct go_route *r;
	__u32 length;

	if (bpf_probe_read_user(&s, sizeof(s), (const void *)address) || s.length > MAX_ROUTE) {
		count(SONDE_C_GO_ROUTES_UNREAD, 1);
		return;
	}
	if (s.length == 0 || !has_room(sizeof(*r)))
		return;
	r = bpf_ringbuf_reserve(&ring, sizeof(*r), 0);
	if (!r) {
		count(SONDE_C_RING_FULL, 1);
		return;
	}
	describe_go(&r->told, h, SONDE_GO_ROUTES, sizeof(*r));
	__builtin_memset(r->route, 0, sizeof(r->route));
	length = s.length;
	asm volatile("" : "+r"(length));
	if (length > MAX_ROUTE || bpf_probe_read_user(r->route, length, (const void *)s.bytes)) {
		bpf_ringbuf_discard(r, BPF_RB_NO_WAKEUP);
		count(SONDE_C_GO_ROUTES_UNREAD, 1);
		return;
	}
	r->told.route_length = length;
	bpf_ringbuf_submit(r, BPF_RB_NO_WAKEUP);
	count(SONDE_C_RECORDS, 1);
}

/* On a stack of the runtime, before newg runs for the first time. */
static __always_inline void creates(const struct go_hit *h, __u64 newg)
{
	const struct go_process *p = h->process;
	__u64 m = word_at(h->g + G_M);
	__u64 curg = word_at(m + p->curg_offset);
	__u64 parent = curg ? word_at(curg + p->goid_offset) : 0;
	__u64 id = word_at(newg + p->goid_offset);

	/* two ways to know one thing: else the layout is not what it was taken for */
	if (!id || (p->parent_offset >= 0 && word_at(newg + p->parent_offset) != parent)) {
		count(SONDE_C_GO_CONTRADICTIONS, 1);
		return;
	}
	go_born(h->tgid, id, parent);
}

static __always_inline void remember_caller(const struct go_hit *h, __u64 address)
{
	struct go_key key = go_key(h->tgid, address);
	struct go_lineage l;

	go_lineage_of(&l, h->tgid, h->goroutine.id);
	bpf_map_update_elem(&go_callers, &key, &l, BPF_ANY);
}

static __always_inline void tell_caller(const struct go_hit *h, __u64 address, __u32 stream)
{
	struct go_key key = go_key(h->tgid, address);
	struct go_lineage *l = bpf_map_lookup_elem(&go_callers, &key);

	if (!l)
		return;
	tell_calls(h, stream, l);
	bpf_map_delete_elem(&go_callers, &key);
}

static __always_inline void writes_headers(const struct go_hit *h)
{
	struct go_lineage l;

	go_lineage_of(&l, h->tgid, h->goroutine.id);
	tell_calls(h, SONDE_GO_NEXT_STREAM, &l);
}

static __always_inline void handles(const struct go_hit *h, __u64 writer)
{
	__u64 stream = word_at(word_at(writer + RESPONSE_STATE) + STATE_STREAM);

	tell_serves(h, half_at(stream + STREAM_ID));
}

static __always_inline void handles_rpc(const struct go_hit *h, __u64 stream)
{
	if (h->argument & GO_STREAM_BEHIND)
		stream = word_at(stream);
	tell_serves(h, half_at(stream + (h->argument & 0xffff)));
}

static __always_inline void routed(const struct go_hit *h, __u64 address, __u64 behind)
{
	struct go_key key = go_key(h->tgid, h->goroutine.id);
	struct go_place place = {.address = address, .behind = behind};

	bpf_map_update_elem(&go_requests, &key, &place, BPF_ANY);
}

/* What has matched is known since the framework has called the handler. */
static __always_inline void answers(const struct go_hit *h)
{
	struct go_key key = go_key(h->tgid, h->goroutine.id);
	struct go_place *place = bpf_map_lookup_elem(&go_requests, &key);
	__u64 address;

	if (!place)
		return;
	address = place->behind ? word_at(place->address) : place->address;
	bpf_map_delete_elem(&go_requests, &key);
	if (address)
		tell_route(h, address);
}

/* Of routes within routes the innermost is told first, and is the one that the match names. */
static __always_inline void gorilla(const struct go_hit *h, __u64 template, __u64 match, __u64 route)
{
	if (template && word_at(match) == route)
		tell_route(h, template);
}

/* Whether the process is observed, and its goroutines can be told apart. Counts the hit. */
static __always_inline bool admit(struct go_hit *h, __u64 cookie)
{
	__u32 file = cookie >> GO_FILE_SHIFT & GO_FILE_MASK;
	struct go_hits *hits = bpf_map_lookup_elem(&go_files, &file);
	__u32 state;

	h->tgid = bpf_get_current_pid_tgid() >> 32;
	state = target_state(h->tgid);
	h->process = state ? bpf_map_lookup_elem(&go_processes, &h->tgid) : 0;
	if (!h->process) {
		count(SONDE_C_GO_BYSTANDER_HITS, 1);
		if (hits)
			hits->bystanders++;
		return false;
	}
	count(SONDE_C_GO_HITS, 1);
	if (hits)
		hits->selected++;
	h->flags = state == TARGET_SELECTED ? 0 : SONDE_F_PENDING;
	return true;
}

SEC("uprobe")
int on_go(struct pt_regs *ctx)
{
	__u64 cookie = bpf_get_attach_cookie(ctx);
	struct go_hit h = {};
	__u64 ax = ctx->ax, bx = ctx->bx, di = ctx->di, r9 = ctx->r9, r10 = ctx->r10;

	/* at the jump of the stack check, which it takes: once the stack has grown, it comes here again */
	if (cookie & GO_AT_BEGIN && ctx->flags & (X86_CARRY | X86_ZERO))
		return 0;
	h.g = ctx->r14;
	h.argument = cookie >> GO_ARGUMENT_SHIFT;
	if (!admit(&h, cookie))
		return 0;
	if (!h.process->g_offset)
		h.process->g_offset = g_search(bpf_get_current_task_btf(), h.g);
	if ((cookie & GO_ACT_MASK) == GO_CREATES) {
		creates(&h, bx);
		return 0;
	}
	h.goroutine.id = word_at(h.g + h.process->goid_offset);
	if (h.process->parent_offset >= 0)
		h.goroutine.parent = word_at(h.g + h.process->parent_offset);
	switch (cookie & GO_ACT_MASK) {
	case GO_ROUND_TRIP:
		remember_caller(&h, ax);
		break;
	case GO_WRITES:
		tell_caller(&h, ax, 0);
		break;
	case GO_WRITES_HEADERS:
		writes_headers(&h);
		break;
	case GO_QUEUES:
		remember_caller(&h, di);
		break;
	case GO_DEQUEUES:
		tell_caller(&h, bx, half_at(bx));
		break;
	case GO_HANDLES:
		handles(&h, bx);
		break;
	case GO_HANDLES_RPC:
		handles_rpc(&h, di);
		break;
	case GO_ROUTED:
		routed(&h, di + h.argument, 1);
		break;
	case GO_ANSWERS:
		answers(&h);
		break;
	case GO_GORILLA:
		gorilla(&h, bx, r9, r10);
		break;
	case GO_GIN:
		routed(&h, bx + h.argument, 0);
		break;
	}
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
