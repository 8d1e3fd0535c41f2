package io.sonde.launcher.doctor;

import io.sonde.contract.doctor.Finding;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Whether we can listen where we are to, or do so already. */
final class PortCheck {
  private static final int PATIENCE_MS = 2000;
  private static final int MAX_PAGE_BYTES = 4 << 20;

  private PortCheck() {}

  static Finding look(ListenPort port) {
    String check = "port." + port.key().substring(0, port.key().indexOf('.'));
    String place = port.host() + ":" + port.port();
    try {
      port.refuseIfTaken();
      return Finding.ok(check, place + " is free");
    } catch (IOException taken) {
      return isServedBySonde(port)
          ? Finding.ok(check, "a Sonde that runs listens on " + place)
          : Finding.failed(check, taken.getMessage(), "the receiver refuses to start", "");
    }
  }

  private static boolean isServedBySonde(ListenPort port) {
    try {
      boolean everywhere = InetAddress.getByName(port.host()).isAnyLocalAddress();
      URI page =
          new URI(
              "http",
              null,
              everywhere ? "127.0.0.1" : port.host(),
              port.port(),
              port.ownPath(),
              null,
              null);
      HttpURLConnection connection = (HttpURLConnection) page.toURL().openConnection();
      connection.setConnectTimeout(PATIENCE_MS);
      connection.setReadTimeout(PATIENCE_MS);
      InputStream body =
          connection.getResponseCode() < HttpURLConnection.HTTP_BAD_REQUEST
              ? connection.getInputStream()
              : connection.getErrorStream();
      return body != null
          && new String(body.readNBytes(MAX_PAGE_BYTES), StandardCharsets.UTF_8)
              .contains(port.ownWord());
    } catch (Exception e) { // whatever it is that listens there, it does not answer as Sonde
      return false;
    }
  }
}
