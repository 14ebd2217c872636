package dev.postbus.deploy.local;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.postbus.supervision.Account;
import dev.postbus.supervision.ProcessDescription;
import dev.postbus.supervision.Readiness;
import dev.postbus.supervision.RestartPolicy;
import dev.postbus.supervision.StopSignal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which processes the services run in, and how. This is all that a shape consists of. */
public enum Shape {
  /** Each service, and the broker, is a process of its own. */
  @JsonProperty("separate")
  SEPARATE;

  /** Owns the broker's log. */
  static final int BROKER_UID = 5001;

  /** Owns the configuration. */
  static final int CONFIG_UID = 5002;

  /** Owns the certificates. */
  static final int CERT_UID = 5003;

  // Settings of the relay may come from the environment; nothing else of it is handed on.
  private static final String RELAY_VARIABLES =
      "MAX_.*|DELETE_.*|USERNAME_.*|PASSWORD_MIN_LENGTH|MIN_.*|TLS_EXTERNAL_CERT_AND_KEY"
          + "|WWW_FOLDER|DISABLE_IPV6|ACME_EMAIL|IROH_RELAY|MTAIL_ADDRESS|IMAP_.*|PRIVACY_.*"
          + "|FILTERMAIL_.*|POSTFIX_REINJECT_.*|INI_FILE|FORCE_REINIT_INI_FILE";

  /** The processes of a stack, by their descriptions. */
  List<ProcessDescription> processes(Path state, Path programs, StackSettings settings) {
    var ports = new StackPorts(settings.portOffset());
    var common = new HashMap<String, String>();
    common.put("POSTBUS_STATE", state.toString());
    common.put("POSTBUS_BUS", "127.0.0.1:" + ports.broker());
    common.put("POSTBUS_PORT_OFFSET", Integer.toString(settings.portOffset()));
    common.put("POSTBUS_BIND", "127.0.0.1");
    common.put("POSTBUS_MAIL_POLICY_PROGRAM", programs.resolve("mail-policy").toString());
    common.put("MAIL_DOMAIN", settings.domain());
    common.put("MALLOC_ARENA_MAX", "1");
    var config = new HashMap<>(common);
    System.getenv()
        .forEach(
            (name, value) -> {
              if (name.matches(RELAY_VARIABLES)) {
                config.put(name, value);
              }
            });
    return List.of(
        broker(state, programs, ports),
        service("config-service", programs, ports.config(), config, Account.of(CONFIG_UID)),
        service("cert-service", programs, ports.cert(), common, Account.of(CERT_UID)),
        // These start daemons that change to other users themselves, which needs root.
        service("mail-supervisor", programs, ports.mail(), common, null),
        service("web-service", programs, ports.web(), common, null));
  }

  private static ProcessDescription broker(Path state, Path programs, StackPorts ports) {
    var command = java("-Xms16m", "-Xmx96m");
    command.addAll(
        List.of(
            "-cp",
            programs.resolve("broker") + "/*",
            "dev.postbus.broker.BrokerProgram",
            state.resolve("bus").toString(),
            "127.0.0.1",
            "" + ports.broker(),
            "" + ports.brokerController()));
    return ProcessDescription.named("broker")
        .command(command)
        .environment(Map.of("MALLOC_ARENA_MAX", "1"))
        .runAs(Account.of(BROKER_UID))
        .readiness(
            new Readiness.Tcp(
                new java.net.InetSocketAddress(
                    java.net.InetAddress.getLoopbackAddress(), ports.broker()),
                "",
                Duration.ofSeconds(60)))
        .restart(RestartPolicy.standard().neverGivingUp())
        .stop(new StopSignal("TERM", Duration.ofSeconds(10)))
        .build();
  }

  private static ProcessDescription service(
      String name,
      Path programs,
      int port,
      Map<String, String> environment,
      @org.jspecify.annotations.Nullable Account account) {
    var command = java("-Xms12m", "-Xmx64m");
    command.addAll(List.of("-jar", programs.resolve(name).resolve("quarkus-run.jar").toString()));
    var own = new HashMap<>(environment);
    own.put("QUARKUS_HTTP_HOST", "127.0.0.1");
    own.put("QUARKUS_HTTP_PORT", Integer.toString(port));
    var description =
        ProcessDescription.named(name)
            .command(command)
            .environment(own)
            .runAs(account)
            .readiness(
                new Readiness.Http(
                    URI.create("http://127.0.0.1:" + port + "/q/health/live"),
                    Duration.ofSeconds(60)))
            .restart(RestartPolicy.standard().neverGivingUp())
            .stop(new StopSignal("TERM", Duration.ofSeconds(15)));
    // What they start may need it: Postfix has set-gid programs.
    return account == null ? description.newPrivileges().build() : description.build();
  }

  private static List<String> java(String... heap) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseCompactObjectHeaders",
            "-XX:-UsePerfData",
            "-XX:MinHeapFreeRatio=10",
            "-XX:MaxHeapFreeRatio=20",
            "-Xss256k",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow"));
    command.addAll(List.of(heap));
    return command;
  }
}
