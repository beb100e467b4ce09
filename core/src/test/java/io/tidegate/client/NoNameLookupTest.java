package io.tidegate.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NoNameLookupTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "localhost.localdomain", "example.com", "a", "ip6-localhost"})
  void parse_hostName_isNeverResolved(String name) {
    IpAddress peer = IpAddress.parse("10.0.0.1");
    ClientResolver resolver =
        ClientResolver.builder().trust("10.0.0.1").header("X-Forwarded-For").build();

    assertThat(IpAddress.parseOrNull(name)).isNull();
    assertThatThrownBy(() -> Network.parse(name)).isInstanceOf(IllegalArgumentException.class);
    assertThat(resolver.resolve(peer, List.of(name))).isEqualTo(peer);
  }

  @Test
  void package_usesNothingOfTheNetworkButTheBytesOfAnAddress() {
    JavaClasses classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.tidegate.client");
    Set<String> used =
        classes.stream()
            .flatMap(type -> type.getAccessesFromSelf().stream())
            .map(JavaAccess::getTarget)
            .filter(target -> target.getOwner().getPackageName().startsWith("java.net"))
            .map(target -> target.getOwner().getSimpleName() + "." + target.getName())
            .collect(Collectors.toSet());

    assertThat(used).containsExactly("InetAddress.getAddress");
  }
}
