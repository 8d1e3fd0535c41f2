package io.sonde.it;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Clients of HTTP/2 that ask what they are told, many at once on one connection. */
enum Http2Client {
  GO,
  NODE,
  /** In Python. */
  HTTPX;

  /** Which has no connection yet. */
  Program start(Path folder) {
    Program program =
        switch (this) {
          case GO -> Program.start("http2-go", folder, List.of(Http2Server.go(), "client"));
          case NODE ->
              Program.start(
                  "node", folder, List.of("node", Http2Server.program("http2-node.js"), "client"));
          case HTTPX -> {
            Path home = Http2Server.python();
            yield Program.start(
                "httpx",
                folder,
                Map.of(
                    "PYTHONPATH",
                    home.resolve("packages").toString(),
                    "PYTHONDONTWRITEBYTECODE",
                    "1"),
                List.of("python3", home.resolve("client.py").toString()));
          }
        };
    program.awaitLine("ready");
    return program;
  }

  /** Each so many times, all at once; all are answered when this returns. */
  static void ask(Program client, int times, String... urls) {
    String line = times + " " + String.join(" ", urls);
    client.say(line);
    client.awaitLine("done " + Pattern.quote(line));
  }
}
