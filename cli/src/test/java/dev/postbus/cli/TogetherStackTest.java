package dev.postbus.cli;

import dev.postbus.deploy.local.Shape;

/** The relay with all services and the broker in one process: nothing else may differ. */
class TogetherStackTest extends LocalStackTest {
  TogetherStackTest() {
    super(Shape.TOGETHER);
  }
}
