// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * The heart: what selected processes read from and write to TCP sockets, from the socket tracepoints (kernel >= 6.3).
 * Both fire in process context after the copy, with the socket and the byte count. An untracked socket costs one
 * load and a return.
 */
#include "kernel.bpf.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include "target.bpf.h"
#include "buffer.bpf.h"
#include "tls_socket.bpf.h"
#include "http2_socket.bpf.h"

#define MAX_IOVECS 64
#define MAX_UPGRADE 1024
#define TLS_CIPHER_BYTES 16

/* One operation in the making. Cursors live here and not on the stack: the verifier follows them a thousand times
 * cheaper through bpf_loop. */
struct scratch {
	__u64 iov;
	__u64 left;     /* of the bytes moved, not yet walked over */
	__u32 want;     /* to capture */
	__u32 got;
	__u64 last_end; /* user address just after the last byte moved */
	__u32 last_length; /* bytes of it in the same buffer */
	__u32 fault;
	__u32 upgrades; /* head of an HTTP/1.1 answer: to h2c */
	__u32 head_end;
	__u32 reserved;
	struct sonde_activity activity;
	__u8 data[SONDE_MAX_CAPTURE + sizeof(struct sonde_goroutine)];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 2); /* by direction: a receive may not interrupt a send, yet costs nothing to keep apart */
	__type(key, __u32);
	__type(value, struct scratch);
} scratch SEC(".maps");

/* Where the next message of a running recvmmsg/sendmmsg lies; by thread. */
struct mmsg_position {
	__u64 vector;
	__u32 index;
	__u32 previous_bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, struct mmsg_position);
} mmsg SEC(".maps");

static __always_inline void copy_plain(struct scratch *s, __u64 base, __u32 length)
{
	__u32 at = s->got;
	__u32 n = s->want - at;

	s->last_end = base + length;
	s->last_length = length;
	if (n > length)
		n = length;
	/* clang proves the ranges from the lines above and drops the checks the verifier needs */
	asm volatile("" : "+r"(n));
	asm volatile("" : "+r"(at));
	if (n == 0 || n > SONDE_MAX_CAPTURE / 2 || at > SONDE_MAX_CAPTURE / 2)
		return;
	if (bpf_probe_read_user(s->data + at, n, (const void *)base)) {
		s->fault = 1;
		return;
	}
	s->got = at + n;
}

static long copy_iovec(__u32 i, __u32 *direction)
{
	struct scratch *s = bpf_map_lookup_elem(&scratch, direction);
	struct user_iovec v;
	__u32 length;

	if (!s)
		return 1;
	if (bpf_probe_read_user(&v, sizeof(v), (const void *)(s->iov + i * sizeof(v)))) {
		s->fault = 1;
		return 1;
	}
	length = v.length < s->left ? v.length : s->left;
	if (length)
		copy_plain(s, v.base, length);
	s->left -= length;
	return s->left == 0 || s->fault;
}

/* The kernel tells one message at a time, never its index: continue after the message of the same vector whose
 * length, as the kernel has just written it, is the one we saw. */
static __always_inline __u64 next_message(__u64 vector, __u32 count, __u32 bytes)
{
	__u32 tid = bpf_get_current_pid_tgid();
	struct mmsg_position now = {.vector = vector, .index = 0, .previous_bytes = bytes};
	struct mmsg_position *before = bpf_map_lookup_elem(&mmsg, &tid);

	if (before && before->vector == vector && before->index + 1 < count) {
		__u32 length = 0;
		__u64 entry = vector + before->index * sizeof(struct user_mmsghdr);

		bpf_probe_read_user(&length, sizeof(length),
				    (const void *)(entry + sizeof(struct user_msghdr)));
		if (length == before->previous_bytes)
			now.index = before->index + 1;
	}
	bpf_map_update_elem(&mmsg, &tid, &now, BPF_ANY);
	return vector + now.index * sizeof(struct user_mmsghdr);
}

static __always_inline void find_in_message(struct operation_bytes *b, __u64 message)
{
	struct user_msghdr m;

	if (bpf_probe_read_user(&m, sizeof(m), (const void *)message)) {
		count(SONDE_C_FAULT, 1);
		b->known = 0;
		return;
	}
	b->address = m.iov;
	b->iovecs = m.iov_count;
	b->known = b->iovecs != 0;
}

