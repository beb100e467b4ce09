package io.tidegate.examples.readme;

import io.tidegate.Gate;
import io.tidegate.Match;
import io.tidegate.Rule;
import io.tidegate.client.KeyBy;
import io.tidegate.limit.Budget;
import io.tidegate.limit.KeyFunnel;
import io.tidegate.limit.Quota;
import io.tidegate.limit.Spending;
import io.tidegate.servlet.TidegateFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.Map;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.util.component.LifeCycle;
import org.jspecify.annotations.Nullable;

/** Snippets for servlet containers. */
final class ServletSnippets {

  private ServletSnippets() {}

  static void first(ServletContextHandler context) {
    // tag::first
    Gate gate =
        Gate.builder()
            .rule(
                Rule.named("register")
                    .match(Match.post("/register"))
                    .per(KeyBy.address())
                    .quota(Quota.perMinute(5))
                    .build())
            .build();
    context.addFilter(
        new TidegateFilter(gate), "/*", EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC));
    // end::first
  }

  static void jetty(ServletContextHandler context, Gate gate) {
    // tag::jetty
    FilterHolder filter = new FilterHolder(new TidegateFilter(gate));
    filter.setAsyncSupported(true);
    context.addFilter(filter, "/*", EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC));
    context.addEventListener(
        new LifeCycle.Listener() {
          @Override
          public void lifeCycleStopped(LifeCycle stopped) {
            gate.close();
          }
        });
    // end::jetty
  }

  static void remember(HttpServletRequest request, HttpServletResponse response, String accountId) {
    // tag::remember
    TidegateFilter.remember(request, response, accountId); // after the login, before the response
    // end::remember
  }

  static void failed(HttpServletRequest request) {
    // tag::failed
    var permit = TidegateFilter.permit(request);
    if (permit != null) {
      permit.markFailed();
    }
    // end::failed
  }

  static Budget<String> budget() {
    // tag::budget
    Budget<String> budget =
        Budget.builder(KeyFunnel.ofString())
            .limit("tokens", Quota.perMinute(10_000))
            .atOnce("streams", 4)
            .build();
    // end::budget
    return budget;
  }

  static void stream(
      Budget<String> budget,
      HttpServletRequest request,
      HttpServletResponse response,
      String apiKey,
      long prompt,
      long maxTokens,
      Iterator<String> model)
      throws IOException {
    // tag::spend
    Spending spending = budget.reserve(apiKey, Map.of("tokens", prompt + maxTokens, "streams", 1L));
    if (!spending.admitted()) {
      spending
          .retryAfter() // empty: more than can ever be had
          .ifPresent(wait -> response.setHeader("Retry-After", "" + (wait.toSeconds() + 1)));
      response.sendError(429);
      return;
    }
    TidegateFilter.permit(request).onClose(spending::close); // also if the client vanishes
    spending.meter("tokens", prompt);
    while (model.hasNext() && spending.meter("tokens", 1)) {
      response.getWriter().write(model.next());
    }
    // end::spend
  }

  // tag::listener
  public static final class Tidegate implements ServletContextListener {
    private @Nullable Gate gate;

    @Override
    public void contextInitialized(ServletContextEvent event) {
      ServletContext context = event.getServletContext();
      gate = Gate.builder().rule(Rules.login()).build();
      FilterRegistration.Dynamic filter = context.addFilter("tidegate", new TidegateFilter(gate));
      filter.setAsyncSupported(true);
      filter.addMappingForUrlPatterns(
          EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC), false, "/*");
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
      if (gate != null) {
        gate.close();
      }
    }
  }
  // end::listener
}
