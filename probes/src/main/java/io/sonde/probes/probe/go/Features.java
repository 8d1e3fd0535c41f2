package io.sonde.probes.probe.go;

import io.sonde.probes.elf.go.Release;
import java.util.List;

/**
 * All features. Arguments in registers are in the order of Go's internal ABI: RAX, RBX, RCX, RDI,
 * RSI, R8, R9, R10, R11 ({@code src/cmd/compile/abi-internal.md}).
 */
final class Features {
  private static final Release GO_OLDEST = new Release(1, 17);
  private static final Release GO_NEWEST = new Release(1, 27);
  private static final Release PATTERNS = new Release(1, 22);
  private static final Release PATTERN_IN_REQUEST = new Release(1, 23);

  private static final String NET = "golang.org/x/net";
  private static final Release NET_OLDEST = new Release(0, 0);
  private static final Release NET_NEWEST = new Release(0, 62);

  private static final String GRPC = "google.golang.org/grpc";
  private static final String TRANSPORT = GRPC + "/internal/transport.";
  private static final Release GRPC_OLDEST = new Release(1, 40);
  private static final Release GRPC_NEWEST = new Release(1, 85);
  private static final Release SERVER_STREAM = new Release(1, 69);
  private static final Release SERVER_STREAM_EMBEDS = new Release(1, 77);

  private static final String GORILLA = "github.com/gorilla/mux";
  private static final String GIN = "github.com/gin-gonic/gin";

  // offsets in bytes, tests compare them with debugging information
  static final int PAT_1_22 = 248;
  static final int PAT_1_23 = 264;
  static final int EMBEDDED_STREAM_ID = 108;
  static final int GIN_FULL_PATH = 112;

  /** GO_STREAM_BEHIND of go_acts.bpf.h. */
  private static final int BEHIND = 0x10000;

  /** Since when the route that was found is known. */
  private static final Place ANSWERS =
      Place.begin(
          GoAct.ANSWERS,
          "net/http.(*response).WriteHeader",
          "net/http.(*http2responseWriterState).writeHeader",
          "net/http/internal/http2.(*responseWriterState).writeHeader", // since 1.27
          "golang.org/x/net/http2.(*responseWriterState).writeHeader");

  /** Without it there is nothing to tell. */
  static final Feature GOROUTINES =
      ofGo(
          "which goroutine made which is not known",
          Place.call(GoAct.CREATES, "runtime.newproc.func1", "runtime.runqput"));

  /** Who makes which request, and who serves it. */
  static final List<Feature> REQUESTS =
      List.of(
          ofGo(
              "who makes requests of net/http's clients is not known",
              Place.begin(GoAct.ROUND_TRIP, "net/http.(*persistConn).roundTrip"),
              Place.begin(GoAct.WRITES, "net/http.persistConnWriter.Write")),
          ofGo(
              "who makes requests of net/http's clients over HTTP/2 is not known",
              Place.begin(
                  GoAct.WRITES_HEADERS,
                  "net/http.(*http2clientStream).encodeAndWriteHeaders",
                  "net/http/internal/http2.(*clientStream).encodeAndWriteHeaders")),
          ofGo(
              "which goroutine serves which stream of net/http is not known",
              Place.begin(
                  GoAct.HANDLES,
                  "net/http.(*http2serverConn).runHandler",
                  "net/http/internal/http2.(*serverConn).runHandler")),
          new Feature(
              "who makes requests of its clients is not known",
              NET,
              NET_OLDEST,
              NET_NEWEST,
              List.of(
                  Place.begin(
                      GoAct.WRITES_HEADERS,
                      "golang.org/x/net/http2.(*clientStream).encodeAndWriteHeaders"))),
          new Feature(
              "which goroutine serves which stream is not known",
              NET,
              NET_OLDEST,
              NET_NEWEST,
              List.of(
                  Place.begin(GoAct.HANDLES, "golang.org/x/net/http2.(*serverConn).runHandler"))),
          new Feature(
              "who makes calls of its clients is not known",
              GRPC,
              GRPC_OLDEST,
              GRPC_NEWEST,
              List.of(
                  Place.call(
                      GoAct.QUEUES,
                      TRANSPORT + "(*http2Client).NewStream",
                      TRANSPORT + "(*controlBuffer).executeAndPut"),
                  Place.begin(
                      GoAct.DEQUEUES,
                      TRANSPORT + "(*loopyWriter).headerHandler",
                      TRANSPORT + "(*loopyWriter).clientHeaderHandler"))),
          new Feature(
              "which goroutine serves which call is not known",
              GRPC,
              GRPC_OLDEST,
              GRPC_NEWEST,
              List.of(
                  Place.begin(GoAct.HANDLES_RPC, GRPC + ".(*Server).handleStream")
                      .with(Features::streamId))));

  /** By which routes they are served. */
  static final List<Feature> ROUTES =
      List.of(
          new Feature(
              "routes of its ServeMux are not known",
              "",
              PATTERNS,
              GO_NEWEST,
              List.of(
                  Place.begin(GoAct.ROUTED, "net/http.(*ServeMux).ServeHTTP").with(Features::pat),
                  ANSWERS)),
          new Feature(
              "its routes are not known",
              GORILLA,
              new Release(1, 7),
              new Release(1, 8),
              List.of(Place.begin(GoAct.GORILLA, GORILLA + ".routeRegexpGroup.setMatch"))),
          new Feature(
              "its routes are not known",
              GIN,
              new Release(1, 5),
              new Release(1, 12),
              List.of(
                  Place.begin(GoAct.GIN, GIN + ".(*Engine).handleHTTPRequest")
                      .with(gin -> GIN_FULL_PATH),
                  ANSWERS)));

  private Features() {}

  private static Feature ofGo(String lost, Place... places) {
    return new Feature(lost, "", GO_OLDEST, GO_NEWEST, List.of(places));
  }

  static int pat(Release go) {
    return go.compareTo(PATTERN_IN_REQUEST) >= 0 ? PAT_1_23 : PAT_1_22;
  }

  private static int streamId(Release grpc) {
    if (grpc.compareTo(SERVER_STREAM_EMBEDS) >= 0) {
      return EMBEDDED_STREAM_ID;
    }
    return grpc.compareTo(SERVER_STREAM) >= 0 ? BEHIND : 0;
  }
}
