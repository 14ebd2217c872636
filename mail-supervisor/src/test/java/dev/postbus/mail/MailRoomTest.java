package dev.postbus.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MailRoomTest {
  @TempDir Path folder;

  @Test
  void whereThereIsEnoughNothingIsSaid() {
    assertThat(new MailRoom(List.of(folder), 1).problem()).isEmpty();
  }

  @Test
  void theFolderThatIsTooFullIsNamedWithWhatIsMissing() throws Exception {
    var free = Files.getFileStore(folder).getUsableSpace();

    var problem = new MailRoom(List.of(folder), free + (1L << 40)).problem();

    assertThat(problem)
        .hasValueSatisfying(
            said -> assertThat(said).contains(folder.toString(), "MB are free", "mail waits"));
  }

  @Test
  void aFolderThatIsNotThereYetIsNotFull() {
    assertThat(new MailRoom(List.of(folder.resolve("later")), Long.MAX_VALUE).problem()).isEmpty();
  }
}
