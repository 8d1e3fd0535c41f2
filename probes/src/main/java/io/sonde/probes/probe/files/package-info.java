/**
 * Programs that run in the files that processes use: which file is attached to, where, and for how
 * long. {@link io.sonde.probes.probe.files.FileTracking} is told of processes, {@code UsedFiles}
 * knows which of them use which files, {@code HookedFiles} attaches to each file once, at the
 * places that {@link io.sonde.probes.probe.files.HookFinder} have found in it. All of that on a
 * thread of its own.
 */
package io.sonde.probes.probe.files;