/*
 * Where the bytes are that the running call moved. What is not static here is a function of its own to the verifier,
 * which would otherwise follow what it does once for each way that leads to it, and what comes after once for each way
 * through it.
 */
__noinline int find_bytes(struct operation_bytes *b, __u32 direction, int message_flags)
{
	bool discarded = direction == SONDE_RX && (message_flags & MSG_TRUNC);
	struct task_struct *task = bpf_get_current_task_btf();
	enum buffer_form form = BUFFER_NONE;
	struct pt_regs *regs;

	if (!b)
		return 0;
	regs = (struct pt_regs *)bpf_task_pt_regs(task);
	if (inside_syscall(regs))
		form = buffer_form(regs->orig_ax, direction);
	if (discarded || (task->flags & PF_IO_WORKER)) {
		count(discarded ? SONDE_C_NO_BUFFER : SONDE_C_IO_URING, 1);
		return 0;
	}
	b->known = 1;
	b->address = regs->si;
	switch (form) {
	case BUFFER_PLAIN:
		break;
	case BUFFER_IOVEC:
		b->iovecs = regs->dx;
		b->known = b->iovecs != 0;
		break;
	case BUFFER_MSGHDR:
		find_in_message(b, regs->si);
		break;
	case BUFFER_MMSGHDR:
		find_in_message(b, regs->dx == 1 ? regs->si : next_message(regs->si, regs->dx, b->length));
		break;
	default:
		b->known = 0;
		if (regs->orig_ax == IO_URING_ENTER || !inside_syscall(regs))
			count(SONDE_C_IO_URING, 1);
		else
			count(SONDE_C_NO_BUFFER, 1);
	}
	return 0;
}

/* Copies up to want of the operation's bytes; none when it is not known where they are. */
__noinline int copy_bytes(struct scratch *s, struct operation_bytes *b, __u32 direction, __u32 want)
{
	__u32 key = direction;

	if (!s || !b)
		return 0;
	s->want = want;
	s->got = 0;
	s->left = b->length;
	s->last_length = 0;
	s->fault = 0;
	if (!b->known)
		return 0;
	if (b->iovecs) {
		s->iov = b->address;
		bpf_loop(b->iovecs < MAX_IOVECS ? b->iovecs : MAX_IOVECS, copy_iovec, &key, 0);
	} else {
		copy_plain(s, b->address, b->length);
	}
	if (s->fault)
		count(SONDE_C_FAULT, 1);
	return 0;
}

/* Remembers the last bytes of an operation that was not captured to its end: the end of a chunked body shows there. */
static __always_inline __u8 copy_tail(struct scratch *s, __u8 *tail)
{
	__u32 n = s->last_length < 8 ? s->last_length : 8;

	asm volatile("" : "+r"(n));
	if (n == 0 || n > 8 || s->fault)
		return 0;
	if (bpf_probe_read_user(tail, n, (const void *)(s->last_end - n)))
		return 0;
	return n;
}

static __always_inline __u32 turn_budget(const struct tracked *t, __u8 direction)
{
	__u32 request = settings.request_bytes;
	__u32 response = settings.response_bytes;

	if (t->kind == TRACKED_SERVER)
		return direction == SONDE_RX ? request : response;
	if (t->kind == TRACKED_CLIENT)
		return direction == SONDE_TX ? request : response;
	return request > response ? request : response;
}

/* Of TLS only so much is of use as shows that it is. */
static __always_inline __u32 cipher_allowance(const struct tracked *t, __u32 want)
{
	__u32 left = t->turn_captured < TLS_CIPHER_BYTES ? TLS_CIPHER_BYTES - t->turn_captured : 0;

	return (t->tls & TLS_SOCKET_CIPHER) && want > left ? left : want;
}

/* How much of an operation is to be captured. Begins a turn when it goes the other way. */
static __always_inline __u32 wanted(struct tracked *t, __u8 direction, __u32 bytes)
{
	__u32 budget = turn_budget(t, direction);
	__u32 left;

	if (t->turn != direction + 1) {
		t->turn = direction + 1;
		t->turn_captured = 0;
	}
	left = t->turn_captured < budget ? budget - t->turn_captured : 0;
	return left < bytes ? left : bytes;
}

