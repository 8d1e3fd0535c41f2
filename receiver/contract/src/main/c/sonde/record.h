/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Layout of every record, exactly as the kernel writes it into the ring buffer and as it crosses the
 * socket inside a Block. This header is the truth: the BPF programs include it, and RecordLayout.java
 * is compared with the BTF of the compiled programs by a test.
 *
 * Rules: host byte order; every record starts on 8 bytes and its length is a multiple of 8; times are
 * CLOCK_MONOTONIC in ns (System.nanoTime() is the same clock), 0 = unknown; sizes and offsets in bytes.
 * Any change here raises SONDE_LAYOUT_VERSION; the receiver refuses a version it does not know. One change does not: a
 * new flag whose absence says "not known" and which a receiver may pass over (SONDE_F_WAITS).
 *
 * Version 2 adds PLAINTEXT, version 3 GOROUTINE, data in fragments and what goroutine did an operation; whoever reads a
 * version reads those before it.
 */
#ifndef SONDE_RECORD_H
#define SONDE_RECORD_H

#define SONDE_LAYOUT_VERSION 3

/* Most bytes of one operation that are ever captured; also the size of the scratch buffer. */
#define SONDE_MAX_CAPTURE 16384

enum sonde_record_kind {
	SONDE_CONNECTION = 1, /* struct sonde_connection: announces a connection, before anything else on it */
	SONDE_ACTIVITY = 2,   /* struct sonde_activity: one operation, or a summary of unreported ones */
	SONDE_CLOSED = 3,     /* struct sonde_activity without data: nothing more will come */
	SONDE_PLAINTEXT = 4,  /* struct sonde_activity: one operation on, or a summary of, a TLS session */
	SONDE_GOROUTINE = 5,  /* struct sonde_go: what a goroutine does that no operation shows */
	/* Kinds from 16 on are for the capture process alone and never cross the socket. */
	SONDE_EXEC = 16,
	SONDE_FORK = 17,
	SONDE_EXIT = 18,
	SONDE_LISTEN = 19,
	SONDE_TLS_SEEN = 20, /* struct sonde_process: speaks TLS, by no library that is hooked */
};

enum sonde_flag {
	SONDE_F_SUMMARY = 1 << 0,   /* ACTIVITY: no operation of its own, only totals (idle or large transfer) */
	SONDE_F_NO_DATA = 1 << 1,   /* the bytes could not be captured (sendfile, splice, io_uring, fault) */
	SONDE_F_PENDING = 1 << 2,   /* the process is not yet known to be selected */
	SONDE_F_RESET = 1 << 3,     /* CLOSED: by RST or error, not by FIN */
	SONDE_F_LOCAL_CLOSE = 1 << 4, /* CLOSED: this host closed first */
	SONDE_F_CLOSING = 1 << 5,   /* CONNECTION: once more, just before its CLOSED: for a receiver that comes later */
	SONDE_F_WAITS = 1 << 6,     /* ACTIVITY, RX: the read would have waited: blocking socket, no MSG_DONTWAIT */
	SONDE_F_FRAGMENTS = 1 << 7, /* ACTIVITY, PLAINTEXT: data[] is one struct sonde_fragment after another */
	SONDE_F_AT_ONCE = 1 << 8,   /* ACTIVITY, PLAINTEXT, RX: all of its bytes arrived at arrived_ns */
	SONDE_F_GOROUTINE = 1 << 9, /* ACTIVITY, PLAINTEXT: the record ends with the struct sonde_goroutine that did it */
};

enum sonde_role {
	SONDE_ROLE_UNKNOWN = 0, /* connection older than the capture, side not known */
	SONDE_ROLE_SERVER = 1,
	SONDE_ROLE_CLIENT = 2,
};

enum sonde_direction {
	SONDE_RX = 0,
	SONDE_TX = 1,
};

