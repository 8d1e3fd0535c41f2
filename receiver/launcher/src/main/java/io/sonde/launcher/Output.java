package io.sonde.launcher;

import java.nio.charset.StandardCharsets;

/** Standard output of the commands that print a text: UTF-8, whatever the locale. */
public final class Output {
  private Output() {}

  public static void print(String text) {
    System.out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    System.out.flush();
  }
}
