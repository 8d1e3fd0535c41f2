package io.sonde.pipeline.protocol.http2;

import io.sonde.pipeline.protocol.ProtocolKit;
import java.util.Set;

class Http2ProtocolTest extends ProtocolKit {
  /** How it is said that something is not known. */
  private static final Set<String> UNKNOWN =
      Set.of(
          "_OTHER", "", "null", "query=null", "status=0", "status=-1", "agent=null", "error=null");

  Http2ProtocolTest() {
    super(".h2");
  }

  /** Without a content type a call is an exchange, of a path that is not known either. */
  @Override
  protected boolean isPartOf(String told, String expected) {
    String[] words = told.split(" ");
    String[] whole = expected.split(" ");
    if (words[0].equals("POST") && whole[0].equals("grpc")) {
      return words[1].isEmpty() || words[1].equals("/" + whole[1]);
    }
    for (int i = 0; i < words.length; i++) {
      boolean own = words[i].startsWith("127.0.0.1:");
      boolean counts = words[i].contains("=-1") || words[i].contains(":-1");
      if (!words[i].equals(whole[i]) && !UNKNOWN.contains(words[i]) && !own && !counts) {
        return false;
      }
    }
    return true;
  }
}
