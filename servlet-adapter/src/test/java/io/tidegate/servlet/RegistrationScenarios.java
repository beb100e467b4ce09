package io.tidegate.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Gate;
import io.tidegate.Match;
import io.tidegate.Outcome;
import io.tidegate.Permit;
import io.tidegate.Rule;
import io.tidegate.SetupNotice;
import io.tidegate.Verdict;
import io.tidegate.client.IpAddress;
import io.tidegate.client.KeyBy;
import io.tidegate.limit.Quota;
import io.tidegate.scenarios.Outcomes;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.Principal;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

/** Ways to put filters before an application. */
abstract class RegistrationScenarios extends WebScenario {

  RegistrationScenarios(Container container) {
    super(container);
  }

  @Test
  void filterTwice_chargesOnceAndSaysSo() throws Exception {
    Outcomes outcomes = new Outcomes();
    Gate gate = gate(outcomes.rule(2));
    start(
        new App()
            .filter(new TidegateFilter(gate))
            .filter(new TidegateFilter(gate))
            .servlet("/hello", HandlerServlet.of(hello())));
    assertThat(get("/hello").statusCode()).isEqualTo(200);
    assertThat(outcomes.next()).isEqualTo(new Outcome(200, false));
    assertThat(get("/hello").statusCode()).isEqualTo(200);
    assertThat(get("/hello").statusCode()).isEqualTo(429);
    assertThat(gate.status().notices()).containsExactly(SetupNotice.FILTER_TWICE);
  }

  @Test
  void twoGates_bothDecideAndBothLearnTheEnd() throws Exception {
    Outcomes outer = new Outcomes();
    Outcomes inner = new Outcomes();
    Gate outerGate = gate(outer.rule(3));
    Gate innerGate = gate(inner.rule(2));
    start(
        new App()
            .filter(new TidegateFilter(outerGate))
            .filter(new TidegateFilter(innerGate))
            .servlet(
                "/hello",
                (request, response) -> {
                  permit(request).markFailed();
                  response.setStatus(203);
                }));
    for (int i = 0; i < 2; i++) {
      assertThat(get("/hello").statusCode()).isEqualTo(203);
      assertThat(outer.next()).isEqualTo(new Outcome(203, true));
      assertThat(inner.next()).isEqualTo(new Outcome(203, true));
    }
    assertThat(get("/hello").statusCode()).isEqualTo(429);
    assertThat(outer.next()).isEqualTo(new Outcome(429, false));
    assertThat(get("/hello").statusCode()).isEqualTo(429);
    assertThat(outer.isEmpty() && inner.isEmpty()).isTrue();
    assertThat(count(outerGate, Verdict.Kind.THROTTLED)).isEqualTo(1);
    assertThat(count(innerGate, Verdict.Kind.THROTTLED)).isEqualTo(1);
    assertThat(outerGate.status().notices()).isEmpty();
  }

  @Test
  void permitClosedByTheApplication_countsForEveryGate() throws Exception {
    Outcomes outer = new Outcomes();
    Outcomes inner = new Outcomes();
    start(
        new App()
            .filter(new TidegateFilter(gate(outer.rule(3))))
            .filter(new TidegateFilter(gate(inner.rule(3))))
            .servlet(
                "/hello",
                (request, response) -> {
                  Permit permit = permit(request);
                  permit.close(402);
                  assertThat(permit.isClosed()).isTrue();
                }));
    assertThat(get("/hello").statusCode()).isEqualTo(200);
    assertThat(outer.next()).isEqualTo(new Outcome(402, false));
    assertThat(inner.next()).isEqualTo(new Outcome(402, false));
    assertThat(outer.isEmpty() && inner.isEmpty()).isTrue();
  }

  @Test
  void permit_withoutFilter_isNull() throws Exception {
    start(
        new App()
            .servlet(
                "/hello",
                (request, response) ->
                    response
                        .getOutputStream()
                        .print(String.valueOf(TidegateFilter.permit(request)))));
    assertThat(get("/hello").body()).isEqualTo("null");
  }

