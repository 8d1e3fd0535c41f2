package io.sonde.pipeline.protocol.http1;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.pipeline.protocol.Budget;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadReaderTest {
  private final Budget budget = new Budget(Budget.HEADS);
  private final HeadReader reader = new HeadReader(budget);

  @ParameterizedTest
  @ValueSource(strings = {"a\r\n\r\n", "a\n\n", "a\r\nb: c\r\n\r\n", "a\nb\r\n\n", "a\r\rb\n\r\n"})
  void theEmptyLineEndsAHeadHoweverItIsCut(String head) {
    byte[] data = (head + "body").getBytes(US_ASCII);
    for (int cut = 0; cut < head.length(); cut++) {
      assertThat(cut == 0 ? -1 : reader.read(data, 0, cut)).isEqualTo(-1);
      assertThat(reader.read(data, cut, data.length)).isEqualTo(head.length());
      assertThat(new String(reader.bytes(), reader.from(), reader.to() - reader.from(), US_ASCII))
          .isEqualTo(head);
      reader.reset();
    }
    assertThat(budget.taken()).isZero();
  }

  @Test
  void aHeadThatLiesWholeInOneBufferIsNotCopied() {
    byte[] data = "x\r\n\r\n".getBytes(US_ASCII);
    reader.read(data, 0, data.length);
    assertThat(reader.bytes()).isSameAs(data);
    assertThat(budget.taken()).isZero();
  }

  @Test
  void anEndlessHeadIsKeptToABoundHoweverItIsCut() {
    for (int size : new int[] {1, 1000, 20_000}) {
      byte[] data = "x".repeat(size).getBytes(US_ASCII);
      while (!reader.isFull()) {
        assertThat(reader.read(data, 0, size)).isEqualTo(-1);
      }
      assertThat(reader.to() - reader.from()).isEqualTo(HeadReader.MAX_LENGTH);
      assertThat(budget.taken()).isLessThanOrEqualTo(HeadReader.MAX_LENGTH);
      reader.reset();
    }
  }

  @Test
  void whereAllHeadsTakeTooMuchTogetherOneIsCutShort() {
    assertThat(budget.take(Budget.HEADS)).isTrue();
    assertThat(reader.read(new byte[10], 0, 10)).isEqualTo(-1);
    assertThat(reader.isFull()).isTrue();
  }
}
