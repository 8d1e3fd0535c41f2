/**
 * What services tell of themselves: recognises, among the exchanges, the exports of an
 * OpenTelemetry SDK. What follows from it is in {@link
 * io.sonde.pipeline.identity.Service#withheld}.
 */
package io.sonde.pipeline.coexistence;
