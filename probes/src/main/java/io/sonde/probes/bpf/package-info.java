/** libbpf's nouns for Java, through jnr-ffi; only what the probes use. */
package io.sonde.probes.bpf;
