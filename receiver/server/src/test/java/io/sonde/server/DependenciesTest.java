package io.sonde.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import org.junit.jupiter.api.Test;

class DependenciesTest {
  private static final JavaClasses SERVER =
      new ClassFileImporter()
          .withImportOption(new DoNotIncludeTests())
          .importPackages("io.sonde.server");

  @Test
  void theServerKnowsOfThePipelineOnlyItsEventsAndItsAccounts() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.sonde.probes..", "io.sonde.launcher..", "com.typesafe..", "jnr..")
        .check(SERVER);
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "io.grpc..",
            "io.netty..",
            "com.google.protobuf..",
            "io.sonde.contract..",
            "io.sonde.server..",
            "io.sonde.pipeline.event..",
            "io.sonde.pipeline.accounting..",
            // of it Huffman's code alone, a table of RFC 7541, to blank what is written in it
            "io.sonde.pipeline.protocol.http2.hpack..")
        .check(SERVER);
  }
}
