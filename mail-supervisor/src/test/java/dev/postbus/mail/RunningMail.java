package dev.postbus.mail;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.postbus.applier.DaemonRefusal;
import dev.postbus.applier.DaemonRollout;
import dev.postbus.bench.Target;
import dev.postbus.bench.mail.Account;
import dev.postbus.bench.mail.Conversation;
import dev.postbus.certificates.CertificateStore;
import dev.postbus.certificates.StoredCertificate;
import dev.postbus.events.RelayConfiguration;
import dev.postbus.supervision.ProcessStatus;
import dev.postbus.supervision.Rollout;
import dev.postbus.supervision.Supervisor;
import dev.postbus.supervision.SupervisorListener;
import dev.postbus.testing.FreePort;
import dev.postbus.testing.MadeKey;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The mail daemons as this module renders and runs them, without bus and services: real postfix,
 * dovecot and mail-policy on free loopback ports, in a folder of their own. Ready in some seconds.
 */
final class RunningMail implements AutoCloseable {
  static final String DOMAIN = "_relay.localhost";
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int FIRST_OFFSET = 22_001;
  private static final int LAST_OFFSET = 22_600;
  private static final List<Integer> PORTS =
      List.of(25, 143, 465, 587, 993, 9105, 9106, 10024, 10025, 10026, 10053, 10080, 10081);

  private final Path folder;
  private final MailSettings settings;
  private final RelayConfiguration configuration;
  private final DkimKey dkimKey;
  private final Supervisor supervisor;
  private final PostfixTimeouts timeouts = new PostfixTimeouts();
  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private @Nullable StoredCertificate certificate;

  private RunningMail(Path folder, MailSettings settings, RelayConfiguration configuration)
      throws IOException {
    this.folder = folder;
    this.settings = settings;
    this.configuration = configuration;
    new MailFolders(settings).prepare();
    var signer = MailFolders.owner(settings.dkim());
    this.dkimKey =
        new DkimKey(
            configuration.values().getOrDefault("mail_domain", DOMAIN),
            new DkimKeyFile(settings.dkimKey(), signer).open());
    this.supervisor =
        new Supervisor(
            MailDaemons.processes(settings, new Rollout(settings.rendered()).link()),
            new CountedLines(new Listener(), timeouts),
            settings.folder().resolve("run"),
            Clock.systemUTC());
  }

  /** Prepares one that wakes up devices where relays usually do. */
  static RunningMail prepare(Map<String, String> changes) throws IOException {
    return prepare(
        new NotificationSettings(URI.create(NotificationSettings.STANDARD), Optional.empty()),
        changes);
  }

  /**
   * Prepares a relay; nothing runs yet.
   *
   * @param changes keys of the configuration that differ from {@link #configuration}
   */
  static RunningMail prepare(NotificationSettings notifications, Map<String, String> changes)
      throws IOException {
    var folder = Files.createTempDirectory("mail-");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    var program = PolicyProgram.into(Files.createDirectory(folder.resolve("program")));
    var settings = settings(folder, freeOffset(), program, notifications);
    return new RunningMail(folder, settings, configuration(changes));
  }

  /**
   * Starts all daemons and waits until they serve.
   *
   * @param addedToMainCf lines for Postfix, which count more than the rendered ones
   */
  void start(String addedToMainCf) throws Exception {
    start(Map.of("postfix/main.cf", addedToMainCf));
  }

  /**
   * The same for other files too.
   *
   * @param added what is added at their ends, by their names in the folder of rendered files
   */
  void start(Map<String, String> added) throws Exception {
    certificate = newCertificate();
    var files = new MailFiles(settings);
    var rollout = new Rollout(settings.rendered());
    var prepared = rollout.prepare(into -> files.render(configuration, certificate(), into));
    for (var addition : added.entrySet()) {
      Files.writeString(
          prepared.resolve(addition.getKey()), addition.getValue(), StandardOpenOption.APPEND);
    }
    // Postfix's check also makes the queue's folders.
    for (var daemon : MailDaemons.of(settings, supervisor)) {
      var problem = daemon.problem(prepared);
      if (problem.isPresent()) {
        throw new IllegalStateException(daemon.name() + " refuses its files: " + problem.get());
      }
    }
    rollout.switchTo(prepared);
    supervisor.start();
    if (!supervisor.awaitReady(LONG)) {
      throw new IllegalStateException("the daemons are not ready:\n" + String.join("\n", lines));
    }
  }

