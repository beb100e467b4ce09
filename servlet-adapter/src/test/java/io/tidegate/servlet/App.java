package io.tidegate.servlet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A web application of a test, for any container. */
final class App {

  private final List<Consumer<ServletContext>> parts = new ArrayList<>();
  private final Map<Integer, String> errorPages = new HashMap<>();
  private String contextPath = "";
  private String host = "127.0.0.1";
  private int names;

  /** Adds a filter for all paths; for REQUEST if no type is named. */
  App filter(Filter filter, DispatcherType... types) {
    return filter("/*", filter, true, types);
  }

  App filterBelow(String pattern, Filter filter, DispatcherType... types) {
    return filter(pattern, filter, true, types);
  }

  App filterWithoutAsync(Filter filter) {
    return filter("/*", filter, false);
  }

  private App filter(String pattern, Filter filter, boolean async, DispatcherType... types) {
    EnumSet<DispatcherType> on = EnumSet.noneOf(DispatcherType.class);
    on.addAll(List.of(types));
    String name = "part" + names++;
    parts.add(
        context -> {
          FilterRegistration.Dynamic registration = context.addFilter(name, filter);
          registration.setAsyncSupported(async);
          registration.addMappingForUrlPatterns(on.isEmpty() ? null : on, true, pattern);
        });
    return this;
  }

  App servlet(String pattern, Handler handler) {
    String name = "part" + names++;
    parts.add(
        context -> {
          ServletRegistration.Dynamic registration =
              context.addServlet(name, new HandlerServlet(handler));
          registration.setAsyncSupported(true);
          registration.addMapping(pattern);
        });
    return this;
  }

  App errorPage(int status, String path) {
    errorPages.put(status, path);
    return this;
  }

  App contextPath(String contextPath) {
    this.contextPath = contextPath;
    return this;
  }

  App host(String host) {
    this.host = host;
    return this;
  }

  void deploy(ServletContext context) {
    parts.forEach(part -> part.accept(context));
  }

  Map<Integer, String> errorPages() {
    return errorPages;
  }

  String contextPath() {
    return contextPath;
  }

  String host() {
    return host;
  }
}
