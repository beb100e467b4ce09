package io.tidegate.redis;

import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/** Stands before a server and delays, swallows, cuts and half-closes. */
final class FaultyProxy implements AutoCloseable {

  private final ServerSocket listening;
  private final int target;
  private final List<Socket> clients = new CopyOnWriteArrayList<>();
  private final List<Socket> servers = new CopyOnWriteArrayList<>();
  volatile long answerDelayMillis;

  /** Whether new connections are closed at once. */
  volatile boolean refusing;

  FaultyProxy(int target) {
    this.target = target;
    try {
      listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    thread(this::accept);
  }

  RedisURI uri() {
    return RedisURI.create("127.0.0.1", listening.getLocalPort());
  }

  /** Closes all connections on both sides. */
  void cut() {
    clients.forEach(FaultyProxy::close);
    servers.forEach(FaultyProxy::close);
  }

  /** Tells clients that nothing more will come, and goes on reading what they send. */
  void halfClose() {
    for (Socket client : clients) {
      try {
        client.shutdownOutput();
      } catch (IOException e) {
        // Closed already.
      }
    }
  }

  /** From now on nothing goes through the connections that there are, though they stay open. */
  void blackHole() {
    servers.forEach(FaultyProxy::close);
    servers.clear();
    holes.addAll(clients);
  }

  private final List<Socket> holes = new CopyOnWriteArrayList<>();

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        if (refusing) {
          client.close();
          continue;
        }
        Socket server = new Socket("127.0.0.1", target);
        clients.add(client);
        servers.add(server);
        thread(() -> pump(client, server, client, false));
        thread(() -> pump(server, client, client, true));
      } catch (IOException e) {
        // The next one.
      }
    }
  }

  private void pump(Socket from, Socket to, Socket client, boolean answers) {
    byte[] buffer = new byte[8_192];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (answers && answerDelayMillis > 0) {
          LockSupport.parkNanos(answerDelayMillis * 1_000_000);
        }
        if (!holes.contains(client)) {
          out.write(buffer, 0, n);
        }
      }
    } catch (IOException e) {
      // Cut.
    }
    if (!holes.contains(client)) {
      close(from);
      close(to);
    }
  }

  private static void thread(Runnable work) {
    Thread thread = new Thread(work, "faulty-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // Closed already.
    }
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cut();
  }
}
