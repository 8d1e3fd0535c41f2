// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * When bytes reach a tracked socket, in softirq, even while the connection waits to be accepted: the true start of
 * a request. Listeners are not stamped, since their children would inherit a stale stamp.
 */
#include "kernel.bpf.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include "target.bpf.h"

SEC("tp_btf/sk_data_ready")
int BPF_PROG(on_data_ready, struct sock *sk)
{
	struct tracked *t;
	__u64 now;

	if (!sk->sk_bpf_storage || sk->__sk_common.skc_state == TCP_LISTEN)
		return 0;
	t = bpf_sk_storage_get(&sockets, sk, 0, 0);
	if (!t)
		return 0;
	now = bpf_ktime_get_ns();
	if (!t->arrived_ns)
		t->arrived_ns = now;
	t->arrived_last_ns = now;
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
