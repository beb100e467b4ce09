package io.tidegate.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.tidegate.client.IpAddress;
import io.tidegate.limit.ManualTicker;
import io.tidegate.limit.Quota;
import io.tidegate.netty.ConnectionEvent.Type;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may connect, without a network. */
class ConnectionHandlerTest {

  private final ManualTicker ticker = new ManualTicker();
  private final List<ConnectionEvent> told = new ArrayList<>();
  private final List<EmbeddedChannel> open = new ArrayList<>();

  private TidegateConnectionHandler.Builder builder() {
    return TidegateConnectionHandler.builder().ticker(ticker).listener(told::add);
  }

  /** A connection from an address, in whose pipeline the handler stands first. */
  private EmbeddedChannel connect(String address, ChannelHandler handler) {
    EmbeddedChannel channel = new From(address);
    channel.freezeTime();
    channel.pipeline().addLast(handler);
    channel.runPendingTasks();
    open.add(channel);
    return channel;
  }

  private static final class From extends EmbeddedChannel {
    private final String address;

    From(String address) {
      this.address = address;
    }

    @Override
    protected SocketAddress remoteAddress0() {
      try {
        return address == null
            ? super.remoteAddress0()
            : new InetSocketAddress(InetAddress.getByName(address), 4711);
      } catch (UnknownHostException e) {
        throw new AssertionError(e);
      }
    }
  }

  @AfterEach
  void closeAll() {
    open.forEach(EmbeddedChannel::finishAndReleaseAll);
  }

  private List<Type> types() {
    return told.stream().map(ConnectionEvent::type).toList();
  }

  private static void send(EmbeddedChannel channel, String text) {
    channel.writeInbound(Unpooled.copiedBuffer(text, US_ASCII));
    channel.runPendingTasks();
  }

  private static String arrived(EmbeddedChannel channel) {
    ByteBuf bytes = channel.readInbound();
    String text = bytes == null ? null : bytes.toString(US_ASCII);
    if (bytes != null) {
      bytes.release();
    }
    return text;
  }

  @Test
  void address_hasAsManyAsItMay_andAnotherOnceOneCloses() {
    TidegateConnectionHandler handler = builder().maxOpenPerAddress(2).build();
    EmbeddedChannel first = connect("192.0.2.1", handler);
    assertThat(connect("192.0.2.1", handler).isOpen()).isTrue();
    assertThat(connect("192.0.2.1", handler).isOpen()).isFalse();
    assertThat(connect("192.0.2.2", handler).isOpen()).isTrue();
    assertThat(told)
        .containsExactly(new ConnectionEvent(Type.ADDRESS_FULL, IpAddress.parse("192.0.2.1")));
    assertThat(handler.open()).isEqualTo(3);
    assertThat(handler.refused()).isEqualTo(1);
    first.close();
    assertThat(connect("192.0.2.1", handler).isOpen()).isTrue();
  }

  @Test
  void ipv6_countsBySixtyFourBits() {
    TidegateConnectionHandler handler = builder().maxOpenPerAddress(1).build();
    assertThat(connect("2001:db8::1", handler).isOpen()).isTrue();
    assertThat(connect("2001:db8::2", handler).isOpen()).isFalse();
    assertThat(connect("2001:db8:0:1::1", handler).isOpen()).isTrue();
  }

  @Test
  void server_hasAsManyAsItMay() {
    TidegateConnectionHandler handler = builder().maxOpen(2).build();
    EmbeddedChannel first = connect("192.0.2.1", handler);
    connect("192.0.2.2", handler);
    assertThat(connect("192.0.2.3", handler).isOpen()).isFalse();
    assertThat(types()).containsExactly(Type.SERVER_FULL);
    first.close();
    assertThat(connect("192.0.2.3", handler).isOpen()).isTrue();
    assertThat(handler.open()).isEqualTo(2);
  }

