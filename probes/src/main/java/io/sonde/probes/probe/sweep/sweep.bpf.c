// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * Walks over all tracked sockets. SUMMARY: tells the totals of connections that went idle with something untold, so
 * that the last answer on an idle keep-alive connection is reported. ANNOUNCE: tells every connection again, for a
 * receiver that knows nothing.
 */
#include "kernel.bpf.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include "emit.bpf.h"

enum sweep_mode {
	SWEEP_SUMMARY = 0,
	SWEEP_ANNOUNCE = 1,
};

/* Set by SweepProbe before each run. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} sweep_mode SEC(".maps");

static __always_inline bool idle(const struct tracked *t, __u64 now)
{
	__u64 last = t->rx_last_ns > t->tx_last_ns ? t->rx_last_ns : t->tx_last_ns;

	return now > last && now - last > (__u64)settings.idle_ms * 1000000;
}

SEC("iter/bpf_sk_storage_map")
int on_tracked(struct bpf_iter__bpf_sk_storage_map *ctx)
{
	struct tracked *t = ctx->value;
	struct sock *sk = ctx->sk;
	__u32 zero = 0;
	__u32 *mode = bpf_map_lookup_elem(&sweep_mode, &zero);
	__u64 now;

	if (!sk || !t || !mode || !t->announced)
		return 0;
	now = bpf_ktime_get_ns();
	if (*mode == SWEEP_ANNOUNCE)
		announce(sk, t, now);
	else if (t->dirty && idle(t, now))
		emit_state(t, SONDE_ACTIVITY, SONDE_F_SUMMARY, now);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