/* Whether an operation begins as TLS does, and the connection with it. */
static __always_inline void recognise_tls(struct tracked *t, struct tls_io *io, const struct scratch *s)
{
	io->record = tls_record((const struct tls_head *)s->data, s->got);
	io->hello = (io->record != 0) & (s->data[0] == TLS_TYPE_HANDSHAKE);
	if (io->record && !t->rx_total && !t->tx_total)
		t->tls |= TLS_SOCKET_CIPHER;
}

static long upgrade_step(__u32 i, __u32 *direction)
{
	struct scratch *s = bpf_map_lookup_elem(&scratch, direction);
	__u32 word;

	if (!s || i >= MAX_UPGRADE)
		return 1;
	word = *(__u32 *)(s->data + i);
	if ((word & 0xffffff) == ('h' | '2' << 8 | 'c' << 16))
		s->upgrades = 1;
	if (word == ('\r' | '\n' << 8 | '\r' << 16 | '\n' << 24))
		s->head_end = i + 4;
	return s->head_end != 0;
}

/* Length of the head of an answer that switches to HTTP/2 (RFC 7540, 3.2); 0 when it does not. */
static __always_inline __u32 upgrade_head(struct scratch *s, __u8 direction)
{
	__u32 key = direction;
	__u32 n = s->got < MAX_UPGRADE ? s->got : MAX_UPGRADE;

	s->upgrades = 0;
	s->head_end = 0;
	bpf_loop(n, upgrade_step, &key, 0);
	return s->upgrades && s->head_end <= s->got ? s->head_end : 0;
}

static __always_inline __u32 unread_bytes(struct sock *sk)
{
	struct tcp_sock *tp = bpf_skc_to_tcp_sock(sk);

	return tp ? tp->rcv_nxt - tp->copied_seq : 0;
}

/*
 * A pending process may have been decided upon since: true when the socket is still to be traced. Its owner may be
 * gone (a daemon's parent), then the process that uses the socket counts.
 */
static __always_inline bool settle(struct sock *sk, struct tracked *t)
{
	__u32 state = target_state(t->owner_tgid);

	if (!state) {
		t->owner_tgid = bpf_get_current_pid_tgid() >> 32;
		state = target_state(t->owner_tgid);
	}
	if (state == TARGET_SELECTED) {
		t->pending = 0;
		return true;
	}
	if (state)
		return true;
	give_place_back(t);
	bpf_sk_storage_delete(&sockets, sk);
	return false;
}

static __always_inline bool write_activity(struct scratch *s, struct tracked *t, const struct tls_io *io,
					   struct pt_regs *regs)
{
	__u64 id = bpf_get_current_pid_tgid();
	struct sonde_activity *a = &s->activity;
	__u32 got = s->got;
	__u64 size;

	describe(a, t, SONDE_ACTIVITY, io->now);
	a->header.tgid = id >> 32;
	a->header.tid = (__u32)id;
	a->arrived_ns = io->arrived_ns;
	a->bytes = io->bytes;
	a->captured = got;
	a->direction = io->direction;
	a->syscall = regs->orig_ax;
	if (io->waits)
		a->header.flags |= SONDE_F_WAITS;
	if (io->at_once)
		a->header.flags |= SONDE_F_AT_ONCE;
	if (!got)
		a->header.flags |= SONDE_F_NO_DATA;
	size = (sizeof(*a) + got + 7) & ~7ULL;
	asm volatile("" : "+r"(size));
	if (size > sizeof(*a) + SONDE_MAX_CAPTURE)
		return false;
	size = goroutine_append(a, (void *)a + size, size);
	a->header.length = size;
	return emit(a, size);
}

static __always_inline void account(struct tracked *t, __u8 direction, __u32 bytes, __u64 now, __u64 tail,
				    __u8 tail_length)
{
	if (direction == SONDE_RX) {
		*(__u64 *)t->rx_tail = tail;
		t->rx_tail_length = tail_length;
		t->rx_last_ns = now;
		__sync_fetch_and_add(&t->rx_total, bytes);
	} else {
		*(__u64 *)t->tx_tail = tail;
		t->tx_tail_length = tail_length;
		t->tx_last_ns = now;
		__sync_fetch_and_add(&t->tx_total, bytes);
	}
}

