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

struct go_birth {
	__u64 parent;
	__u64 created_ns;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 32768);
	__type(key, struct go_key);
	__type(value, struct go_birth);
} go_births SEC(".maps");

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
		struct go_key key = go_key(tgid, id);
		struct go_birth *birth = bpf_map_lookup_elem(&go_births, &key);

		l->ancestor[i].id = id;
		l->ancestors = i + 1;
		if (!birth)
			return;
		l->ancestor[i].created_ns = birth->created_ns;
		id = birth->parent;
		if (!id)
			return;
	}
}

#endif
