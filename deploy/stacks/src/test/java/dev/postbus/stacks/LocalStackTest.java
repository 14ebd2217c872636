package dev.postbus.stacks;

import dev.postbus.deploy.local.Shape;
import dev.postbus.testing.InTurn;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** What must hold for a relay of either shape; the tests of all subjects share one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(InTurn.class)
abstract class LocalStackTest
    implements AccountTests,
        MailTests,
        ConfigurationTests,
        CertificateTests,
        OperationTests,
        StartTests {
  private final Shape shape;
  private final Map<String, String> environment;
  private LocalRelay relay;

  LocalStackTest(Shape shape, Map<String, String> environment) {
    this.shape = shape;
    this.environment = environment;
  }

  @BeforeAll
  void start() throws Exception {
    relay = LocalRelay.start(shape, environment);
  }

  @AfterAll
  void end() throws Exception {
    if (relay != null) {
      relay.end();
    }
  }

  @Override
  public LocalRelay relay() {
    return relay;
  }
}
