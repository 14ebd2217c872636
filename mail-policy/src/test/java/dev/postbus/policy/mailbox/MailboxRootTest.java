package dev.postbus.policy.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MailboxRootTest {
  private static final Path ALICE = Path.of("alice1234@relay.test");

  @TempDir Path folder;
  @TempDir Path elsewhere;

  @Test
  void aRemovedMailboxTakesNothingWithItThatItsLinksPointTo() throws IOException {
    // Given a mailbox with links to a folder and a file outside
    var precious = Files.writeString(elsewhere.resolve("precious"), "x");
    var mailbox = Files.createDirectories(folder.resolve(ALICE).resolve("cur")).getParent();
    Files.createSymbolicLink(mailbox.resolve("new"), elsewhere);
    Files.createSymbolicLink(mailbox.resolve("cur/1.x"), precious);
    Files.createSymbolicLink(mailbox.resolve("dangling"), elsewhere.resolve("nothing"));

    // When it is removed
    try (var root = MailboxRoot.open(folder)) {
      root.remove(root.bury(ALICE).orElseThrow());
    }

    // Then it is gone, and they are there
    assertThat(folder).isEmptyDirectory();
    assertThat(precious).exists();
  }

  @Test
  void aMailboxThatIsALinkIsNone() throws IOException {
    Files.createSymbolicLink(folder.resolve(ALICE), elsewhere);

    try (var root = MailboxRoot.open(folder)) {
      assertThat(root.nextMailbox()).contains(ALICE);
      assertThat(root.mailbox(ALICE)).isEmpty();
    }
  }

  @Test
  void aFileInThePlaceOfAFolderIsPassedOverAndNotLeftOpen() throws IOException {
    var file = Files.writeString(Files.createDirectories(folder.resolve(ALICE)).resolve("cur"), "");

    try (var root = MailboxRoot.open(folder);
        var mailbox = root.mailbox(ALICE).orElseThrow()) {
      MailboxWalk.visit(mailbox, message -> fail("no message: " + message.name()));
    }

    try (var open = Files.list(Path.of("/proc/self/fd"))) {
      assertThat(open.filter(Files::exists).map(MailboxRootTest::target)).doesNotContain(file);
    }
  }

  private static Path target(Path link) {
    try {
      return link.toRealPath();
    } catch (IOException closed) {
      return link;
    }
  }

  @Test
  void whatAKilledRunHadBuriedIsRemovedByTheNext() throws IOException {
    Files.createDirectories(folder.resolve(ALICE).resolve("new"));
    Files.createDirectories(folder.resolve(".removed-not-ours"));
    try (var root = MailboxRoot.open(folder)) {
      var buried = root.bury(ALICE).orElseThrow();
      assertThat(folder.resolve(buried)).isDirectory();
      assertThat(folder.resolve(ALICE)).doesNotExist();
    }

    MailboxRoot.sweep(folder);

    try (var left = Files.list(folder)) {
      assertThat(left).containsExactly(folder.resolve(".removed-not-ours"));
    }
  }

  @Test
  void onlyWhatIsBuriedIsRemoved() throws IOException {
    Files.createDirectory(folder.resolve(ALICE));

    try (var root = MailboxRoot.open(folder)) {
      assertThatThrownBy(() -> root.remove(ALICE)).isInstanceOf(IllegalArgumentException.class);
      assertThat(root.bury(Path.of("nobody@relay.test"))).isEmpty();
    }
    assertThat(folder.resolve(ALICE)).exists();
  }
}
