package dev.postbus.stacks;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may know what: the table in docs/architecture.md. */
class ArchitectureTest {
  private static final List<String> MODULES =
      List.of(
          "libs/broker",
          "libs/realclient",
          "libs/events",
          "libs/audit",
          "libs/certificates",
          "libs/watch",
          "libs/dns",
          "libs/doctor",
          "libs/supervision",
          "libs/applier",
          "libs/access",
          "libs/metrics",
          "config-service",
          "cert-service",
          "mail-policy",
          "mail-supervisor",
          "web-service",
          "together",
          "bench",
          "deploy",
          "cli");

  private static JavaClasses classes;

  @BeforeAll
  static void read() {
    classes =
        new ClassFileImporter()
            .importPaths(
                MODULES.stream()
                    .map(module -> Path.of("../..", module, "target", "classes"))
                    .toList());
  }

  @ParameterizedTest(name = "{0} knows nothing of {1}")
  @CsvSource({
    "realclient, together broker bench events certificates watch supervision applier config cert policy mail web deploy cli dns",
    "broker, together bench events certificates watch supervision applier config cert policy mail web deploy cli dns",
    "audit, together bench broker certificates watch supervision applier access config cert policy mail web deploy cli dns",
    "events, together audit bench broker certificates watch supervision applier config cert policy mail web deploy cli dns",
    "certificates, together bench broker events watch supervision applier config cert policy mail web deploy cli dns",
    "watch, together bench broker events certificates supervision applier config cert policy mail web deploy cli dns",
    "dns, together bench broker events certificates watch supervision applier config cert policy mail web deploy cli",
    "doctor, together audit bench broker events certificates watch supervision applier access metrics config cert policy mail web deploy cli dns",
    "supervision, together bench broker events certificates watch applier config cert policy mail web deploy cli dns",
    "applier, together bench broker config cert policy mail web deploy cli dns",
    "access, together bench broker events certificates watch supervision applier config cert policy mail web deploy cli dns",
    "metrics, together audit bench broker events certificates watch supervision applier access config cert policy mail web deploy cli dns",
    "config, together bench broker certificates supervision applier cert policy mail web deploy cli dns",
    "cert, together bench broker applier config policy mail web deploy cli dns",
    "policy, together bench broker events certificates watch supervision applier config cert mail web deploy cli dns",
    "mail, together bench broker config cert policy web deploy cli dns",
    "web, together bench broker doctor config cert policy mail deploy cli dns",
    "together, bench events certificates watch supervision applier policy deploy cli dns",
    "bench, broker events certificates watch supervision applier config cert policy mail web together deploy cli dns",
    "deploy, together bench broker certificates config cert policy mail web cli dns",
    "cli, together broker certificates supervision applier config cert policy mail web",
  })
  void aModuleKnowsOnlyWhatItMay(String module, String forbidden) {
    var packages =
        List.of(forbidden.split(" ")).stream().map(m -> "dev.postbus." + m + "..").toList();
    noClasses()
        .that()
        .resideInAPackage("dev.postbus." + module + "..")
        .should()
        .dependOnClassesThat(resideInAnyPackage(packages.toArray(String[]::new)))
        .check(classes);
  }

  @Test
  void onlyMailPolicyReadsMail() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.postbus.policy..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.james..")
        .check(classes);
  }

  @Test
  void mailPolicyKnowsNeitherKafkaNorAFramework() {
    noClasses()
        .that()
        .resideInAPackage("dev.postbus.policy..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.kafka..", "io.cloudevents..", "io.quarkus..", "jakarta..")
        .check(classes);
  }

  @Test
  void librariesNeedNoFramework() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.postbus.events..",
            "dev.postbus.audit..",
            "dev.postbus.supervision..",
            "dev.postbus.certificates..",
            "dev.postbus.watch..",
            "dev.postbus.dns..",
            "dev.postbus.doctor..",
            "dev.postbus.applier..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.quarkus..", "jakarta..")
        .check(classes);
  }

  @Test
  void processesAreStartedBySupervisionAlone() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.postbus.mail..", "dev.postbus.web..", "dev.postbus.config..", "dev.postbus.cert..")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.lang.ProcessBuilder")
        .check(classes);
  }
}
