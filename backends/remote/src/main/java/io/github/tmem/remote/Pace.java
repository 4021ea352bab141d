package io.github.tmem.remote;

import java.time.Duration;

/**
 * How often the background of a tier does what.
 *
 * @param routine how often the lease is renewed and the server examined, at least
 * @param ghosts how long after a connection was lost, or a put was left without an answer, copies are looked for that
 *     arrived too late: longer than what was sent can be on its way
 * @param backOffMin the pause after the first attempt to connect that failed; it doubles with each
 * @param backOffMax the longest such pause
 */
record Pace(Duration routine, Duration ghosts, Duration backOffMin, Duration backOffMax) {
    /** That of every tier that is no test's. */
    static final Pace USUAL =
            new Pace(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofMillis(50), Duration.ofSeconds(2));
}
