package dev.postbus.stacks;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.client.j2se.BufferedImageLuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import dev.postbus.bench.mail.AnyTls;
import dev.postbus.cli.machine.PortHolders;
import dev.postbus.deploy.local.Shape;
import dev.postbus.deploy.local.StackPorts;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import javax.imageio.ImageIO;

/**
 * A whole relay through the operator's command: real services, real broker, real daemons. It lies
 * in a folder that only root may enter, as a checkout in root's home does.
 */
final class LocalRelay {
  static final Duration LONG = Duration.ofSeconds(40);
  static final Random RANDOM = new SecureRandom();
  static final String DOMAIN = "_relay.localhost";
  static final String PASSWORD = "password1";

  private static final Set<Integer> GIVEN = new HashSet<>();

  private final Shape shape;
  private final Path folder;
  private final int offset;
  private final Cli cli;

  private LocalRelay(Shape shape, Path folder, Map<String, String> environment) {
    this.shape = shape;
    this.folder = folder;
    this.offset = freeOffset(10_000);
    this.cli = stack("state").with(environment);
  }

  /** Starts one with some variables in its environment; returns when it is ready. */
  static LocalRelay start(Shape shape, Map<String, String> environment) throws Exception {
    var closed = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    var relay = new LocalRelay(shape, Files.createTempDirectory("postbus-", closed), environment);
    try {
      var up = relay.up(relay.cli, relay.offset);
      assertThat(up.exitCode()).as(up.output()).isZero();
      assertThat(up.output()).contains(DOMAIN + " is ready");
      return relay;
    } catch (Exception | AssertionError e) {
      relay.end();
      throw e;
    }
  }

  /** Stops it, and deletes its folder. */
  void end() throws Exception {
    cli.run("down");
    remove(folder);
  }

  Shape shape() {
    return shape;
  }

  /** Where its state folder is, and those of others that a test starts. */
  Path folder() {
    return folder;
  }

  int offset() {
    return offset;
  }

  Cli cli() {
    return cli;
  }

  static void remove(Path tree) throws IOException {
    try (var files = Files.walk(tree)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  String scanned() throws Exception {
    var image = ImageIO.read(new ByteArrayInputStream(https("GET", "/qr.png").body()));
    return new QRCodeReader()
        .decode(new BinaryBitmap(new HybridBinarizer(new BufferedImageLuminanceSource(image))))
        .getText();
  }

  /**
   * What Delta Chat makes of the code on the page: it asks there for an account, here at the
   * stack's own port and address, as the code names the relay that it would be elsewhere.
   */
  String codeForThisMachine() throws Exception {
    var page = URI.create(scanned().replace("DCACCOUNT:", ""));
    assertThat(page.getHost() == null ? page.getAuthority() : page.getHost()).isEqualTo(DOMAIN);
    var account = Cli.JSON.readTree(https("POST", page.getPath()).body());
    return account.path("dclogin_url").asText() + "&ih=127.0.0.1&sh=127.0.0.1";
  }

  String page() throws Exception {
    return new String(https("GET", "/").body(), StandardCharsets.UTF_8);
  }

  HttpResponse<byte[]> https(String method, String path) throws Exception {
    try (var client = HttpClient.newBuilder().sslContext(AnyTls.newContext()).build()) {
      var request =
          HttpRequest.newBuilder(URI.create("https://localhost:" + (443 + offset) + path))
              .timeout(Duration.ofSeconds(20))
              .method(method, HttpRequest.BodyPublishers.noBody())
              .build();
      return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    }
  }

  MailUser newUser() throws IOException {
    var user = user(name(9), PASSWORD);
    assertThat(user.canLogIn()).isTrue();
    return user;
  }

  MailUser user(String name, String password) {
    return new MailUser(name + "@" + DOMAIN, password, offset);
  }

  static String name(int length) {
    return RANDOM
        .ints(length, 'a', 'z' + 1)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** An offset with all ports free, which nobody else in this JVM gets. */
  static synchronized int freeOffset(int from) {
    for (int candidate = from; candidate < 22_000; candidate += 7) {
      var ports = new StackPorts(candidate, Shape.SEPARATE).all();
      if (!GIVEN.contains(candidate) && ports.values().stream().allMatch(PortHolders::free)) {
        GIVEN.add(candidate);
        return candidate;
      }
    }
    throw new IllegalStateException("no free range of ports");
  }

  static Path checkout() {
    return Path.of("../..").toAbsolutePath().normalize();
  }

  /** A stack's command, on a state folder of its own. */
  Cli stack(String name) {
    return new Cli(checkout(), folder.resolve(name));
  }

  Cli.Result up(Cli stack, int portOffset) throws Exception {
    return stack.run("up", "--detach", "--shape", shape.label(), "--port-offset", "" + portOffset);
  }

  static boolean reachable(MailUser user) {
    try {
      return user.canLogIn();
    } catch (IOException notYet) {
      return false;
    }
  }
}
