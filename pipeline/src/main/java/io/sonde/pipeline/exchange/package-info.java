/**
 * A request with its answer, or with its absence: what decoding makes and what spans and metrics
 * are made of. Exporters and metrics switch on the semantic-convention family ({@link
 * io.sonde.pipeline.exchange.Exchange}'s permitted types), never on the wire protocol.
 */
package io.sonde.pipeline.exchange;
