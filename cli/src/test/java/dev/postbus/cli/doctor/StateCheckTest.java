package dev.postbus.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.deploy.local.Shape;
import dev.postbus.deploy.local.StateFolder;
import dev.postbus.doctor.Finding.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateCheckTest {
  @TempDir Path folder;
  private Path state;

  @BeforeEach
  void make() throws IOException {
    state = folder.resolve("state");
    for (var one : StateFolder.ALL) {
      Files.createDirectory(one.in(state));
      mode(one.in(state), one.mode());
      own(one.in(state), Shape.SEPARATE.ownerOf(one.name()));
    }
    for (var one : new String[] {"mailboxes", "mailboxes/alice@relay.example", "policy"}) {
      own(Files.createDirectory(state.resolve(one)), 5000);
    }
  }

  @Test
  void whatIsRightIsRight() {
    Found.only(Level.OK, separate(true).look());
    Found.only(Level.OK, separate(false).look());
  }

  @Test
  void whatIsNotThereIsMade() {
    var nowhere = new StateCheck(folder.resolve("nowhere"), Shape.SEPARATE, false);

    assertThat(Found.only(Level.OK, nowhere.look()).message()).contains("./postbus up makes it");
  }

  @Test
  void aFileOfAnotherUserIsAProblem() throws IOException {
    own(Files.createFile(state.resolve("config/chatmail.ini")), 1234);

    var found = Found.only(Level.PROBLEM, separate(false).look());

    assertThat(found.message())
        .contains("config/chatmail.ini belongs to user 1234, not to 5002")
        .doesNotContain("others");
    assertThat(found.next()).isEqualTo("chown -Rh 5002:5002 " + state.resolve("config"));
  }

  @Test
  void aFolderOfAnotherUserIsAProblemOnlyWhileItRuns() throws IOException {
    own(state.resolve("bus"), 0);

    // A start would give it, with all that is in it, to the broker.
    Found.only(Level.OK, separate(false).look());
    assertThat(Found.only(Level.PROBLEM, separate(true).look()).message())
        .contains("/bus belongs to user 0, not to 5001");
  }

  @Test
  void mailboxesThatWereCopiedByRootAreAProblem() throws IOException {
    own(Files.createDirectory(state.resolve("mailboxes/bob@relay.example")), 0);
    own(Files.createFile(state.resolve("mailboxes/bob@relay.example/password")), 0);

    var found = Found.only(Level.PROBLEM, separate(true).look());

    assertThat(found.message()).contains("bob@relay.example", "not to 5000", "1 others");
    assertThat(found.next()).startsWith("chown -Rh 5000:5000 ");
  }

  @Test
  void aModeThatIsNotAsItWasMadeIsAWarning() throws IOException {
    mode(state.resolve("config"), "rwxrwxrwx");

    var found = Found.only(Level.WARNING, separate(true).look());

    assertThat(found.message()).contains("config is rwxrwxrwx, and should be rwx------");
    assertThat(found.next()).contains("chmod 700 ");
  }

  @Test
  void aKeyThatEverybodyMayReadIsAProblem() throws IOException {
    var generation = Files.createDirectories(state.resolve("certs/generations/0a"));
    var key = Files.createFile(generation.resolve("privkey.pem"));
    mode(key, "rw-r--r--");

    var found = Found.only(Level.PROBLEM, new StateCheck(state, Shape.TOGETHER, true).look());

    assertThat(found.message()).contains("may be read by everybody");
    assertThat(found.next()).contains("chmod 600 " + key);
  }

  private StateCheck separate(boolean running) {
    return new StateCheck(state, Shape.SEPARATE, running);
  }

  private static void own(Path path, int uid) throws IOException {
    Files.setAttribute(path, "unix:uid", uid);
  }

  private static void mode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }
}
