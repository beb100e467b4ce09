/**
 * A gate before a Netty server (Netty 4.1 and 4.2), at the level where floods arrive.
 *
 * <pre>
 *   listening socket   TidegateConnectionHandler          too many, too fast: reset
 *         |                                               PROXY header: who it is
 *      SslHandler
 *         |
 *         +-- HTTP/1.1 -------------------+-- HTTP/2 -----------------------+
 *         |                               |
 *   HttpServerCodec                 TidegateHttp2ConnectionGuard            resets: GOAWAY
 *   TidegateHttpHandler             Http2FrameCodec
 *         |    refused: 429         Http2MultiplexHandler
 *         |    slow: 408                  |  each stream
 *   HttpObjectAggregator ...        TidegateHttp2Handler                    refused, slow
 *   the application                 Http2StreamFrameToHttpObjectCodec ...
 *                                   the application
 * </pre>
 *
 * <p>For HTTP/1.1 without TLS:
 *
 * <pre>{@code
 * TidegateConnectionHandler connections = new TidegateConnectionHandler();
 * TidegateHttpHandler requests = new TidegateHttpHandler(gate);
 *
 * new ServerBootstrap()
 *     .group(eventLoops)
 *     .channel(NioServerSocketChannel.class)
 *     .handler(connections)
 *     .childHandler(
 *         new ChannelInitializer<SocketChannel>() {
 *           protected void initChannel(SocketChannel channel) {
 *             channel.pipeline().addLast(new HttpServerCodec(), requests, new Application());
 *           }
 *         });
 * }</pre>
 *
 * <p>All handlers are made once and shared by all connections. The HTTP handlers only translate: a
 * message into a {@link io.tidegate.GateRequest}, a {@link io.tidegate.Verdict} into a response.
 * What is limited, and how, is said where the {@link io.tidegate.Gate} is built; the gate is closed
 * by whoever built it.
 *
 * <p>No handler blocks, throws because of what a client sends, or keeps a buffer. A handler that is
 * moved to a thread pool of its own ({@code addLast(EventExecutorGroup, ...)}) is not supported.
 *
 * <p>What is left to others: clients that read slowly (Netty's {@code WriteTimeoutHandler}), and
 * the number of streams at once ({@code Http2Settings.maxConcurrentStreams}), which Netty does not
 * limit of itself.
 */
@NullMarked
package io.tidegate.netty;

import org.jspecify.annotations.NullMarked;
