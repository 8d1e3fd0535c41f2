package io.sonde.pipeline.protocol;

import java.nio.charset.StandardCharsets;

/**
 * Gives the same string for the same bytes most of the time: methods, paths, hosts and agents
 * repeat for ever. A fixed number of places, the latest string keeps its place.
 */
public final class StringCache {
  private static final int PLACES = 2048;
  private static final int MAX_LENGTH = 256;

  private final String[] places = new String[PLACES];

  public String get(byte[] data, int from, int to) {
    int length = to - from;
    if (length == 0) {
      return "";
    }
    int hash = 0;
    int signs = 0;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + data[i];
      signs |= data[i];
    }
    if (signs < 0 || length > MAX_LENGTH) {
      return new String(data, from, length, StandardCharsets.UTF_8);
    }
    int place = (hash ^ hash >>> 16) & PLACES - 1;
    String known = places[place];
    if (known == null || !same(known, data, from, length)) {
      known = new String(data, from, length, StandardCharsets.US_ASCII);
      places[place] = known;
    }
    return known;
  }

  private static boolean same(String known, byte[] data, int from, int length) {
    if (known.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (known.charAt(i) != data[from + i]) {
        return false;
      }
    }
    return true;
  }
}
