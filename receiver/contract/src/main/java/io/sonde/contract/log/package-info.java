/**
 * How both processes write a log line: their lines end in one journal, next to those of a Collector
 * or Alloy, so they are made by one class and with those programs' keys.
 */
package io.sonde.contract.log;
