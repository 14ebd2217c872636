package dev.postbus.stacks;

import dev.postbus.deploy.local.Shape;
import dev.postbus.realclient.RealClientTests;
import org.junit.jupiter.api.Nested;

/** The relay with all services and the broker in one process: nothing else may differ. */
class TogetherStackTest extends LocalStackTest {
  TogetherStackTest() {
    super(Shape.TOGETHER);
  }

  @Nested
  class WithDeltaChat extends RealClientTests {
    WithDeltaChat() {
      super(TogetherStackTest::codeForThisMachine);
    }
  }
}
