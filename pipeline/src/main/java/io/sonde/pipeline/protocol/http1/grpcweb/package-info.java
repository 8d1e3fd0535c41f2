/**
 * gRPC-Web (grpc/doc/PROTOCOL-WEB.md): gRPC in the bodies of plain HTTP, its trailers too, for
 * those that cannot read trailers of HTTP.
 */
package io.sonde.pipeline.protocol.http1.grpcweb;
