package io.tidegate.challenge;

import java.time.Instant;

/**
 * A puzzle for a client.
 *
 * <p>The token is all that a solver needs. It is signed and not secret. For each index {@code i}
 * below {@code puzzles} find a nonce of 64 bits such that the first 8 bytes of {@code SHA-256(seed
 * || i || nonce)}, read as an unsigned number, are at most {@code puzzles * floor((2^64 - 1) /
 * work)}; the seed is the last 32 bytes of the decoded token, the index one byte, the nonce eight
 * bytes, highest first. The proof is the token, a dot, and the nonces in order, in base64url
 * without padding.
 *
 * <p>Several small puzzles in place of one large one: the time that it takes then varies by 1 /
 * sqrt(puzzles) only.
 *
 * @param token the challenge on the wire: 134 characters of base64url
 * @param work how many digests it takes on average
 * @param puzzles of how many parts
 * @param expires when it is worth nothing any more
 */
public record Challenge(String token, long work, int puzzles, Instant expires) {}
