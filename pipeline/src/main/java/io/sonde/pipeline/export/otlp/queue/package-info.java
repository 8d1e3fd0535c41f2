/**
 * What waits for the OTLP endpoint, in memory or on disk, bounded by bytes, oldest dropped first,
 * with every loss told in items.
 *
 * <p><b>On disk</b>: {@code DiskQueue} appends to segment files and marks each record in place once
 * the endpoint has decided on it; a segment is deleted when all of it is done. Nothing of the
 * backlog is held in memory but the request being sent. Every record says how many requests and
 * items went before it in the life of the queue, so that what is lost between two readable ones is
 * known exactly, whatever the damage.
 *
 * <p><b>What is guaranteed</b>:
 *
 * <ul>
 *   <li>The process ends, by whatever signal, at whatever moment: nothing that {@code offer} had
 *       accepted is lost, for the kernel has it; sent twice is at most the request in flight. What
 *       waited in memory because the disk was full, and one request that was in flight when its
 *       segment was dropped, are lost.
 *   <li>The machine loses power: nothing is flushed for each request, as that would make every
 *       export wait for the disk. What the kernel had not written yet (about the last 30 s by
 *       default) may be lost, and is not counted where no trace of it is left; requests sent in
 *       that time may be sent again. What is left is read.
 *   <li>Bytes change on the disk: the requests they belong to are lost and counted, the others are
 *       read.
 * </ul>
 *
 * <p><b>Why our own</b>: the disk-buffering of opentelemetry-java-contrib (alpha) deletes the
 * oldest and the expired files of a full folder without saying how much was in them, has neither
 * checksums nor a lock, and fails on any file whose name is not a number. square/tape was archived
 * in 2024 and says that power loss corrupts the file on ordinary file systems.
 */
package io.sonde.pipeline.export.otlp.queue;
