package dev.postbus.mail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.certificates.CertificateStore;
import dev.postbus.certificates.Pem;
import dev.postbus.certificates.StoredCertificate;
import dev.postbus.events.RelayConfiguration;
import dev.postbus.supervision.ProcessStatus;
import dev.postbus.supervision.Rollout;
import dev.postbus.supervision.Supervisor;
import dev.postbus.supervision.SupervisorListener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

/**
 * The real mail daemons with the files that {@link MailFiles} renders, on loopback and in a folder
 * of the test's own, as {@link MailService} runs them, but without a bus.
 */
final class MailStack implements AutoCloseable {
  private static final String PROGRAM =
      ".*/(jackson-|apache-mime4j-|apache-jdkim-|dnsjava-|slf4j-api|slf4j-jdk14|commons-)[^/]*\\.jar";

  private final MailSettings settings;
  private final DkimKey dkimKey;
  private final Supervisor supervisor;
  private final ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();

  private MailStack(
      MailSettings settings,
      RelayConfiguration configuration,
      StoredCertificate certificate,
      DkimKey dkimKey,
      String addedToMainCf)
      throws IOException {
    this.settings = settings;
    this.dkimKey = dkimKey;
    var rollout = new Rollout(settings.rendered());
    var files = new MailFiles(settings);
    var prepared = rollout.prepare(into -> files.render(configuration, certificate, into));
    var mainCf = prepared.resolve("postfix/main.cf");
    Files.writeString(mainCf, addedToMainCf, StandardOpenOption.APPEND);
    rollout.switchTo(prepared);
    for (var daemon : MailDaemons.of(settings, null)) {
      assertThat(daemon.problem(prepared)).as(daemon.name()).isEmpty();
    }
    supervisor =
        new Supervisor(
            MailDaemons.processes(settings, rollout.link()),
            new Lines(),
            settings.folder().resolve("run"),
            Clock.systemUTC());
  }

  /**
   * Prepares a relay; nothing runs yet.
   *
   * @param folder where everything of it goes
   * @param domain its mail domain
   * @param addedToMainCf lines for Postfix, which count more than the rendered ones
   */
  static MailStack prepare(Path folder, String domain, String addedToMainCf) throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    var settings =
        new MailSettings(
            folder.resolve("s"),
            "127.0.0.1",
            new MailPorts(freeOffset()),
            5000,
            5000,
            policyProgram(Files.createDirectory(folder.resolve("program"))),
            List.of(),
            new IdleNotify(Optional.empty()),
            new NotificationSettings(URI.create(NotificationSettings.STANDARD), Optional.empty()),
            Path.of(System.getProperty("java.home"), "bin", "java"));
    new MailFolders(settings).prepare();
    var signer = MailFolders.owner(settings.dkim());
    var key = new DkimKey(domain, new DkimKeyFile(settings.dkimKey(), signer).open());
    var certificate = certificate(folder, settings.certs(), domain);
    return new MailStack(settings, configuration(domain), certificate, key, addedToMainCf);
  }

  /** Starts the daemons and waits until all serve. */
  void start() {
    supervisor.start();
    assertThat(supervisor.awaitReady(Duration.ofSeconds(60)))
        .as(() -> supervisor.status() + "\n" + String.join("\n", lines))
        .isTrue();
  }

  MailSettings settings() {
    return settings;
  }

  /** What its mail is signed with. */
  DkimKey dkimKey() {
    return dkimKey;
  }

  ProcessStatus process(String name) {
    return supervisor.status().stream()
        .filter(s -> s.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void close() {
    supervisor.close();
  }

  private final class Lines implements SupervisorListener {
    @Override
    public void transition(ProcessStatus before, ProcessStatus after) {
      lines.add(after.toString());
    }

    @Override
    public void line(String process, String line) {
      lines.add(process + ": " + line);
    }
  }

  private static RelayConfiguration configuration(String domain) {
    return RunningMail.configuration(
        Map.of(
            "mail_domain", domain,
            "max_user_send_per_minute", "600",
            "max_user_send_burst_size", "100",
            "disable_ipv6", "true"));
  }

  private static StoredCertificate certificate(Path folder, Path certs, String domain)
      throws Exception {
    var made =
        new ProcessBuilder(
                "openssl",
                "req",
                "-x509",
                "-nodes",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-subj",
                "/CN=" + domain,
                "-keyout",
                "key.pem",
                "-out",
                "cert.pem")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("openssl.log").toFile())
            .start();
    assertThat(made.waitFor()).isZero();
    var key = Files.readString(folder.resolve("key.pem")).replaceAll("-----[A-Z ]+-----|\\s", "");
    var store = new CertificateStore(certs);
    store.prepare();
    return store.write(
        Pem.certificates(Files.readString(folder.resolve("cert.pem"))),
        KeyFactory.getInstance("EC")
            .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(key))));
  }

  /** mail-policy's jars where its user may read them; the build's own folders may be closed. */
  private static Path policyProgram(Path folder) throws IOException {
    for (var entry : System.getProperty("java.class.path").split(":")) {
      var path = Path.of(entry);
      if (entry.matches(PROGRAM)) {
        Files.copy(path, folder.resolve(path.getFileName()));
      } else if (entry.matches(".*/mail-policy/target/[^/]*(classes|\\.jar)")) {
        toJar(path, folder.resolve("mail-policy.jar"));
      }
    }
    return folder;
  }

  private static void toJar(Path classes, Path jar) throws IOException {
    if (!Files.isDirectory(classes)) {
      Files.copy(classes, jar);
      return;
    }
    try (var out = new java.util.jar.JarOutputStream(Files.newOutputStream(jar));
        var walk = Files.walk(classes)) {
      for (var file : walk.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new java.util.zip.ZipEntry(classes.relativize(file).toString()));
        Files.copy(file, out);
      }
    }
  }

  private static int freeOffset() {
    return IntStream.iterate(23_000, offset -> offset + 11)
        .limit(1000)
        .filter(MailStack::isFree)
        .findFirst()
        .orElseThrow();
  }

  private static boolean isFree(int offset) {
    return IntStream.of(25, 143, 465, 587, 993, 9105, 10025, 10026, 10053, 10080, 10081)
        .allMatch(
            port -> {
              try (var socket =
                  new ServerSocket(port + offset, 1, InetAddress.getLoopbackAddress())) {
                return socket.isBound();
              } catch (IOException taken) {
                return false;
              }
            });
  }
}
