/**
 * A gate before a Jakarta Servlet application (Servlet 6.0 and 6.1): one filter.
 *
 * <pre>{@code
 * FilterRegistration.Dynamic filter =
 *     servletContext.addFilter("tidegate", new TidegateFilter(gate));
 * filter.setAsyncSupported(true);
 * filter.addMappingForUrlPatterns(EnumSet.of(REQUEST, ASYNC), false, "/*");
 * }</pre>
 *
 * <p>The filter only translates: a servlet request into a {@link io.tidegate.GateRequest}, a {@link
 * io.tidegate.Verdict} into a response. What is limited, and how, is said where the {@link
 * io.tidegate.Gate} is built.
 */
@NullMarked
package io.tidegate.servlet;

import org.jspecify.annotations.NullMarked;
