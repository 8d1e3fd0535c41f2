/** OTLP over gRPC and HTTP/protobuf, through the exporters of opentelemetry-java. */
package io.sonde.pipeline.export.otlp;
