package dev.postbus.policy.invite;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import dev.postbus.policy.storage.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Invitations on disk: a file each, named after the SHA-256 of its token. The token itself is kept
 * nowhere.
 */
final class InviteFiles {
  private static final Logger log = Logger.getLogger(InviteFiles.class.getName());
  private static final int MOST_BYTES = 1 << 20;
  private static final String NAME = "[0-9a-f]{64}";

  private final Path folder;
  private final JsonMapper json =
      JsonMapper.builder()
          .addModule(
              new SimpleModule()
                  .addSerializer(Instant.class, ToStringSerializer.instance)
                  .addDeserializer(Instant.class, new InstantReader()))
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();

  /** Those in a folder, which is made for the first one. */
  InviteFiles(Path folder) {
    this.folder = folder;
  }

  /** All by the hashes of their tokens. What cannot be read is left where it is, and named. */
  Map<String, Invite> load() throws IOException {
    var all = new LinkedHashMap<String, Invite>();
    if (!Files.isDirectory(folder)) {
      return all;
    }
    try (var files = Files.newDirectoryStream(folder)) {
      for (var file : files) {
        var name = file.getFileName().toString();
        if (name.endsWith(DurableFile.UNFINISHED)) {
          Files.deleteIfExists(file);
        } else if (name.matches(NAME)) {
          try {
            all.put(name, json.readValue(DurableFile.read(file, MOST_BYTES), Invite.class));
          } catch (JsonProcessingException e) {
            log.log(
                Level.WARNING,
                "{0} is damaged, so nobody can use its invitation: remove it, and make another",
                file);
          }
        }
      }
    }
    return all;
  }

  /** Returns when it is durable. */
  void write(String hash, Invite invite) throws IOException {
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    DurableFile.write(folder.resolve(hash), json.writeValueAsBytes(invite));
  }

  void delete(String hash) throws IOException {
    DurableFile.delete(folder.resolve(hash));
  }

  private static final class InstantReader extends StdDeserializer<Instant> {
    private static final long serialVersionUID = 1L;

    InstantReader() {
      super(Instant.class);
    }

    @Override
    public Instant deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      try {
        return Instant.parse(parser.getText());
      } catch (DateTimeException e) {
        throw context.weirdStringException(parser.getText(), Instant.class, "is no time");
      }
    }
  }
}
