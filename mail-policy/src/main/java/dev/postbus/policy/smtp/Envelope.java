package dev.postbus.policy.smtp;

import java.util.ArrayList;
import java.util.List;

/** What is said around a message: where it came from, sender, recipients, each as it was said. */
final class Envelope {
  private static final int MOST_BYTES = 256 * 1024;
  private static final int MOST_FORWARDS = 8;

  private final List<String> forwarded = new ArrayList<>();
  private final List<String> recipients = new ArrayList<>();
  private final List<String> recipientCommands = new ArrayList<>();
  private String senderCommand = "";
  private String sender = "";
  private int bytes;

  /** Forgets all, as the next server does at the end of a message (Postfix's XFORWARD_README). */
  void reset() {
    forwarded.clear();
    recipients.clear();
    recipientCommands.clear();
    senderCommand = "";
    sender = "";
    bytes = 0;
  }

  /** Whether one more recipient's command can be kept. */
  boolean hasRoomFor(String command) {
    return bytes + command.length() <= MOST_BYTES;
  }

  /** Whether one more XFORWARD command can be kept. */
  boolean hasRoomForForward() {
    return forwarded.size() < MOST_FORWARDS;
  }

  void forward(String command) {
    forwarded.add(command);
  }

  void from(String command, String address) {
    senderCommand = command;
    sender = address;
  }

  void to(String command, String address) {
    recipientCommands.add(command);
    recipients.add(address);
    bytes += command.length();
  }

  boolean hasSender() {
    return !senderCommand.isEmpty();
  }

  String sender() {
    return sender;
  }

  List<String> recipients() {
    return recipients;
  }

  /** XFORWARD commands, for a next server that offers it. */
  List<String> forwarded() {
    return forwarded;
  }

  /** The command with which the next server is told the sender. */
  String senderCommand() {
    return senderCommand;
  }

  /** The commands with which it is told the recipients. */
  List<String> recipientCommands() {
    return recipientCommands;
  }
}
