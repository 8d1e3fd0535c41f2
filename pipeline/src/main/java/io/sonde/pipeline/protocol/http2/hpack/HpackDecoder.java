package io.sonde.pipeline.protocol.http2.hpack;

import io.sonde.pipeline.protocol.MalformedMessageException;
import io.sonde.pipeline.protocol.StringCache;

/**
 * Decodes the header blocks of one side of a connection (RFC 7541) as a bystander: a reference to
 * an entry that was made when nobody listened gives an unknown field, never a wrong one. Makes no
 * object for a field but its value, where that matters and is new.
 */
public final class HpackDecoder {
  /** Longer values are not kept; as much as HTTP/1 has for a whole head. */
  private static final int MAX_VALUE = 16 * 1024;

  /** Fields of one block that are told; the others go into the table only. */
  private static final int MAX_FIELDS = 256;

  /** Bytes of the fields of one block that are told, as SETTINGS_MAX_HEADER_LIST_SIZE counts. */
  private static final int MAX_LIST_SIZE = 64 * 1024;

  private static final int MAX_SHIFT = 21;

  /** Scratch of a capture's decoders: where the latest string was decoded. */
  public static final class Scratch {
    private final StringCache strings;
    private final byte[] decoded = new byte[MAX_VALUE];

    public Scratch(StringCache strings) {
      this.strings = strings;
    }
  }

  private final Scratch scratch;
  private final DynamicTable table = new DynamicTable();

  // The block that is being read.
  private byte[] data;
  private int at;
  private int end;
  private FieldSink sink;
  private int fields;
  private long listSize;

  // The string that was read last.
  private byte[] text;
  private int textFrom;
  private int textLength;

  /**
   * @param scratch shared by decoders that one thread uses
   */
  public HpackDecoder(Scratch scratch) {
    this.scratch = scratch;
  }

  /** Blocks were missed: nothing is known of the table any more. */
  public void missedSome() {
    table.missedSome();
  }

  /**
   * Decodes one whole block. When it is broken the table is as if blocks had been missed.
   *
   * @param block shared and hostile; not kept
   */
  public void decode(byte[] block, int from, int to, FieldSink fieldSink)
      throws MalformedMessageException {
    data = block;
    at = from;
    end = to;
    sink = fieldSink;
    fields = 0;
    listSize = 0;
    try {
      while (at < end) {
        representation();
      }
    } catch (MalformedMessageException e) {
      table.missedSome();
      throw e;
    } finally {
      data = null;
      text = null;
      sink = null;
    }
  }

  /**
   * §6:
   *
   * <pre>
   *   1xxxxxxx  indexed field
   *   01xxxxxx  literal, goes into the table      name by index, or 0 and the name
   *   001xxxxx  new maximum size of the table
   *   000yxxxx  literal, does not                 name by index, or 0 and the name
   * </pre>
   */
  private void representation() throws MalformedMessageException {
    int first = data[at];
    if (first < 0) {
      indexed(integer(7));
    } else if ((first & 0x40) != 0) {
      literal(integer(6), true);
    } else if ((first & 0x20) != 0) {
      table.resize(integer(5));
    } else {
      literal(integer(4), false);
    }
  }

  private void indexed(int index) throws MalformedMessageException {
    if (index == 0) {
      throw malformed("an index that is not 0");
    }
    if (index <= StaticTable.LENGTH) {
      tell(StaticTable.name(index), StaticTable.value(index), DynamicTable.ENTRY_OVERHEAD);
      return;
    }
    int age = index - StaticTable.LENGTH - 1;
    if (isKnown(age)) {
      String value = table.value(age);
      int length = value == null ? 0 : value.length();
      tell(table.name(age), value, length + DynamicTable.ENTRY_OVERHEAD);
    } else {
      tell(FieldName.UNKNOWN, null, DynamicTable.ENTRY_OVERHEAD);
    }
  }

  private boolean isKnown(int age) throws MalformedMessageException {
    if (age >= table.count() && !table.olderUnknown()) {
      throw malformed("an index of an entry that there is");
    }
    return age < table.count();
  }

  private void literal(int index, boolean indexing) throws MalformedMessageException {
    FieldName name;
    int nameLength;
    if (index == 0) {
      string();
      name =
          textLength > MAX_VALUE
              ? FieldName.OTHER
              : FieldName.of(text, textFrom, textFrom + textLength);
      nameLength = textLength;
    } else if (index <= StaticTable.LENGTH) {
      name = StaticTable.name(index);
      nameLength = StaticTable.nameLength(index);
    } else {
      int age = index - StaticTable.LENGTH - 1;
      boolean known = isKnown(age);
      name = known ? table.name(age) : FieldName.UNKNOWN;
      nameLength = known ? table.nameLength(age) : 0;
    }
    string();
    int valueLength = textLength;
    String value = name.matters() && (indexing || telling()) ? value() : null;
    if (indexing) {
      table.add(name, nameLength, value, valueLength);
    }
    tell(name, value, nameLength + valueLength + DynamicTable.ENTRY_OVERHEAD);
  }

  private boolean telling() {
    return fields < MAX_FIELDS && listSize < MAX_LIST_SIZE;
  }

  private void tell(FieldName name, String value, int size) {
    if (telling()) {
      sink.field(name, value);
    }
    fields++;
    listSize += size;
  }

  private String value() {
    return textLength <= MAX_VALUE && isText()
        ? scratch.strings.get(text, textFrom, textFrom + textLength)
        : null;
  }

  /** Without control characters, which have no place in a value and do harm where it is shown. */
  private boolean isText() {
    for (int i = textFrom; i < textFrom + textLength; i++) {
      if (text[i] >= 0 && text[i] < ' ' && text[i] != '\t' || text[i] == 0x7f) {
        return false;
      }
    }
    return true;
  }

  /** §5.2. */
  private void string() throws MalformedMessageException {
    if (at == end) {
      throw malformed("a string");
    }
    boolean huffman = data[at] < 0;
    int length = integer(7);
    if (length > end - at) {
      throw malformed("a string that ends within its block");
    }
    if (huffman) {
      text = scratch.decoded;
      textFrom = 0;
      textLength = Huffman.decode(data, at, at + length, text);
    } else {
      text = data;
      textFrom = at;
      textLength = length;
    }
    at += length;
  }

  /**
   * §5.1.
   *
   * @param bits of the first byte that belong to it
   */
  private int integer(int bits) throws MalformedMessageException {
    int mask = (1 << bits) - 1;
    long value = data[at++] & mask;
    if (value < mask) {
      return (int) value;
    }
    for (int shift = 0; shift <= MAX_SHIFT; shift += 7) {
      if (at == end) {
        throw malformed("the rest of an integer");
      }
      int next = data[at++];
      value += (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return (int) value;
      }
    }
    throw malformed("an integer of at most four more bytes");
  }

  private MalformedMessageException malformed(String expected) {
    return new MalformedMessageException("hpack", at, expected);
  }
}
