package io.sonde.pipeline.export.otlp.transport;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.Status;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.sonde.pipeline.OtlpConfig;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * An answer of OTLP/HTTP.
 *
 * @param contentType null where there is none
 * @param retryAfter as in RFC 9110, 10.2.3; null where there is none
 * @param location of a redirect; null where there is none
 * @param body its beginning
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record HttpAnswer(int status, String contentType, String retryAfter, String location, byte[] body) {
  static final String PROTOBUF = "application/x-protobuf";

  static HttpAnswer of(HttpResponse head, byte[] body) {
    return new HttpAnswer(
        head.status().code(),
        head.headers().get(HttpHeaderNames.CONTENT_TYPE),
        head.headers().get(HttpHeaderNames.RETRY_AFTER),
        head.headers().get(HttpHeaderNames.LOCATION),
        body);
  }

  Outcome outcome(OtlpConfig config) {
    return switch (status) {
      case 200 -> isProtobuf() ? Answers.accepted(body) : new Outcome.Accepted(0, "");
      case 429, 502, 503, 504 -> new Outcome.Retry(reason(), delay(Instant.now()));
      case 413 -> new Outcome.TooLarge(reason());
      case 404 -> new Outcome.Unimplemented(reason());
      case 401, 403 -> new Outcome.Refused(Credentials.remedy(reason(), config.auth()));
      case 301, 302, 303, 307, 308 ->
          new Outcome.Refused(
              "HTTP "
                  + status
                  + ": it sends to "
                  + Remark.of(location)
                  + ", which is not followed: correct the endpoint");
      default ->
          status > 200 && status < 300
              ? new Outcome.Accepted(0, "")
              : new Outcome.Refused(reason());
    };
  }

  private boolean isProtobuf() {
    return contentType != null && contentType.startsWith(PROTOBUF);
  }

  private String reason() {
    return Remark.after("HTTP " + status, isProtobuf() ? statusMessage() : text());
  }

  private String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  private String statusMessage() {
    try {
      return Status.parseFrom(body).getMessage();
    } catch (InvalidProtocolBufferException e) {
      return text();
    }
  }

  /** Seconds or a date; what is neither is as if nothing was asked. */
  Optional<Duration> delay(Instant now) {
    if (retryAfter == null) {
      return Optional.empty();
    }
    try {
      Duration delay =
          retryAfter.chars().allMatch(Character::isDigit)
              ? Duration.ofSeconds(Long.parseLong(retryAfter))
              : Duration.between(
                  now,
                  ZonedDateTime.parse(retryAfter, DateTimeFormatter.RFC_1123_DATE_TIME)
                      .toInstant());
      return Optional.of(Answers.bounded(delay));
    } catch (DateTimeParseException | NumberFormatException e) {
      return Optional.empty();
    }
  }
}
