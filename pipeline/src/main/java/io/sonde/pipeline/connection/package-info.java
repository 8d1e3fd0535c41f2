/**
 * From events to streams of bytes: knows which connections and processes exist, finds out what each
 * connection speaks, and hands its bytes, gaps and losses to the decoder of that protocol.
 */
package io.sonde.pipeline.connection;
