package io.sonde.probes.capture;

import java.util.LinkedHashMap;
import java.util.Map;

/** The numbers of {@link ProcessRecord}, by the C expression that they repeat. */
public final class ProcessRecordOffsets {
  public static final int MAX_PATH = ProcessRecord.MAX_PATH;
  public static final int MAX_ARGS = ProcessRecord.MAX_ARGS;

  private ProcessRecordOffsets() {}

  public static Map<String, Integer> all() {
    Map<String, Integer> numbers = new LinkedHashMap<>();
    numbers.put("SONDE_EXEC", ProcessRecord.EXEC);
    numbers.put("SONDE_FORK", ProcessRecord.FORK);
    numbers.put("SONDE_EXIT", ProcessRecord.EXIT);
    numbers.put("SONDE_LISTEN", ProcessRecord.LISTEN);
    numbers.put("SONDE_TLS_SEEN", ProcessRecord.TLS_SEEN);
    numbers.put("offsetof(struct sonde_process, start_ns)", ProcessRecord.START_NS);
    numbers.put("offsetof(struct sonde_process, parent_tgid)", ProcessRecord.PARENT_TGID);
    numbers.put("offsetof(struct sonde_process, uid)", ProcessRecord.UID);
    numbers.put("offsetof(struct sonde_process, port)", ProcessRecord.PORT);
    numbers.put("offsetof(struct sonde_process, path_length)", ProcessRecord.PATH_LENGTH);
    numbers.put("offsetof(struct sonde_process, args_length)", ProcessRecord.ARGS_LENGTH);
    numbers.put("offsetof(struct sonde_process, data)", ProcessRecord.DATA);
    return numbers;
  }
}