/* An operation of a direction that is walked over: false when it is lost there, and to be captured like any other. */
__noinline int http2_goes_on(struct tracked *t, struct http2_walk *walk, struct tls_io *io, struct operation_bytes *b)
{
	bool told = false;

	if (!t || !walk || !io || !b)
		return false;
	if (b->known)
		told = http2_socket_follow(t, walk, io, b);
	else if (http2_pass(walk, io->bytes))
		count(SONDE_C_BYTES_UNCAPTURED, io->bytes);
	else
		return false;
	account(t, io->direction, io->bytes, io->now, 0, 0);
	t->dirty = !told;
	return true;
}

/* An operation that begins HTTP/2, or is found to be in the middle of it: walks over it, and over what comes. */
static __always_inline bool http2_begins(struct sock *sk, struct tracked *t, struct tls_io *io,
					 struct operation_bytes *b, struct scratch *s)
{
	struct http2_walk *walk = http2_walk_of(sk, t, io->direction);
	struct http2_opening *opening = (struct http2_opening *)s->data;
	enum http2_sign sign = http2_look(t, io, opening, s->got);
	__u32 before = 0;

	if (sign == HTTP2_NO_SIGN)
		return false;
	if (sign == HTTP2_SIGN_SWITCH) {
		before = upgrade_head(s, io->direction);
		if (!before)
			return false;
	} else if (sign == HTTP2_SIGN_PREFACE) {
		before = HTTP2_PREFACE;
	} else if (sign == HTTP2_SIGN_FRAME && !http2_socket_frames(b, io->direction)) {
		return false;
	}
	if (!walk)
		walk = http2_new_walk(sk, t, io->direction);
	if (!walk)
		return false;
	http2_begin(walk, before);
	t->dirty = !http2_socket_follow(t, walk, io, b);
	account(t, io->direction, io->bytes, io->now, 0, 0);
	return true;
}

/*
 * When what is now read arrived; what is left came at the latest with the latest segment, and with it alone if all of
 * what was read did.
 */
__noinline int take_arrival(struct tracked *t, struct tls_io *io, __u32 left)
{
	if (!t || !io)
		return 0;
	io->arrived_ns = t->arrived_ns;
	io->at_once = t->arrived_ns && t->arrived_ns == t->arrived_last_ns && !t->arrived_mixed;
	t->arrived_ns = left ? t->arrived_last_ns : 0;
	t->arrived_mixed = left && !io->at_once;
	return 0;
}

