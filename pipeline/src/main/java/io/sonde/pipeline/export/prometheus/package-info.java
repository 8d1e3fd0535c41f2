/**
 * The page that Prometheus scrapes: the observed services' metrics under the names and labels that
 * Beyla gives them, and Sonde's own.
 */
package io.sonde.pipeline.export.prometheus;
