/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Which goroutine made which, and when. What is forgotten too early is told as not known. */
#ifndef SONDE_GO_LINEAGE_BPF_H
#define SONDE_GO_LINEAGE_BPF_H

#include "target.bpf.h"

/* A goroutine by its id, or something of a program by its address. */
struct go_key {
	__u32 tgid;
	__u32 reserved;
	__u64 id;
};

/*
 * Goroutines are numbered in the order in which they are made, so that a slot of the table is used again when as many
 * others as it has slots were made: a hash map takes several times as long.
 */
#define GO_BIRTHS (1 << 16)

struct go_birth {
	__u64 id;
	__u64 parent;
	__u64 created_ns;
	__u32 tgid;
	__u32 version; /* odd while it is written */
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, GO_BIRTHS);
	__type(key, __u32);
	__type(value, struct go_birth);
} go_births SEC(".maps");

#define go_barrier() asm volatile("" ::: "memory")

static __always_inline struct go_birth *go_birth_at(__u32 tgid, __u64 id)
{
	__u32 slot = (id + tgid * 2654435761u) & (GO_BIRTHS - 1);

	return bpf_map_lookup_elem(&go_births, &slot);
}

static __always_inline void go_born(__u32 tgid, __u64 id, __u64 parent)
{
	struct go_birth *b = go_birth_at(tgid, id);
	__u32 version;

	if (!b)
		return;
	version = *(volatile __u32 *)&b->version;
	/* another CPU writes to the same slot: this one is forgotten */
	if (version & 1 || __sync_val_compare_and_swap(&b->version, version, version + 1) != version)
		return;
	b->id = id;
	b->tgid = tgid;
	b->parent = parent;
	b->created_ns = bpf_ktime_get_ns();
	go_barrier();
	*(volatile __u32 *)&b->version = version + 2;
}

/* False when it is not known. */
static __always_inline bool go_birth_of(__u32 tgid, __u64 id, struct go_birth *to)
{
	struct go_birth *b = go_birth_at(tgid, id);

	if (!b)
		return false;
	to->version = *(volatile __u32 *)&b->version;
	go_barrier();
	to->id = b->id;
	to->tgid = b->tgid;
	to->parent = b->parent;
	to->created_ns = b->created_ns;
	go_barrier();
	return !(to->version & 1) && *(volatile __u32 *)&b->version == to->version && to->id == id && to->tgid == tgid;
}

/* ancestor[0] is the goroutine itself. */
struct go_lineage {
	struct sonde_ancestor ancestor[SONDE_GO_ANCESTORS];
	__u64 time_ns; /* when the goroutine asked for it */
	__u64 ancestors;
};

static __always_inline struct go_key go_key(__u32 tgid, __u64 id)
{
	struct go_key key = {.tgid = tgid, .id = id};

	return key;
}

static __always_inline void go_lineage_of(struct go_lineage *l, __u32 tgid, __u64 id)
{
	int i;

	__builtin_memset(l, 0, sizeof(*l));
	l->time_ns = bpf_ktime_get_ns();
	for (i = 0; i < SONDE_GO_ANCESTORS; i++) {
		struct go_birth birth;

		l->ancestor[i].id = id;
		l->ancestors = i + 1;
		if (!go_birth_of(tgid, id, &birth))
			return;
		l->ancestor[i].created_ns = birth.created_ns;
		id = birth.parent;
		if (!id)
			return;
	}
}

#endif
