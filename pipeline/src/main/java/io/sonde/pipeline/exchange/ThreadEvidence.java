package io.sonde.pipeline.exchange;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What the threads or goroutines of the observed process tell of an exchange: for which request a
 * client call was made, if that is certain.
 *
 * @param request SERVER: this request, null when no call was made while it was served. CLIENT: the
 *     request that was being served, by who made the call, when that began to be written; null
 *     unless the finding is {@code CERTAIN}
 * @param finding CLIENT: of what could be seen when the call began; it holds if that of the request
 *     is certain too, once that is over
 * @param untilNs SERVER: a call that began later is not part of it, CLOCK_MONOTONIC. CLIENT: 0
 * @param routes SERVER: with which a framework matched the request, in this order, as it spells
 *     them: hostile; empty when none told
 */
public record ThreadEvidence(RequestKey request, Finding finding, long untilNs, List<String> routes)
    implements ThreadWork {

  private static final Map<Finding, ThreadEvidence> AGAINST = new EnumMap<>(Finding.class);

  static {
    for (Finding finding : Finding.values()) {
      AGAINST.put(finding, new ThreadEvidence(null, finding, 0, List.of()));
    }
  }

  public ThreadEvidence {
    routes = List.copyOf(routes);
  }

  /** Of a call that is not certain to have been made for a request. */
  public static ThreadEvidence against(Finding why) {
    return AGAINST.get(why);
  }

  /** Of a call: all of it is known from the beginning. */
  @Override
  public ThreadEvidence evidence() {
    return this;
  }

  /** Why a call is not certain to have been made for a certain request. */
  public enum Finding {
    /** It is certain. */
    CERTAIN,
    /** Neither who made the call was serving a request, nor any that had created that one. */
    NO_REQUEST,
    /** Event loops, virtual threads: what else the thread did meanwhile is not known. */
    NON_BLOCKING,
    /** Of one connection (pipelined) or of several: now, or ever seen of this thread. */
    SEVERAL_REQUESTS,
    /** They took part in the request. */
    SEVERAL_THREADS,
    /** So who was serving the request is not known. */
    NO_ANSWER,
    /** It is not told for which goroutine the one that wrote the call did that. */
    CALLER_UNKNOWN,
    /** It is not known when, or by which one, a goroutine was created. */
    LINEAGE_UNKNOWN,
    /** It was created before the request was read, as the workers of a pool are. */
    OLDER_GOROUTINE,
    /** The request that the goroutine served, or was created for, was over. */
    AFTER_ANSWER
  }
}
