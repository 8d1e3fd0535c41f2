/**
 * As much of x86-64 code as is needed to attach to it: where each instruction begins and ends. A
 * probe within an instruction would corrupt the program, so what is not known for certain is
 * refused.
 */
package io.sonde.probes.elf.x86;
