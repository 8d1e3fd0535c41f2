/**
 * Hooks: tp_btf sched_process_exec, sched_process_fork, sched_process_exit (kernel 5.5). Cost: one
 * hash look-up per process started or ended.
 */
package io.sonde.probes.probe.process;
