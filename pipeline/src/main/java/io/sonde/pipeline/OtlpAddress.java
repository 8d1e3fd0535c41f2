package io.sonde.pipeline;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an OTLP endpoint is.
 *
 * @param tls whether TLS is spoken; never over a Unix socket, which leaves the machine by no wire
 * @param path of the URL, for OTLP/HTTP; begins with a slash or is empty
 */
public record OtlpAddress(Target target, boolean tls, String path) {
  /** {@code sun_path} of unix(7) has 108 bytes, of which one is the zero that ends or begins it. */
  private static final int MAX_SOCKET_NAME_BYTES = 107;

  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;
  private static final int MAX_PORT = 65535;
  private static final String UNIX = "unix://";
  private static final Pattern HOST_AND_PORT =
      Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]):(\\d{1,5})");

  /** What is connected to. */
  public sealed interface Target {}

  /**
   * @param host name or address, an IPv6 address in brackets
   */
  public record Tcp(String host, int port) implements Target {
    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  /** A socket in the file system: an absolute path. */
  public record UnixFile(String path) implements Target {
    @Override
    public String toString() {
      return UNIX + path;
    }
  }

  /** A socket in the network namespace's table of names, which no file stands for. */
  public record UnixAbstract(String name) implements Target {
    @Override
    public String toString() {
      return UNIX + "@" + name;
    }
  }

  /**
   * Reads {@code http://host:port/path}, {@code https://…}, {@code unix:///path}, {@code
   * unix://@name}, and the Collector's {@code host:port}.
   *
   * @param insecure of {@code host:port}, which does not say whether it is TLS
   * @throws IllegalArgumentException when it is none of these; the message says what is wrong,
   *     without repeating the text, which may hold a password
   */
  public static OtlpAddress parse(String text, boolean insecure) {
    if (text.startsWith(UNIX)) {
      return new OtlpAddress(unix(text.substring(UNIX.length())), false, "");
    }
    Matcher hostAndPort = HOST_AND_PORT.matcher(text);
    if (hostAndPort.matches()) {
      int port = Integer.parseInt(hostAndPort.group(2));
      return new OtlpAddress(tcp(hostAndPort.group(1), port), !insecure, "");
    }
    URI url = URI.create(text);
    boolean tls = "https".equals(url.getScheme());
    require(tls || "http".equals(url.getScheme()), "its scheme is none of http, https and unix");
    require(url.getRawUserInfo() == null, "a user name belongs in auth.basic, not in the address");
    require(url.getHost() != null, "it has no host");
    require(url.getRawQuery() == null && url.getRawFragment() == null, "it ends with ? or #");
    int port = url.getPort() >= 0 ? url.getPort() : tls ? HTTPS_PORT : HTTP_PORT;
    return new OtlpAddress(tcp(url.getHost(), port), tls, url.getRawPath());
  }

  private static Target unix(String name) {
    boolean named = name.startsWith("@");
    require(named || name.startsWith("/"), "after unix:// comes /path or @name");
    require(name.length() > 1, "the socket has no name");
    require(name.chars().noneMatch(Character::isISOControl), "it has a control character");
    int bytes = name.getBytes(StandardCharsets.UTF_8).length - (named ? 1 : 0);
    require(
        bytes <= MAX_SOCKET_NAME_BYTES,
        "the name of a Unix socket has at most "
            + MAX_SOCKET_NAME_BYTES
            + " bytes, this one has "
            + bytes);
    return named ? new UnixAbstract(name.substring(1)) : new UnixFile(name);
  }

  private static Tcp tcp(String host, int port) {
    require(port > 0 && port <= MAX_PORT, "a port is a number from 1 to " + MAX_PORT);
    return new Tcp(host, port);
  }

  private static void require(boolean met, String otherwise) {
    if (!met) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /** The same place with another path. */
  public OtlpAddress withPath(String other) {
    return new OtlpAddress(target, tls, other);
  }

  /** As a URL: {@code http://localhost:4318/v1/traces}. */
  @Override
  public String toString() {
    if (target instanceof Tcp tcp) {
      boolean usual = tcp.port() == (tls ? HTTPS_PORT : HTTP_PORT);
      return (tls ? "https://" : "http://") + (usual ? tcp.host() : tcp) + path;
    }
    return target.toString();
  }
}