  @Test
  void address_thatComesTooFast_waits() {
    TidegateConnectionHandler handler = builder().ratePerAddress(Quota.perMinute(2)).build();
    connect("192.0.2.1", handler).close();
    connect("192.0.2.1", handler).close();
    assertThat(connect("192.0.2.1", handler).isOpen()).isFalse();
    assertThat(connect("192.0.2.2", handler).isOpen()).isTrue();
    assertThat(types()).containsExactly(Type.ADDRESS_TOO_FAST);
    ticker.advance(Duration.ofSeconds(30));
    assertThat(connect("192.0.2.1", handler).isOpen()).isTrue();
  }

  @Test
  void allTogether_tooFast_wait_andWhoFloodsAloneUsesUpHisOwn() {
    TidegateConnectionHandler handler =
        builder().rate(Quota.perMinute(5)).ratePerAddress(Quota.perMinute(2)).build();
    for (int i = 0; i < 100; i++) {
      connect("192.0.2.1", handler);
    }
    for (int i = 2; i <= 4; i++) {
      assertThat(connect("192.0.2." + i, handler).isOpen()).isTrue();
    }
    told.clear();
    assertThat(connect("192.0.2.5", handler).isOpen()).isFalse();
    assertThat(types()).containsExactly(Type.SERVER_TOO_FAST);
  }

  @Test
  void refusedForTheWhole_givesBackItsAddressPlace() {
    TidegateConnectionHandler handler = builder().maxOpen(1).maxOpenPerAddress(1).build();
    EmbeddedChannel first = connect("192.0.2.1", handler);
    assertThat(connect("192.0.2.2", handler).isOpen()).isFalse();
    first.close();
    assertThat(connect("192.0.2.2", handler).isOpen()).isTrue();
  }

  @Test
  void exemptNetworks_andNoAddress_countInAllOnly() {
    TidegateConnectionHandler handler =
        builder().maxOpenPerAddress(1).maxOpen(5).exempt("10.0.0.0/8").build();
    for (int i = 0; i < 3; i++) {
      assertThat(connect("10.1.2.3", handler).isOpen()).isTrue();
    }
    assertThat(connect(null, handler).isOpen()).isTrue();
    assertThat(connect(null, handler).isOpen()).isTrue();
    assertThat(connect(null, handler).isOpen()).isFalse();
  }

  @Test
  void handlerInTwoPlaces_countsOnce() {
    TidegateConnectionHandler handler = builder().build();
    EmbeddedChannel channel = connect("192.0.2.1", handler);
    channel.pipeline().addLast(handler);
    assertThat(handler.open()).isEqualTo(1);
    channel.close();
    assertThat(handler.open()).isZero();
  }

  @Test
  void listenerThatThrows_changesNothing() {
    TidegateConnectionHandler handler =
        TidegateConnectionHandler.builder()
            .maxOpen(1)
            .listener(
                event -> {
                  throw new IllegalStateException("broken on purpose");
                })
            .build();
    connect("192.0.2.1", handler);
    assertThat(connect("192.0.2.2", handler).isOpen()).isFalse();
  }

  // PROXY protocol

  private TidegateConnectionHandler behindProxy() {
    return builder().proxyProtocol("10.0.0.0/8").maxOpenPerAddress(1).build();
  }

