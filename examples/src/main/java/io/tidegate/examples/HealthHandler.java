package io.tidegate.examples;

import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Answers {@code GET /health} before the gate does: a load balancer that is refused takes the whole
 * server out of service, so not even a ban may reach it.
 */
final class HealthHandler extends Handler.Abstract.NonBlocking {

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    String method = request.getMethod();
    boolean reads = HttpMethod.GET.is(method) || HttpMethod.HEAD.is(method);
    if (!reads || !Request.getPathInContext(request).equals("/health")) {
      return false;
    }
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    response.write(true, StandardCharsets.UTF_8.encode("{\"status\":\"ok\"}"), callback);
    return true;
  }
}
