package io.sonde.pipeline.protocol.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StreamTableTest {
  private final StreamTable table = new StreamTable();

  @Test
  void whatIsOpenIsFoundAndNothingElse() {
    Random random = new Random(7);
    Map<Integer, Http2Stream> expected = new HashMap<>();
    for (int i = 0; i < 50_000; i++) {
      int id = (random.nextInt(500) << random.nextInt(3)) * 2 + 1;
      if (expected.containsKey(id)) {
        table.remove(expected.remove(id));
      } else {
        Http2Stream stream = new Http2Stream(id);
        expected.put(id, stream);
        table.add(stream);
      }
      int asked = random.nextInt(1000) * 2 + 1;
      assertThat(table.get(asked)).isSameAs(expected.get(asked));
      assertThat(table.size()).isEqualTo(expected.size());
    }
    assertThat(table.inOrder()).containsExactlyInAnyOrderElementsOf(expected.values());
  }

  /** A client chooses the numbers: if they all want the same place an end may not cost more. */
  @Test
  void anEndCostsNoMoreThanOneWalkWhateverTheNumbers() {
    Http2Stream[] open = new Http2Stream[StreamTable.MAX_OPEN];
    assertTimeout(
        Duration.ofSeconds(4),
        () -> {
          for (int i = 0; i < 50_000; i++) {
            int at = i % open.length;
            if (open[at] != null) {
              table.remove(open[at]);
            }
            open[at] = new Http2Stream((i << 13) + 1 & Integer.MAX_VALUE);
            table.add(open[at]);
          }
        });
  }
}
