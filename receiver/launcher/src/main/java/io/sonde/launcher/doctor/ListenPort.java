package io.sonde.launcher.doctor;

import io.sonde.pipeline.PipelineConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/**
 * A port that the configuration gives us to listen on.
 *
 * @param key of the configuration
 * @param variable that sets it
 * @param ownPath where, on that port, is something that only Sonde says
 * @param ownWord what that is
 */
public record ListenPort(
    String key, String variable, String host, int port, String ownPath, String ownWord) {

  public static List<ListenPort> of(PipelineConfig pipeline) {
    List<ListenPort> ports = new ArrayList<>();
    pipeline
        .prometheus()
        .ifPresent(
            page ->
                ports.add(
                    new ListenPort(
                        "prometheus_export.port",
                        "BEYLA_PROMETHEUS_PORT",
                        page.host(),
                        page.port(),
                        page.path(),
                        "sonde_captures")));
    pipeline
        .health()
        .ifPresent(
            health ->
                ports.add(
                    new ListenPort(
                        "health_check.port",
                        "BEYLA_HEALTH_CHECK_PORT",
                        health.host(),
                        health.port(),
                        "/status",
                        "receiver:sonde")));
    return ports;
  }

  /**
   * @throws IOException when we could not listen there; says what to do
   */
  public void refuseIfTaken() throws IOException {
    try (ServerSocket trial = new ServerSocket()) {
      trial.setReuseAddress(true);
      trial.bind(new InetSocketAddress(host, port));
    } catch (IOException e) {
      throw new IOException(
          "%s: cannot listen on %s:%d (%s): end the program that has the port (ss -ltnp names it), or"
                  .formatted(key, host, port, e.getMessage())
              + " set another one ("
              + variable
              + ")",
          e);
    }
  }
}
