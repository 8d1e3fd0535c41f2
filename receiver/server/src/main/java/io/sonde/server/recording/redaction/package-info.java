/**
 * Takes the secrets out of a recording before it is written, and keeps all lengths, so that what is
 * replayed frames as it did.
 *
 * <p>It errs on one side. Kept are: start lines without queries, path parameters, credentials and
 * reason phrases; names of header fields; values of the few fields that frame a message or name its
 * ends; sizes of chunks; that bytes are a record of TLS; of HTTP/2 that is followed from its first
 * byte the same fields, the headers of frames, and how long messages of gRPC are. Blanked is
 * everything else, whatever its name: all other values, bodies, what is not HTTP, what cannot be
 * followed. A process keeps its executable, its script or main class and the variables that name
 * the service; other arguments are blanked.
 *
 * <p>Nothing is held back: bytes are blanked as they come, however a head is split, by a state
 * machine for each direction of each connection. Where the end of a line would have to be known to
 * judge its beginning, the beginning is judged by itself, and blanked in doubt.
 */
package io.sonde.server.recording.redaction;
