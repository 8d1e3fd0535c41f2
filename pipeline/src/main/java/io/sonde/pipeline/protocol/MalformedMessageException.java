package io.sonde.pipeline.protocol;

/**
 * Bytes that do not follow their protocol. Ordinary, since captured bytes are hostile: thrown and
 * handled inside {@code protocol}, counted, never logged above FINE; so it carries no stack.
 */
public final class MalformedMessageException extends Exception {
  private static final long serialVersionUID = 1;

  /**
   * @param offset in the message, bytes
   * @param expected what should have been there
   */
  public MalformedMessageException(String protocol, long offset, String expected) {
    super(protocol + ": at byte " + offset + " expected " + expected, null, false, false);
  }
}
