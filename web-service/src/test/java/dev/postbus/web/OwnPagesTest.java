package dev.postbus.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postbus.certificates.StoredCertificate;
import dev.postbus.supervision.Rollout;
import dev.postbus.testing.MadeKey;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An operator's own files for the pages, right ones and wrong ones. */
class OwnPagesTest {
  @TempDir Path work;
  private Path custom;
  private Path www;

  @BeforeEach
  void folders() throws IOException {
    custom = Files.createDirectories(work.resolve("custom/www/src"));
    www = Files.createDirectories(work.resolve("www"));
    // Made for the one who runs the test alone.
    Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void aFileReplacesTheShippedOneAndOthersStay() throws Exception {
    Files.writeString(custom.resolve("index.md"), "# Hello\n\nThis is {mail_domain}. {qr}\n");
    Files.writeString(custom.resolve("style.css"), "body { color: teal }\n");

    var pages = render(Map.of());

    assertThat(pages.resolve("index.html"))
        .content()
        .contains("<h1>Hello</h1>", "_relay.test", "<svg");
    assertThat(pages.resolve("style.css")).hasContent("body { color: teal }\n");
    assertThat(pages.resolve("privacy.html")).content().contains("Privacy at _relay.test");
  }

  @Test
  void morePagesAndOtherFilesAreServedToo() throws Exception {
    Files.writeString(
        Files.createDirectory(custom.resolve("help")).resolve("faq.md"), "# Questions\n");
    Files.write(custom.resolve("logo.png"), new byte[] {1, 2, 3});
    Files.writeString(custom.resolve(".hidden.md"), "{nonsense}");

    var pages = render(Map.of());

    assertThat(pages.resolve("help/faq.html")).content().contains("<title>Questions</title>");
    assertThat(pages.resolve("logo.png")).hasBinaryContent(new byte[] {1, 2, 3});
    assertThat(pages.resolve("404.html")).exists();
    assertThat(pages.resolve(".hidden.html")).doesNotExist();
  }

  @Test
  void aFileForOneLanguageReplacesThatOfThisLanguage() throws Exception {
    Files.writeString(custom.resolve("info.ru.md"), "# Свои слова\n");
    Files.writeString(custom.resolve("privacy.md"), "# For everybody\n");
    Files.writeString(custom.resolve("faq.ru.md"), "# Вопросы\n");
    Files.writeString(custom.resolve("layout.ru.html"), "<html lang=\"{lang}\">{content}");

    var pages = render(Map.of());

    assertThat(pages.resolve("info.ru.html")).hasContent("<html lang=\"ru\"><h1>Свои слова</h1>");
    assertThat(pages.resolve("info.html")).content().contains("How it works", "<header>");
    assertThat(pages.resolve("privacy.html")).content().contains("For everybody");
    assertThat(pages.resolve("privacy.ru.html")).doesNotExist();
    assertThat(pages.resolve("faq.ru.html")).exists();
    assertThat(pages.resolve("faq.html")).doesNotExist();
    assertThat(pages.resolve("layout.ru.html")).doesNotExist();
  }

  @Test
  void theConfigurationsFolderGoesBeforeTheCustomOne() throws Exception {
    Files.writeString(custom.resolve("index.md"), "# Custom\n");
    Files.writeString(custom.resolve("info.md"), "# Custom info\n");
    var source = Files.createDirectory(www.resolve("src"));
    Files.writeString(source.resolve("index.md"), "# Of the folder\n");

    var pages = render(Map.of("www_folder", www.toString()));

    assertThat(pages.resolve("index.html")).content().contains("Of the folder");
    assertThat(pages.resolve("info.html")).content().contains("Custom info");
  }

  @Test
  void aFolderWithoutASourceIsServedAsItIs() throws Exception {
    Files.writeString(www.resolve("index.html"), "<p>{mine}</p>");
    Files.writeString(Files.createDirectory(www.resolve("sub")).resolve("a.txt"), "a");

    var pages = render(Map.of("www_folder", www.toString()));

    assertThat(pages.resolve("index.html")).hasContent("<p>{mine}</p>");
    assertThat(pages.resolve("sub/a.txt")).hasContent("a");
    assertThat(pages.resolve("info.html")).doesNotExist();
    assertThat(pages.resolve(".well-known/mta-sts.txt")).exists();
  }

  @Test
  void aFolderMountedAsKubernetesDoesIsOne() throws Exception {
    var data = Files.createDirectory(custom.resolve("..2026"));
    Files.writeString(data.resolve("index.md"), "# Mounted\n");
    Files.createSymbolicLink(custom.resolve("..data"), Path.of("..2026"));
    Files.createSymbolicLink(custom.resolve("index.md"), Path.of("..data/index.md"));

    assertThat(render(Map.of()).resolve("index.html")).content().contains("Mounted");
  }

  @Test
  void aLinkThatLeadsOutIsNamed() throws Exception {
    Files.createSymbolicLink(custom.resolve("secret.txt"), Path.of("/etc/passwd"));

    assertProblem(Map.of(), "secret.txt", "leads out of");
  }

  @Test
  void aLinkThatLeadsNowhereIsNamed() throws Exception {
    Files.createSymbolicLink(custom.resolve("gone.txt"), Path.of("../gone"));

    assertProblem(Map.of(), "gone.txt", "leads nowhere");
  }

  @Test
  void aFolderThatLeadsOutIsNamed() throws Exception {
    Files.createSymbolicLink(custom.resolve("etc"), Path.of("/etc/apt"));

    assertProblem(Map.of(), custom + "/etc/", "leads out of");
  }

  @Test
  void aHugeFileIsNamedWithoutBeingRead() throws Exception {
    try (var huge = new RandomAccessFile(custom.resolve("huge.bin").toFile(), "rw")) {
      huge.setLength(1L << 30);
    }

    assertProblem(Map.of(), "huge.bin", "too large", "4194304");
  }

  @Test
  void whatIsNotUtf8IsNamedWithItsLine() throws Exception {
    Files.write(
        custom.resolve("info.md"), "# Fine\n\nnot \u00e9\n".getBytes(StandardCharsets.ISO_8859_1));

    assertProblem(Map.of(), "info.md line 3", "not UTF-8");
  }

  @Test
  void aPlaceThatIsNoValueIsNamedWithItsLine() throws Exception {
    Files.writeString(custom.resolve("index.md"), "# Hi\n\nLimit: {max_mesage_size}\n");

    assertProblem(Map.of(), "index.md line 3", "{max_mesage_size} is no value", "mail_domain");
  }

  @Test
  void aLayoutWithoutContentIsNamed() throws Exception {
    Files.writeString(custom.resolve("layout.html"), "<html>{title}</html>");

    assertProblem(Map.of(), "layout.html", "has no {content}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b.md", "x\ny.txt", "\u00fc.md", "$(id).md"})
  void aNameThatNoAddressShouldHaveIsNamed(String name) throws Exception {
    Files.writeString(custom.resolve(name), "x");

    assertProblem(Map.of(), "has a name with something else");
  }

  @Test
  void aFolderThatIsNotThereIsNamed() {
    assertProblem(Map.of("www_folder", work + "/none"), work + "/none", "www_folder");
  }

  @Test
  void whatNotEverybodyMayReadIsNotShownToEverybody() throws Exception {
    var key = Files.writeString(www.resolve("key.txt"), "secret");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
    assertProblem(Map.of("www_folder", www.toString()), "key.txt", "chmod o+r");

    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    Files.setPosixFilePermissions(www, PosixFilePermissions.fromString("rwxr-x---"));
    assertProblem(Map.of("www_folder", www.toString()), www.toString(), "chmod o+x");
  }

  @Test
  void thePagesOfBeforeStayAndTheProblemIsTold() throws Exception {
    // Given pages that are right, in force
    Files.writeString(custom.resolve("index.md"), "# Right\n");
    var settings =
        new WebSettings(
            work.resolve("state"),
            "127.0.0.1",
            new WebPorts(0),
            9104,
            new Peers("127.0.0.1", "127.0.0.1:9102", "127.0.0.1:9107"),
            work.resolve("custom"));
    var files = new WebFiles(settings, List.of(), Clock.systemUTC());
    var rollout = new Rollout(settings.rendered());
    var key = MadeKey.in(work.resolve("key.pem"), "_relay.test");
    var certificate =
        new StoredCertificate(work.resolve("certificate"), List.of(key.certificate()));
    rollout.switchTo(
        rollout.prepare(
            into -> files.render(PagesTest.configuration(Map.of()), certificate, into)));

    // When one becomes wrong
    Files.writeString(custom.resolve("index.md"), "# Wrong {nothing}\n");
    var next =
        rollout.prepare(into -> files.render(PagesTest.configuration(Map.of()), certificate, into));

    // Then those of before are rendered again, and it is said why
    assertThat(next.resolve("nginx/pages/index.html")).content().contains("Right");
    assertThat(files.problem()).get().asString().contains("index.md line 1", "{nothing}");

    // And when it is right again, nothing is wrong
    Files.writeString(custom.resolve("index.md"), "# Better\n");
    var better =
        rollout.prepare(into -> files.render(PagesTest.configuration(Map.of()), certificate, into));
    assertThat(better.resolve("nginx/pages/index.html")).content().contains("Better");
    assertThat(files.problem()).isEmpty();
  }

  private void assertProblem(Map<String, String> changes, String... words) {
    assertThatThrownBy(() -> render(changes))
        .isInstanceOf(PageProblem.class)
        .message()
        .contains(words);
  }

  private Path render(Map<String, String> changes) throws Exception {
    var into = Files.createTempDirectory(work, "pages");
    var folders = new PageFiles.Folders(into, Files.createTempDirectory(work, "invitations"));
    new PageFiles(new WebPorts(20_000), new PageSources(custom), Clock.systemUTC())
        .render(PagesTest.configuration(changes), folders);
    return into;
  }
}
