package dev.postbus.deploy.local;

import java.util.LinkedHashMap;
import java.util.Map;

/** Every port of a local stack, shifted by its offset; a shape decides on the services' own. */
public record StackPorts(int offset, Shape shape) {
  /** The first of the services' own ports, before the offset. */
  static final int FIRST_API = 9101;

  /** Kafka. */
  public int broker() {
    return 9092 + offset;
  }

  /** The broker's own controller. */
  public int brokerController() {
    return 9093 + offset;
  }

  /** config-service's REST interface. */
  public int config() {
    return shape.apiPort(FIRST_API) + offset;
  }

  /** cert-service's REST interface. */
  public int cert() {
    return shape.apiPort(9102) + offset;
  }

  /** Where cert-service answers to authorities that ask by TLS-ALPN-01. */
  public int certTls() {
    return 9107 + offset;
  }

  /** mail-supervisor's REST interface. */
  public int mail() {
    return shape.apiPort(9103) + offset;
  }

  /** web-service's REST interface. */
  public int web() {
    return shape.apiPort(9104) + offset;
  }

  /** The public ports by what they are for. */
  public Map<String, Integer> publicPorts() {
    var ports = new LinkedHashMap<String, Integer>();
    ports.put("SMTP", 25 + offset);
    ports.put("HTTP", 80 + offset);
    ports.put("IMAP", 143 + offset);
    ports.put("HTTPS", 443 + offset);
    ports.put("submissions", 465 + offset);
    ports.put("submission", 587 + offset);
    ports.put("IMAPS", 993 + offset);
    return ports;
  }

  /** All ports by what they are for. */
  public Map<String, Integer> all() {
    var ports = new LinkedHashMap<>(publicPorts());
    ports.put("broker", broker());
    ports.put("broker's controller", brokerController());
    ports.put("config-service", config());
    ports.put("cert-service", cert());
    ports.put("cert-service's answers by TLS", certTls());
    ports.put("mail-supervisor", mail());
    ports.put("web-service", web());
    ports.put("mail-policy", 9105 + offset);
    ports.put("dovecot's metrics", 9106 + offset);
    ports.put("filter of outgoing mail", 10080 + offset);
    ports.put("filter of incoming mail", 10081 + offset);
    ports.put("reinjection of outgoing mail", 10025 + offset);
    ports.put("reinjection of incoming mail", 10026 + offset);
    ports.put("deliveries", 10024 + offset);
    ports.put("resolver", 10053 + offset);
    return ports;
  }
}