  @Test
  void contextPath_isNotNamedByRules() throws Exception {
    Rule rule = Rule.named("hello").match(Match.path("/hello")).quota(Quota.perMinute(1)).build();
    start(
        new App()
            .contextPath("/shop")
            .filter(new TidegateFilter(gate(rule)))
            .servlet("/hello", HandlerServlet.of(hello()))
            .servlet("/shop/hello", HandlerServlet.of(hello())));
    assertThat(get("/shop/hello").statusCode()).isEqualTo(200);
    assertThat(get("/shop/hello").statusCode()).isEqualTo(429);
    assertThat(get("//shop/hello").statusCode()).isIn(400, 404, 429);
    assertThat(get("/%73hop/hello").statusCode()).isIn(400, 404, 429);
    assertThat(get("/shop/../shop/hello").statusCode()).isIn(400, 404, 429);
    assertThat(get("/shop/shop/hello").statusCode()).isEqualTo(200);
  }

  @Test
  void exposedFields_areAddedToThoseOfOtherFilters() throws Exception {
    Filter before =
        (request, response, chain) -> {
          HttpServletResponse answer = (HttpServletResponse) response;
          answer.addHeader("Access-Control-Expose-Headers", "X-Mine");
          answer.addHeader("Access-Control-Allow-Origin", "*");
          answer.addHeader("RateLimit", "\"stale\";r=9");
          chain.doFilter(request, response);
        };
    Rule rule = Rule.named("hello").quota(Quota.perMinute(1)).build();
    start(
        new App()
            .filter(before)
            .filter(new TidegateFilter(gate(rule)))
            .servlet("/hello", HandlerServlet.of(hello())));
    for (int status : new int[] {200, 429}) {
      HttpResponse<String> response = get("/hello", "Origin", "https://app.example.com");
      assertThat(response.statusCode()).isEqualTo(status);
      assertThat(String.join(", ", response.headers().allValues("Access-Control-Expose-Headers")))
          .contains("X-Mine", "RateLimit", "RateLimit-Policy", "Retry-After");
      assertThat(response.headers().allValues("Access-Control-Allow-Origin")).containsExactly("*");
      assertThat(response.headers().allValues("RateLimit")).containsExactly("\"hello\";r=0;t=60");
    }
  }

  @Test
  void principal_ofAFilterBefore_isCounted() throws Exception {
    Filter authentication =
        (request, response, chain) ->
            chain.doFilter(
                new HttpServletRequestWrapper((HttpServletRequest) request) {
                  @Override
                  public Principal getUserPrincipal() {
                    String name = getHeader("X-User");
                    return name == null ? null : () -> name;
                  }
                },
                response);
    Rule rule = Rule.named("user").per(KeyBy.principal()).quota(Quota.perMinute(1)).build();
    start(
        new App()
            .filter(authentication)
            .filter(new TidegateFilter(gate(rule)))
            .servlet("/hello", HandlerServlet.of(hello())));
    assertThat(get("/hello", "X-User", "ada").statusCode()).isEqualTo(200);
    assertThat(get("/hello", "X-User", "ada").statusCode()).isEqualTo(429);
    assertThat(get("/hello", "X-User", "bob").statusCode()).isEqualTo(200);
    assertThat(get("/hello").statusCode()).isEqualTo(200);
    assertThat(get("/hello").statusCode()).isEqualTo(200);
  }

  @Test
  void peer_overIpv6_isRead() throws Exception {
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    Rule rule =
        Rule.named("all")
            .match(Match.where(request -> seen.add(request.peer() + " asks " + request.host())))
            .quota(Quota.perMinute(1))
            .build();
    start(
        new App()
            .host("::1")
            .filter(new TidegateFilter(gate(rule)))
            .servlet("/hello", HandlerServlet.of(hello())));
    URI uri = URI.create("http://[::1]:" + port() + "/hello");
    assertThat(send(HttpRequest.newBuilder(uri)).statusCode()).isEqualTo(200);
    assertThat(send(HttpRequest.newBuilder(uri)).statusCode()).isEqualTo(429);
    assertThat(seen).hasSize(2).containsOnly(IpAddress.parse("::1") + " asks [::1]");
  }
}
