/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Counts how often it is hit, by cookie, apart for entries and returns. */
#include "kernel.bpf.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u32);
} hits SEC(".maps");

static int count(__u32 index)
{
	__u32 *hit = bpf_map_lookup_elem(&hits, &index);

	if (hit)
		__sync_fetch_and_add(hit, 1);
	return 0;
}

SEC("uprobe")
int on_call(void *ctx)
{
	return count(bpf_get_attach_cookie(ctx) & 31);
}

SEC("uretprobe")
int on_return(void *ctx)
{
	return count(32 + (bpf_get_attach_cookie(ctx) & 31));
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
