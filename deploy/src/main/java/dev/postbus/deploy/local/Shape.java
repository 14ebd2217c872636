package dev.postbus.deploy.local;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.postbus.supervision.Account;
import dev.postbus.supervision.ProcessDescription;
import dev.postbus.supervision.Readiness;
import dev.postbus.supervision.RestartPolicy;
import dev.postbus.supervision.StopSignal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which processes the services run in, and how. This is all that a shape consists of. */
public enum Shape {
  /** Each service, and the broker, is a process of its own, with a user of its own where it can. */
  @JsonProperty("separate")
  SEPARATE,

  /** The services and the broker are one process. */
  @JsonProperty("together")
  TOGETHER;

  /** What every stack runs, in the order in which it is shown. */
  public static final List<String> SERVICES =
      List.of("broker", "config-service", "cert-service", "mail-supervisor", "web-service");

  /** The one process of {@link #TOGETHER}. */
  public static final String ALL = "together";

  /** Events of the stack's own process, which a service sends for it; in the state folder. */
  static final String OUTBOX = "run/outbox";

  /** Owns the broker's log. */
  private static final int BROKER_UID = 5001;

  /** Owns the configuration. */
  private static final int CONFIG_UID = 5002;

  /** Owns the certificates. */
  private static final int CERT_UID = 5003;

  // Separate processes take up to 800 MB; half of a machine should be left to mail and its cache.
  private static final long ROOM_FOR_SEPARATE = 1_800L << 20;

  // The young part is small: most of it would be filled, and so be memory, once before each
  // collection. Kafka's controller keeps buffers of 8 MB.
  private static final String[] SEPARATE_HEAP = {"-Xms8m", "-Xmx64m", "-Xmn4m"};
  private static final String[] BROKER_HEAP = {"-Xms16m", "-Xmx96m", "-Xmn8m"};
  private static final String[] TOGETHER_HEAP = {"-Xms16m", "-Xmx96m", "-Xmn8m"};

  // Settings of the relay may come from the environment; nothing else of it is handed on. The last
  // line is for what config-service says about what the images before this relay did.
  private static final String RELAY_VARIABLES =
      "MAX_.*|DELETE_.*|USERNAME_.*|PASSWORD_MIN_LENGTH|REGISTRATION|MIN_.*"
          + "|TLS_EXTERNAL_CERT_AND_KEY|WWW_FOLDER|DISABLE_IPV6|ACME_EMAIL|IROH_RELAY|MTAIL_ADDRESS|IMAP_.*|PRIVACY_.*"
          + "|FILTERMAIL_.*|POSTFIX_REINJECT_.*|INI_FILE|FORCE_REINIT_INI_FILE"
          + "|RECREATE_VENV|CHANGE_KERNEL_SETTINGS|DEBUG_COMMANDS_ENABLED|ENABLE_CERTS_MONITORING"
          + "|POSTBUS_CONFIG_.*";

  // How certificates are had is nobody's business but cert-service's.
  private static final String CERT_VARIABLES =
      "USE_FOREIGN_CERT_MANAGER|PATH_TO_SSL|CERTS_MONITORING_TIMEOUT|POSTBUS_ACME_.*";

  /** The shape that fits a machine with so much memory, in bytes. */
  public static Shape fitting(long memory) {
    return memory < ROOM_FOR_SEPARATE ? TOGETHER : SEPARATE;
  }

  /** The shape of a name, as {@link #label()} gives it. */
  public static Optional<Shape> named(String name) {
    return List.of(values()).stream().filter(shape -> shape.label().equals(name)).findFirst();
  }

  /** Its name on the command line. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The process that a service runs in. */
  public String processOf(String service) {
    return this == TOGETHER && SERVICES.contains(service) ? ALL : service;
  }

  /** The port of a service's HTTP interface, given the one that it has in a process of its own. */
  int apiPort(int ownPort) {
    return this == TOGETHER ? StackPorts.FIRST_API : ownPort;
  }

  /** Who owns a folder of the state; 0, root, for all that is not said here. */
  public int ownerOf(String folder) {
    if (this == TOGETHER) {
      return 0;
    }
    return switch (folder) {
      case "bus" -> BROKER_UID;
      case "config" -> CONFIG_UID;
      case "certs" -> CERT_UID;
      default -> 0;
    };
  }

