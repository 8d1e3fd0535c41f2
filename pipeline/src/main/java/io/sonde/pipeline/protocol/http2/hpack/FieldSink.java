package io.sonde.pipeline.protocol.http2.hpack;

/** Takes the fields of a header block in their order. */
@FunctionalInterface
public interface FieldSink {
  /**
   * @param value null when it is not known, too long to be kept or not text; of {@link
   *     FieldName#OTHER} and {@link FieldName#UNKNOWN} always
   */
  void field(FieldName name, String value);
}
