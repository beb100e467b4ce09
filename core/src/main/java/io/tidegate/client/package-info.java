/**
 * Who is asking: the asker's address, and the keys under which limits count.
 *
 * <ul>
 *   <li>{@link io.tidegate.client.IpAddress}, {@link io.tidegate.client.Network} and {@link
 *       io.tidegate.client.NetworkSet} are plain values. Text is read by hand, so no text ever
 *       starts a DNS look-up.
 *   <li>{@link io.tidegate.client.ClientResolver} finds the asker behind trusted proxies, from the
 *       socket's peer and one configured header.
 *   <li>{@link io.tidegate.client.Client} is the view of a request that keys are made from, {@link
 *       io.tidegate.client.KeyBy} says how, and {@link io.tidegate.client.ClientKey} is the result.
 * </ul>
 *
 * <p>Everything here is immutable or safe for use by many threads, never blocks, and never throws
 * on what a client sent. Exceptions are for configuration only.
 */
@NullMarked
package io.tidegate.client;

import org.jspecify.annotations.NullMarked;
