package io.tidegate.examples.drill.report;

/** What the page says of how it was done, and of what must be known to judge it. */
final class Notes {

  static final String SIMULATED =
      """
      <p>A million bots cannot be had on one machine, so this part is calculated: the library's own gate, slots and
      challenges, on a clock that is moved by hand. 50,000 requests a second from a million addresses, half of which
      try again at once, and beside them attackers who solve what is asked. They all together have a fixed number of
      digests a second: B proofs a second is what it buys at the floor price, 100 ms of a slow phone. When the price
      doubles, they can buy half as many.</p>
      <p>Attackers may do what is best for them. The rows say what they do with their proofs; the worst for humans is
      published like the best.</p>
      """;

  static final String DONE =
      """
      <ul>
      <li>All columns of the live part had the same load, by one schedule drawn from one seed. Requests were sent when
      they were due, whether or not earlier ones had been answered, and latency counts from when a request was due.</li>
      <li>Clients and server shared two cores. So what a request asks of the back end is a timed wait in one of its
      slots, as for a graphics card elsewhere, and not work of these processors.</li>
      <li>For the same reason nobody really calculated for seconds: who was asked for work waited as long as the work
      takes at his stated rate, a slow phone's or that of all attackers together, and then solved a puzzle
      that was smaller by a stated factor. The library took no part in this: its price was told in digests of that
      size.</li>
      <li>There was no TLS. The server was told that each connection was secure, as by a proxy that ends TLS and keeps
      addresses.</li>
      <li>The limit for each address was tuned for its own best result before it was compared; Tidegate was set up as
      its own documents advise.</li>
      <li>In the simulation a request takes a stated time of one of the front end's cores before it is decided, also
      if it is refused. The network takes no time. Humans whose ten seconds would end after the attack are not counted,
      since they would only have to wait for its end.</li>
      <li>The simulation follows from its seed but for the library's hash secrets, which it draws anew; they change
      which strangers share a word of a table, and figures by a hair. Where the library tells a client to come back
      after a random time, the simulation draws from the same range by its seed.</li>
      <li>With 20 times the compute attackers were meant to win something, and the row is published whatever it
      shows.</li>
      </ul>
      """;

  private Notes() {}
}
