/**
 * Java servers nobody here wrote, with the little around them that makes them programs to start.
 */
package io.sonde.it.servers;
