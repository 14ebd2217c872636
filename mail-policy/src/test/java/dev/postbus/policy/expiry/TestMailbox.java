package dev.postbus.policy.expiry;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;

/** A mailbox made for a test; its files are as old as they are said to be at a given moment. */
record TestMailbox(Path folder, Instant now) {

  static TestMailbox with(Path mailboxes, String address, Instant now, long lastLoginDays)
      throws IOException {
    var mailbox = new TestMailbox(Files.createDirectories(mailboxes.resolve(address)), now);
    Files.writeString(mailbox.folder.resolve("password"), "{SHA512-CRYPT}$6$x");
    mailbox.age(mailbox.folder.resolve("password"), Duration.ofDays(lastLoginDays));
    Files.writeString(mailbox.folder.resolve("maildirsize"), "1000000S\n");
    return mailbox;
  }

  /** A message below {@code within}, e.g. {@code cur} or {@code .Sent/cur}; sparse on disk. */
  Path message(String within, String name, long size, Duration age) throws IOException {
    var file = Files.createDirectories(folder.resolve(within)).resolve(name);
    return message(file, size, age);
  }

  Path message(Path file, long size, Duration age) throws IOException {
    try (var out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      if (size > 0) {
        out.write(ByteBuffer.allocate(1), size - 1);
      }
    }
    age(file, age);
    return file;
  }

  void age(Path file, Duration age) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(now.minus(age)));
  }

  /** A name as Dovecot gives it to a mail that was delivered so long ago. */
  String name(Duration age, int number, long size) {
    return "%d.M%dP1.host,S=%d,W=%d:2,"
        .formatted(now.minus(age).getEpochSecond(), number, size, size);
  }
}
