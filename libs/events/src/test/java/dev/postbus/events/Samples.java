package dev.postbus.events;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One event of each kind. */
final class Samples {
  private static final String FINGERPRINT = "ab".repeat(32);

  private Samples() {}

  static ConfigChanged config(long version) {
    return new ConfigChanged(
        version,
        Map.of("mail_domain", "_test.example", "max_message_size", "31457280"),
        List.of(new KeyChange("max_message_size", null, "31457280", "default")),
        "00".repeat(32),
        "startup",
        "first start",
        Map.of(
            "max_message_size",
            new KeyOrigin("ini", List.of(new KeyOrigin.HiddenValue("default", "31457280")))));
  }

  static CertChanged cert(long generation) {
    return new CertChanged(
        generation,
        List.of("_test.example", "www._test.example"),
        FINGERPRINT,
        "1f",
        "CN=_test.example",
        Instant.parse("2026-01-01T00:00:00Z"),
        Instant.parse("2036-01-01T00:00:00Z"),
        CertMode.SELF_SIGNED,
        CertReason.ISSUED);
  }

  static List<RelayEvent> all() {
    return List.of(
        config(1),
        cert(1),
        new RelayActivity.ConfigApplied(
            "mail-supervisor",
            1,
            List.of(new RelayActivity.DaemonAction("postfix", "reloaded", 80)),
            120),
        new RelayActivity.ConfigRejected("web-service", 2, "nginx", "bad directive", 1L, 30),
        new RelayActivity.CertApplied("web-service", 1, FINGERPRINT, "https", 443, 90),
        new RelayActivity.CertRejected("web-service", 1, FINGERPRINT, null, "expired", 90),
        new RelayActivity.CertIssueFailed("cert-service", List.of("a.example"), "no"),
        new RelayActivity.CertExpiring(
            "cert-service",
            1,
            FINGERPRINT,
            List.of("a.example"),
            Instant.parse("2026-01-08T00:00:00Z"),
            CertMode.EXTERNAL,
            "renew it"),
        new RelayActivity.CertOrderBegun(
            "cert-service", List.of("a.example"), "https://ca.example/dir", "http-01", "first"),
        new RelayActivity.AcmeAccountRegistered(
            "cert-service", "https://ca.example/dir", "https://ca.example/acct/1"),
        new RelayActivity.ProcessStarted("mail-supervisor", "postfix", 12, 0),
        new RelayActivity.ProcessReady("mail-supervisor", "postfix", 12, 300),
        new RelayActivity.ProcessReloaded("mail-supervisor", "postfix", 12, 80),
        new RelayActivity.ProcessExited("mail-supervisor", "postfix", 12, "signal 9", false),
        new RelayActivity.ProcessGaveUp("mail-supervisor", "postfix", 5, "signal 9"),
        new RelayActivity.DkimKeyChanged(
            "mail-supervisor", "a.example", "opendkim", "v=DKIM1;k=rsa;p=AAAA", FINGERPRINT),
        new DeadLetter("web-service", "config-changed", 7, "not a CloudEvent", "AAAA"),
        new Checkpoint(
            "sample",
            List.of(new Checkpoint.ChainHead("config-changed", 7, FINGERPRINT)),
            "AAAA",
            "AAAA"),
        snapshot());
  }

  static Snapshot snapshot() {
    var time = Instant.parse("2026-01-08T00:00:00Z");
    var process = new RelayState.ProcessState("ready", 12L, 0, time, null);
    var service =
        new RelayState.Service(
            new RelayState.AppliedVersion(1, time),
            new TreeMap<>(Map.of("https:443", new RelayState.Served(1, FINGERPRINT, time))),
            new RelayState.Refused("version 2", "nginx: bad directive", time),
            new TreeMap<>(Map.of("nginx", process)));
    return new Snapshot(
        "config-service",
        "90d",
        time,
        List.of(new Snapshot.RemovedTo("config-changed", "urn:postbus:x", 7, FINGERPRINT)),
        new RelayState(
            new RelayState.Configuration(1, time, "file", null, "00", Map.of("a", "b")),
            null,
            new RelayState.DkimKey("a.example", "opendkim", "v=DKIM1", FINGERPRINT, time),
            new TreeMap<>(Map.of("web-service", service))),
        null,
        "AAAA",
        "AAAA");
  }
}
