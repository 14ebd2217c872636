package dev.postbus.config;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole service over HTTP. */
@QuarkusTest
@QuarkusTestResource(RunningRelay.class)
class ConfigApiTest {
  @ConfigProperty(name = "postbus.state")
  Path state;

  @ConfigProperty(name = "postbus.config.listen")
  String remote;

  @BeforeEach
  void started() {
    // The first start waits for the bus, which may have what is not on disk.
    await().atMost(Duration.ofSeconds(30)).until(() -> given().get("/config").statusCode() == 200);
  }

  @Test
  void everyKeyIsShownWithItsLayerAndWhatItHides() {
    patch(Map.of("set", Map.of("max_load_1m", 17))).statusCode(200);

    given()
        .get("/config")
        .then()
        .statusCode(200)
        .body("values.max_load_1m.value", equalTo("17"))
        .body("values.max_load_1m.layer", equalTo("operator"))
        .body("values.max_load_1m.hides.layer", contains("ini", "default"))
        .body("values.max_load_1m.hides.value", contains("6", "5"))
        .body("values.acme_email.hides", hasSize(0));
  }

  @Test
  void aChangeForAnotherVersionThanTheOneInForceIsRefused() {
    var tag = given().get("/config").header("ETag");
    assertThat(tag).matches("\"\\d+\"");

    given()
        .header("If-Match", tag)
        .contentType("application/json")
        .body(Map.of("set", Map.of("max_smtp_connections", 500), "reason", "a small machine"))
        .patch("/config")
        .then()
        .statusCode(200);
    given()
        .header("If-Match", tag)
        .contentType("application/json")
        .body(Map.of("set", Map.of("max_smtp_connections", 600)))
        .patch("/config")
        .then()
        .statusCode(412)
        .header("ETag", not(equalTo(tag)))
        .body("problems[0].message", containsString("the version in force is"));
    given()
        .header("If-Match", "7")
        .contentType("application/json")
        .body(Map.of())
        .patch("/config")
        .then()
        .statusCode(400);
    given()
        .get("/config/versions?limit=1")
        .then()
        .body("[0].reason", equalTo("a small machine"))
        .body("[0].changed.key", contains("max_smtp_connections"));
  }

  @Test
  void everythingThatIsWrongIsSaidAtOnce() {
    patch(
            Map.of(
                "set", Map.of("max_mesage_size", 5, "max_load_1m", "much"),
                "unset", List.of(),
                "actor", "tester"))
        .statusCode(422)
        .body("problems", hasSize(2))
        .body("problems.message", hasItem(containsString("did you mean max_message_size")));
    patch(Map.of("actor", "no such name!")).statusCode(422);
    given().contentType("application/json").patch("/config").then().statusCode(400);
    patch(Map.of("reason", "two\nlines")).statusCode(422);
  }

  @Test
  void versionsCanBeComparedAndGoneBackTo() {
    var first = given().get("/config").then().extract().<Integer>path("version");
    patch(Map.of("set", Map.of("delete_mails_after", 44))).statusCode(200);
    var second = given().get("/config").then().extract().<Integer>path("version");

    given()
        .get("/config/versions/" + second + "/changes?from=" + first)
        .then()
        .body("changed.key", contains("delete_mails_after"))
        .body("changed.newValue", contains("44"));
    given()
        .contentType("application/json")
        .body(Map.of("actor", "tester"))
        .post("/config/versions/" + first + "/rollback/proposal")
        .then()
        .statusCode(200)
        .body("changed.newValue", contains("20"))
        .body("configuration.delete_mails_after", equalTo("20"));
    given()
        .contentType("application/json")
        .body(Map.of("actor", "tester"))
        .post("/config/versions/" + first + "/rollback")
        .then()
        .statusCode(200)
        .body("version", equalTo(second + 1));
    given()
        .get("/config")
        .then()
        .body("reason", equalTo("back to version " + first))
        .body("values.delete_mails_after.value", equalTo("20"));
    given()
        .get("/config/versions/" + second + "/answers")
        .then()
        .body("missing", contains("mail-supervisor", "web-service"));
    given().get("/config/versions/999/changes?from=1").then().statusCode(404);
    given()
        .contentType("application/json")
        .body(Map.of())
        .post("/config/versions/999/rollback")
        .then()
        .statusCode(404);
    given()
        .contentType("application/json")
        .body(Map.of())
        .post("/config/versions/999/rollback/proposal")
        .then()
        .statusCode(404);
  }

  @Test
  void anEditOfTheFileIsTakenUpByItself() throws IOException {
    var ini = state.resolve("config/chatmail.ini");
    var text = Files.readString(ini);
    Files.writeString(ini, text + "privacy_mail = me@example.org\n");
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                given()
                    .get("/config")
                    .then()
                    .body("values.privacy_mail.value", equalTo("me@example.org"))
                    .body("actor", equalTo("file")));

    Files.writeString(ini, text + "privacy_mial = me@example.org\n");
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                given()
                    .get("/config/status")
                    .then()
                    .body("problem", containsString("did you mean privacy_mail")));
    given().get("/config").then().body("problems.line", contains(4));

    Files.writeString(ini, text);
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> given().get("/config").then().body("problems", hasSize(0)));
  }

  @Test
  void onAnotherAddressATokenIsNeeded() {
    var base = "http://" + remote;
    given().get(base + "/config").then().statusCode(401);
    given()
        .header("Authorization", "Bearer " + RunningRelay.TOKEN)
        .contentType("application/json")
        .body(Map.of("set", Map.of("max_imap_connections", 9000)))
        .patch(base + "/config")
        .then()
        .statusCode(200);
    given()
        .header("Authorization", "Bearer " + RunningRelay.TOKEN)
        .get(base + "/q/health")
        .then()
        .statusCode(404);
    given()
        .header("Authorization", "Bearer " + RunningRelay.TOKEN)
        .get(base + "/config/openapi.yaml")
        .then()
        .statusCode(200)
        .body(containsString("openapi: 3.1.0"));
  }

  private static ValidatableResponse patch(Object body) {
    return given().contentType("application/json").body(body).patch("/config").then();
  }
}
