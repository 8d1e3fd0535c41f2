package io.sonde.pipeline.export.otlp.transport;

import io.sonde.pipeline.OtlpConfig.Auth;
import io.sonde.pipeline.OtlpConfig.NoAuth;

/** What to say when an endpoint does not accept who we are. */
final class Credentials {
  private Credentials() {}

  static String remedy(String reason, Auth auth) {
    return reason
        + (auth instanceof NoAuth
            ? " (set auth.basic, auth.bearer_token or auth.bearer_token_file of otel_export, or the"
                + " header it wants, or tls.cert_file where it wants a client certificate)"
            : " (correct the auth keys of otel_export)");
  }
}