  /**
   * The processes of a stack, by their descriptions.
   *
   * @param variables the environment of who starts it
   */
  List<ProcessDescription> processes(
      Path state, JavaCommand java, StackSettings settings, Map<String, String> variables) {
    var ports = settings.ports();
    var common = new HashMap<String, String>();
    common.put("POSTBUS_STATE", state.toString());
    common.put("POSTBUS_BUS", "127.0.0.1:" + ports.broker());
    common.put("POSTBUS_PORT_OFFSET", Integer.toString(settings.portOffset()));
    common.put("POSTBUS_BIND", "127.0.0.1");
    common.put("POSTBUS_MAIL_POLICY_PROGRAM", java.programs().resolve("mail-policy").toString());
    common.put("POSTBUS_MAIL_POLICY_JVM_OPTIONS", String.join(",", java.options("mail-policy")));
    common.put("POSTBUS_MAIL_IDLE_NOTIFY", java.programs().resolve(Staging.IDLE_NOTIFY).toString());
    common.put("POSTBUS_FORWARD_SERVICE", StackProgram.NAME);
    common.put("POSTBUS_FORWARD_OUTBOX", state.resolve(OUTBOX).toString());
    common.put("POSTBUS_CONFIG_HTTP", "127.0.0.1:" + ports.config());
    common.put("POSTBUS_MAIL_HTTP", "127.0.0.1:" + ports.mail());
    common.put("POSTBUS_CERT_HTTP", "127.0.0.1:" + ports.cert());
    common.put("POSTBUS_CERT_TLS", "127.0.0.1:" + ports.certTls());
    common.put("MAIL_DOMAIN", settings.domain());
    common.putAll(
        matching(
            "POSTBUS_NOTIFICATION_.*|POSTBUS_PROXY_FROM|POSTBUS_CONSOLE_ORIGIN|POSTBUS_IROH_HTTP|POSTBUS_TURN"
                + "|POSTBUS_CHECKPOINT_.*|POSTBUS_TRACES",
            variables));
    var cert = new HashMap<>(common);
    cert.putAll(matching(CERT_VARIABLES, variables));
    var config = new HashMap<>(common);
    config.putAll(matching(RELAY_VARIABLES + "|POSTBUS_EVENTS_KEEP", variables));
    var web = new HashMap<>(common);
    if (!variables.getOrDefault("POSTBUS_PROXY_FROM", "").isBlank()) {
      // So long a proxy has to see that it is to send clients elsewhere.
      web.put("QUARKUS_SHUTDOWN_DELAY", "3S");
    }
    return switch (this) {
      case SEPARATE ->
          List.of(
              // First those whose daemons serve: they need nothing else, once there was a
              // configuration. They start them as other users, which needs root.
              service("mail-supervisor", java, ports.mail(), common, null),
              service("web-service", java, ports.web(), web, null),
              broker(state, java, ports),
              service("config-service", java, ports.config(), config, Account.of(CONFIG_UID)),
              service("cert-service", java, ports.cert(), cert, certAccount(variables)));
      case TOGETHER -> {
        config.putAll(cert);
        config.put("POSTBUS_BROKER_CONTROLLER_PORT", "" + ports.brokerController());
        yield List.of(service(ALL, java, ports.config(), config, null));
      }
    };
  }

  /**
   * The command that starts a process's JVM; the broker's arguments come behind it.
   *
   * @param process a service in a process of its own, or the one for all
   */
  public static List<String> command(String process, JavaCommand java) {
    return switch (process) {
      case "broker" -> java.plain("broker", "dev.postbus.broker.BrokerProgram", BROKER_HEAP);
      case ALL -> java.quarkus(ALL, TOGETHER_HEAP);
      default -> java.quarkus(process, SEPARATE_HEAP);
    };
  }

  private static Map<String, String> matching(String names, Map<String, String> variables) {
    var found = new HashMap<>(variables);
    found.keySet().removeIf(name -> !name.matches(names));
    return found;
  }

  /**
   * A foreign manager's keys are for root alone. Where there is one, cert-service may read what it
   * could not otherwise; its parser of foreign bytes may not.
   */
  private static Account certAccount(Map<String, String> variables) {
    var account = Account.of(CERT_UID);
    return matching("USE_FOREIGN_CERT_MANAGER|TLS_EXTERNAL_CERT_AND_KEY", variables)
            .values()
            .stream()
            .allMatch(value -> value.isBlank() || value.equalsIgnoreCase("false"))
        ? account
        : account.with("dac_read_search");
  }

  private static ProcessDescription broker(Path state, JavaCommand java, StackPorts ports) {
    var command = command("broker", java);
    command.addAll(
        List.of(
            state.resolve("bus").toString(),
            "127.0.0.1",
            "" + ports.broker(),
            "" + ports.brokerController()));
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.broker());
    return lasting("broker", command, Map.of(), java)
        .runAs(Account.of(BROKER_UID))
        .readiness(new Readiness.Tcp(address, Duration.ofSeconds(60)))
        .build();
  }

  private static ProcessDescription service(
      String name,
      JavaCommand java,
      int port,
      Map<String, String> environment,
      @Nullable Account user) {
    var own = new HashMap<>(environment);
    own.put("QUARKUS_HTTP_HOST", "127.0.0.1");
    own.put("QUARKUS_HTTP_PORT", Integer.toString(port));
    var live = URI.create("http://127.0.0.1:" + port + "/q/health/live");
    var description =
        lasting(name, command(name, java), own, java)
            .readiness(new Readiness.Http(live, Duration.ofSeconds(60)));
    // What root's services start may need new privileges: Postfix has set-gid programs.
    return user == null ? description.newPrivileges().build() : description.runAs(user).build();
  }

  private static ProcessDescription.Builder lasting(
      String name, List<String> command, Map<String, String> environment, JavaCommand java) {
    var own = new HashMap<>(environment);
    own.put("MALLOC_ARENA_MAX", "1");
    return ProcessDescription.named(name)
        .command(command)
        .environment(own)
        .restart(RestartPolicy.standard().neverGivingUp())
        // At the end of a training run, the JVM writes its cache before it goes.
        .stop(new StopSignal("TERM", Duration.ofSeconds(java.training() == null ? 15 : 60)));
  }
}
