package io.tidegate;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.tidegate.ArchitectureRules.Rule;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may know whom in core, and what no class of it may do. */
class ArchitectureTest {
  private static final String BROKEN = "io.tidegate.broken";
  private static final JavaClasses CORE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.tidegate");
  private static final JavaClasses FIXTURE = new ClassFileImporter().importPackages(BROKEN);

  static List<Rule> rules() {
    return new ArchitectureRules("io.tidegate").all();
  }

  static List<Rule> rulesOfFixture() {
    return new ArchitectureRules(BROKEN).all();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void core_eachRule_keptByEveryClass(Rule rule) {
    rule.rule().check(CORE);
  }

  /** A rule that finds nothing in a class made to break it would guard nothing. */
  @ParameterizedTest
  @MethodSource("rulesOfFixture")
  void fixture_eachRule_findsItsOffender(Rule rule) {
    List<String> found = rule.rule().evaluate(FIXTURE).getFailureReport().getDetails();
    assertThat(found).anyMatch(line -> line.contains(rule.offender()));
  }

  @Test
  void core_imported_hasClassesAndNoTests() {
    assertThat(CORE).anyMatch(type -> type.getPackageName().equals("io.tidegate.limit"));
    assertThat(CORE).noneMatch(type -> type.getName().startsWith(BROKEN));
  }
}
