package io.tidegate.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.File;
import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ResolvedModule;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The published modules work on the module path. The other tests run on the class path, where a
 * missing {@code requires} or {@code exports} stays hidden.
 */
class ModulePathTest {
  private static final Set<String> OURS =
      Set.of("io.tidegate.core", "io.tidegate.servlet", "io.tidegate.netty");
  private static final Configuration CONFIGURATION =
      Configuration.resolve(
          ModuleFinder.of(),
          List.of(ModuleLayer.boot().configuration()),
          ModuleFinder.of(modulePath()),
          OURS);
  private static final ModuleLayer LAYER =
      ModuleLayer.defineModulesWithOneLoader(
              CONFIGURATION, List.of(ModuleLayer.boot()), ClassLoader.getPlatformClassLoader())
          .layer();

  /** What the class path has, less the folders of this module, which are no module. */
  private static Path[] modulePath() {
    Path own = Path.of("examples", "target");
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(Path::of)
        .filter(entry -> !entry.getParent().endsWith(own))
        .toArray(Path[]::new);
  }

  @Test
  void modules_resolved_areNamedAndDescribed() {
    assertThat(OURS)
        .allSatisfy(
            name -> {
              assertThat(LAYER.findModule(name)).isPresent();
              assertThat(LAYER.findModule(name).orElseThrow().getDescriptor().isAutomatic())
                  .isFalse();
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"io.tidegate.core", "io.tidegate.servlet", "io.tidegate.netty"})
  void module_everyPackageWithPublicTypes_isExportedToAll(String module) throws Exception {
    Set<String> exported =
        LAYER.findModule(module).orElseThrow().getDescriptor().exports().stream()
            .filter(exports -> !exports.isQualified())
            .map(Exports::source)
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> open = new TreeSet<>();
    for (Class<?> type : classesOf(module)) {
      if (Modifier.isPublic(type.getModifiers())) {
        open.add(type.getPackageName());
      }
    }
    assertThat(exported).isEqualTo(open);
  }

  /** A class whose module does not read what it names fails here. */
  @ParameterizedTest
  @ValueSource(strings = {"io.tidegate.core", "io.tidegate.servlet", "io.tidegate.netty"})
  void module_everyClass_linksAndInitialises(String module) throws Exception {
    for (Class<?> type : classesOf(module)) {
      assertThat(type.getModule().getName()).isEqualTo(module);
      assertThatCode(() -> use(type)).as(type.getName()).doesNotThrowAnyException();
    }
  }

  private static int use(Class<?> type) throws ClassNotFoundException {
    Class<?> initialised = Class.forName(type.getName(), true, type.getClassLoader());
    return initialised.getDeclaredMethods().length
        + initialised.getDeclaredConstructors().length
        + initialised.getDeclaredFields().length;
  }

  private static List<Class<?>> classesOf(String module) throws IOException {
    ResolvedModule resolved = CONFIGURATION.findModule(module).orElseThrow();
    ClassLoader loader = LAYER.findLoader(module);
    try (ModuleReader reader = resolved.reference().open();
        Stream<String> names = reader.list()) {
      return names
          .filter(name -> name.endsWith(".class") && !name.endsWith("-info.class"))
          .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.'))
          .<Class<?>>map(name -> load(loader, name))
          .toList();
    }
  }

  private static Class<?> load(ClassLoader loader, String name) {
    try {
      return Class.forName(name, false, loader);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(name, e);
    }
  }
}