/* False when the socket is not, or no longer, traced. */
static __always_inline bool transfer(struct sock *sk, struct tracked *t, __u32 bytes, __u8 direction, int message_flags)
{
	struct task_struct *task = bpf_get_current_task_btf();
	enum tls_look tls = TLS_CLEAR;
	struct operation_bytes where = {.length = bytes};
	struct tls_io io = {.bytes = bytes, .direction = direction};
	struct http2_walk *walk;
	struct pt_regs *regs;
	struct scratch *s;
	__u32 key = direction;
	__u32 want, look;
	__u8 tail_length = 0;
	__u64 tail = 0;
	bool told = true;
	bool rx = direction == SONDE_RX;

	if (t->kind == TRACKED_LISTENER || t->kind == TRACKED_IGNORED || (task->flags & PF_KTHREAD))
		return false;
	if (t->pending && !settle(sk, t))
		return false;
	s = bpf_map_lookup_elem(&scratch, &key);
	if (!s)
		return false;
	io.now = bpf_ktime_get_ns();
	/* the kernel has put O_NONBLOCK of the file into the message's flags */
	io.waits = rx && !(message_flags & MSG_DONTWAIT) && !(task->flags & PF_IO_WORKER);
	if (!t->cookie)
		t->cookie = bpf_get_socket_cookie(sk);
	if (!t->announced)
		t->announced = announce(sk, t, io.now);
	if (rx)
		take_arrival(t, &io, unread_bytes(sk));
	regs = (struct pt_regs *)bpf_task_pt_regs(task);
	if (t->http2) {
		find_bytes(&where, direction, message_flags);
		walk = http2_walk_of(sk, t, direction);
		if (walk && walk->mode == HTTP2_WALKED && http2_goes_on(t, walk, &io, &where))
			return true;
	}

	if (settings.tls && !(task->flags & PF_IO_WORKER))
		tls = tls_look(t, &io);
	if (tls == TLS_KNOWN) {
		account(t, direction, bytes, io.now, 0, 0);
		return true;
	}

	want = wanted(t, direction, bytes);
	look = t->tls & TLS_SOCKET_HANDED ? 0 : want;
	if (look < TLS_RECORD_HEADER && (tls == TLS_OPEN || t->turn_captured == 0))
		look = bytes < TLS_RECORD_HEADER ? bytes : TLS_RECORD_HEADER;
	if (http2_anywhere(t) && look < HTTP2_PREFACE)
		look = bytes < HTTP2_PREFACE ? bytes : HTTP2_PREFACE;
	if (!t->http2)
		find_bytes(&where, direction, message_flags);
	copy_bytes(s, &where, direction, look);
	recognise_tls(t, &io, s);
	if (where.known && !t->tls && http2_begins(sk, t, &io, &where, s))
		return true;
	if (settings.tls && (tls == TLS_OPEN || io.record))
		tls_consider(t, &io);
	if (t->tls & (TLS_SOCKET_READABLE | TLS_SOCKET_HANDED)) {
		account(t, direction, bytes, io.now, 0, 0);
		t->dirty = 0;
		return true;
	}
	want = cipher_allowance(t, want);
	if (s->got > want)
		s->got = want;
	if (s->got < bytes) {
		count(SONDE_C_BYTES_UNCAPTURED, bytes - s->got);
		tail_length = copy_tail(s, (__u8 *)&tail);
		told = false;
	}
	/* The first operation of a turn is always told, however little of it could be captured. */
	if (want || t->turn_captured == 0)
		told &= write_activity(s, t, &io, regs);
	else
		told = false;
	t->turn_captured += s->got ? s->got : 1;
	account(t, direction, bytes, io.now, tail, tail_length);
	/* last, since a sweep may run meanwhile: it takes the mark away before it looks at the totals */
	t->dirty = !told;
	return true;
}

/* A CLOSED that had to wait is told once there is nothing more to read, or the operation has failed. */
static __always_inline void tell_closed(struct sock *sk, struct tracked *t, int result)
{
	if (!t->closed)
		return;
	if (result > 0 && !(t->close_flags & SONDE_F_RESET) && unread_bytes(sk) > 1)
		return;
	t->closed = 0;
	emit_closed(sk, t, bpf_ktime_get_ns());
}

SEC("tp_btf/sock_recv_length")
int BPF_PROG(on_receive, struct sock *sk, int ret, int flags)
{
	struct tracked *t;

	if (!sk->sk_bpf_storage || (flags & (MSG_PEEK | MSG_ERRQUEUE)))
		return 0;
	t = bpf_sk_storage_get(&sockets, sk, 0, 0);
	if (!t || (ret > 0 && !transfer(sk, t, ret, SONDE_RX, flags)))
		return 0;
	tell_closed(sk, t, ret);
	return 0;
}

SEC("tp_btf/sock_send_length")
int BPF_PROG(on_send, struct sock *sk, int ret, int flags)
{
	struct tracked *t;

	if (!sk->sk_bpf_storage)
		return 0;
	t = bpf_sk_storage_get(&sockets, sk, 0, 0);
	if (!t || (ret > 0 && !transfer(sk, t, ret, SONDE_TX, flags)))
		return 0;
	tell_closed(sk, t, ret);
	return 0;
}

static __always_inline bool tell_listen(struct task_struct *task, __u16 port, __u64 now)
{
	struct sonde_process p = {};

	p.header.length = sizeof(p);
	p.header.kind = SONDE_LISTEN;
	p.header.time_ns = now;
	p.header.tgid = task->tgid;
	p.start_ns = task->start_boottime;
	p.port = port;
	return emit_process(&p, sizeof(p));
}

