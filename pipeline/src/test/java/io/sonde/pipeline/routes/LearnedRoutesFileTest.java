package io.sonde.pipeline.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sonde.pipeline.KeptWarnings;
import io.sonde.pipeline.accounting.Folding;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.identity.RouteSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LearnedRoutesFileTest {
  @TempDir Path folder;

  private final RoutesByService services = services();

  @Test
  void whatWasLearnedIsKnownAfterARestart() throws IOException {
    LearnedRoutesFile file = LearnedRoutesFile.open(folder, services);
    for (char c = 'a'; c < 'z'; c++) {
      learn(services, "shop", "/users/" + c + "xyz" + "/orders/1");
    }
    learn(services, "a service/with\tall\nkinds ü", "/health");
    file.save();

    RoutesByService restarted = services();
    LearnedRoutesFile.open(folder, restarted);
    assertThat(learn(restarted, "shop", "/users/anna/orders/2")).isEqualTo("/users/*/orders/*");
    assertThat(restarted.of("ns", "a service/with\tall\nkinds ü").learned(Role.SERVER))
        .containsExactly("/health");
    assertThat(restarted.of("ns", "shop").learned(Role.CLIENT)).isEmpty();
  }

  @Test
  void nothingIsWrittenWhenNothingWasLearned() throws IOException {
    LearnedRoutesFile file = LearnedRoutesFile.open(folder, services);
    file.save();
    assertThat(state()).doesNotExist();

    learn(services, "shop", "/a");
    file.save();
    Files.delete(state());
    file.save();
    assertThat(state()).doesNotExist();
    learn(services, "shop", "/a");
    file.save();
    assertThat(state()).as("known already").doesNotExist();
  }

  @Test
  void onlyOurUserMayReadIt() throws IOException {
    Path directory = folder.resolve("made/for it");
    LearnedRoutesFile file = LearnedRoutesFile.open(directory, services);
    learn(services, "shop", "/a");
    file.save();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
        .isEqualTo("rwx------");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("learned-routes"))))
        .isEqualTo("rw-------");
    assertThat(directory).isDirectoryNotContaining("glob:**.new");
  }

  @Test
  void aDamagedFileIsToldAndBegunAnew() throws IOException {
    LearnedRoutesFile file = LearnedRoutesFile.open(folder, services);
    learn(services, "shop", "/users/7/orders");
    learn(services, "shop", "/health");
    file.save();
    byte[] whole = Files.readAllBytes(state());
    Random random = new Random(4);
    for (int round = 0; round < 300; round++) {
      byte[] damaged = whole.clone();
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(7));
      if (round % 3 == 0) {
        damaged = java.util.Arrays.copyOf(whole, random.nextInt(whole.length));
      }
      Files.write(state(), damaged);
      RoutesByService restarted = services();
      try (KeptWarnings log = KeptWarnings.of(LearnedRoutesFile.class)) {
        LearnedRoutesFile.open(folder, restarted);
        assertThat(log.all()).hasSize(1);
        assertThat(log.all().get(0)).contains(state().toString()).contains("learned anew");
      }
      assertThat(restarted.all()).isEmpty();
    }
  }

  @Test
  void aFileOfAnotherVersionIsToldAndBegunAnew() throws IOException {
    Files.writeString(state(), "sonde-learned-routes 2\nwhatever\n");
    try (KeptWarnings log = KeptWarnings.of(LearnedRoutesFile.class)) {
      LearnedRoutesFile file = LearnedRoutesFile.open(folder, services);
      assertThat(log.all()).hasSize(1);
      learn(services, "shop", "/a");
      file.save();
    }
    try (KeptWarnings log = KeptWarnings.of(LearnedRoutesFile.class)) {
      LearnedRoutesFile.open(folder, services());
      assertThat(log.all()).isEmpty();
    }
  }

  @Test
  void whatCannotBeWrittenIsToldOnceAndTriedAgain() throws IOException {
    LearnedRoutesFile file = LearnedRoutesFile.open(folder, services);
    Path inTheWay = Files.createDirectories(state().resolve("x")).getParent();
    try (KeptWarnings log = KeptWarnings.of(LearnedRoutesFile.class)) {
      learn(services, "shop", "/a");
      file.save();
      file.save();
      assertThat(log.all()).hasSize(1);
    }
    Files.delete(inTheWay.resolve("x"));
    Files.delete(inTheWay);
    file.save();
    assertThat(state()).isRegularFile();
  }

  @Test
  void aDirectoryThatIsNoneSaysWhatToDo() throws IOException {
    Path taken = Files.createFile(folder.resolve("file"));

    assertThatThrownBy(() -> LearnedRoutesFile.open(taken, services))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(taken.toString())
        .hasMessageContaining("make it a directory that Sonde's user owns");
  }

  private Path state() {
    return folder.resolve("learned-routes");
  }

  private static RoutesByService services() {
    return new RoutesByService(500, 500, new Folding());
  }

  private static String learn(RoutesByService services, String name, String path) {
    return services.of("ns", name).find(RouteSettings.DEFAULT, Role.SERVER, path, true);
  }
}
