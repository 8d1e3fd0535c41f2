/**
 * What the goroutines of a Go program do for each other: which one made which, for which one a
 * request is written, and which one serves a stream, by which route. By uprobes within functions of
 * the runtime, net/http, golang.org/x/net/http2, grpc-go, gorilla/mux and gin, at instructions that
 * the kernel emulates, also of stripped programs (Go 1.17 and later, x86-64).
 *
 * <p>{@link io.sonde.probes.probe.go.Features} says where; a new one is an entry there, and a case
 * in goroutine.bpf.c. Layouts are known by the releases of Go and of modules that the program
 * names; one that was not looked at is refused, with the reason.
 */
package io.sonde.probes.probe.go;
