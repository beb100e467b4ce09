package io.tidegate.servlet;

import io.tidegate.scenarios.TestServer;
import org.eclipse.jetty.ee10.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;

/** Jetty with its environment for Jakarta EE 10. */
final class JettyEe10 implements Container {

  @Override
  public TestServer start(App app) throws Exception {
    ServletContextHandler context = new ServletContextHandler();
    context.setContextPath(app.contextPath().isEmpty() ? "/" : app.contextPath());
    context.addServletContainerInitializer((classes, servletContext) -> app.deploy(servletContext));
    ErrorPageErrorHandler errors = new ErrorPageErrorHandler();
    app.errorPages().forEach(errors::addErrorPage);
    context.setErrorHandler(errors);
    return JettyServer.start(app.host(), context);
  }
}
