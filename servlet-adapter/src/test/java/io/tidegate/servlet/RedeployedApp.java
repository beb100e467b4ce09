package io.tidegate.servlet;

import io.tidegate.Gate;
import io.tidegate.Rule;
import io.tidegate.limit.Quota;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletRegistration;
import java.util.function.Consumer;

/** An application with a gate that it closes at its end. */
public final class RedeployedApp implements Consumer<ServletContext> {

  @Override
  public void accept(ServletContext context) {
    Gate gate = Gate.builder().rule(Rule.named("all").quota(Quota.perDay(1)).build()).build();
    FilterRegistration.Dynamic filter = context.addFilter("gate", new TidegateFilter(gate));
    filter.setAsyncSupported(true);
    filter.addMappingForUrlPatterns(null, false, "/*");
    ServletRegistration.Dynamic servlet =
        context.addServlet("hello", new HandlerServlet((request, response) -> {}));
    servlet.addMapping("/hello");
    // No record: JDK 17 itself keeps the types of the record that was hashed last.
    context.addListener(
        new ServletContextListener() {
          @Override
          public void contextDestroyed(ServletContextEvent event) {
            gate.close();
          }
        });
  }
}
