package io.tidegate.servlet;

import io.tidegate.scenarios.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.descriptor.web.ErrorPage;

/** Tomcat, told to ask for a body when the application reads: by default it asks at once. */
final class Tomcat11 implements Container {

  /** Kept, since a logger that nobody holds is forgotten with what it was told. */
  private static final Logger LOGGER = Logger.getLogger("org.apache");

  static {
    LOGGER.setUseParentHandlers(false);
  }

  @Override
  public TestServer start(App app) throws Exception {
    Path folder = Files.createTempDirectory("tomcat");
    Tomcat tomcat = create(folder, app.host());
    Context context = tomcat.addContext(app.contextPath(), folder.toString());
    context.addServletContainerInitializer(
        (classes, servletContext) -> app.deploy(servletContext), null);
    app.errorPages().forEach((status, path) -> context.addErrorPage(errorPage(status, path)));
    tomcat.start();
    return new Running(tomcat, folder);
  }

  static Tomcat create(Path folder, String host) {
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(folder.toString());
    Connector connector = new Connector();
    connector.setPort(0);
    connector.setProperty("address", host);
    connector.setProperty("minSpareThreads", "4");
    connector.setProperty("continueResponseTiming", "onRead");
    connector.addUpgradeProtocol(http2());
    tomcat.setConnector(connector);
    return tomcat;
  }

  /** Without the watch for floods of small frames, which a client with little to say looks like. */
  private static Http2Protocol http2() {
    Http2Protocol http2 = new Http2Protocol();
    http2.setOverheadDataThreshold(0);
    http2.setOverheadWindowUpdateThreshold(0);
    http2.setOverheadResetFactor(0);
    http2.setOverheadCountFactor(0);
    return http2;
  }

  private static ErrorPage errorPage(int status, String path) {
    ErrorPage page = new ErrorPage();
    page.setErrorCode(status);
    page.setLocation(path);
    return page;
  }

  private record Running(Tomcat tomcat, Path folder) implements TestServer {

    @Override
    public int port() {
      return tomcat.getConnector().getLocalPort();
    }

    @Override
    public void stop() throws Exception {
      tomcat.stop();
      tomcat.destroy();
      List<Path> files;
      try (Stream<Path> all = Files.walk(folder)) {
        files = all.sorted(Comparator.reverseOrder()).toList();
      }
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    }
  }
}
