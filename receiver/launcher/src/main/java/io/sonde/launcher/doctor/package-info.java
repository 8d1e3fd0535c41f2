/**
 * The unprivileged half of {@code sonde doctor}: whether the configuration, the socket, the ports,
 * the queue on disk and the collectors are as they must be, seen with the rights of the receiver.
 * Where the receiver itself looks at its start, the same code looks here.
 */
package io.sonde.launcher.doctor;
