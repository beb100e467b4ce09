/**
 * What clients are told, as strings and bytes: how much is left, when to come back, and why.
 *
 * <ul>
 *   <li>{@link io.tidegate.http.RateLimitFields} writes the rate-limit fields of a response, in one
 *       of several dialects, and {@code Retry-After}. It tells of a {@link
 *       io.tidegate.http.PolicySet}: the limits by the names and numbers under which clients know
 *       them ({@link io.tidegate.http.Policy}).
 *   <li>{@link io.tidegate.http.Problem} is the body of a refusal, for programs.
 *   <li>{@link io.tidegate.http.FieldSink} is where fields go: the response, whatever its type.
 * </ul>
 *
 * <p>This package knows no web server. Everything in it is immutable, never blocks, and fails only
 * on configuration: no answer depends on text that a client sent, so nothing that a client sends
 * can change the shape of a field.
 *
 * <p>Sources: draft-ietf-httpapi-ratelimit-headers-11, an Internet-Draft whose syntax is emitted
 * and which may change, and its revisions 06 and 07; RFC 9457 (problem details), RFC 9651
 * (structured fields), RFC 9110 (HTTP, {@code Retry-After}), RFC 6585 (status 429), RFC 8259
 * (JSON).
 */
@NullMarked
package io.tidegate.http;

import org.jspecify.annotations.NullMarked;
