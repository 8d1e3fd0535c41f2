/** {@code sonde migrate}: from a configuration of Beyla's to one of Sonde's. */
package io.sonde.launcher.migrate;
