/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * What a hooked function does, the low half of its attach cookie; the high half numbers the library it is in
 * (tls_libraries). Mirrored by TlsFunction.java and compared by a test.
 */
#ifndef SONDE_TLS_FUNCTIONS_BPF_H
#define SONDE_TLS_FUNCTIONS_BPF_H

enum tls_function {
	TLS_NONE = 0,
	TLS_READ = 1,       /* (object, buffer, length) -> bytes */
	TLS_READ_EX = 2,    /* (object, buffer, length, *bytes) -> 1 when done */
	TLS_WRITE = 3,      /* (object, buffer, length) -> bytes */
	TLS_WRITE_EX = 4,   /* (object, buffer, length, *bytes) -> 1 when done */
	TLS_WRITE_EX2 = 5,  /* (object, buffer, length, flags, *bytes) -> 1 when done */
	TLS_HANDSHAKE = 6,  /* (object) */
	TLS_SHUTDOWN = 7,   /* (object) */
	TLS_END = 8,        /* (object): what it is used for next is something else; only its entry is hooked */
	/* Of Go's no end is seen. */
	TLS_GO_WRITE = 16,     /* (object, type, buffer, length): over with the first write to a socket */
	TLS_GO_HANDSHAKE = 17, /* (object): begins a session */
	TLS_GO_COPY = 18,      /* where a read gives bytes */
};

#define TLS_FUNCTION_MASK 0xffff
#define TLS_LIBRARY_SHIFT 16

/* How many libraries have numbers. */
#define TLS_MAX_LIBRARIES 1024

/* Bits of struct tls_process. */
#define TLS_IN_C 1   /* calls are a thread's */
#define TLS_IN_GO 2  /* calls are a goroutine's */
#define TLS_OFF 4    /* not wanted of this process: whatever is hooked, it is left alone */

#endif
