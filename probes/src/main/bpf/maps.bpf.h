/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Maps that several probes share. Each probe is an object of its own, so that a refusal by the verifier costs one
 * feature; the loader gives every object the same map by name (BpfObject.load).
 */
#ifndef SONDE_MAPS_BPF_H
#define SONDE_MAPS_BPF_H

#include "kernel.bpf.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "sonde/record.h"
#include "settings.bpf.h"

enum tracked_kind {
	TRACKED_LISTENER = 1,
	TRACKED_SERVER = 2,
	TRACKED_CLIENT = 3,
	TRACKED_UNKNOWN = 4,
	TRACKED_IGNORED = 5, /* over max_connections */
};

#define TLS_SOCKET_CIPHER 1   /* its first bytes are TLS */
#define TLS_SOCKET_READABLE 2 /* a hooked library does its reads and writes: it is told in clear, not here */
#define TLS_SOCKET_HANDED 4   /* its reads and writes are handed to a hooked library: told in clear as well */

/*
 * What we remember of a socket. Lives in the socket (sk_storage), so it dies with it and follows dup, fork and
 * SCM_RIGHTS. A listener's value is cloned into every child at SYN time, before accept, hence its small size.
 */
struct tracked {
	__u64 cookie;
	__u64 opened_ns;
	__u64 arrived_ns;      /* of the first byte not yet read */
	__u64 arrived_last_ns; /* of the latest segment */
	__u64 rx_total;
	__u64 tx_total;
	__u64 rx_last_ns;
	__u64 tx_last_ns;
	__u32 owner_tgid;
	__u32 sequence;
	__u32 turn_captured;
	__u8 kind; /* enum tracked_kind */
	__u8 turn; /* enum sonde_direction + 1, 0 before the first byte */
	__u8 announced;
	__u8 pending;
	__u8 dirty; /* something happened that no record has told yet */
	__u8 counted;
	__u8 local_close;
	__u8 closed; /* CLOSED is owed, with close_flags, after the operation that runs or the last bytes */
	__u8 close_flags;
	__u8 rx_tail_length;
	__u8 tx_tail_length;
	__u8 mptcp;
	__u8 tls; /* TLS_SOCKET_* */
	__u8 http2; /* one of its directions was found to be: there is a value in http2_connections */
	__u8 arrived_mixed; /* what has not been read came in several segments */
	__u8 reserved;
	__u8 rx_tail[8];
	__u8 tx_tail[8];
};

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_CLONE);
	__type(key, int);
	__type(value, struct tracked);
} sockets SEC(".maps");

enum target_state {
	TARGET_SELECTED = 1,
	TARGET_PENDING = 2, /* it has done something that the capture process has not decided upon yet */
};

/*
 * A process is pending as long as what it did last is younger than what was decided upon last. The two times are kept
 * apart so that each has one writer: a decision that is written while the process does the next thing takes nothing
 * from it.
 */

/* When it last did what is to be decided upon, by tgid: the time of the record that tells. Written here only. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 32768);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u32);
	__type(value, __u64);
} questions SEC(".maps");

struct target {
	__u64 decided_ns; /* time of the record that was decided upon; 0: it ran already */
	__u32 selected;
	__u32 reserved;
};

/* What was decided, by tgid. Written by the capture process (TargetTable), here only when a process begins or ends. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 32768);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u32);
	__type(value, struct target);
} targets SEC(".maps");

/* Selected processes in which a TLS library is hooked, by tgid. Written here and by the capture process. */
struct tls_process {
	__u32 kinds; /* TLS_IN_C, TLS_IN_GO, TLS_OFF, ored */
	__s32 g_offset; /* TLS_IN_GO: of the goroutine's address from the thread's fs base */
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u32);
	__type(value, struct tls_process);
} tls_processes SEC(".maps");

/*
 * Selected processes of Go whose goroutines have identities that we can read, by tgid. Written by the capture process.
 * Offsets in bytes: of the goroutine's address from the thread's fs base (-8 unless a linker of C put it elsewhere; 0
 * until a program in the process's functions has found it); of goid and of parentGoid in struct g (-1: before Go 1.21
 * there is none); of curg in struct m.
 */
struct go_process {
	__s32 g_offset;
	__s32 goid_offset;
	__s32 parent_offset;
	__s32 curg_offset;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u32);
	__type(value, struct go_process);
} go_processes SEC(".maps");

/* One bit per port that a rule names, to select or to exclude. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} ports SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4 * 1024 * 1024);
} ring SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, SONDE_C_MAX);
	__type(key, __u32);
	__type(value, __u64);
} counters SEC(".maps");

/* [0]: connections tracked now. Not per CPU: it is compared with max_connections. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} live SEC(".maps");

#endif
