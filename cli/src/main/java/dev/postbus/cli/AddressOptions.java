package dev.postbus.cli;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where the relay's domain has to lead, in place of the machine's own addresses. */
final class AddressOptions {
  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  @Option(
      names = "--ipv4",
      paramLabel = "ADDRESS",
      description = "Address of the relay (default: the machine's); may be given several times.")
  private List<String> ipv4 = List.of();

  @Option(names = "--ipv6", paramLabel = "ADDRESS", description = "The same for IPv6.")
  private List<String> ipv6 = List.of();

  /** What was given; none is empty. */
  MachineAddresses chosen() {
    return new MachineAddresses(
        ipv4.isEmpty() ? Optional.empty() : Optional.of(addresses(ipv4, Inet4Address.class)),
        ipv6.isEmpty() ? Optional.empty() : Optional.of(addresses(ipv6, Inet6Address.class)));
  }

  private <T extends InetAddress> List<T> addresses(List<String> texts, Class<T> family) {
    return texts.stream().map(text -> address(text, family)).distinct().toList();
  }

  private <T extends InetAddress> T address(String text, Class<T> family) {
    var form =
        family == Inet4Address.class ? "\\d{1,3}(\\.\\d{1,3}){3}" : "[0-9A-Fa-f.:]*:[0-9A-Fa-f.:]*";
    if (text.matches(form)) {
      try {
        return family.cast(InetAddress.ofLiteral(text));
      } catch (IllegalArgumentException | ClassCastException none) {
        // Said below.
      }
    }
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(),
        "'%s' is no %s address".formatted(text, family == Inet4Address.class ? "IPv4" : "IPv6"));
  }
}
