package io.sonde.pipeline.export.otlp.request;

/**
 * One export request, encoded.
 *
 * @param items spans or metric points in it, at least 1
 * @param body the binary protobuf message (ExportTraceServiceRequest, ExportMetricsServiceRequest),
 *     the same over gRPC and HTTP; not copied and not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; a copy of every request is dear
public record OtlpRequest(Signal signal, int items, byte[] body) {}
