package io.tidegate.challenge;

import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.Provider;
import java.security.Security;
import java.security.spec.AlgorithmParameterSpec;
import javax.crypto.Mac;
import javax.crypto.MacSpi;
import org.jspecify.annotations.Nullable;

/**
 * Counts the MACs that this thread computes, by a provider before the platform's. What is counted
 * must have been made after this. Providers belong to the whole process: close it.
 */
final class CountedMacs implements AutoCloseable {

  private static final ThreadLocal<int[]> COUNT = ThreadLocal.withInitial(() -> new int[1]);
  private static final String ALGORITHM = "HmacSHA256";

  private final Counting provider = new Counting();

  CountedMacs() {
    if (Security.insertProviderAt(provider, 1) < 0) {
      throw new IllegalStateException("provider: there already (expected: closed by whoever did)");
    }
  }

  /** How many MACs a call takes. */
  int during(Runnable call) {
    int before = COUNT.get()[0];
    call.run();
    return COUNT.get()[0] - before;
  }

  @Override
  public void close() {
    Security.removeProvider(provider.getName());
  }

  private static final class Counting extends Provider {

    private static final long serialVersionUID = 1;

    Counting() {
      super("CountedMacs", "1", "counts");
      put("Mac." + ALGORITHM, CountingMac.class.getName());
    }
  }

  /** Made by the provider, by name. */
  public static final class CountingMac extends MacSpi {

    private final Mac mac;

    /** Wraps the platform's own. */
    public CountingMac() throws Exception {
      mac = Mac.getInstance(ALGORITHM, "SunJCE");
    }

    @Override
    protected int engineGetMacLength() {
      return mac.getMacLength();
    }

    @Override
    protected void engineInit(Key key, @Nullable AlgorithmParameterSpec spec)
        throws InvalidKeyException, InvalidAlgorithmParameterException {
      mac.init(key, spec);
    }

    @Override
    protected void engineUpdate(byte input) {
      mac.update(input);
    }

    @Override
    protected void engineUpdate(byte[] input, int offset, int length) {
      mac.update(input, offset, length);
    }

    @Override
    protected byte[] engineDoFinal() {
      COUNT.get()[0]++;
      return mac.doFinal();
    }

    @Override
    protected void engineReset() {
      mac.reset();
    }
  }
}
