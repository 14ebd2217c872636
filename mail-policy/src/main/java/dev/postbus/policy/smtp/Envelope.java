package dev.postbus.policy.smtp;

import java.util.ArrayList;
import java.util.List;

/** What is said around a message: where it came from, sender, recipients, each as it was said. */
final class Envelope {
  private final List<String> forwarded = new ArrayList<>();
  private final List<String> recipients = new ArrayList<>();
  private final List<String> recipientCommands = new ArrayList<>();
  private String senderCommand = "";
  private String sender = "";

  /** Forgets the message, but not where the connection came from. */
  void reset() {
    recipients.clear();
    recipientCommands.clear();
    senderCommand = "";
    sender = "";
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

  /** The commands with which the next server is told all this. */
  List<String> commands() {
    var commands = new ArrayList<>(forwarded);
    commands.add(senderCommand);
    commands.addAll(recipientCommands);
    return commands;
  }
}
