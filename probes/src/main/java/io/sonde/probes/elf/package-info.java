/**
 * Reads ELF files (elf(5), System V gABI), of which everything may be a lie: each answer takes a
 * bounded number of bytes and steps, and what does not fit together is not there. No recursion, no
 * memory mapping (a file that is cut short meanwhile would end this process).
 */
package io.sonde.probes.elf;
