package io.sonde.contract;

/**
 * The offsets, sizes and values of {@code record.h}, for the structs that cross the socket. Offsets
 * are bytes from the start of the record; constants are named as the C fields, in capitals. {@code
 * RecordLayoutTest} compares every one with what a C compiler says.
 */
public final class RecordLayout {
  /** SONDE_LAYOUT_VERSION: stated in Hello; the receiver refuses one it does not know. */
  public static final int LAYOUT_VERSION = 3;

  /** The oldest version whose records a reader of this one understands. */
  public static final int OLDEST_LAYOUT_VERSION = 1;

  /** SONDE_MAX_CAPTURE: most bytes of one operation that are ever captured. */
  public static final int MAX_CAPTURE = 16384;

  /** Every record starts on this many bytes and is a multiple of them long. */
  public static final int ALIGNMENT = 8;

  private RecordLayout() {}

  /** {@code struct sonde_header}: the start of every record. */
  public static final class Header {
    public static final int LENGTH = 0;
    public static final int KIND = 4;
    public static final int FLAGS = 6;
    public static final int TIME_NS = 8;
    public static final int CONNECTION = 16;
    public static final int SEQUENCE = 24;
    public static final int TGID = 28;
    public static final int TID = 32;
    public static final int SESSION = 36;
    public static final int SIZE = 40;

    private Header() {}
  }

  /** {@code struct sonde_connection}. */
  public static final class Connection {
    public static final int OPENED_NS = 40;
    public static final int NETNS = 48;
    public static final int LOCAL_ADDRESS = 56;
    public static final int REMOTE_ADDRESS = 72;
    public static final int LOCAL_PORT = 88;
    public static final int REMOTE_PORT = 90;
    public static final int ROLE = 92;
    public static final int MPTCP = 93;
    public static final int SIZE = 96;

    private Connection() {}
  }

  /** {@code struct sonde_activity}; its data starts at {@link #DATA}. */
  public static final class Activity {
    public static final int ARRIVED_NS = 40;
    public static final int RX_OFFSET = 48;
    public static final int TX_OFFSET = 56;
    public static final int RX_LAST_NS = 64;
    public static final int TX_LAST_NS = 72;
    public static final int BYTES = 80;
    public static final int CAPTURED = 84;
    public static final int DIRECTION = 88;
    public static final int RX_TAIL_LENGTH = 89;
    public static final int TX_TAIL_LENGTH = 90;
    public static final int MATCH = 91;
    public static final int SYSCALL = 92;
    public static final int RX_TAIL = 96;
    public static final int TX_TAIL = 104;
    public static final int DATA = 112;
    public static final int SIZE = 112;

    private Activity() {}
  }

  /** {@code struct sonde_fragment}: bytes from the middle of an operation. */
  public static final class Fragment {
    public static final int SKIPPED = 0;
    public static final int LENGTH = 4;
    public static final int DATA = 8;
    public static final int SIZE = 8;

    private Fragment() {}
  }

  /** {@code struct sonde_goroutine}. */
  public static final class Goroutine {
    public static final int ID = 0;
    public static final int PARENT = 8;
    public static final int SIZE = 16;

    private Goroutine() {}
  }

  /** {@code struct sonde_ancestor}. */
  public static final class Ancestor {
    public static final int ID = 0;
    public static final int CREATED_NS = 8;
    public static final int SIZE = 16;

    private Ancestor() {}
  }

  /** {@code struct sonde_go}; its route starts at {@link #ROUTE}. */
  public static final class Go {
    public static final int GOROUTINE = 40;
    public static final int ANCESTOR = 56;
    public static final int STREAM = 120;
    public static final int ROUTE_LENGTH = 124;
    public static final int ACT = 128;
    public static final int ANCESTORS = 129;
    public static final int ROUTE = 136;
    public static final int SIZE = 136;

    private Go() {}
  }

  /** {@code enum sonde_go_act}, and what is said of it. */
  public static final class GoAct {
    public static final int CALLS = 1;
    public static final int SERVES = 2;
    public static final int ROUTES = 3;

    /** Of {@code struct sonde_go}: as many ancestors at most. */
    public static final int ANCESTORS = 4;

    /** Not known yet: the one whose HEADERS are written next. */
    public static final int NEXT_STREAM = 0xffffffff;

    private GoAct() {}
  }

  /** {@code enum sonde_record_kind}, without the kinds that never cross the socket. */
  public static final class Kind {
    public static final int CONNECTION = 1;
    public static final int ACTIVITY = 2;
    public static final int CLOSED = 3;
    public static final int PLAINTEXT = 4;
    public static final int GOROUTINE = 5;

    private Kind() {}
  }

  /** {@code enum sonde_flag}, to be or-ed. */
  public static final class Flag {
    public static final int SUMMARY = 1;
    public static final int NO_DATA = 1 << 1;
    public static final int PENDING = 1 << 2;
    public static final int RESET = 1 << 3;
    public static final int LOCAL_CLOSE = 1 << 4;
    public static final int CLOSING = 1 << 5;
    public static final int WAITS = 1 << 6;
    public static final int FRAGMENTS = 1 << 7;
    public static final int AT_ONCE = 1 << 8;
    public static final int GOROUTINE = 1 << 9;

    private Flag() {}
  }

  /** {@code enum sonde_role}. */
  public static final class Role {
    public static final int UNKNOWN = 0;
    public static final int SERVER = 1;
    public static final int CLIENT = 2;

    private Role() {}
  }

  /** {@code enum sonde_match}. */
  public static final class Match {
    public static final int NONE = 0;
    public static final int IO = 1;
    public static final int THREAD = 2;
    public static final int CONFLICT = 3;

    private Match() {}
  }

  /** {@code enum sonde_direction}. */
  public static final class Direction {
    public static final int RX = 0;
    public static final int TX = 1;

    private Direction() {}
  }
}
