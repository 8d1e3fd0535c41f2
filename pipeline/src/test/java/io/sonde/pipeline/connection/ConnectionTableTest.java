package io.sonde.pipeline.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sonde.pipeline.event.ConnectionOpened;
import io.sonde.pipeline.event.Role;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ConnectionTableTest {
  private static final int LIMIT = 200;

  @Test
  void doesWhatALinkedHashMapInAccessOrderDoes() {
    ConnectionTable table = new ConnectionTable(LIMIT);
    Map<Long, TrackedConnection> model = new LinkedHashMap<>(16, 0.75f, true);
    Random random = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      long cookie = random.nextInt(400) * 4096L;
      TrackedConnection known = model.get(cookie);
      assertThat(table.use(cookie)).isSameAs(known);
      if (known == null) {
        TrackedConnection added = connection(cookie);
        TrackedConnection eldest = model.size() == LIMIT ? model.values().iterator().next() : null;
        assertThat(table.add(added)).isSameAs(eldest);
        model.put(cookie, added);
        if (eldest != null) {
          model.remove(eldest.cookie());
        }
      } else if (random.nextInt(3) == 0) {
        table.remove(known);
        model.remove(cookie);
      }
      assertThat(table.size()).isEqualTo(model.size());
    }
  }

  @Test
  void aTableForNoConnectionIsRefused() {
    assertThatThrownBy(() -> new ConnectionTable(0)).hasMessageContaining("at least 1");
  }

  private static TrackedConnection connection(long cookie) {
    InetSocketAddress any = new InetSocketAddress("127.0.0.1", 1);
    return new TrackedConnection(
        null, new ConnectionOpened(cookie, 1, 1, any, any, Role.SERVER, false), null);
  }
}
