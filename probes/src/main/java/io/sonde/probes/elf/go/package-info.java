/**
 * Functions of Go programs by their names, also in stripped ones: Go's runtime needs its table of
 * functions, so the linker leaves it in every executable.
 */
package io.sonde.probes.elf.go;
