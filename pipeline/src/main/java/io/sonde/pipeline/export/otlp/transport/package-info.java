/**
 * How a request gets to the endpoint: OTLP/gRPC and OTLP/HTTP over TCP, TLS and Unix sockets, and
 * what the answers mean (OTLP specification 1.9). The only package that knows gRPC and Netty.
 */
package io.sonde.pipeline.export.otlp.transport;
