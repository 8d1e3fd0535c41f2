/**
 * The heart of the capture. Hooks: tp_btf sock_recv_length, sock_send_length, inet_sock_set_state,
 * tcp_destroy_sock (kernel 6.3). Cost: 60-80 ns per socket call of an untraced socket, 0.4-0.6 µs
 * per traced one; of HTTP/2 0.7-0.8 µs per frame, small ones, each in an operation of its own or
 * two. Cannot see: the bytes of sendfile, splice and io_uring (counted), splice from a socket (not
 * even counted).
 */
package io.sonde.probes.probe.socket;
