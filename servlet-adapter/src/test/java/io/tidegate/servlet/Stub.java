package io.tidegate.servlet;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Map;

/** Requests and responses that no container makes, but that the Servlet API allows. */
final class Stub {

  private Stub() {}

  /** Answers methods by name; what is not named is null, false or 0. */
  static <T> T of(Class<T> type, Map<String, Answer> answers) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          Answer answer = answers.get(method.getName());
          if (answer != null) {
            return answer.to(arguments);
          }
          Class<?> result = method.getReturnType();
          if (result == boolean.class) {
            return false;
          }
          return result == int.class ? 0 : null;
        };
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  /** The answer to a call. */
  @FunctionalInterface
  interface Answer {
    Object to(Object[] arguments) throws Exception;
  }
}
