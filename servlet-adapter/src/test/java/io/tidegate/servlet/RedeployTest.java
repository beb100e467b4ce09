package io.tidegate.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.scenarios.Scenario;
import jakarta.servlet.ServletContext;
import java.io.File;
import java.lang.ref.WeakReference;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application that is undeployed leaves nothing of the library behind in its container. */
@Tag("servlet-6.1")
class RedeployTest {

  @TempDir Path folder;

  @Test
  void application_undeployedFromARunningServer_isCollectedAndLeavesNoThread() throws Exception {
    Tomcat tomcat = Tomcat11.create(folder, "127.0.0.1");
    tomcat.start();
    try {
      WeakReference<ClassLoader> classes = deployUseAndUndeploy(tomcat);
      long end = System.nanoTime() + Scenario.PATIENCE.toNanos();
      while ((classes.get() != null || keepers() > 0) && System.nanoTime() - end < 0) {
        System.gc();
        Thread.onSpinWait();
      }
      assertThat(keepers()).as("threads").isZero();
      assertThat(classes.get()).as("class loader").isNull();
    } finally {
      tomcat.stop();
      tomcat.destroy();
    }
  }

  private static long keepers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("tidegate"))
        .count();
  }

  private WeakReference<ClassLoader> deployUseAndUndeploy(Tomcat tomcat) throws Exception {
    ClassLoader classes = new OwnClasses();
    Consumer<ServletContext> app = application(classes);
    assertThat(app.getClass()).isNotEqualTo(RedeployedApp.class);
    Context context = new StandardContext();
    context.setPath("/app");
    context.setDocBase(folder.toString());
    context.setParentClassLoader(classes);
    context.addLifecycleListener(new Tomcat.FixContextListener());
    context.addServletContainerInitializer(
        (found, servletContext) -> app.accept(servletContext), null);
    tomcat.getHost().addChild(context);
    for (int status : new int[] {200, 429}) {
      assertThat(ask(tomcat.getConnector().getLocalPort())).isEqualTo(status);
    }
    assertThat(keepers()).isPositive();
    tomcat.getHost().removeChild(context);
    return new WeakReference<>(classes);
  }

  @SuppressWarnings("unchecked")
  private static Consumer<ServletContext> application(ClassLoader classes) throws Exception {
    Class<?> type = classes.loadClass(RedeployedApp.class.getName());
    return (Consumer<ServletContext>) type.getDeclaredConstructor().newInstance();
  }

  private static int ask(int port) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + port + "/app/hello");
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(Scenario.PATIENCE).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode();
  }

  /** As a web application has them: the library and its dependencies are its own. */
  private static final class OwnClasses extends URLClassLoader {

    OwnClasses() {
      super(
          Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
              .map(OwnClasses::url)
              .toArray(URL[]::new),
          RedeployTest.class.getClassLoader());
    }

    private static URL url(String path) {
      try {
        return Path.of(path).toUri().toURL();
      } catch (MalformedURLException e) {
        throw new IllegalArgumentException(path, e);
      }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith("io.tidegate.") && !name.startsWith("com.github.benmanes.")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> known = findLoadedClass(name);
        return known == null ? findClass(name) : known;
      }
    }
  }
}
