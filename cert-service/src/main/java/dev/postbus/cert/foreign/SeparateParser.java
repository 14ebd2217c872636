package dev.postbus.cert.foreign;

import dev.postbus.supervision.Account;
import dev.postbus.supervision.PipedProcess;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has a process without privileges parse, and kills it when it takes too long. */
final class SeparateParser implements PairParser {
  private static final Logger log = LoggerFactory.getLogger(SeparateParser.class);
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final @Nullable Account account;
  private @Nullable Child child;

  private record Child(PipedProcess process, DataInputStream in, DataOutputStream out) {}

  /**
   * A parser.
   *
   * @param account who the process runs as; null where this process may not change users
   */
  SeparateParser(@Nullable Account account) {
    this.account = account;
  }

  @Override
  public synchronized void prepare() {
    try {
      child();
    } catch (IOException e) {
      log.warn("the parser of certificates cannot be started: {}", e.getMessage());
    }
  }

  @Override
  public ForeignPair parse(byte[] certificate, byte[] key, List<String> names) throws UnusablePair {
    return answer(List.of(certificate, key), names);
  }

  @Override
  public ForeignPair parseStore(byte[] store, List<String> names) throws UnusablePair {
    return answer(List.of(store), names);
  }

  private synchronized ForeignPair answer(List<byte[]> files, List<String> names)
      throws UnusablePair {
    try {
      return ask(files, names);
    } catch (IOException gone) {
      // It may have been killed since the last time: then another one answers.
      close();
    }
    try {
      return ask(files, names);
    } catch (IOException e) {
      close();
      throw new UnusablePair(
          List.of(
              "the process that parses certificates gave no answer within "
                  + PATIENCE.toSeconds()
                  + " s; it needs setpriv, and memory for a small JVM"),
          true);
    }
  }

  @Override
  public synchronized void close() {
    var last = child;
    child = null;
    if (last != null) {
      last.process().close();
    }
  }

  private ForeignPair ask(List<byte[]> files, List<String> names) throws IOException, UnusablePair {
    var asked = child();
    var watch = Thread.ofVirtual().name("parser-watch").start(() -> killLater(asked.process()));
    try {
      Wire.ask(asked.out(), files, names);
      return Wire.answer(asked.in());
    } finally {
      watch.interrupt();
    }
  }

  /** The process, once it has been needed. */
  synchronized Optional<ProcessHandle> process() {
    return Optional.ofNullable(child).flatMap(running -> ProcessHandle.of(running.process().pid()));
  }

  private static void killLater(PipedProcess process) {
    try {
      Thread.sleep(PATIENCE);
      process.kill();
    } catch (InterruptedException answered) {
      Thread.currentThread().interrupt();
    }
  }

  private Child child() throws IOException {
    var running = child;
    if (running == null) {
      var process = PipedProcess.start(command(), account);
      running =
          new Child(
              process,
              new DataInputStream(new BufferedInputStream(process.output())),
              new DataOutputStream(new BufferedOutputStream(process.input())));
      child = running;
    }
    return running;
  }

  private static List<String> command() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-XX:-UsePerfData",
        "-XX:ReservedCodeCacheSize=16m",
        "-Xss512k",
        "-Xms4m",
        // For the largest file of Traefik's; what a pair needs is half of it.
        "-Xmx48m",
        // Its memory holds keys: nothing of it may stay behind.
        "-XX:-CreateCoredumpOnCrash",
        "-XX:ErrorFile=/dev/null",
        "-XX:+ExitOnOutOfMemoryError",
        "-cp",
        System.getProperty("java.class.path"),
        ParserProgram.class.getName());
  }
}