/* How the connection of a TLS session is known. */
enum sonde_match {
	SONDE_MATCH_NONE = 0,     /* not yet: header.connection is 0 */
	SONDE_MATCH_IO = 1,       /* the library itself read from or wrote to the socket within a call: certain */
	SONDE_MATCH_THREAD = 2,   /* memory BIO: the thread had just received from, or then sent to, this socket and no other */
	SONDE_MATCH_CONFLICT = 3, /* what was seen contradicts itself: header.connection is 0, and stays it */
};

/* Start of every record. */
struct sonde_header {
	__u32 length;     /* bytes, this header included, multiple of 8 */
	__u16 kind;       /* enum sonde_record_kind */
	__u16 flags;      /* enum sonde_flag, ored */
	__u64 time_ns;    /* when the operation returned */
	__u64 connection; /* socket cookie: unique on this host until reboot; 0 in process records */
	__u32 sequence;   /* of this connection (PLAINTEXT: session), counts every attempt: a hole is a lost record; wraps */
	__u32 tgid;       /* process (host pid namespace) that did the operation */
	__u32 tid;        /* thread that did the operation */
	__u32 session;    /* PLAINTEXT: one conversation of a TLS library, counted by the capture from 1, wraps; else 0 */
};

struct sonde_connection {
	struct sonde_header header;
	__u64 opened_ns; /* 0 when the connection is older than the capture */
	__u64 netns;     /* inode number of the network namespace */
	__u8 local_address[16]; /* IPv6, or IPv4-mapped IPv6 (::ffff:a.b.c.d) */
	__u8 remote_address[16];
	__u16 local_port; /* host byte order */
	__u16 remote_port;
	__u8 role;   /* enum sonde_role */
	__u8 mptcp;  /* 1 when an MPTCP socket */
	__u16 reserved;
};

/*
 * One read or write. Offsets are the totals of each direction before this operation, so bytes that were
 * moved without a record of their own (over the capture budget of their turn) show as a jump, and the
 * times and the last bytes of such a stretch are here.
 *
 * In PLAINTEXT all of it is of what a TLS library gave to its program or took from it, except arrived_ns: when the
 * first byte of the TLS records that held it reached the socket. The first one of a session may be a summary of
 * nothing: from now on the connection can be read. A connection that can is told by PLAINTEXT and CLOSED alone.
 */
struct sonde_activity {
	struct sonde_header header;
	__u64 arrived_ns; /* RX: when the first byte reached the socket; 0 unknown */
	__u64 rx_offset;
	__u64 tx_offset;
	__u64 rx_last_ns; /* when the latest earlier operation of that direction returned; 0 none */
	__u64 tx_last_ns;
	__u32 bytes;    /* moved by this operation; 0 in summaries and CLOSED */
	__u32 captured; /* of them, the first ones, in data[] */
	__u8 direction; /* enum sonde_direction of this operation */
	__u8 rx_tail_length; /* 0..8: valid bytes in rx_tail, which end exactly at rx_offset */
	__u8 tx_tail_length;
	__u8 match;     /* PLAINTEXT: enum sonde_match; else 0 */
	__u16 syscall; /* number on this architecture; 0 in summaries and PLAINTEXT */
	__u16 reserved2;
	__u8 rx_tail[8]; /* last bytes of the unreported stretch, right-aligned at index rx_tail_length */
	__u8 tx_tail[8];
	__u8 data[];
};

/*
 * With SONDE_F_FRAGMENTS: bytes from the middle of the operation, as the frames of HTTP/2 without the bodies. An
 * operation may be told by several records, each with offsets and bytes of its own.
 */
struct sonde_fragment {
	__u32 skipped; /* bytes that were moved, not captured, since the fragment before, or the begin of the record */
	__u32 length;  /* of data[]; the next fragment starts on 8 bytes */
	__u8 data[];
};

struct sonde_goroutine {
	__u64 id;     /* unique in its process for as long as that lives */
	__u64 parent; /* that created it; 0 not known: before Go 1.21 */
};