  /** Where a port of the relay is that has another number elsewhere. */
  int port(int usual) {
    return usual + settings.ports().offset();
  }

  private StoredCertificate newCertificate() throws Exception {
    var key = MadeKey.in(folder.resolve("key-" + System.nanoTime() + ".p12"), "localhost");
    var store = new CertificateStore(settings.certs());
    store.prepare();
    return store.write(List.of(key.certificate()), key.key());
  }

  /** Has Postfix take up another certificate; what it did. */
  String newCertificateForPostfix() throws Exception {
    certificate = newCertificate();
    return changePostfix(Map.of());
  }

  /** Has Postfix take up changed keys of the configuration; what it did. */
  String changePostfix(Map<String, String> changes) throws Exception {
    var values = new HashMap<>(configuration.values());
    values.putAll(changes);
    var rollout = new Rollout(settings.rendered());
    var before = rollout.current();
    var files = new MailFiles(settings);
    var now =
        rollout.prepare(into -> files.render(new RelayConfiguration(values), certificate(), into));
    rollout.switchTo(now);
    for (var daemon : MailDaemons.of(settings, supervisor)) {
      if (daemon.name().equals(MailDaemons.POSTFIX)) {
        return daemon.takeUp(before, now);
      }
    }
    throw new IllegalStateException("there is no Postfix");
  }

  /** The one that was made last. */
  StoredCertificate certificate() {
    return Objects.requireNonNull(certificate, "it was not started");
  }

  /** Where drivers connect to. */
  Target target() {
    return Target.withOffset("127.0.0.1", settings.ports().offset(), dkimKey.domain());
  }

  MailSettings settings() {
    return settings;
  }

  /** What the daemons have written so far. */
  List<String> lines() {
    return List.copyOf(lines);
  }

  /** What its mail is signed with. */
  DkimKey dkimKey() {
    return dkimKey;
  }

  /** What is counted of its daemons' lines. */
  PostfixTimeouts timeouts() {
    return timeouts;
  }

