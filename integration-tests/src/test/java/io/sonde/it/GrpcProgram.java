package io.sonde.it;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** gRPC's interoperability service and its clients, by the library they are made with. */
enum GrpcProgram {
  GO,
  JAVA,
  PYTHON,
  NODE,
  CPP;

  /** A server that tells of each call that ended. */
  record Server(Program program, int port) implements AutoCloseable {
    List<RpcCall> calls() {
      return RpcCall.parse(program.output());
    }

    String address() {
      return "127.0.0.1:" + port;
    }

    /** SIGKILL. */
    void kill() {
      program.kill();
    }

    @Override
    public void close() {
      program.close();
    }
  }

  /** A client that has no connection before it is told to run a case. */
  record Client(Program program, List<RpcCase> cases) implements AutoCloseable {
    /** They are over when this returns. */
    void run(List<RpcCase> some) {
      some.forEach(one -> run(one.word()));
    }

    void run(String word) {
      int before = done(word);
      begin(word);
      awaitDone(word, before + 1);
    }

    void begin(String word) {
      program.say(word);
    }

    /** So often since it began. */
    void awaitDone(String word, int times) {
      program.awaitLine("(?s)(?:done " + word + "\\n.*?){" + times + "}");
    }

    /** It has the first answer of a call that is not over. */
    void awaitAnswered() {
      program.awaitLine("answered");
    }

    private int done(String word) {
      return (int) program.output().lines().filter(("done " + word)::equals).count();
    }

    long pid() {
      return program.pid();
    }

    @Override
    public void close() {
      program.close();
    }
  }

  Server server(Path folder) {
    return server(folder, Ports.free());
  }

  Server server(Path folder, int port) {
    String address = this == JAVA ? port + "" : "127.0.0.1:" + port;
    Program program = start(folder, Map.of(), "Server", "server", address);
    program.awaitLine("listening on");
    return new Server(program, port);
  }

  /** Over TLS: not of Java and C++. */
  Server server(Path folder, Certificate certificate) {
    int port = Ports.free();
    Program program =
        start(
            folder,
            Map.of(),
            "",
            "server",
            "127.0.0.1:" + port,
            certificate.file() + "",
            certificate.key() + "");
    program.awaitLine("listening on");
    return new Server(program, port);
  }

  Client client(Path folder, String address) {
    return ready(start(folder, Map.of(), "Client", "client", address));
  }

  /** Go's only: what its programs do TLS with is hooked, as {@link Sonde#awaitHooked}. */
  void awaitHooked(Sonde sonde) {
    sonde.program().awaitLine("hooked [^ ]*/grpc-go, [^\n]*crypto/tls");
  }

  /** Over TLS: not of Java and C++. */
  Client client(Path folder, String address, Certificate certificate) {
    return ready(
        start(folder, certificate.environment(), "", "client", address, certificate.file() + ""));
  }

  private Client ready(Program program) {
    program.awaitLine("ready");
    EnumSet<RpcCase> cases = EnumSet.allOf(RpcCase.class);
    if (this == CPP) {
      cases.remove(RpcCase.HEALTH); // its packages have no client for it
    }
    return new Client(program, List.copyOf(cases));
  }

  /**
   * @param main of Java, which has a class for each
   */
  private Program start(
      Path folder, Map<String, String> environment, String main, String mode, String... more) {
    List<String> command = new ArrayList<>();
    Map<String, String> all = new HashMap<>(environment);
    switch (this) {
      case GO -> command.add(installed("grpc-go").resolve("grpc-go").toString());
      case JAVA ->
          command.addAll(
              List.of(
                  Jdk.java(Jdk.own()),
                  "-cp",
                  System.getProperty("java.class.path"),
                  "org.example.grpc.Interop" + main));
      case PYTHON -> {
        Path home = installed("grpc-python");
        all.put("PYTHONPATH", home.resolve("packages") + ":" + home); // and there is interop.proto
        all.put("PYTHONDONTWRITEBYTECODE", "1");
        command.addAll(List.of("python3", home.resolve("interop.py").toString()));
      }
      case NODE ->
          command.addAll(List.of("node", installed("grpc-node").resolve("interop.js").toString()));
      case CPP -> command.add(NativePrograms.grpcCpp());
    }
    if (this != JAVA) {
      command.add(mode);
    }
    command.addAll(List.of(more));
    return Program.start("grpc-" + name().toLowerCase(Locale.ROOT), folder, all, command);
  }

  private static Path installed(String name) {
    return Framework.installed("../grpc/" + name);
  }
}