enum sonde_go_act {
	SONDE_GO_CALLS = 1,  /* the next request that it writes, or the one on that stream, is ancestor[0]'s */
	SONDE_GO_SERVES = 2, /* it begins to serve that stream of the connection that its parent reads, or that a sibling reads */
	SONDE_GO_ROUTES = 3, /* the request that it serves was matched by route[]; told before the answer is written */
};

#define SONDE_GO_ANCESTORS 4
#define SONDE_GO_NEXT_STREAM (-1) /* CALLS, HTTP/2: the one whose HEADERS it writes next */

/* ancestor[i + 1] created ancestor[i]. */
struct sonde_ancestor {
	__u64 id;
	__u64 created_ns; /* 0 not known: before the capture, or forgotten */
};

/* Told before the operations that it is about. */
struct sonde_go {
	struct sonde_header header; /* connection, sequence and session are 0; CALLS: time_ns is when ancestor[0] began it */
	struct sonde_goroutine goroutine;
	struct sonde_ancestor ancestor[SONDE_GO_ANCESTORS]; /* CALLS, SERVES */
	__u32 stream; /* CALLS, SERVES: of HTTP/2; 0 is HTTP/1 */
	__u32 route_length; /* ROUTES: of route[] */
	__u8 act; /* enum sonde_go_act */
	__u8 ancestors; /* that are valid */
	__u16 reserved;
	__u32 reserved2;
	__u8 route[];
};

/* ---- for the capture process only ---- */

struct sonde_process {
	struct sonde_header header; /* tgid is the process concerned */
	__u64 start_ns;   /* CLOCK_BOOTTIME when it started: with the pid, its identity */
	__u32 parent_tgid;
	__u32 uid;
	__u32 port;       /* LISTEN */
	__u32 path_length; /* EXEC: bytes in data: the path given to execve, then the arguments, each ended by NUL */
	__u32 args_length;
	__u32 reserved;
	__u8 data[];
};

/* Index into the per-CPU counter array. Names and sentences: CaptureCounter.java. */
enum sonde_counter {
	SONDE_C_RECORDS = 0,        /* written to the ring */
	SONDE_C_RING_FULL = 1,      /* not written: ring full */
	SONDE_C_FAULT = 2,          /* user memory could not be read */
	SONDE_C_NO_BUFFER = 3,      /* operation whose buffer cannot be found: sendfile, splice, unknown call */
	SONDE_C_IO_URING = 4,       /* operation by io_uring: counted, not captured */
	SONDE_C_NO_STORAGE = 5,     /* socket storage could not be made: connection not traced */
	SONDE_C_TOO_MANY = 6,       /* over max_connections: connection not traced */
	SONDE_C_PROCESS_TABLE = 7,  /* process table full: process not traced */
	SONDE_C_BYTES_UNCAPTURED = 8, /* bytes over the budget, by design */
	SONDE_C_TLS_HITS = 9,         /* calls of TLS libraries in selected processes that were looked at */
	SONDE_C_TLS_BYSTANDER_HITS = 10, /* and in others that share the file: they paid for nothing */
	SONDE_C_TLS_NESTED = 11,      /* calls within a call on the same thread: not captured */
	SONDE_C_PROCESS_UNTOLD = 12, /* ring full: of a program that was executed, forked or began to listen nobody decides */
	SONDE_C_HTTP2_LOST = 13,     /* frames of HTTP/2 could not be followed: one direction is captured as any other */
	SONDE_C_GO_HITS = 14,         /* places in selected Go programs that were passed and looked at */
	SONDE_C_GO_BYSTANDER_HITS = 15, /* and in others that share the file: they paid for nothing */
	SONDE_C_GO_CONTRADICTIONS = 16, /* goroutines whose parent two ways of knowing tell differently: not told */
	SONDE_C_GO_ROUTES_UNREAD = 17, /* routes of Go's frameworks that are too long, or could not be read: not told */
	SONDE_C_MAX = 18,
};

#endif
