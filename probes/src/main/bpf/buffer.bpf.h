/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Where the bytes of the running system call are. The hooks fire inside the call, after the copy, so the caller's
 * saved registers still name the buffer and its pages have just been touched.
 */
#ifndef SONDE_BUFFER_BPF_H
#define SONDE_BUFFER_BPF_H

#include "kernel.bpf.h"
#include "sonde/record.h"

enum buffer_form {
	BUFFER_NONE = 0, /* cannot be found: sendfile, splice, io_uring, unknown call */
	BUFFER_PLAIN,    /* si = buffer */
	BUFFER_IOVEC,    /* si = iovec[], dx = count */
	BUFFER_MSGHDR,   /* si = msghdr */
	BUFFER_MMSGHDR,  /* si = mmsghdr[], dx = count */
};

/* The bytes of one operation: in one piece, or scattered. */
struct operation_bytes {
	__u64 address; /* of the first byte, or of the first struct user_iovec */
	__u32 iovecs;  /* 0: in one piece */
	__u32 length;
	__u32 known; /* 0: nobody knows where they are */
	__u32 reserved;
};

#define X86_USER32_CS 0x23
#define ENOSYS 38
#define IO_URING_ENTER 426
#define SENDFILE 40

#if defined(__TARGET_ARCH_x86)

/* arch/x86/entry/syscalls/syscall_64.tbl. A call of the other direction means that the registers belong to
 * something else (an io_uring completion inside it). */
static __always_inline enum buffer_form buffer_form(long nr, __u8 direction)
{
	if (direction == SONDE_RX) {
		switch (nr) {
		case 0:  /* read */
		case 45: /* recvfrom */
			return BUFFER_PLAIN;
		case 19:  /* readv */
		case 327: /* preadv2 */
			return BUFFER_IOVEC;
		case 47: /* recvmsg */
			return BUFFER_MSGHDR;
		case 299: /* recvmmsg */
			return BUFFER_MMSGHDR;
		}
	} else {
		switch (nr) {
		case 1:  /* write */
		case 44: /* sendto */
			return BUFFER_PLAIN;
		case 20:  /* writev */
		case 328: /* pwritev2 */
			return BUFFER_IOVEC;
		case 46: /* sendmsg */
			return BUFFER_MSGHDR;
		case 307: /* sendmmsg */
			return BUFFER_MMSGHDR;
		}
	}
	return BUFFER_NONE;
}

/*
 * While a call runs, ax is what the entry code put there; once it has returned, its result. Completions that
 * io_uring runs as task work on the way out of an unrelated call are told apart by this.
 */
static __always_inline bool inside_syscall(const struct pt_regs *regs)
{
	return (long)regs->ax == -ENOSYS && regs->cs != X86_USER32_CS;
}

#else
#error "system call numbers of this architecture are not known yet"
#endif

#endif
