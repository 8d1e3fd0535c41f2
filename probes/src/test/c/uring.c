/* SPDX-License-Identifier: Apache-2.0 */
/* Sends five bytes to itself over loopback by io_uring and receives them by io_uring; waits for a line on its input first. */
#include <linux/io_uring.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static int ring;
static unsigned *sq_tail, *sq_mask, *sq_array, *cq_head, *cq_tail, *cq_mask;
static struct io_uring_sqe *sqes;
static struct io_uring_cqe *cqes;

static void check(int failed, const char *what)
{
	if (failed) {
		perror(what);
		exit(1);
	}
}

static void *map(size_t size, off_t offset)
{
	void *at = mmap(0, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring, offset);

	check(at == MAP_FAILED, "mmap");
	return at;
}

static void open_ring(void)
{
	struct io_uring_params p;
	char *sq, *cq;

	memset(&p, 0, sizeof(p));
	ring = syscall(SYS_io_uring_setup, 4, &p);
	check(ring < 0, "io_uring_setup");
	sq = map(p.sq_off.array + p.sq_entries * sizeof(unsigned), IORING_OFF_SQ_RING);
	cq = map(p.cq_off.cqes + p.cq_entries * sizeof(struct io_uring_cqe), IORING_OFF_CQ_RING);
	sqes = map(p.sq_entries * sizeof(struct io_uring_sqe), IORING_OFF_SQES);
	sq_tail = (unsigned *)(sq + p.sq_off.tail);
	sq_mask = (unsigned *)(sq + p.sq_off.ring_mask);
	sq_array = (unsigned *)(sq + p.sq_off.array);
	cq_head = (unsigned *)(cq + p.cq_off.head);
	cq_tail = (unsigned *)(cq + p.cq_off.tail);
	cq_mask = (unsigned *)(cq + p.cq_off.ring_mask);
	cqes = (struct io_uring_cqe *)(cq + p.cq_off.cqes);
}

static int transfer(int opcode, int fd, void *buffer, unsigned length)
{
	unsigned at = *sq_tail & *sq_mask;
	int result;

	memset(&sqes[at], 0, sizeof(sqes[at]));
	sqes[at].opcode = opcode;
	sqes[at].fd = fd;
	sqes[at].addr = (unsigned long)buffer;
	sqes[at].len = length;
	sq_array[at] = at;
	__atomic_store_n(sq_tail, *sq_tail + 1, __ATOMIC_RELEASE);
	check(syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, 0, 0) < 0, "io_uring_enter");
	check(__atomic_load_n(cq_tail, __ATOMIC_ACQUIRE) == *cq_head, "completion");
	result = cqes[*cq_head & *cq_mask].res;
	__atomic_store_n(cq_head, *cq_head + 1, __ATOMIC_RELEASE);
	return result;
}

int main(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(address);
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	int client = socket(AF_INET, SOCK_STREAM, 0);
	char bytes[8] = "hello";
	int server;

	getchar();
	check(bind(listener, (struct sockaddr *)&address, size) || listen(listener, 1), "listen");
	check(getsockname(listener, (struct sockaddr *)&address, &size), "getsockname");
	check(connect(client, (struct sockaddr *)&address, size), "connect");
	server = accept(listener, 0, 0);
	check(server < 0, "accept");
	open_ring();
	check(transfer(IORING_OP_SEND, client, bytes, 5) != 5, "send");
	check(transfer(IORING_OP_RECV, server, bytes, 5) != 5, "recv");
	return 0;
}