/*
 * A process begins to listen on a port that a rule names: it is in question, also when it was selected before, for
 * the rule may be one that excludes. Until the capture process has decided, it is pending, as after an exec.
 */
static __always_inline void on_listen(struct sock *sk, __u64 now)
{
	struct task_struct *task = bpf_get_current_task_btf();
	__u32 tgid = task->tgid;
	__u32 state = target_state(tgid);
	__u16 port = sk->__sk_common.skc_num;
	__u64 before = asked_before(tgid);

	if (port_of_interest(port) && ask(tgid, now)) {
		if (tell_listen(task, port, now))
			state = TARGET_PENDING;
		else
			unask(tgid, before);
	}
	if (state)
		track(sk, tgid, TRACKED_LISTENER, state);
}

static __always_inline void on_connect(struct sock *sk, __u64 now)
{
	__u32 tgid = bpf_get_current_pid_tgid() >> 32;
	__u32 state = target_state(tgid);
	struct tracked *t;

	if (!state)
		return;
	t = track(sk, tgid, TRACKED_CLIENT, state);
	if (t)
		t->opened_ns = now;
}

/* A child of a tracked listener: its storage is a copy of the listener's. */
static __always_inline void on_accepted(struct tracked *t, __u64 now)
{
	t->kind = TRACKED_SERVER;
	t->opened_ns = now;
	t->cookie = 0;
	take_place(t);
}

/*
 * The socket's owner is in the middle of a read or write, which will be told when it returns: over loopback the peer's RST
 * arrives inside the very write that provoked it.
 */
static __always_inline bool within_operation(struct sock *sk)
{
	struct pt_regs *regs;

	if (!sk->sk_lock.owned)
		return false;
	regs = (struct pt_regs *)bpf_task_pt_regs(bpf_get_current_task_btf());
	return buffer_form(regs->orig_ax, SONDE_RX) || buffer_form(regs->orig_ax, SONDE_TX) ||
	       regs->orig_ax == SENDFILE;
}

static __always_inline void on_close(struct sock *sk, struct tracked *t, __u64 now)
{
	give_place_back(t);
	if (settings.tls)
		bpf_map_delete_elem(&tls_cookies, &t->cookie);
	t->close_flags = (t->local_close ? SONDE_F_LOCAL_CLOSE : 0) | (sk->sk_err ? SONDE_F_RESET : 0);
	/* or both ends have closed, but the program has not read everything yet (1: the FIN itself) */
	if (within_operation(sk) || (!sk->sk_err && sk->sk_socket && unread_bytes(sk) > 1))
		t->closed = 1;
	else
		emit_closed(sk, t, now);
}

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(on_state, struct sock *sk, int from, int to)
{
	struct tracked *t;

	if (!is_tcp(sk))
		return 0;
	if (to == TCP_LISTEN) {
		on_listen(sk, bpf_ktime_get_ns());
		return 0;
	}
	if (to == TCP_SYN_SENT) {
		on_connect(sk, bpf_ktime_get_ns());
		return 0;
	}
	if (!sk->sk_bpf_storage)
		return 0;
	t = bpf_sk_storage_get(&sockets, sk, 0, 0);
	if (!t)
		return 0;
	if (to == TCP_ESTABLISHED && t->kind == TRACKED_LISTENER)
		on_accepted(t, bpf_ktime_get_ns());
	else if (to == TCP_FIN_WAIT1 && from == TCP_ESTABLISHED)
		t->local_close = 1;
	else if (to == TCP_CLOSE && t->kind != TRACKED_LISTENER) {
		/* closed with bytes unread, or without lingering: what goes out is a RST; one that comes in is in sk_err */
		if (from == TCP_ESTABLISHED && !sk->sk_err)
			t->local_close = 1;
		on_close(sk, t, bpf_ktime_get_ns());
	}
	return 0;
}

/*
 * A CLOSED that waited for a read or write, and there was none: the program closes what it has not read, or was killed.
 */
SEC("tp_btf/tcp_destroy_sock")
int BPF_PROG(on_destroy, struct sock *sk)
{
	struct tracked *t;

	if (!sk->sk_bpf_storage)
		return 0;
	t = bpf_sk_storage_get(&sockets, sk, 0, 0);
	if (t)
		tell_closed(sk, t, 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
