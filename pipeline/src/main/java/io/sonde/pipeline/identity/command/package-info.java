/**
 * What people call a program, read from the command line it was started with: of an interpreter or
 * a virtual machine that is not its executable's name but what it runs. One class for each of
 * these. Command lines are hostile: whatever they say, the answer is a name or none.
 */
package io.sonde.pipeline.identity.command;
