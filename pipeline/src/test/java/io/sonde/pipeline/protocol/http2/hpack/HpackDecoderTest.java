package io.sonde.pipeline.protocol.http2.hpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sonde.pipeline.protocol.MalformedMessageException;
import io.sonde.pipeline.protocol.StringCache;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class HpackDecoderTest {
  private final HpackDecoder decoder =
      new HpackDecoder(new HpackDecoder.Scratch(new StringCache()));

  /** RFC 7541 C.4: three requests on one connection, with Huffman coding. */
  @Test
  void requestsOfTheRfcAreRead() throws Exception {
    assertThat(decode("828684418cf1e3c2e5f23a6ba0ab90f4ff"))
        .containsExactly("METHOD=GET", "SCHEME=http", "PATH=/", "AUTHORITY=www.example.com");
    assertThat(decode("828684be5886a8eb10649cbf"))
        .containsExactly(
            "METHOD=GET", "SCHEME=http", "PATH=/", "AUTHORITY=www.example.com", "OTHER=null");
    assertThat(decode("828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf"))
        .containsExactly(
            "METHOD=GET",
            "SCHEME=https",
            "PATH=/index.html",
            "AUTHORITY=www.example.com",
            "OTHER=null");
  }

  @Test
  void whoComesLateKnowsWhatWasAddedSince() throws Exception {
    decoder.missedSome();

    assertThat(decode("8286c0be")) // entries 64 and 62
        .containsExactly("METHOD=GET", "SCHEME=http", "UNKNOWN=null", "UNKNOWN=null");
    assertThat(decode("44022f61be")).containsExactly("PATH=/a", "PATH=/a");
    assertThat(decode("44022f62bfbec0"))
        .containsExactly("PATH=/b", "PATH=/a", "PATH=/b", "UNKNOWN=null");
  }

  @Test
  void aLiteralWhoseNameIsUnknownMayBeAnyField() throws Exception {
    decoder.missedSome();

    assertThat(decode("7e022f61be")).containsExactly("UNKNOWN=null", "UNKNOWN=null");
  }

  @Test
  void aReferenceBeyondATableKnownFromItsStartIsBroken() {
    assertThatThrownBy(() -> decode("be")).isInstanceOf(MalformedMessageException.class);
  }

  @Test
  void aBrokenBlockMakesTheTableUnknown() throws Exception {
    decode("44022f61");
    assertThatThrownBy(() -> decode("44ff")).isInstanceOf(MalformedMessageException.class);

    assertThat(decode("be")).containsExactly("UNKNOWN=null");
  }

  @Test
  void aControlCharacterMakesAValueUnknown() throws Exception {
    assertThat(decode("04032f0a61")).containsExactly("PATH=null");
  }

  @Test
  void ofABombOnlyTheFirstFieldsAreTold() throws Exception {
    assertThat(decode("44022f61" + "be".repeat(60_000))).hasSize(256);
    assertThat(decode("be")).containsExactly("PATH=/a");
  }

  @Test
  void theLastSymbolMustBePaddedWithOnes() {
    assertThatThrownBy(() -> decode("0481f8" + "00")).isInstanceOf(MalformedMessageException.class);
    assertThatThrownBy(() -> decode("0484ffffffff")) // EOS
        .isInstanceOf(MalformedMessageException.class);
  }

  private List<String> decode(String hex) throws MalformedMessageException {
    byte[] block = HexFormat.of().parseHex(hex);
    List<String> fields = new ArrayList<>();
    decoder.decode(block, 0, block.length, (name, value) -> fields.add(name + "=" + value));
    return fields;
  }
}
