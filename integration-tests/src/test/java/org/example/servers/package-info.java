/**
 * Java servers nobody here wrote, with the little around them that makes them programs to start.
 * Not below {@code io.sonde}: a program with that on its command line is taken for Sonde itself.
 */
package org.example.servers;
