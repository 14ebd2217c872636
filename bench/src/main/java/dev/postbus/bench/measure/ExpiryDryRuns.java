package dev.postbus.bench.measure;

import dev.postbus.bench.Target;
import dev.postbus.bench.results.Recorder;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Dry runs of the expiry over many mailboxes, which are made for it and removed afterwards; as
 * reported by the relay, whose state's folders this must be able to write.
 *
 * @param mailboxes the relay's folder of them
 * @param api base address of mail-supervisor's REST interface
 * @param count mailboxes to make
 * @param runs how often
 */
public record ExpiryDryRuns(Path mailboxes, URI api, int count, int runs) implements Measurement {
  private static final int MAILS = 20;
  private static final List<String> FOLDERS = List.of("cur", "new", "tmp", ".Sent/cur");
  private static final Pattern MILLIS = Pattern.compile("\"millis\":(\\d+)");

  @Override
  public String name() {
    return "expiry dry run";
  }

  @Override
  public void run(Target target, Recorder results) throws IOException, InterruptedException {
    var made = new ArrayList<Path>();
    try {
      for (int i = 0; i < count; i++) {
        made.add(make("bench-%05d@%s".formatted(i, target.domain())));
      }
      var took = new ArrayList<Double>();
      for (int i = 0; i < runs; i++) {
        took.add(dryRun());
      }
      results.series("%s, %d mailboxes with %d mails".formatted(name(), count, MAILS), "ms", took);
    } finally {
      for (var mailbox : made) {
        remove(mailbox);
      }
    }
  }

  private Path make(String address) throws IOException {
    var owner = Files.getOwner(mailboxes);
    var mailbox = Files.createDirectory(mailboxes.resolve(address));
    Files.setOwner(mailbox, owner);
    for (var folder : FOLDERS) {
      Files.setOwner(Files.createDirectories(mailbox.resolve(folder)), owner);
    }
    Files.setOwner(mailbox.resolve(".Sent"), owner);
    for (var name : List.of("password", "enforceE2EEincoming", "maildirsize", "dovecot.index")) {
      Files.setOwner(Files.createFile(mailbox.resolve(name)), owner);
    }
    var now = System.currentTimeMillis() / 1000;
    for (int i = 0; i < MAILS; i++) {
      var folder = i % 4 == 3 ? "new" : "cur";
      var name = "%d.M%dP1.bench,S=3000,W=3050:2,".formatted(now, i);
      Files.createFile(mailbox.resolve(folder).resolve(name));
    }
    return mailbox;
  }

  private double dryRun() throws IOException, InterruptedException {
    ask("POST", "{\"dryRun\":true}");
    while (true) {
      var state = ask("GET", "");
      if (state.contains("\"finished\":true")) {
        var millis = MILLIS.matcher(state);
        if (millis.find()) {
          return Double.parseDouble(millis.group(1));
        }
        throw new IOException("the relay does not say how long the run took");
      }
      Thread.sleep(50);
    }
  }

  private String ask(String method, String body) throws IOException {
    var connection = (HttpURLConnection) api.resolve("/mail/expiry").toURL().openConnection();
    connection.setRequestMethod(method);
    if (!body.isEmpty()) {
      connection.setRequestProperty("Content-Type", "application/json");
      connection.setDoOutput(true);
      connection.getOutputStream().write(body.getBytes(StandardCharsets.US_ASCII));
    }
    if (connection.getResponseCode() >= 300) {
      throw new IOException("the relay answered " + connection.getResponseCode());
    }
    try (InputStream in = connection.getInputStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void remove(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
