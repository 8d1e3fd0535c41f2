/**
 * The other side of the export: configuration for Grafana Alloy and for the OpenTelemetry Collector
 * that receives just what a configured Sonde sends. Printed, never written; without secrets.
 */
package io.sonde.launcher.companion;
