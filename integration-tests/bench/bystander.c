// SPDX-License-Identifier: Apache-2.0
// A program Sonde does not observe, to see what it pays all the same; or one it does, to see what that pays. Prints
// operations per second.
// usage: bystander socket|syscall|tls SECONDS [PORT]
//   socket:  one byte to and fro over TCP on the loopback, between two processes
//   syscall: getppid, the cheapest call there is
//   tls:     SSL_read where there is nothing to read
// With PORT it listens there, by which it can be observed, and gives two seconds for that.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void check(long result, const char *what)
{
	if (result < 0) {
		perror(what);
		exit(1);
	}
}

static void no_delay(int fd)
{
	int one = 1;
	check(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one), "TCP_NODELAY");
}

static int connection_to_echo_child(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof address;
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	check(listener, "socket");
	check(bind(listener, (struct sockaddr *)&address, sizeof address), "bind");
	check(listen(listener, 1), "listen");
	check(getsockname(listener, (struct sockaddr *)&address, &length), "getsockname");
	pid_t child = fork();
	check(child, "fork");
	if (child == 0) {
		int peer = accept(listener, NULL, NULL);
		char byte;
		no_delay(peer);
		while (read(peer, &byte, 1) == 1)
			check(write(peer, &byte, 1), "write");
		exit(0);
	}
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	check(connect(fd, (struct sockaddr *)&address, sizeof address), "connect");
	no_delay(fd);
	return fd;
}

static void be_observed(int port)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
				      .sin_port = htons(port)};
	int listener = socket(AF_INET, SOCK_STREAM, 0), one = 1;
	check(listener, "socket");
	check(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one), "SO_REUSEADDR");
	check(bind(listener, (struct sockaddr *)&address, sizeof address), "bind");
	check(listen(listener, 1), "listen");
	sleep(2);
}

static SSL *session_without_a_peer(void)
{
	SSL *session = SSL_new(SSL_CTX_new(TLS_server_method()));
	SSL_set_bio(session, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
	SSL_set_accept_state(session);
	return session;
}

int main(int argc, char **argv)
{
	if (argc != 3 && argc != 4) {
		fprintf(stderr, "usage: bystander socket|syscall|tls SECONDS [PORT]\n");
		return 2;
	}
	int sockets = strcmp(argv[1], "socket") == 0;
	int fd = sockets ? connection_to_echo_child() : -1;
	SSL *session = strcmp(argv[1], "tls") == 0 ? session_without_a_peer() : NULL;
	if (argc == 4)
		be_observed(atoi(argv[3]));
	long operations = 0;
	double start = now(), end = start + atof(argv[2]);
	while (now() < end) {
		for (int i = 0; i < 1000; i++) {
			char byte = 'x';
			if (session) {
				SSL_read(session, &byte, 1);
			} else if (!sockets) {
				syscall(SYS_getppid);
			} else {
				check(write(fd, &byte, 1), "write");
				check(read(fd, &byte, 1), "read");
			}
		}
		operations += 1000;
	}
	printf("%.0f\n", operations / (now() - start));
	return 0;
}
