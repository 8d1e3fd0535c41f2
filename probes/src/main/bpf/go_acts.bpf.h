/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * What is seen at a place in a Go program, the low half of its attach cookie's low half; above that is the number of the
 * file, in the high half what the place has to know besides. Mirrored by GoAct.java and compared by a test.
 */
#ifndef SONDE_GO_ACTS_BPF_H
#define SONDE_GO_ACTS_BPF_H

enum go_act {
	GO_CREATES = 1,        /* runtime.newproc: call of runqput(p, newg, next) */
	GO_ROUND_TRIP = 2,     /* net/http: (pc *persistConn) roundTrip(req) */
	GO_WRITES = 3,         /* net/http: (w persistConnWriter) Write(p); w is one pointer, to the persistConn */
	GO_WRITES_HEADERS = 4, /* HTTP/2: (cs *clientStream) encodeAndWriteHeaders(req) */
	GO_QUEUES = 5,         /* grpc-go, NewStream: call of (c *controlBuffer) executeAndPut(f, it) */
	GO_DEQUEUES = 6,       /* grpc-go: (l *loopyWriter) headerHandler(h), since 1.83 clientHeaderHandler(h) */
	GO_HANDLES = 7,        /* HTTP/2: (sc *serverConn) runHandler(rw, req, handler) */
	GO_HANDLES_RPC = 8,    /* grpc-go: (s *Server) handleStream(t, stream, ...) */
	GO_ROUTED = 9,         /* net/http: (mux *ServeMux) ServeHTTP(w, r) */
	GO_ANSWERS = 10,       /* net/http: (w *response) WriteHeader(code), (rws *http2responseWriterState) writeHeader(code) */
	GO_GORILLA = 11,       /* gorilla/mux: (v routeRegexpGroup) setMatch(req, m, r) */
	GO_GIN = 12,           /* gin: (engine *Engine) handleHTTPRequest(c) */
};

#define GO_ACT_MASK 0x7fff
#define GO_AT_BEGIN 0x8000 /* at the begin of a function, perhaps at the jump of its stack check */
#define GO_FILE_SHIFT 16
#define GO_FILE_MASK 0xffff
#define GO_ARGUMENT_SHIFT 32

/* Of GO_HANDLES_RPC's argument: the stream is behind a pointer; the rest is the offset of its id. */
#define GO_STREAM_BEHIND 0x10000

/* How many files have numbers. */
#define GO_MAX_FILES 1024

#endif
