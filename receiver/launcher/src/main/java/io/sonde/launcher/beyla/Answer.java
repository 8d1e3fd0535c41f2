package io.sonde.launcher.beyla;

/**
 * What Sonde says to a key of Beyla's.
 *
 * @param key ours that does the same; null: none does
 * @param remark why none does, or in what ours differs; a sentence without its full stop, may be
 *     empty for an honoured one
 */
public record Answer(String key, String remark) {
  public boolean honoured() {
    return key != null;
  }
}
