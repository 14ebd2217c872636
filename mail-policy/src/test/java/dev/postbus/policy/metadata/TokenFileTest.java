package dev.postbus.policy.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenFileTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
  private static final long DAY = 24 * 3600;

  private Path home;

  @BeforeTry
  @BeforeEach
  void make() throws IOException {
    home = Files.createTempDirectory("tokens-");
  }

  @AfterTry
  @AfterEach
  void remove() throws IOException {
    try (var files = Files.walk(home)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void thePublicRelaysFileIsReadAndOtherMembersStay() throws IOException {
    write("{\"devicetoken\": {\"a\": %d, \"b\": %d}, \"other\": [1]}", 0, -DAY);

    var file = TokenFile.in(home, NOW);
    file.add("c", NOW);
    file.save();

    var json = json();
    assertThat(json.path("devicetoken").properties().stream().map(e -> e.getKey()))
        .containsExactly("a", "b", "c");
    assertThat(json.path("devicetoken").path("b").asLong()).isEqualTo(NOW.getEpochSecond() - DAY);
    assertThat(json.path("other").path(0).asInt()).isEqualTo(1);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
        .isEqualTo("rw-------");
  }

  @Test
  void anOlderFilesListGetsThePresentTime() throws IOException {
    write("{\"devicetoken\": [\"a\", \"b\"]}");

    TokenFile.in(home, NOW).save();

    assertThat(json().path("devicetoken").path("a").asLong()).isEqualTo(NOW.getEpochSecond());
    assertThat(json().path("devicetoken").path("b").asLong()).isEqualTo(NOW.getEpochSecond());
  }

  @Test
  void tokensOlderThanNinetyDaysOrFromTheFutureAreDropped() throws IOException {
    write(
        "{\"devicetoken\": {\"old\": %d, \"near\": %d, \"new\": %d, \"future\": %d}}",
        -90 * DAY, -90 * DAY + 1, 59, 60);

    var file = TokenFile.in(home, NOW);
    file.save();

    assertThat(file.tokens()).containsOnlyKeys("near", "new");
    assertThat(json().path("devicetoken").size()).isEqualTo(2);
  }

  @Test
  void ofMoreThanThirtyTheOldestAreForgotten() throws IOException {
    var file = TokenFile.in(home, NOW);
    for (int i = 0; i < 40; i++) {
      file.add("t" + i, NOW.plusSeconds(i));
    }

    assertThat(file.tokens().keySet())
        .containsExactlyElementsOf(
            IntStream.range(10, 40).mapToObj(i -> "t" + i).collect(Collectors.toList()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "null",
        "[]",
        "{\"devicetoken\": 5}",
        "{\"devicetoken\": {}} trailing",
        "{\"devicetoken\": {\"a\": 1800000000}",
        "\u0000\u0001\u00ff"
      })
  void aDamagedFileIsPutAside(String content) throws IOException {
    Files.writeString(path(), content, StandardCharsets.ISO_8859_1);

    var file = TokenFile.in(home, NOW);
    file.add("a", NOW);
    file.save();

    assertThat(Files.readString(home.resolve(TokenFile.DAMAGED), StandardCharsets.ISO_8859_1))
        .isEqualTo(content);
    assertThat(json().path("devicetoken").size()).isEqualTo(1);
  }

  @Test
  void aFileThatIsTooLargeOrTooDeepIsPutAside() throws IOException {
    for (var content : List.of("{" + " ".repeat(1 << 20) + "}", "[".repeat(100_000))) {
      Files.writeString(path(), content);

      assertThat(TokenFile.in(home, NOW).tokens()).isEmpty();
      assertThat(Files.readString(home.resolve(TokenFile.DAMAGED))).isEqualTo(content);
    }
  }

  @Property(tries = 300)
  void anyBytesAreReadOrPutAside(@ForAll byte[] content) throws IOException {
    Files.write(path(), content);

    var file = TokenFile.in(home, NOW);
    file.add("a", NOW);
    file.save();

    assertThat(TokenFile.in(home, NOW).tokens()).containsKey("a");
  }

  @Property(tries = 300)
  void anyJsonIsReadOrPutAside(@ForAll("documents") String content) throws IOException {
    Files.writeString(path(), content);

    var file = TokenFile.in(home, NOW);
    file.add("a", NOW);
    file.save();

    var again = TokenFile.in(home, NOW);
    assertThat(again.tokens()).isEqualTo(file.tokens()).hasSizeLessThanOrEqualTo(30);
    assertThat(again.tokens().keySet()).allMatch(TokenFile::possible);
    assertThat(again.tokens().values())
        .allMatch(time -> time > NOW.getEpochSecond() - 90 * DAY)
        .allMatch(time -> time < NOW.getEpochSecond() + 60);
  }

  @Property(tries = 200)
  void anyOrderOfChangesEndsWithTheSameTokensOnDiskAsInMemory(
      @ForAll("changes") List<Change> changes) throws IOException {
    var expected = new java.util.LinkedHashMap<String, Long>();
    long second = 0;
    for (var change : changes) {
      var now = NOW.plusSeconds(++second);
      var file = TokenFile.in(home, now);
      change.apply(file, now);
      change.apply(expected, now);
      file.save();
    }

    assertThat(TokenFile.in(home, NOW.plusSeconds(second)).tokens()).isEqualTo(expected);
  }

  enum Kind {
    ADD,
    REMOVE,
    CLEAR
  }

  record Change(Kind kind, String token) {
    void apply(TokenFile file, Instant now) {
      switch (kind) {
        case ADD -> file.add(token, now);
        case REMOVE -> file.remove(token);
        case CLEAR -> file.clear();
      }
    }

    void apply(java.util.Map<String, Long> tokens, Instant now) {
      switch (kind) {
        case ADD -> tokens.put(token, now.getEpochSecond());
        case REMOVE -> tokens.remove(token);
        case CLEAR -> tokens.clear();
      }
    }
  }

  @Provide
  Arbitrary<List<Change>> changes() {
    return Combinators.combine(
            Arbitraries.frequency(
                net.jqwik.api.Tuple.of(6, Kind.ADD),
                net.jqwik.api.Tuple.of(3, Kind.REMOVE),
                net.jqwik.api.Tuple.of(1, Kind.CLEAR)),
            Arbitraries.of("a", "b", "c", "d"))
        .as(Change::new)
        .list()
        .ofMaxSize(20);
  }

  @Provide
  Arbitrary<String> documents() {
    var numbers =
        Arbitraries.oneOf(
            Arbitraries.longs()
                .between(-100 * DAY, 100 * DAY)
                .map(d -> "" + (NOW.getEpochSecond() + d)),
            Arbitraries.of(
                "1e400",
                "-1",
                "1.5",
                "99999999999999999999999",
                "1800000000.9",
                "null",
                "\"x\"",
                "{}",
                "[[]]",
                "true"));
    var names =
        Arbitraries.oneOf(
            Arbitraries.strings().ascii().ofMaxLength(12),
            Arbitraries.strings().all().ofMaxLength(6),
            Arbitraries.integers().between(2040, 2056).map("x"::repeat));
    var quoted = names.map(TokenFileTest::quoted);
    var objects =
        Combinators.combine(quoted, numbers)
            .as((name, number) -> name + ":" + number)
            .list()
            .ofMaxSize(50)
            .map(members -> "{" + String.join(",", members) + "}");
    var lists = quoted.list().ofMaxSize(50).map(values -> "[" + String.join(",", values) + "]");
    var others = Combinators.combine(quoted, numbers).as((name, number) -> name + ":" + number);
    return Combinators.combine(Arbitraries.oneOf(objects, lists, numbers), others)
        .as((member, other) -> "{" + other + ",\"devicetoken\":" + member + "}");
  }

  /** As JSON, with every letter escaped: also what is no text may stand in a file. */
  private static String quoted(String text) {
    return text.chars().mapToObj("\\u%04x"::formatted).collect(Collectors.joining("", "\"", "\""));
  }

  private void write(String json, Object... secondsFromNow) throws IOException {
    var times = new Object[secondsFromNow.length];
    for (int i = 0; i < times.length; i++) {
      times[i] = NOW.getEpochSecond() + ((Number) secondsFromNow[i]).longValue();
    }
    Files.writeString(path(), json.formatted(times));
  }

  private JsonNode json() throws IOException {
    return JSON.readTree(Files.readAllBytes(path()));
  }

  private Path path() {
    return home.resolve(TokenFile.NAME);
  }
}
