/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Knobs, written by BpfObject before load; the offsets are mirrored by Settings.java and compared by a test. */
#ifndef SONDE_SETTINGS_BPF_H
#define SONDE_SETTINGS_BPF_H

struct settings {
	__u32 request_bytes;   /* captured at most per turn, request direction */
	__u32 response_bytes;  /* captured at most per turn, answer direction */
	__u32 max_connections; /* tracked at a time */
	__u32 select_by_executable; /* 1: a newly executed program is pending until the capture process decides */
	__u32 own_tgid;        /* never traced */
	__u32 idle_ms;         /* a connection silent for this long is summarised */
	__u32 tls;             /* 1: TLS libraries are hooked */
};

const volatile struct settings settings SEC(".rodata.settings") = {};

#endif
