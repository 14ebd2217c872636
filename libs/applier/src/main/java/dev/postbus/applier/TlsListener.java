package dev.postbus.applier;

import dev.postbus.certificates.TlsProbe.Protocol;

/**
 * A public listener that serves the relay's certificate.
 *
 * @param name as in {@code cert-applied}, e.g. {@code imaps}
 * @param port its port
 * @param protocol how TLS begins on it
 */
public record TlsListener(String name, int port, Protocol protocol) {}
