package dev.postbus.stacks;

/** Tests of a relay that runs, which those of all subjects share. */
interface RelayTests {
  /** The relay. */
  LocalRelay relay();

  /** Its command. */
  default Cli cli() {
    return relay().cli();
  }

  /** What is added to each of its ports. */
  default int offset() {
    return relay().offset();
  }
}
