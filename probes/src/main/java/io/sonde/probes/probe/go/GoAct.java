package io.sonde.probes.probe.go;

import io.sonde.probes.probe.files.HookFunction;

/** What is seen at a place in a Go program, {@code enum go_act} of go_acts.bpf.h. */
enum GoAct implements HookFunction {
  /** A goroutine has been made. */
  CREATES(1),
  /** net/http hands a request to a connection. */
  ROUND_TRIP(2),
  /** net/http writes to the socket of a connection. */
  WRITES(3),
  /** A client of HTTP/2 writes the head of a request. */
  WRITES_HEADERS(4),
  /** grpc-go queues the head of a request. */
  QUEUES(5),
  /** grpc-go writes what was queued. */
  DEQUEUES(6),
  /** A server of HTTP/2 handles a stream. */
  HANDLES(7),
  /** A server of grpc-go does; the argument says where in the stream its id is. */
  HANDLES_RPC(8),
  /** {@code ServeMux} is given a request; the argument is the offset of what will match in it. */
  ROUTED(9),
  /** A head of an answer is made. */
  ANSWERS(10),
  /** gorilla/mux has found a route. */
  GORILLA(11),
  /** gin is given a request; the argument is the offset of the template in its context. */
  GIN(12);

  /** A hook at a function's begin, GO_AT_BEGIN, which may be passed twice. */
  private static final int AT_BEGIN = 0x8000;

  private final int number;

  GoAct(int number) {
    this.number = number;
  }

  @Override
  public int number() {
    return number;
  }

  /** The same where it is seen at a function's begin. */
  HookFunction atBegin() {
    return new AtBegin(this);
  }

  private record AtBegin(GoAct act) implements HookFunction {
    @Override
    public int number() {
      return act.number | AT_BEGIN;
    }
  }
}
