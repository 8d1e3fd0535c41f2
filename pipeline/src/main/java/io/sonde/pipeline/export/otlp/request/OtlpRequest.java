package io.sonde.pipeline.export.otlp.request;

/**
 * One export request, encoded.
 *
 * @param items spans or metric points in it; 0 only to see what the endpoint says
 * @param body the binary protobuf message (ExportTraceServiceRequest, ExportMetricsServiceRequest),
 *     the same over gRPC and HTTP; not copied and not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; a copy of every request is dear
public record OtlpRequest(Signal signal, int items, byte[] body) {}
