/** One Jakarta Servlet filter that puts a gate before an application. */
module io.tidegate.servlet {
  requires transitive io.tidegate.core;
  requires transitive jakarta.servlet;
  requires static transitive org.jspecify;

  exports io.tidegate.servlet;
}
