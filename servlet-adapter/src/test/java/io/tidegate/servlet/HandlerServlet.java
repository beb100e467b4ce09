package io.tidegate.servlet;

import io.tidegate.Permit;
import io.tidegate.scenarios.Endpoint;
import io.tidegate.scenarios.Exchange;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Serves all methods by a handler. */
final class HandlerServlet extends HttpServlet {

  private static final long serialVersionUID = 1;

  private final transient Handler handler;

  HandlerServlet(Handler handler) {
    this.handler = handler;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    try {
      handler.serve(request, response);
    } catch (IOException | ServletException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new ServletException(e);
    }
  }

  static Handler of(Endpoint endpoint) {
    return (request, response) -> endpoint.serve(new ServletExchange(request, response));
  }

  private record ServletExchange(HttpServletRequest request, HttpServletResponse response)
      implements Exchange {

    @Override
    public String body() throws IOException {
      byte[] body = request.getInputStream().readAllBytes();
      return new String(body, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void answer(int status, String text) throws IOException {
      response.setStatus(status);
      response.setContentType("text/plain");
      response.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void send(String part) throws IOException {
      response.getOutputStream().write(part.getBytes(StandardCharsets.UTF_8));
      response.flushBuffer();
    }

    @Override
    public boolean remember(String account) {
      return TidegateFilter.remember(request, response, account);
    }

    @Override
    public void markFailed() {
      Permit permit = TidegateFilter.permit(request);
      if (permit == null) {
        throw new IllegalStateException("no permit");
      }
      permit.markFailed();
    }
  }
}
