/**
 * What every adapter keeps, on every server: promises that are tested over real sockets. Nothing
 * here knows a server; {@link io.tidegate.scenarios.GateScenarios} says how to bring one.
 */
@NullMarked
package io.tidegate.scenarios;

import org.jspecify.annotations.NullMarked;
