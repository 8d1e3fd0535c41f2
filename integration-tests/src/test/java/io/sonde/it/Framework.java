package io.sonde.it;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Web frameworks, each with the same small shop: {@code /}, {@code /healthz}, {@code /api/users},
 * {@code /api/users/{id}}, {@code /api/users/{id}/orders/{order}}, {@code /products/{name}}, {@code
 * /files/{path...}}, and {@code /call?url=…}, which calls another server.
 */
enum Framework {
  EXPRESS("express", "listening on"),
  GIN("gin", "listening on"),
  GORILLA_MUX("gorilla-mux", "listening on"),
  /** Under gunicorn: two processes, each answering one request at a time. */
  FLASK("flask", "Booting worker with pid: (?s:.*)Booting worker with pid"),
  /** Under uvicorn: one process, one event loop. */
  FASTAPI("fastapi", "Uvicorn running on");

  /** From an empty cache, on a machine of two cores that has other things to do. */
  private static final Duration PATIENCE = Duration.ofMinutes(15);

  private static final Path HERE = Path.of(System.getProperty("java.io.tmpdir"));

  private final String folder;
  private final String ready;

  Framework(String folder, String ready) {
    this.folder = folder;
    this.ready = ready;
  }

  /** Ready to answer when this returns; its lines {@code access …} are in its output. */
  Program start(Path logs, String address) {
    Path home = home();
    Path packages = home.resolve("packages");
    Program program =
        Program.start(
            folder,
            logs,
            Map.of("PYTHONPATH", packages + ":" + home, "PYTHONDONTWRITEBYTECODE", "1"),
            switch (this) {
              case EXPRESS -> List.of("node", home.resolve("server.js").toString(), address);
              case GIN, GORILLA_MUX -> List.of(home.resolve(folder).toString(), address);
              case FLASK ->
                  List.of(
                      packages.resolve("bin/gunicorn").toString(),
                      "--bind=" + address,
                      "--workers=2",
                      "app:app");
              case FASTAPI ->
                  List.of(
                      packages.resolve("bin/uvicorn").toString(),
                      "--host=" + address.substring(0, address.lastIndexOf(':')),
                      "--port=" + address.substring(address.lastIndexOf(':') + 1),
                      "--no-access-log",
                      "app:app");
            });
    program.awaitLine(ready);
    return program;
  }

  /** Where it is installed; Python's packages are in {@code packages} there. */
  Path home() {
    return installed(folder);
  }

  /** Where that folder beside the script is installed, whatever it is. */
  static Path installed(String folder) {
    return Path.of(Program.run(PATIENCE, HERE, script(), folder).strip());
  }

  private static String script() {
    return Paths.root().resolve("integration-tests/frameworks/build").toString();
  }
}
