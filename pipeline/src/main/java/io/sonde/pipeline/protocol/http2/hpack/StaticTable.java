package io.sonde.pipeline.protocol.http2.hpack;

/** RFC 7541 Appendix A. */
final class StaticTable {
  private static final String[][] FIELDS = {
    {":authority", ""},
    {":method", "GET"},
    {":method", "POST"},
    {":path", "/"},
    {":path", "/index.html"},
    {":scheme", "http"},
    {":scheme", "https"},
    {":status", "200"},
    {":status", "204"},
    {":status", "206"},
    {":status", "304"},
    {":status", "400"},
    {":status", "404"},
    {":status", "500"},
    {"accept-charset", ""},
    {"accept-encoding", "gzip, deflate"},
    {"accept-language", ""},
    {"accept-ranges", ""},
    {"accept", ""},
    {"access-control-allow-origin", ""},
    {"age", ""},
    {"allow", ""},
    {"authorization", ""},
    {"cache-control", ""},
    {"content-disposition", ""},
    {"content-encoding", ""},
    {"content-language", ""},
    {"content-length", ""},
    {"content-location", ""},
    {"content-range", ""},
    {"content-type", ""},
    {"cookie", ""},
    {"date", ""},
    {"etag", ""},
    {"expect", ""},
    {"expires", ""},
    {"from", ""},
    {"host", ""},
    {"if-match", ""},
    {"if-modified-since", ""},
    {"if-none-match", ""},
    {"if-range", ""},
    {"if-unmodified-since", ""},
    {"last-modified", ""},
    {"link", ""},
    {"location", ""},
    {"max-forwards", ""},
    {"proxy-authenticate", ""},
    {"proxy-authorization", ""},
    {"range", ""},
    {"referer", ""},
    {"refresh", ""},
    {"retry-after", ""},
    {"server", ""},
    {"set-cookie", ""},
    {"strict-transport-security", ""},
    {"transfer-encoding", ""},
    {"user-agent", ""},
    {"vary", ""},
    {"via", ""},
    {"www-authenticate", ""},
  };

  static final int LENGTH = FIELDS.length;

  private static final FieldName[] NAMES = new FieldName[LENGTH];

  static {
    for (int i = 0; i < LENGTH; i++) {
      NAMES[i] = FieldName.of(FIELDS[i][0]);
    }
  }

  private StaticTable() {}

  /**
   * @param index from 1
   */
  static FieldName name(int index) {
    return NAMES[index - 1];
  }

  /** Null where the value does not matter. */
  static String value(int index) {
    return name(index).matters() ? FIELDS[index - 1][1] : null;
  }

  /** In bytes. */
  static int nameLength(int index) {
    return FIELDS[index - 1][0].length();
  }
}
