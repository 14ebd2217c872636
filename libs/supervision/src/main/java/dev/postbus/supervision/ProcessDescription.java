package dev.postbus.supervision;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that a supervisor has to know of one process.
 *
 * @param name lower-case letters, digits and hyphens; unique within a supervisor
 * @param command program and arguments; no shell is involved
 * @param environment the whole environment but for {@code PATH} and {@code LANG}: nothing is
 *     inherited from the supervisor
 * @param workingDirectory an existing folder
 * @param runAs the account to change to, or null to stay what the supervisor is
 * @param newPrivileges whether set-uid and set-gid programs may still raise their rights
 * @param needs names of processes that must be ready before this one is started
 * @param stale what a killed one may leave that would keep the next one from starting; removed
 *     before each start
 * @param readiness when it counts as ready
 * @param reload how it takes up a changed configuration
 * @param stop how it is asked to end
 * @param restart when it is started again
 * @param longestRun after this time it is restarted as planned, or null for never
 */
public record ProcessDescription(
    String name,
    List<String> command,
    Map<String, String> environment,
    Path workingDirectory,
    @Nullable Account runAs,
    boolean newPrivileges,
    Set<String> needs,
    List<StaleFiles> stale,
    Readiness readiness,
    Reload reload,
    StopSignal stop,
    RestartPolicy restart,
    @Nullable Duration longestRun) {

  /** Validates and copies. */
  public ProcessDescription {
    if (!name.matches("[a-z0-9][a-z0-9-]*")) {
      throw new IllegalArgumentException(
          "process name '" + name + "': lower-case letters, digits and hyphens only");
    }
    command = List.copyOf(command);
    if (command.isEmpty()) {
      throw new IllegalArgumentException("process " + name + " has no command");
    }
    environment = Map.copyOf(environment);
    needs = Set.copyOf(needs);
    stale = List.copyOf(stale);
  }

  /** Begins a description with defaults for all that is not said. */
  public static Builder named(String name) {
    return new Builder(name);
  }

  /** Collects a description. */
  public static final class Builder {
    private final String name;
    private List<String> command = List.of();
    private Map<String, String> environment = Map.of();
    private Path workingDirectory = Path.of("/");
    private @Nullable Account runAs;
    private boolean newPrivileges;
    private Set<String> needs = Set.of();
    private List<StaleFiles> stale = List.of();
    private Readiness readiness = new Readiness.Running();
    private Reload reload = new Reload.Restart();
    private StopSignal stop = StopSignal.term();
    private RestartPolicy restart = RestartPolicy.standard();
    private @Nullable Duration longestRun;

    private Builder(String name) {
      this.name = name;
    }

    /** Program and arguments. */
    public Builder command(String... words) {
      return command(List.of(words));
    }

    /** Program and arguments. */
    public Builder command(List<String> words) {
      this.command = words;
      return this;
    }

    /** The whole environment but for {@code PATH} and {@code LANG}. */
    public Builder environment(Map<String, String> variables) {
      this.environment = variables;
      return this;
    }

    /** The folder it starts in; default {@code /}. */
    public Builder workingDirectory(Path folder) {
      this.workingDirectory = folder;
      return this;
    }

    /** The account to change to; default: none. */
    public Builder runAs(@Nullable Account account) {
      this.runAs = account;
      return this;
    }

    /** Lets set-uid and set-gid programs beneath it raise their rights; default: not. */
    public Builder newPrivileges() {
      this.newPrivileges = true;
      return this;
    }

    /** Names of processes that must be ready first. */
    public Builder needs(String... names) {
      this.needs = Set.of(names);
      return this;
    }

    /** What a killed one may leave that would keep the next one from starting; default: nothing. */
    public Builder stale(StaleFiles... files) {
      this.stale = List.of(files);
      return this;
    }

    /** When it counts as ready; default: when it runs. */
    public Builder readiness(Readiness check) {
      this.readiness = check;
      return this;
    }

    /** How it reloads; default: by a restart. */
    public Builder reload(Reload way) {
      this.reload = way;
      return this;
    }

    /** How it is asked to end; default: {@code TERM}, five seconds. */
    public Builder stop(StopSignal signal) {
      this.stop = signal;
      return this;
    }

    /** When it is started again; default: {@link RestartPolicy#standard()}. */
    public Builder restart(RestartPolicy policy) {
      this.restart = policy;
      return this;
    }

    /** The longest run before a planned restart; default: none. */
    public Builder longestRun(@Nullable Duration time) {
      this.longestRun = time;
      return this;
    }

    /** The description. */
    public ProcessDescription build() {
      return new ProcessDescription(
          name,
          command,
          environment,
          workingDirectory,
          runAs,
          newPrivileges,
          needs,
          stale,
          readiness,
          reload,
          stop,
          restart,
          longestRun);
    }
  }
}
