package io.sonde.pipeline.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentClassifierTest {
  /** Paths as servers are really asked them, and what the heuristic makes of them. */
  @ParameterizedTest
  @CsvSource({
    // REST
    "/api/users/42, /api/users/*",
    "/api/v1/users/42/orders/9001, /api/v1/users/*/orders/*",
    "/api/v2.1/users/me, /api/v2.1/users/me",
    "/users/3fa85f64-5717-4562-b3fc-2c963f66afa6/avatar, /users/*/avatar",
    "/users/507f1f77bcf86cd799439011, /users/*",
    "/orders/01ARZ3NDEKTSV4RRFFQ69G5FAV/items, /orders/*/items",
    "/payments/pi_3MtwBwLkdIwHu7ix28a3tqPa/capture, /payments/*/capture",
    "/accounts/me@example.com/reset-password, /accounts/*/reset-password",
    "/reports/2024-01-31, /reports/*",
    "/search, /search",
    "/a/b/c, /a/b/c",
    "/, /",
    // Express, Nest
    "/graphql, /graphql",
    "/socket.io/, /socket.io",
    "/auth/login/callback, /auth/login/callback",
    "/webhooks/stripe, /webhooks/stripe",
    "/uploads/avatar-1700000000000.png, /uploads/*",
    // Spring, Java
    "/actuator/health/liveness, /actuator/health/liveness",
    "/owners/12/pets/7/visits/new, /owners/*/pets/*/visits/new",
    "/app/getUserById, /app/getUserById",
    "/login;jsessionid=0A1B2C3D4E5F, /*",
    "/j_spring_security_check, /j_spring_security_check",
    // Django, Flask, FastAPI
    "/admin/auth/user/7/change/, /admin/auth/user/*/change",
    "/static/admin/css/base.css, /static/admin/css/base.css",
    "/items/foo?, /items/*",
    "/openapi.json, /openapi.json",
    "/docs/oauth2-redirect, /docs/oauth2-redirect",
    // Rails, PHP
    "/rails/active_storage/blobs/eyJfcmFpbHMiOnsiZGF0YSI6MX19--9c1a/file.pdf,"
        + " /rails/active_storage/blobs/*/file.pdf",
    "/wp-content/themes/twentytwenty/style.css, /wp-content/themes/twentytwenty/style.css",
    "/wp-json/wp/v2/posts/15, /wp-json/wp/v2/posts/*",
    "/index.php, /index.php",
    // Go, Kubernetes, infrastructure
    "/debug/pprof/heap, /debug/pprof/heap",
    "/healthz, /healthz",
    "/readyz, /readyz",
    "/metrics, /metrics",
    "/.well-known/openid-configuration, /.well-known/openid-configuration",
    "/apis/apps/v1beta1/namespaces/kube-system/deployments,"
        + " /apis/apps/v1beta1/namespaces/kube-system/deployments",
    "/api/v1/namespaces/shop/pods/cart-7d4b9c6f5-x2k9p/log,"
        + " /api/v1/namespaces/shop/pods/*/log",
    "/v2/library/nginx/manifests/sha256:9f86d081884c7d65," + " /v2/library/nginx/manifests/*",
    "/_search/scroll, /_search/scroll",
    "/minio/bucket/a%20file.txt, /minio/bucket/*",
    // front ends
    "/favicon.ico, /favicon.ico",
    "/robots.txt, /robots.txt",
    "/assets/main.8f3a1b2c.js, /assets/*",
    "/assets/logo.svg, /assets/logo.svg",
    "/de-DE/produkte, /de-DE/produkte",
    "/blog/what-we-learned-from-moving-house, /blog/*",
    "/products/terms-and-conditions, /products/terms-and-conditions",
    "/watch/dQw4w9WgXcQ, /watch/*",
    // hostile or strange
    "//api///users/7//, /api/users/*",
    "/api/../etc/passwd, /api/*/etc/passwd",
    "/api/%2e%2e/x, /api/*/x",
    "/ü/x, /*/x",
    "/---/x, /*/x",
    "/a/b/c/d/e/f/g/h/i/j/k/l/m, /a/b/c/d/e/f/g/h/i/j/*"
  })
  void ofRealPathsTheDataIsReplaced(String path, String route) {
    assertThat(heuristic(path)).isEqualTo(route);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "account",
        "accounts",
        "address",
        "analytics",
        "articles",
        "attachments",
        "authorize",
        "autocomplete",
        "basket",
        "billing",
        "bookmarks",
        "cancel",
        "cart",
        "catalog",
        "categories",
        "checkout",
        "comments",
        "config",
        "configuration",
        "customers",
        "dashboard",
        "devices",
        "download",
        "employees",
        "events",
        "export",
        "favorites",
        "feedback",
        "followers",
        "friends",
        "groups",
        "history",
        "images",
        "import",
        "inventory",
        "invitations",
        "invoices",
        "jobs",
        "kafka",
        "languages",
        "likes",
        "locations",
        "login",
        "logout",
        "messages",
        "mysql",
        "newsletter",
        "notifications",
        "oauth",
        "oauth2",
        "organizations",
        "password",
        "payments",
        "permissions",
        "phpmyadmin",
        "playlists",
        "preferences",
        "profile",
        "projects",
        "promotions",
        "ratings",
        "recommendations",
        "refresh",
        "register",
        "reviews",
        "roles",
        "schedules",
        "sessions",
        "settings",
        "shipments",
        "signup",
        "statistics",
        "subscriptions",
        "suppliers",
        "swagger-ui",
        "tenants",
        "ticket",
        "tokens",
        "transactions",
        "transfers",
        "uploads",
        "usuarios",
        "vehicles",
        "vendors",
        "verify",
        "versions",
        "videos",
        "warehouses",
        "webhook",
        "websocket",
        "weekly",
        "wishlist",
        "withdrawals",
        "workflows",
        "xmlrpc.php",
        "benutzer",
        "bestellungen",
        "produits",
        "utilisateurs",
        "pedidos",
        "clientes",
        "i18n",
        "s3",
        "e2e",
        "k8s",
        "v1",
        "V2",
        "v10",
        "v1alpha1",
        "order_items",
        "orderItems",
        "OrderService",
        "user-profile",
        "com.example.Service"
      })
  void wordsThatPeopleMakeRoutesOfAreKept(String word) {
    assertThat(heuristic("/api/" + word)).isEqualTo("/api/" + word);
  }

  /** How many of a thousand are taken for words, at most. */
  @Test
  void idsOfAllKindsAreData() {
    Random random = new Random(11);
    assertThat(kept(() -> new UUID(random.nextLong(), random.nextLong()).toString())).isZero();
    assertThat(kept(() -> Long.toString(random.nextLong() >>> 1))).isZero();
    assertThat(kept(() -> Integer.toString(random.nextInt(1000)))).isZero();
    assertThat(kept(() -> Long.toHexString(random.nextLong()))).isZero();
    assertThat(kept(() -> base64(random, 16))).isLessThanOrEqualTo(1);
    assertThat(kept(() -> base64(random, 8))).isLessThanOrEqualTo(60);
    assertThat(kept(() -> letters(random, "abcdefghijklmnopqrstuvwxyz", 8)))
        .isLessThanOrEqualTo(100);
    assertThat(kept(() -> letters(random, "abcdefghijklmnopqrstuvwxyz", 12)))
        .isLessThanOrEqualTo(40);
    assertThat(kept(() -> letters(random, "ABCDEFGHJKMNPQRSTVWXYZ0123456789", 26))).isZero();
  }

  @Test
  void anyBytesGiveARouteOfBoundedLength() {
    Random random = new Random(3);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = new byte[random.nextInt(60)];
      random.nextBytes(bytes);
      String route = heuristic("/" + new String(bytes, StandardCharsets.ISO_8859_1));
      assertThat(route).startsWith("/").matches("[/A-Za-z0-9._*-]+");
    }
    assertThat(heuristic("/" + "a".repeat(100_000))).isEqualTo("/*");
    assertThat(heuristic("/x".repeat(100_000))).isEqualTo("/x".repeat(10) + "/*");
    assertThat(heuristic("/" + "a-".repeat(50_000))).isEqualTo("/*");
  }

  private static long kept(Supplier<String> ids) {
    return Stream.generate(ids)
        .limit(1_000)
        .filter(id -> !heuristic("/" + id).equals("/*"))
        .count();
  }

  private static String base64(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).substring(0, length);
  }

  private static String letters(Random random, String of, int length) {
    StringBuilder letters = new StringBuilder();
    for (int i = 0; i < length; i++) {
      letters.append(of.charAt(random.nextInt(of.length())));
    }
    return letters.toString();
  }

  private static String heuristic(String path) {
    StringBuilder route = new StringBuilder();
    new LearnedPaths(new SegmentRoom(0)).route(path, false, 10, '*', route);
    return route.toString();
  }

  @Test
  void theWildcardMayBeAnotherCharacter() {
    StringBuilder route = new StringBuilder();
    new LearnedPaths(new SegmentRoom(0)).route("/users/7", false, 10, '?', route);
    assertThat(List.of(route.toString())).containsExactly("/users/?");
  }
}
