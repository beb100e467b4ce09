package io.tidegate.examples;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import jakarta.servlet.ServletRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What holds for the adapters together; each one's own tests see only itself. */
class AdapterArchitectureTest {
  private static final String[] ADAPTERS = {"io.tidegate.servlet..", "io.tidegate.netty.."};
  private static final Set<String> LOOKUPS =
      Set.of(
          "getByName",
          "getAllByName",
          "getLocalHost",
          "getHostName",
          "getCanonicalHostName",
          "getRemoteHost",
          "getLocalName");
  private static final JavaClasses PUBLISHED =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.tidegate.servlet", "io.tidegate.netty");

  @Test
  void servlet_andNetty_neverKnowEachOther() {
    noClasses()
        .that()
        .resideInAPackage(ADAPTERS[0])
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ADAPTERS[1], "io.netty..")
        .check(PUBLISHED);
    noClasses()
        .that()
        .resideInAPackage(ADAPTERS[1])
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ADAPTERS[0], "jakarta.servlet..")
        .check(PUBLISHED);
  }

  @Test
  void adapters_askingNameServers_never() {
    noNameLookup().check(PUBLISHED);
  }

  @Test
  void noNameLookup_onClassesThatAsk_findsThem() {
    JavaClasses asking = new ClassFileImporter().importClasses(Asks.class, AsksRequest.class);
    assertThat(noNameLookup().evaluate(asking).getFailureReport().getDetails())
        .hasSize(2)
        .anyMatch(line -> line.contains("Asks.ask"))
        .anyMatch(line -> line.contains("AsksRequest.ask"));
  }

  private static ArchRule noNameLookup() {
    return noClasses()
        .should()
        .accessTargetWhere(
            describe(
                "asks a name server",
                access ->
                    LOOKUPS.contains(access.getTarget().getName())
                        && (access.getTargetOwner().isAssignableTo(InetAddress.class)
                            || access.getTargetOwner().isEquivalentTo(InetSocketAddress.class)
                            || access.getTargetOwner().isAssignableTo(ServletRequest.class))));
  }

  private static final class Asks {
    static InetAddress ask() throws UnknownHostException {
      return InetAddress.getByName("localhost");
    }
  }

  private static final class AsksRequest {
    static String ask(ServletRequest request) {
      return request.getRemoteHost();
    }
  }
}
