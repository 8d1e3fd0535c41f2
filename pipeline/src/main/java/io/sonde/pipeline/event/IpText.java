package io.sonde.pipeline.event;

import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * Addresses as people and the semantic conventions write them: IPv6 by RFC 5952, where the JDK
 * writes {@code 0:0:0:0:0:0:0:1}.
 */
public final class IpText {
  private static final int GROUPS = 8;

  private IpText() {}

  public static String of(InetAddress address) {
    return address instanceof Inet6Address ? ipv6(address.getAddress()) : address.getHostAddress();
  }

  private static String ipv6(byte[] bytes) {
    int[] groups = new int[GROUPS];
    for (int i = 0; i < GROUPS; i++) {
      groups[i] = Byte.toUnsignedInt(bytes[2 * i]) << 8 | Byte.toUnsignedInt(bytes[2 * i + 1]);
    }
    int start = 0;
    int length = 1; // §4.2.2: a single zero group is not shortened
    for (int i = 0; i < GROUPS; i++) {
      int zeros = zerosFrom(groups, i);
      if (zeros > length) { // §4.2.3: the longest run, of equal ones the first
        start = i;
        length = zeros;
      }
    }
    if (length == 1) {
      return join(groups, 0, GROUPS);
    }
    return join(groups, 0, start) + "::" + join(groups, start + length, GROUPS);
  }

  private static int zerosFrom(int[] groups, int from) {
    int end = from;
    while (end < GROUPS && groups[end] == 0) {
      end++;
    }
    return end - from;
  }

  private static String join(int[] groups, int from, int to) {
    StringBuilder text = new StringBuilder();
    for (int i = from; i < to; i++) {
      if (i > from) {
        text.append(':');
      }
      text.append(Integer.toHexString(groups[i]));
    }
    return text.toString();
  }
}