  /** The process of a daemon that runs. */
  ProcessHandle process(String name) {
    return supervisor.status().stream()
        .filter(status -> status.name().equals(name))
        .map(ProcessStatus::pid)
        .map(Optional::ofNullable)
        .flatMap(Optional::stream)
        .flatMap(pid -> ProcessHandle.of(pid).stream())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(name + " does not run"));
  }

  /** Stops a daemon where it is, as if it hung, until {@link #goOn}. */
  void hang(String name) throws IOException, InterruptedException {
    signal(name, "-STOP");
  }

  void goOn(String name) throws IOException, InterruptedException {
    signal(name, "-CONT");
  }

  private void signal(String name, String signal) throws IOException, InterruptedException {
    if (new ProcessBuilder("/bin/kill", signal, "" + process(name).pid()).start().waitFor() != 0) {
      throw new IOException("no signal to " + name);
    }
  }

  /** Waits until a daemon serves again whose process has ended. */
  void awaitSuccessor(String name, ProcessHandle ended) {
    await()
        .atMost(LONG)
        .until(
            () ->
                supervisor.status().stream()
                    .filter(status -> status.name().equals(name) && status.ready())
                    .anyMatch(status -> !Long.valueOf(ended.pid()).equals(status.pid())));
  }

  /** Restarts a daemon as its supervisor does when it has run for long enough. */
  void restart(String name) throws DaemonRefusal {
    DaemonRollout.await(name, supervisor.restart(name));
  }

  boolean ready() {
    return supervisor.healthy();
  }

  /** Changes mail-policy's settings; they count after its reload, ports after its restart. */
  void changePolicy(Consumer<ObjectNode> change) throws IOException {
    var file = settings.rendered().resolve("current/mail-policy/policy.json").toFile();
    var json = new ObjectMapper();
    var values = (ObjectNode) json.readTree(file);
    change.accept(values);
    json.writeValue(file, values);
  }

  /** An IMAP session, logged in, which makes the account if it is new. */
  Conversation imap(Account account) throws IOException {
    var imap = Conversation.tls("127.0.0.1", settings.ports().imaps());
    imap.hear();
    ask(imap, "LOGIN \"%s\" \"%s\"".formatted(account.address(), account.password()));
    return imap;
  }

  /** Says an IMAP command; the lines that answer it, with the tagged one at the end. */
  static List<String> say(Conversation imap, String command) throws IOException {
    imap.say("a " + command);
    var answer = new ArrayList<String>();
    do {
      answer.add(imap.hear());
    } while (!answer.getLast().startsWith("a "));
    return answer;
  }

  /** Says an IMAP command that has to succeed. */
  static List<String> ask(Conversation imap, String command) throws IOException {
    var answer = say(imap, command);
    if (!answer.getLast().startsWith("a OK")) {
      throw new IOException(command.split(" ", 2)[0] + ": " + answer.getLast());
    }
    return answer;
  }

  @Override
  public void close() throws IOException {
    supervisor.close();
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private final class Listener implements SupervisorListener {
    @Override
    public void transition(ProcessStatus before, ProcessStatus after) {
      lines.add(after.name() + ": " + after.state());
    }

    @Override
    public void line(String process, String line) {
      lines.add(process + ": " + line);
    }
  }

  /** Settings on loopback. */
  static MailSettings settings(
      Path folder, int offset, Path program, NotificationSettings notifications) {
    return settings(folder, offset, program, notifications, true);
  }

  /** The same, with an iroh relay or without. */
  static MailSettings settings(
      Path folder,
      int offset,
      Path program,
      NotificationSettings notifications,
      boolean irohRelay) {
    return new MailSettings(
        folder,
        "127.0.0.1",
        new MailPorts(offset),
        0,
        5000,
        5000,
        program,
        List.of(),
        "",
        irohRelay,
        IdleNotify.tried(Optional.empty()),
        notifications,
        Path.of(System.getProperty("java.home"), "bin", "java"));
  }

  /** The keys that mail-supervisor reads, with the values that they have by default. */
  static RelayConfiguration configuration(Map<String, String> changes) {
    var values = new HashMap<String, String>();
    values.put("mail_domain", DOMAIN);
    values.put("max_user_send_per_minute", "60");
    values.put("max_user_send_burst_size", "10");
    values.put("max_mailbox_size", "500M");
    values.put("max_message_size", "31457280");
    values.put("username_min_length", "9");
    values.put("username_max_length", "9");
    values.put("password_min_length", "9");
    // A busy machine makes accounts too.
    values.put("max_load_1m", "1000");
    values.put("min_available_memory", "1M");
    values.put("min_free_disk_space", "1M");
    values.put("max_imap_connections", "100");
    values.put("max_smtp_connections", "100");
    values.put("disable_ipv6", "false");
    values.put("delete_mails_after", "20");
    values.put("delete_large_after", "7");
    values.put("delete_inactive_users_after", "90");
    values.put("iroh_relay", "unset");
    values.put("mtail_address", "");
    values.put("imap_rawlog", "false");
    values.put("imap_compress", "false");
    values.put("privacy_mail", "");
    values.put("filtermail_smtp_port", "10080");
    values.put("filtermail_smtp_port_incoming", "10081");
    values.put("postfix_reinject_port", "10025");
    values.put("postfix_reinject_port_incoming", "10026");
    values.putAll(changes);
    return new RelayConfiguration(values);
  }

  private static int freeOffset() {
    return IntStream.iterate(FIRST_OFFSET, offset -> offset < LAST_OFFSET, offset -> offset + 7)
        .filter(offset -> PORTS.stream().allMatch(port -> FreePort.is(port + offset)))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no free range of ports"));
  }
}
