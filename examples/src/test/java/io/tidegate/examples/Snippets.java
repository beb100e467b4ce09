package io.tidegate.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Compares the Java blocks of documents with the marked regions of compiled sources.
 *
 * <p>A region stands between the comments {@code // tag::name} and {@code // end::name}. A block
 * names its region in an HTML comment before it: {@code <!-- snippet: name -->}.
 */
final class Snippets {
  private static final Pattern TAG = Pattern.compile("\\s*// (tag|end)::(\\S+)\\s*");
  private static final Pattern NAME = Pattern.compile("\\s*<!-- snippet: (\\S+) -->\\s*");
  private static final Pattern FENCE = Pattern.compile("\\s*(`{3,}|~{3,})\\s*(\\w*).*");

  private final Map<String, List<String>> regions = new HashMap<>();
  private final List<String> problems = new ArrayList<>();

  /** Reads the regions of every Java file in a package named readme; what is wrong is a problem. */
  void readSources(Path folder) throws IOException {
    for (Path file : filesBelow(folder, ".java")) {
      if (file.getParent().endsWith("readme")) {
        readSource(file.getFileName().toString(), Files.readAllLines(file));
      }
    }
  }

  void readSource(String file, List<String> lines) {
    Map<String, List<String>> open = new HashMap<>();
    for (String line : lines) {
      Matcher tag = TAG.matcher(line);
      if (!tag.matches()) {
        open.values().forEach(region -> region.add(line));
      } else if (tag.group(1).equals("tag")) {
        open.put(tag.group(2), new ArrayList<>());
      } else {
        close(file, tag.group(2), open.remove(tag.group(2)));
      }
    }
    open.keySet().forEach(name -> problems.add(file + ": region " + name + " has no end"));
  }

  private void close(String file, String name, List<String> region) {
    if (region == null) {
      problems.add(file + ": region " + name + " ends but never begins");
    } else if (regions.put(name, withoutIndentation(region)) != null) {
      problems.add(file + ": region " + name + " is there twice");
    }
  }

  /** Checks every Java block of every document below the folder. */
  void checkDocuments(Path folder) throws IOException {
    for (Path file : filesBelow(folder, ".md")) {
      checkDocument(file.getFileName().toString(), Files.readAllLines(file));
    }
  }

  void checkDocument(String file, List<String> lines) {
    String name = null;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      Matcher comment = NAME.matcher(line);
      Matcher fence = FENCE.matcher(line);
      if (comment.matches()) {
        name = comment.group(1);
      } else if (fence.matches()) {
        int end = endOfBlock(lines, i, fence.group(1));
        if (fence.group(2).toLowerCase(Locale.ROOT).equals("java")) {
          checkBlock(file + ":" + (i + 1), name, lines.subList(i + 1, end));
        }
        i = end;
        name = null;
      } else if (!line.isBlank()) {
        name = null;
      }
    }
  }

  private static int endOfBlock(List<String> lines, int start, String fence) {
    int i = start + 1;
    while (i < lines.size() && !lines.get(i).strip().equals(fence)) {
      i++;
    }
    return i;
  }

  private void checkBlock(String place, String name, List<String> block) {
    if (name == null) {
      problems.add(place + ": a Java block without <!-- snippet: name -->");
    } else if (!regions.containsKey(name)) {
      problems.add(place + ": no source has a region " + name);
    } else if (!regions.get(name).equals(withoutIndentation(block))) {
      problems.add(
          place
              + ": differs from region "
              + name
              + ", which is:\n"
              + String.join("\n", regions.get(name)));
    }
  }

  List<String> problems() {
    return problems;
  }

  private static List<Path> filesBelow(Path folder, String ending) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }

  /**
   * Cuts what all lines are indented by, blanks at the ends of lines, and blank lines at both ends.
   */
  private static List<String> withoutIndentation(List<String> lines) {
    return String.join("\n", lines).stripIndent().strip().lines().toList();
  }
}
