package dev.postbus.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.postbus.web.Registrar.Answer;
import dev.postbus.web.services.Service;
import dev.postbus.web.services.Services;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets an account, whatever mail-supervisor says or does not say. */
class RegistrarTest {
  private static final String TOKEN = "abcdefghijklmnopqrstuvwxyz";
  private static final String OF_SERVICES = "a-token-between-services-1234";

  @TempDir Path folder;
  private HttpServer supervisor;
  private int status = 200;
  private String said = "{\"until\":\"2026-11-25T00:00:00Z\"}";
  private boolean blocked;
  private String heard = "";
  private String authorization = "";

  @BeforeEach
  void listen() throws IOException {
    supervisor = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4);
    supervisor.createContext(
        "/mail/invites/claim",
        exchange -> {
          try (exchange) {
            heard = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            authorization = exchange.getRequestHeaders().getFirst("Authorization");
            var body = said.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    supervisor.createContext(
        "/mail/creation",
        exchange -> {
          try (exchange) {
            var body = ("{\"blocked\":" + blocked + "}").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    supervisor.start();
  }

  @AfterEach
  void close() {
    supervisor.stop(0);
  }

  @Test
  void whereRegistrationIsOpenEverybodyGetsAnAccount() throws Exception {
    assertThat(register("open", "").status()).isEqualTo(200);
    assertThat(heard).isEmpty();
  }

  @Test
  void aFileThatBlocksNewAccountsCountsHereToo() throws Exception {
    blocked = true;

    assertThat(register("open", ""))
        .isEqualTo(new Answer(403, Map.of("reason", "This relay makes no new accounts.")));
  }

  @Test
  void whereRegistrationIsOpenTheFirstLoginTellsIfNobodyElseCan() throws Exception {
    status = 503;
    assertThat(register("open", "").status()).isEqualTo(200);

    supervisor.stop(0);
    assertThat(register("open", "").status()).isEqualTo(200);
  }

  @Test
  void anInvitationGivesAnAccountWhosePasswordNobodyIsTold() throws Exception {
    var answer = register("invite", TOKEN);

    assertThat(answer.status()).isEqualTo(200);
    var claim = json(heard);
    assertThat(claim.path("token").asText()).isEqualTo(TOKEN);
    assertThat(claim.path("address").asText()).isEqualTo(answer.body().get("email"));
    var password = answer.body().getOrDefault("password", "");
    assertThat(claim.path("proof").asText())
        .isEqualTo(
            HexFormat.of()
                .formatHex(
                    MessageDigest.getInstance("SHA-256")
                        .digest(password.getBytes(StandardCharsets.UTF_8))));
    assertThat(heard).doesNotContain(password);
    assertThat(authorization).isEqualTo("Bearer " + OF_SERVICES);
  }

  @Test
  void whyAnInvitationIsRefusedIsSaid() throws Exception {
    status = 403;
    said = "{\"problems\":[{\"message\":\"This invitation has ended.\"}]}";

    assertThat(register("invite", TOKEN))
        .isEqualTo(new Answer(403, Map.of("reason", "This invitation has ended.")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "short",
        TOKEN + "a",
        "../../../../../../etc/pass",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
      })
  void whatIsNoInvitationIsRefusedUnasked(String shown) throws Exception {
    assertThat(register("invite", shown).status()).isEqualTo(403);
    assertThat(heard).isEmpty();
  }

  @Test
  void whereRegistrationIsClosedNoInvitationHelps() throws Exception {
    assertThat(register("closed", TOKEN))
        .isEqualTo(new Answer(403, Map.of("reason", "This relay makes no new accounts.")));
    assertThat(heard).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 422, 500, 503})
  void whoCannotBeAskedIsNoRefusal(int answered) throws Exception {
    status = answered;

    assertThat(register("invite", TOKEN).status()).isEqualTo(503);
  }

  @Test
  void norIsWhoIsAway() throws Exception {
    supervisor.stop(0);

    assertThat(register("invite", TOKEN).status()).isEqualTo(503);
  }

  private Answer register(String mode, String shown) throws IOException {
    var token = Files.writeString(folder.resolve("token"), OF_SERVICES + "\n");
    var services =
        new Services(
            Map.of(Service.MAIL, "127.0.0.1:" + supervisor.getAddress().getPort()),
            Optional.of(token));
    return new Registrar(new AccountOffer(new WebPorts(0)), new MailDesk(services))
        .register(PagesTest.configuration(Map.of("registration", mode)), shown);
  }

  private static JsonNode json(String text) throws IOException {
    return new ObjectMapper().readTree(text);
  }
}
