package io.sonde.pipeline.connection;

import io.sonde.pipeline.accounting.Account;
import io.sonde.pipeline.accounting.DecodeTotals;
import io.sonde.pipeline.exchange.ExchangeSink;
import io.sonde.pipeline.identity.Services;
import io.sonde.pipeline.protocol.Operation;
import io.sonde.pipeline.protocol.Protocol;
import java.util.List;

/** What all connections of one capture share. */
final class CaptureScope {
  final Services services;
  final ExchangeSink sink;
  final Account account;
  final DecodeTotals totals;
  final List<Protocol> protocols;

  final Threads threads = new Threads();
  final Goroutines goroutines = new Goroutines();

  /** Scratch, overwritten for each activity. */
  final Operation operation = new Operation();

  /** Scratch for the last bytes of an uncaptured stretch. */
  final byte[] tail = new byte[8];

  /** CLOCK_REALTIME minus CLOCK_MONOTONIC, as last told. */
  long realtimeOffsetNs;

  /** False while it is not known whether the capture still lives. */
  boolean connected = true;

  /** The latest time that an activity of this capture had; CLOCK_MONOTONIC. */
  long latestNs = Long.MIN_VALUE;

  CaptureScope(
      Services services,
      ExchangeSink sink,
      Account account,
      DecodeTotals totals,
      List<Protocol> protocols,
      long realtimeOffsetNs) {
    this.services = services;
    this.sink = sink;
    this.account = account;
    this.totals = totals;
    this.protocols = protocols;
    this.realtimeOffsetNs = realtimeOffsetNs;
  }
}
