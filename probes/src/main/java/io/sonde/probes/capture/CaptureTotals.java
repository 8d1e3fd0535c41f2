package io.sonde.probes.capture;

import io.sonde.contract.CaptureCounter;
import io.sonde.contract.v1.Stats;
import io.sonde.probes.bpf.BpfException;
import io.sonde.probes.bpf.BpfMap;
import io.sonde.probes.host.HostFacts;
import io.sonde.probes.probe.Probes;
import io.sonde.probes.probe.files.FileTracking;

/**
 * Gathers everything this process and its BPF programs have counted: {@code records =
 * process_records + closing_records + receiver_records + not_selected} and what is still in the
 * ring. For one thread.
 */
final class CaptureTotals {
  private final BpfMap counters;
  private final Probes probes;
  private final FileTracking files;
  private final RecordPump pump;
  private long lostToRestart;
  private long reconnects;

  CaptureTotals(BpfMap counters, Probes probes, FileTracking files, RecordPump pump) {
    this.counters = counters;
    this.probes = probes;
    this.files = files;
    this.pump = pump;
  }

  void lostToRestart(long records) {
    lostToRestart += records;
  }

  void reconnected() {
    reconnects++;
  }

  Stats read() throws BpfException {
    Stats.Builder stats =
        Stats.newBuilder()
            .setTimeNs(System.nanoTime()) // CLOCK_MONOTONIC, as the kernel's times
            .setRealtimeOffsetNs(HostFacts.realtimeOffsetNs());
    for (CaptureCounter counter : CaptureCounter.values()) {
      stats.putCounters(counter.label(), counters.perCpuSum(counter.index()));
    }
    return stats
        .putCounters("missed_runs", probes.missedRuns())
        .putCounters("process_records", pump.ofProcesses())
        .putCounters("closing_records", pump.ofClosing())
        .putCounters("receiver_records", pump.forReceiver())
        .putCounters("not_selected", pump.notSelected())
        .putCounters("failed_scans", pump.failedScans())
        .putCounters("tls_unreadable_processes", files.unreadable())
        .putCounters("receiver_restart", lostToRestart)
        .putCounters("receiver_connects", reconnects)
        .build();
  }
}
