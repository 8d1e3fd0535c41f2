/**
 * A recording: what captures sent, message by message, in a file that any later Sonde reads.
 *
 * <pre>
 *   file   = header, chunk*                      all numbers big-endian
 *   header = magic[8] format:u16 length:u16 layout:u16 contract:u16 flags:u8 byte-order:u8
 *            created:i64 (ns since 1970) writer:UTF-8 to the end of length, crc:u32
 *   chunk  = stored:u32 plain:u32 crc:u32 (of stored, plain and data) data[stored] (zlib)
 *   plain  = entry*
 *   entry  = kind:u8 capture:u16 length:u32 message[length] (a CaptureMessage, where the kind has one)
 * </pre>
 *
 * <p>The first message of a capture is its Hello, so the facts of a host stand beside what happened
 * there. Records are as the kernel wrote them, hence the byte order. The last entry of a file that
 * was ended in good order is an END: without it, it is known that something is missing. A recording
 * holds captured bytes: it is made for its owner only.
 *
 * <p>JDK's zlib and not zstd: the receiver needs no native code for it, and records shrink to a
 * tenth by either.
 */
package io.sonde.server.recording;
