package dev.postbus.web;

import dev.postbus.certificates.CertificateStore;
import dev.postbus.certificates.StoredCertificate;
import dev.postbus.events.RelayConfiguration;
import dev.postbus.supervision.ProcessStatus;
import dev.postbus.supervision.Rollout;
import dev.postbus.supervision.Supervisor;
import dev.postbus.supervision.SupervisorListener;
import dev.postbus.testing.MadeKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The real nginx as this service renders and supervises it. */
final class NginxRun {
  private static final Duration LONG = Duration.ofSeconds(20);

  final Rollout rollout;
  final Supervisor supervisor;
  final WebFiles files;
  final Visits visits = new Visits();
  final List<String> said = new CopyOnWriteArrayList<>();
  private final Path state;
  private final CertificateStore store;

  /** Prepares it; nothing runs yet. */
  NginxRun(WebSettings settings) throws IOException {
    state = settings.state();
    Files.createDirectories(settings.run());
    rollout = new Rollout(settings.rendered());
    files = new WebFiles(settings, List.of(), Clock.systemUTC());
    supervisor =
        new Supervisor(
            List.of(NginxDaemon.process(settings, rollout.link())),
            new NginxLines(
                new SupervisorListener() {
                  @Override
                  public void transition(ProcessStatus before, ProcessStatus after) {}

                  @Override
                  public void line(String process, String line) {
                    said.add(line);
                    System.out.println(process + ": " + line);
                  }
                },
                visits),
            settings.folder().resolve("supervision"),
            Clock.systemUTC());
    store = new CertificateStore(state.resolve("certs"));
    store.prepare();
  }

  /** A state folder of its own, through which nginx's workers can pass. */
  static Path newState() throws IOException {
    var state = Files.createTempDirectory("postbus-web-");
    Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwxr-xr-x"));
    return state;
  }

  /** Deletes a state folder with all that is in it. */
  static void remove(Path state) throws IOException {
    try (var all = Files.walk(state)) {
      for (var file : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Another certificate in the store. */
  StoredCertificate newCertificate() throws Exception {
    var key = MadeKey.in(state.resolve("key.pem"), "_relay.test");
    return store.write(List.of(key.certificate()), key.key());
  }

  /** A certificate of somebody else's in the store. */
  StoredCertificate keep(List<X509Certificate> chain, PrivateKey key) throws IOException {
    return store.write(chain, key);
  }

  Path prepared(RelayConfiguration configuration, StoredCertificate certificate)
      throws IOException {
    return rollout.prepare(into -> files.render(configuration, certificate, into));
  }

  /** Starts it with what was prepared; returns when it serves. */
  void start(Path prepared) throws Exception {
    rollout.switchTo(prepared);
    supervisor.start();
    if (!supervisor.awaitReady(LONG)) {
      throw new IllegalStateException("nginx is not ready");
    }
  }

  /** Has it take up what was prepared. */
  void change(Path prepared) throws Exception {
    rollout.switchTo(prepared);
    new NginxDaemon(supervisor).takeUp(rollout.current(), rollout.current().orElseThrow());
  }
}
