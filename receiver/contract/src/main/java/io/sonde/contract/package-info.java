/**
 * What the privileged capture process and the receiver must agree on: the layout of the records
 * ({@code record.h} is the truth, a test compares), and the generated gRPC service in {@code v1}.
 */
package io.sonde.contract;
