package dev.postbus.web;

import dev.postbus.applier.Daemon;
import dev.postbus.applier.DaemonRefusal;
import dev.postbus.applier.DaemonRollout;
import dev.postbus.supervision.Commands;
import dev.postbus.supervision.ProcessDescription;
import dev.postbus.supervision.Readiness;
import dev.postbus.supervision.Reload;
import dev.postbus.supervision.StaleFiles;
import dev.postbus.supervision.StopSignal;
import dev.postbus.supervision.Supervisor;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** nginx: takes up everything by a reload, and lets connections end in their own time. */
record NginxDaemon(Supervisor supervisor) implements Daemon {
  static final String NAME = "nginx";

  private static final String PROGRAM = "/usr/sbin/nginx";
  private static final Duration CHECK = Duration.ofSeconds(20);
  // Mail clients that came by port 443 stay for hours, and connect again.
  private static final Duration TO_THE_END = Duration.ofSeconds(20);

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Optional<String> problem(Path rendered) {
    var folder = rendered.resolve(NAME);
    return Commands.run(
            List.of(
                PROGRAM, "-t", "-q", "-e", "stderr", "-p", folder.toString(), "-c", "nginx.conf"),
            CHECK)
        .problem();
  }

  @Override
  public String takeUp(Optional<Path> before, Path now) throws DaemonRefusal {
    DaemonRollout.await(NAME, supervisor.reload(NAME));
    return "reloaded";
  }

  /** Behind a proxy, what has begun is served to its end: new clients are sent elsewhere. */
  private static StopSignal stop(WebSettings settings) {
    return settings.proxy().exists()
        ? new StopSignal("QUIT", TO_THE_END)
        : new StopSignal("TERM", Duration.ofSeconds(5));
  }

  /**
   * Its ports take connections before there is a process to serve them, and before the first one
   * knows what to do at a signal: it would end at an order to reload.
   */
  private static Readiness answered(int port) {
    return new Readiness.Http(
        URI.create("http://127.0.0.1:" + port + "/"),
        HttpURLConnection.HTTP_MOVED_PERM,
        Readiness.USUAL);
  }

  static ProcessDescription process(WebSettings settings, Path current) {
    return ProcessDescription.named(NAME)
        .command(
            PROGRAM, "-e", "stderr", "-p", current.resolve(NAME).toString(), "-c", "nginx.conf")
        .stale(new StaleFiles(settings.run(), "*.sock"))
        .readiness(
            Readiness.allOf(
                Readiness.port(settings.ports().https()), answered(settings.ports().http())))
        .reload(new Reload.Signal("HUP", new Reload.Sign.NewChildren("shutting down")))
        .stop(stop(settings))
        .build();
  }
}
