package io.tidegate.challenge;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.MessageDigest;
import java.security.MessageDigestSpi;
import java.security.Provider;
import java.security.Security;
import java.security.spec.AlgorithmParameterSpec;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.MacSpi;

/** Stands before the platform's own SHA-256 and counts how often it is asked. */
public final class CountingProvider extends Provider implements AutoCloseable {

  private static final long serialVersionUID = 1;

  private static final AtomicInteger MACS = new AtomicInteger();
  private static final AtomicInteger DIGESTS = new AtomicInteger();

  private CountingProvider() {
    super("tidegate-counting", "1", "counts");
    putService(new Service(this, "Mac", "HmacSHA256", CountedMac.class.getName(), List.of(), null));
    putService(
        new Service(
            this, "MessageDigest", "SHA-256", CountedDigest.class.getName(), List.of(), null));
  }

  /** Counts until it is closed; only what is made in the meantime is counted. */
  static CountingProvider install() {
    CountingProvider provider = new CountingProvider();
    Security.insertProviderAt(provider, 1);
    return provider;
  }

  @Override
  public void close() {
    Security.removeProvider(getName());
  }

  /** How many tags there were since the last call. */
  int macs() {
    return MACS.getAndSet(0);
  }

  /** How many digests there were since the last call, without those within tags. */
  int digests() {
    return DIGESTS.getAndSet(0);
  }

  /** Counts tags. */
  public static final class CountedMac extends MacSpi {
    private final Mac mac;

    /** For the platform. */
    public CountedMac() throws GeneralSecurityException {
      this.mac = Mac.getInstance("HmacSHA256", "SunJCE");
    }

    @Override
    protected int engineGetMacLength() {
      return mac.getMacLength();
    }

    @Override
    protected void engineInit(Key key, AlgorithmParameterSpec params)
        throws InvalidKeyException, InvalidAlgorithmParameterException {
      mac.init(key, params);
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
      MACS.incrementAndGet();
      return mac.doFinal();
    }

    @Override
    protected void engineReset() {
      mac.reset();
    }
  }

  /** Counts digests. No copies of it can be made, so the platform's HMAC does not use it. */
  public static final class CountedDigest extends MessageDigestSpi {
    private final MessageDigest digest;

    /** For the platform. */
    public CountedDigest() throws GeneralSecurityException {
      this.digest = MessageDigest.getInstance("SHA-256", "SUN");
    }

    @Override
    protected int engineGetDigestLength() {
      return digest.getDigestLength();
    }

    @Override
    protected void engineUpdate(byte input) {
      digest.update(input);
    }

    @Override
    protected void engineUpdate(byte[] input, int offset, int length) {
      digest.update(input, offset, length);
    }

    @Override
    protected byte[] engineDigest() {
      DIGESTS.incrementAndGet();
      return digest.digest();
    }

    @Override
    protected void engineReset() {
      digest.reset();
    }
  }
}
