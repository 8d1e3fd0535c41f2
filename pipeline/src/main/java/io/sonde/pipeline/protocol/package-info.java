/**
 * What it takes to understand bytes: a {@link io.sonde.pipeline.protocol.Protocol} recognises the
 * first bytes of a connection and makes a {@link io.sonde.pipeline.protocol.ProtocolDecoder} for
 * it. One package below this one per protocol, registered by one line in {@link
 * io.sonde.pipeline.protocol.Protocols}.
 */
package io.sonde.pipeline.protocol;
