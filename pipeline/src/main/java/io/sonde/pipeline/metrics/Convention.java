package io.sonde.pipeline.metrics;

import io.opentelemetry.api.common.Attributes;
import io.sonde.pipeline.Instrumentation;
import io.sonde.pipeline.Naming;
import io.sonde.pipeline.Naming.Rpc;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.linking.FormerNames;
import io.sonde.pipeline.linking.RpcNaming;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What is counted of one kind of exchange in one role, by each of the names that are wanted.
 *
 * @param spellings at least one
 */
record Convention(List<Spelling> spellings) {

  /**
   * @param shapes of its histograms, the duration first
   * @param names gives attributes their names
   */
  record Spelling(List<Shape> shapes, UnaryOperator<Attributes> names) {}

  static Convention of(
      Instrumentation kind, Role role, Naming naming, Map<Instrument, Shape> shapes) {
    List<Spelling> spellings = new ArrayList<>();
    switch (kind) {
      case HTTP -> {
        spellings.add(spelling(Instrument.http(role), shapes, UnaryOperator.identity()));
        if (naming.formerHttp()) {
          spellings.add(
              spelling(Instrument.formerHttp(role), shapes, a -> FormerNames.of(role, a)));
        }
      }
      case GRPC -> {
        Set<Rpc> sinceCalls = EnumSet.of(Rpc.RC, Rpc.STABLE);
        sinceCalls.retainAll(naming.rpc());
        if (!sinceCalls.isEmpty()) { // one metric, so one point, with the attributes of both
          spellings.add(spelling(Instrument.rpc(role), shapes, a -> RpcNaming.of(sinceCalls, a)));
        }
        if (naming.rpc().contains(Rpc.LEGACY)) {
          Set<Rpc> legacy = Set.of(Rpc.LEGACY);
          spellings.add(spelling(Instrument.legacyRpc(role), shapes, a -> RpcNaming.of(legacy, a)));
        }
      }
    }
    return new Convention(spellings);
  }

  private static Spelling spelling(
      List<Instrument> instruments,
      Map<Instrument, Shape> shapes,
      UnaryOperator<Attributes> names) {
    return new Spelling(instruments.stream().map(shapes::get).toList(), names);
  }
}
