package io.sonde.pipeline.export.health;

import io.sonde.pipeline.accounting.ExporterStatus;
import io.sonde.pipeline.accounting.SelfMetrics;
import io.sonde.pipeline.event.CaptureStarted.ProbeState;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Sonde as a Collector sees itself: a pipeline per signal, in each the receiver that all data comes
 * from and the exporters it goes to. Safe for use by many threads.
 */
public final class Health {
  private static final String RECEIVER = "receiver:sonde";
  private static final String EXPORTER = "exporter:otlp";

  private final Instant started = Instant.now();
  private final SelfMetrics self;
  private volatile Instant stoppingSince;

  public Health(SelfMetrics self) {
    this.self = self;
  }

  /** Called when Sonde begins to end. */
  public void stopping() {
    stoppingSince = Instant.now();
  }

  boolean isStopping() {
    return stoppingSince != null;
  }

  Instant started() {
    return started;
  }

  /** Whether what happens on this host reaches somebody: captures see it and nobody refuses it. */
  boolean isReady() {
    Status status = status().status();
    return status == Status.OK || status == Status.RECOVERABLE_ERROR && !self.captures().isEmpty();
  }

  /** Of all there is. */
  ComponentStatus status() {
    Instant stopping = stoppingSince;
    if (stopping != null) {
      return ComponentStatus.of(Status.STOPPING, stopping, "", Map.of());
    }
    ComponentStatus receiver = receiver();
    Map<String, ComponentStatus> pipelines = new TreeMap<>();
    for (String signal : List.of("metrics", "traces")) {
      Map<String, ComponentStatus> components = new TreeMap<>();
      components.put(RECEIVER, receiver);
      for (ExporterStatus exporter : self.exporters()) {
        if (exporter.signal().equals(signal)) {
          components.put(EXPORTER, exporter(exporter));
        }
      }
      pipelines.put("pipeline:" + signal, ComponentStatus.aggregate(components));
    }
    return ComponentStatus.aggregate(pipelines);
  }

  /** A capture that lacks an essential probe ends, so one that is connected has all of them. */
  private ComponentStatus receiver() {
    List<SelfMetrics.Capture> captures = self.captures();
    Instant changed = self.capturesChanged();
    if (captures.isEmpty()) {
      return changed == null
          ? ComponentStatus.of(
              Status.STARTING, started, "no capture process has connected yet", Map.of())
          : ComponentStatus.of(
              Status.RECOVERABLE_ERROR,
              changed,
              "no capture process is connected: see whether sonde capture runs, and its log",
              Map.of());
    }
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("captures", Integer.toString(captures.size()));
    for (SelfMetrics.Capture capture : captures) {
      for (ProbeState probe : capture.started().probes()) {
        if (!probe.attached()) {
          attributes.put("probe." + probe.name(), "not attached: " + probe.reason());
        }
      }
    }
    return ComponentStatus.of(Status.OK, changed == null ? started : changed, "", attributes);
  }

  private static ComponentStatus exporter(ExporterStatus exporter) {
    Status status =
        switch (exporter.state()) {
          // an exporter that has had nothing to send is started: so says the Collector
          case STARTING, OK -> Status.OK;
          // a Collector that wants no traces is a choice of its owner's, and is asked again
          case RECOVERABLE_ERROR, PARKED -> Status.RECOVERABLE_ERROR;
          case PERMANENT_ERROR -> Status.PERMANENT_ERROR;
        };
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("state", exporter.state().name().toLowerCase(Locale.ROOT));
    attributes.put("sent", Long.toString(exporter.sent()));
    attributes.put("queue.bytes", Long.toString(exporter.queue().bytes()));
    attributes.put("queue.capacity", Long.toString(exporter.queue().capacityBytes()));
    return ComponentStatus.of(status, exporter.since(), exporter.message(), attributes);
  }
}
