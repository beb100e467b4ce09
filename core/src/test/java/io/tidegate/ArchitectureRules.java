package io.tidegate;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.elements.ClassesShould;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.NullMarked;

/** What every class of core keeps, for one root package: the real one or the broken fixture. */
final class ArchitectureRules {
  private static final String[] LIBRARIES = {
    "java..", "javax.crypto..", "com.github.benmanes.caffeine..", "org.jspecify..", "org.slf4j.."
  };
  private static final Set<String> LOOKUPS =
      Set.of("getByName", "getAllByName", "getLocalHost", "getHostName", "getCanonicalHostName");

  private final String root;

  ArchitectureRules(String root) {
    this.root = root;
  }

  /** One rule, and the class of the fixture that it must find. */
  record Rule(String offender, ArchRule rule) {
    @Override
    public String toString() {
      return rule.getDescription();
    }
  }

  List<Rule> all() {
    return List.of(
        knowsOnly("limit", "LimitKnowsClient"),
        knowsOnly("client", "ClientKnowsLimit"),
        knowsOnly("challenge", "ChallengeKnowsLimit"),
        knowsOnly("overload", "OverloadKnowsClient", "limit"),
        knowsOnly("http", "HttpKnowsClient", "limit", "challenge"),
        new Rule("LimitKnowsClient", slices().matching(root + ".(*)..").should().beFreeOfCycles()),
        new Rule("LimitKnowsRoot", nothingKnowsRoot()),
        new Rule("UsesStrangeLibrary", onlyKnownLibraries()),
        new Rule(
            "UsesJavaLogging", none().dependOnClassesThat(resideInAPackage("java.util.logging.."))),
        new Rule("broken.AsksNameServer.ask", none().accessTargetWhere(nameLookup())),
        new Rule("AsksNameServerByReference", none().accessTargetWhere(nameLookup())),
        new Rule("AsksNameServerBySocketAddress", none().accessTargetWhere(nameLookup())),
        new Rule("PrintsOut", none().accessTargetWhere(print())),
        new Rule("PrintsStackTrace", none().accessTargetWhere(print())),
        new Rule("Sleeps", none().accessTargetWhere(sleep())),
        new Rule("HelpsEverybody", noHiddenPublicTypes()),
        new Rule("LimitKnowsRoot", everyPackageIsNullMarked()));
  }

  private Rule knowsOnly(String name, String offender, String... others) {
    String[] known = new String[others.length + 1];
    known[0] = root + "." + name + "..";
    for (int i = 0; i < others.length; i++) {
      known[i + 1] = root + "." + others[i] + "..";
    }
    ArchRule rule =
        classes()
            .that()
            .resideInAPackage(known[0])
            .should()
            .onlyDependOnClassesThat(
                resideOutsideOfPackage(root + "..").or(resideInAnyPackage(known)))
            .as("package " + name + " knows of ours only itself and " + List.of(others));
    // A package that is still to be written breaks no rule.
    return new Rule(offender, rule.allowEmptyShould(true));
  }

  private ArchRule nothingKnowsRoot() {
    return noClasses()
        .that(resideInAPackage(root + "..").and(resideOutsideOfPackage(root)))
        .should()
        .dependOnClassesThat(resideInAPackage(root))
        .as("no package imports upward, from the root");
  }

  private ArchRule onlyKnownLibraries() {
    return classes()
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(LIBRARIES)
                .or(resideInAPackage(root + ".."))
                .or(describe("primitive", type -> type.getBaseComponentType().isPrimitive())))
        .as("core uses its three libraries and the platform, no adapter and no server");
  }

  private ArchRule noHiddenPublicTypes() {
    return noClasses()
        .that()
        .arePublic()
        .should()
        .resideInAnyPackage("..internal..", "..util..")
        .as("no public type hides in a package internal or util");
  }

  private static ArchRule everyPackageIsNullMarked() {
    return classes()
        .should(
            new ArchCondition<>("be in a @NullMarked package") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
                events.add(new SimpleConditionEvent(type, marked, type.getName()));
              }
            });
  }

  private static ClassesShould none() {
    return noClasses().should();
  }

  private static DescribedPredicate<JavaAccess<?>> nameLookup() {
    return describe(
        "asks a name server",
        access -> {
          JavaClass owner = access.getTargetOwner();
          String name = access.getTarget().getName();
          boolean address =
              owner.isAssignableTo(InetAddress.class)
                  || owner.isEquivalentTo(InetSocketAddress.class);
          return address && (LOOKUPS.contains(name) || makesSocketAddressOfName(access));
        });
  }

  private static boolean makesSocketAddressOfName(JavaAccess<?> access) {
    return access.getTarget() instanceof CodeUnitAccessTarget target
        && target.getName().equals(JavaConstructor.CONSTRUCTOR_NAME)
        && target.getRawParameterTypes().stream()
            .anyMatch(type -> type.isEquivalentTo(String.class));
  }

  private static DescribedPredicate<JavaAccess<?>> print() {
    return describe(
        "prints to the console",
        access -> {
          JavaClass owner = access.getTargetOwner();
          String name = access.getTarget().getName();
          return owner.isEquivalentTo(System.class) && (name.equals("out") || name.equals("err"))
              || owner.isAssignableTo(Throwable.class) && name.equals("printStackTrace");
        });
  }

  private static DescribedPredicate<JavaAccess<?>> sleep() {
    return describe(
        "sleeps",
        access ->
            access.getTargetOwner().isEquivalentTo(Thread.class)
                && access.getTarget().getName().equals("sleep"));
  }
}
