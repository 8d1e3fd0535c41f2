package io.sonde.pipeline;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What may depend on what: data flows one way through the packages, and nothing privileged. */
class DependenciesTest {
  private static final String ROOT = "io.sonde.pipeline.";

  /** Each may use those before it, never those after it. */
  private static final List<String> DATA_FLOW =
      List.of(
          "event",
          "accounting",
          "identity",
          "exchange",
          "protocol",
          "connection",
          "coexistence",
          "routes",
          "linking",
          "metrics",
          "export");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.sonde.pipeline");

  @TestFactory
  List<DynamicTest> eachPackageUsesOnlyThoseBeforeItInTheFlowOfData() {
    List<DynamicTest> tests = new ArrayList<>();
    for (int i = 0; i < DATA_FLOW.size() - 1; i++) {
      String name = DATA_FLOW.get(i);
      String[] later =
          DATA_FLOW.subList(i + 1, DATA_FLOW.size()).stream()
              .map(after -> ROOT + after + "..")
              .toArray(String[]::new);
      tests.add(
          DynamicTest.dynamicTest(
              name,
              () ->
                  noClasses()
                      .that()
                      .resideInAPackage(ROOT + name + "..")
                      .should()
                      .dependOnClassesThat()
                      .resideInAnyPackage(later)
                      .allowEmptyShould(true)
                      .check(CLASSES)));
    }
    return tests;
  }

  @Test
  void noStageKnowsTheWiring() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "*..")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName(ROOT + "Pipeline")
        .check(CLASSES);
  }

  @Test
  void protocolsDoNotKnowOneAnother() {
    slices().matching(ROOT + "protocol.(*)..").should().notDependOnEachOther().check(CLASSES);
  }

  @Test
  void outputsDoNotKnowOneAnother() {
    slices().matching(ROOT + "export.(*)..").should().notDependOnEachOther().check(CLASSES);
  }

  @Test
  void nothingKnowsTheKernelTheWireOfTheCapturesOrTheConfigurationFile() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "jnr..",
            "com.typesafe..",
            "io.sonde.probes..",
            "io.sonde.server..",
            "io.sonde.contract..")
        .check(CLASSES);
  }

  /**
   * OTLP is a protocol on gRPC and HTTP, so what sends it must know these. Everything before it
   * must not: how captures reach the receiver (gRPC too, over a Unix socket) is not the pipeline's
   * matter, and is to stay so.
   */
  @Test
  void grpcAndNettyAreKnownOnlyToTheTransportOfOtlp() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "export.otlp.transport..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.grpc..", "io.netty..")
        .check(CLASSES);
  }
}
