package io.tidegate.examples.readme;

import io.tidegate.Gate;
import io.tidegate.servlet.TidegateFilter;
import jakarta.servlet.DispatcherType;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/** Snippets for Spring Boot. */
final class SpringSnippets {

  private SpringSnippets() {}

  // tag::spring
  @Configuration
  static class TidegateConfiguration {
    @Bean(destroyMethod = "close")
    Gate gate() {
      return Gate.builder().rule(Rules.login()).build();
    }

    @Bean
    FilterRegistrationBean<TidegateFilter> tidegate(Gate gate) {
      var filter = new FilterRegistrationBean<>(new TidegateFilter(gate));
      filter.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC);
      filter.setOrder(Ordered.HIGHEST_PRECEDENCE + 10);
      return filter;
    }
  }
  // end::spring
}
