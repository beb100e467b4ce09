package io.tidegate.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a reader copies from a document is a part of a source that this build has compiled. */
class ReadmeSnippetsTest {
  private static final String SOURCE =
      """
      class Example {
        // tag::hello
        void hello() {
          // tag::inner
          int answer = 42;
          // end::inner
        }
        // end::hello
      }
      """;
  private final Snippets snippets = new Snippets();

  @BeforeEach
  void readSource() {
    snippets.readSource("Example.java", SOURCE.lines().toList());
  }

  @Test
  void documents_everyJavaBlock_isACompiledRegion() throws IOException {
    Snippets real = new Snippets();
    Path project = project();
    real.readSources(project.resolve("examples/src"));
    real.checkDocuments(project.resolve("docs"));
    Path readme = project.resolve("README.md");
    if (Files.exists(readme)) {
      real.checkDocument("README.md", Files.readAllLines(readme));
    }
    assertThat(real.problems()).isEmpty();
  }

  @Test
  void block_sameAsRegion_whateverItsIndentation_passes() {
    check(
        """
        Text.

        <!-- snippet: hello -->

        ```java
        void hello() {
          int answer = 42;
        }
        ```

        - A list:
          <!-- snippet: inner -->
          ~~~ Java
          int answer = 42;
          ~~~

        ```sh
        // other languages are free
        ```
        """);
    assertThat(snippets.problems()).isEmpty();
  }

  @Test
  void block_oneCharacterOff_isToldWithItsPlace() {
    check(
        """
        <!-- snippet: inner -->
        ```java
        int answer = 43;
        ```
        """);
    assertThat(snippets.problems()).singleElement().asString().startsWith("doc.md:2: differs");
  }

  @Test
  void block_relativeIndentationOff_isTold() {
    check(
        """
        <!-- snippet: hello -->
        ```java
        void hello() {
        int answer = 42;
        }
        ```
        """);
    assertThat(snippets.problems()).hasSize(1);
  }

  @Test
  void block_withoutComment_isTold() {
    check(
        """
        <!-- snippet: inner -->
        Words between the comment and the block part them.
        ```java
        int answer = 42;
        ```
        """);
    assertThat(snippets.problems()).singleElement().asString().contains("without <!-- snippet");
  }

  @Test
  void block_ofUnknownRegion_isTold() {
    check(
        """
        <!-- snippet: nowhere -->
        ```java
        int answer = 42;
        ```
        """);
    assertThat(snippets.problems()).containsExactly("doc.md:2: no source has a region nowhere");
  }

  @Test
  void regions_unendedUnbegunOrTwice_areTold() {
    String source =
        """
        // tag::open
        // end::shut
        // tag::inner
        // end::inner
        """;
    snippets.readSource("Other.java", source.lines().toList());
    assertThat(snippets.problems())
        .containsExactlyInAnyOrder(
            "Other.java: region open has no end",
            "Other.java: region shut ends but never begins",
            "Other.java: region inner is there twice");
  }

  private void check(String document) {
    snippets.checkDocument("doc.md", document.lines().toList());
  }

  /**
   * The folder of the whole project: tests run in the folder of their module, or in an IDE above
   * it.
   */
  private static Path project() {
    Path folder = Path.of("").toAbsolutePath();
    return Files.exists(folder.resolve("examples/pom.xml")) ? folder : folder.getParent();
  }
}
