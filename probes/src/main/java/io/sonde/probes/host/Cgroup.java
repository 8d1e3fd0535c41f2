package io.sonde.probes.host;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the cgroups of a process (/proc/pid/cgroup, cgroups(7)) say of the container it runs in.
 * Each runtime names its groups in its own way; of containers within containers the innermost
 * counts.
 *
 * @param containerId empty: in none. Mostly 64 hex digits; of systemd-nspawn the name of the
 *     machine, of AWS Fargate the task and a number
 * @param podUid Kubernetes' uid of the pod; empty: in none, or one that the cgroup does not name,
 *     as a static pod
 */
record Cgroup(String containerId, String podUid) {
  /**
   * Docker, containerd, CRI-O and Podman, by systemd or by cgroupfs. Not conmon's own group, which
   * bears the id of the container that it looks after from outside.
   */
  private static final Pattern HEX_ID =
      Pattern.compile("(?<![0-9a-z])(?<!conmon-)([0-9a-f]{64})(?:\\.scope)?(?=/|$)");

  private static final Pattern FARGATE_ID = Pattern.compile("/ecs/(?:.*/)?([0-9a-f]{32}-\\d+)$");

  /** What runs inside is in {@code payload}, the nspawn that looks after it in supervisor. */
  private static final Pattern MACHINE =
      Pattern.compile("/(?:machine-(.+)\\.scope|systemd-nspawn@(.+)\\.service)/payload(?:/|$)");

  private static final String HEX = "[0-9a-f]";

  /** In a systemd slice its dashes are underscores. */
  private static final Pattern POD =
      Pattern.compile(
          "pod(H{8})[-_](H{4})[-_](H{4})[-_](H{4})[-_](H{12})(?:\\.slice)?[/:]".replace("H", HEX));

  private static final Pattern ESCAPED = Pattern.compile("\\\\x(" + HEX + "{2})");

  /**
   * @param text of the file: a line {@code id:controllers:path} for each hierarchy
   */
  static Cgroup parse(String text) {
    String container = "";
    String pod = "";
    for (String line : text.split("\n")) {
      String[] fields = line.split(":", 3);
      String path = fields[fields.length - 1];
      if (container.isEmpty()) {
        container = containerId(path);
      }
      Matcher uid = POD.matcher(path);
      while (uid.find() && pod.isEmpty()) {
        pod =
            String.join("-", uid.group(1), uid.group(2), uid.group(3), uid.group(4), uid.group(5));
      }
    }
    return new Cgroup(container, pod);
  }

  private static String containerId(String path) {
    String id = "";
    Matcher hex = HEX_ID.matcher(path);
    while (hex.find()) {
      id = hex.group(1);
    }
    Matcher fargate = FARGATE_ID.matcher(path);
    if (id.isEmpty() && fargate.find()) {
      return fargate.group(1);
    }
    Matcher machine = MACHINE.matcher(path);
    if (id.isEmpty() && machine.find()) {
      return unescaped(machine.group(1) == null ? machine.group(2) : machine.group(1));
    }
    return id;
  }

  /** systemd.unit(5): a dash within a name is written as {@code \x2d}. */
  private static String unescaped(String name) {
    return ESCAPED
        .matcher(name)
        .replaceAll(
            match ->
                Matcher.quoteReplacement(
                    Character.toString((char) Integer.parseInt(match.group(1), 16))));
  }
}
