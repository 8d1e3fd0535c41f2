/**
 * HPACK (RFC 7541) as read by a bystander who may have missed the beginning. Only the fields that
 * are of use are kept; a field that refers to what was missed is unknown, never guessed.
 */
package io.sonde.pipeline.protocol.http2.hpack;