  private static IpAddress peer(EmbeddedChannel channel) {
    return PeerAddress.of(channel);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PROXY TCP4 192.0.2.7 10.0.0.1 4711 443\r\n",
        "PROXY TCP6 ::ffff:192.0.2.7 ::1 4711 443\r\n"
      })
  void trustedProxy_namesThePeer_andWhatFollowsPasses(String header) {
    EmbeddedChannel channel = connect("10.0.0.9", behindProxy());
    send(channel, header.substring(0, 9));
    send(channel, header.substring(9) + "hello");
    assertThat(peer(channel)).isEqualTo(IpAddress.parse("192.0.2.7"));
    assertThat(arrived(channel)).isEqualTo("hello");
    send(channel, "more");
    assertThat(arrived(channel)).isEqualTo("more");
    Wire.pass(channel, Duration.ofSeconds(10));
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void version2_namesThePeer() {
    EmbeddedChannel channel = connect("10.0.0.9", behindProxy());
    ByteBuf header = Unpooled.buffer();
    header.writeBytes(new byte[] {13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10, 0x21, 0x21});
    header.writeShort(36).writeLong(0x20010db8_00000000L).writeLong(7).writeZero(16).writeInt(0);
    channel.writeInbound(header);
    assertThat(peer(channel)).isEqualTo(IpAddress.parse("2001:db8::7"));
  }

  @Test
  void version2_local_leavesTheProxysOwn() {
    EmbeddedChannel channel = connect("10.0.0.9", behindProxy());
    ByteBuf header = Unpooled.buffer();
    header.writeBytes(new byte[] {13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10, 0x20, 0, 0, 0});
    channel.writeInbound(header);
    assertThat(channel.isOpen()).isTrue();
    assertThat(peer(channel)).isEqualTo(IpAddress.parse("10.0.0.9"));
  }

  @Test
  void namedAddress_isLimited_andTheProxyIsNot() {
    TidegateConnectionHandler handler = behindProxy();
    EmbeddedChannel first = connect("10.0.0.9", handler);
    EmbeddedChannel second = connect("10.0.0.9", handler);
    EmbeddedChannel third = connect("10.0.0.9", handler);
    send(first, "PROXY TCP4 192.0.2.7 10.0.0.1 4711 443\r\n");
    send(second, "PROXY TCP4 192.0.2.7 10.0.0.1 4711 443\r\nhello");
    send(third, "PROXY TCP4 192.0.2.8 10.0.0.1 4711 443\r\n");
    assertThat(first.isOpen()).isTrue();
    assertThat(second.isOpen()).isFalse();
    assertThat(arrived(second)).isNull();
    assertThat(third.isOpen()).isTrue();
    assertThat(told)
        .containsExactly(new ConnectionEvent(Type.ADDRESS_FULL, IpAddress.parse("192.0.2.7")));
    first.close();
    EmbeddedChannel fourth = connect("10.0.0.9", handler);
    send(fourth, "PROXY TCP4 192.0.2.7 10.0.0.1 4711 443\r\n");
    assertThat(fourth.isOpen()).isTrue();
    assertThat(handler.open()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "PROXY TCP4 999.0.2.7 10.0.0.1 4711 443\r\n",
        "PROXY TCP4 x\r\n",
        "PROXY TCP4 192.0.2.7 10.0.0.1 99999 443\r\n"
      })
  void trustedProxy_withoutReadableHeader_isCutOff(String text) {
    EmbeddedChannel channel = connect("10.0.0.9", behindProxy());
    send(channel, text);
    assertThat(channel.isOpen()).isFalse();
    assertThat(arrived(channel)).isNull();
    assertThat(types()).containsExactly(Type.PROXY_HEADER_MISSING);
  }

  @Test
  void trustedProxy_thatIsSilentForFiveSeconds_isCutOff() {
    EmbeddedChannel channel = connect("10.0.0.9", behindProxy());
    send(channel, "PROXY");
    Wire.pass(channel, Duration.ofMillis(4_950));
    assertThat(channel.isOpen()).isTrue();
    Wire.pass(channel, Duration.ofMillis(50));
    assertThat(channel.isOpen()).isFalse();
    assertThat(types()).containsExactly(Type.PROXY_HEADER_MISSING);
  }

  @Test
  void proxyThatOnlyLooks_andGoes_isNoEvent() {
    EmbeddedChannel channel = connect("10.0.0.9", behindProxy());
    channel.close();
    assertThat(told).isEmpty();
  }

  @Test
  void unknownSource_leavesTheProxysOwn() {
    EmbeddedChannel channel = connect("10.0.0.9", behindProxy());
    send(channel, "PROXY UNKNOWN\r\nhello");
    assertThat(peer(channel)).isEqualTo(IpAddress.parse("10.0.0.9"));
    assertThat(arrived(channel)).isEqualTo("hello");
  }

  @Test
  void stranger_canNameNobody() {
    EmbeddedChannel channel = connect("192.0.2.66", behindProxy());
    send(channel, "PROXY TCP4 192.0.2.7 10.0.0.1 4711 443\r\n");
    assertThat(peer(channel)).isEqualTo(IpAddress.parse("192.0.2.66"));
    assertThat(arrived(channel)).startsWith("PROXY");
  }
}
