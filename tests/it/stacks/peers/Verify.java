import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.Principal;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.EnumSet;
import java.util.List;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * SunJSSE's trust manager over a list of cases, asked as its own TLS asks it: with the host as a client, without one as a server.
 *
 * <p>java Verify FOLDER &lt; LIST: each line "name role host moment crls"; a letter and a reason come back. The moment and the lists
 * go in by PKIX parameters, which is how an application of its own sets them.
 */
public class Verify {
  /** What TLS 1.2 offers by default, in the trust manager's spelling. */
  private static final String[] SIGNATURES = {
    "SHA256withECDSA", "SHA384withECDSA", "SHA512withECDSA", "Ed25519", "Ed448", "EdDSA", "RSASSA-PSS",
    "SHA256withRSA", "SHA384withRSA", "SHA512withRSA", "SHA224withECDSA", "SHA224withRSA", "SHA1withECDSA", "SHA1withRSA",
  };

  private static List<byte[]> blocks(Path path) throws Exception {
    List<byte[]> found = new ArrayList<>();
    if (!Files.exists(path)) return found;
    StringBuilder text = null;
    for (String line : Files.readAllLines(path)) {
      if (line.startsWith("-----BEGIN")) text = new StringBuilder();
      else if (line.startsWith("-----END")) found.add(Base64.getDecoder().decode(text.toString()));
      else text.append(line);
    }
    return found;
  }

  private static List<X509Certificate> certificates(Path path) throws Exception {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<X509Certificate> found = new ArrayList<>();
    for (byte[] der : blocks(path)) {
      found.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der)));
    }
    return found;
  }

  private static void judge(Path folder, String role, String host, long moment, boolean lists) throws Exception {
    List<X509Certificate> chain = certificates(folder.resolve("leaf.pem"));
    chain.addAll(certificates(folder.resolve("sent.pem")));
    KeyStore anchors = KeyStore.getInstance("PKCS12");
    anchors.load(null, null);
    for (X509Certificate anchor : certificates(folder.resolve("anchors.pem"))) {
      anchors.setCertificateEntry("anchor " + anchors.size(), anchor);
    }
    PKIXBuilderParameters asked = new PKIXBuilderParameters(anchors, new X509CertSelector());
    asked.setDate(new Date(moment * 1000));
    asked.setRevocationEnabled(lists);
    if (lists) {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      List<Object> read = new ArrayList<>();
      for (byte[] der : blocks(folder.resolve("lists.pem"))) {
        read.add(factory.generateCRL(new ByteArrayInputStream(der)));
      }
      asked.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(read)));
      PKIXRevocationChecker checker =
          (PKIXRevocationChecker) CertPathBuilder.getInstance("PKIX").getRevocationChecker();
      checker.setOptions(
          EnumSet.of(
              PKIXRevocationChecker.Option.PREFER_CRLS,
              PKIXRevocationChecker.Option.NO_FALLBACK,
              PKIXRevocationChecker.Option.ONLY_END_ENTITY));
      asked.addCertPathChecker(checker);
    }
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(new CertPathTrustManagerParameters(asked));
    X509ExtendedTrustManager manager = (X509ExtendedTrustManager) factory.getTrustManagers()[0];
    X509Certificate[] sent = chain.toArray(new X509Certificate[0]);
    String key = sent[0].getPublicKey().getAlgorithm();
    if (role.equals("client")) {
      manager.checkClientTrusted(sent, key, new Engine(null));
    } else {
      String exchange = "ECDHE_" + (key.startsWith("RSA") ? "RSA" : "ECDSA");
      manager.checkServerTrusted(sent, exchange, new Engine(host));
    }
  }

  private static String reason(Throwable problem) {
    Throwable root = problem;
    while (root.getCause() != null) root = root.getCause();
    String text = root.getClass().getSimpleName() + ": " + root.getMessage();
    if (root instanceof CertPathValidatorException) text += " " + ((CertPathValidatorException) root).getReason();
    return text.replace('\n', ' ');
  }

  public static void main(String[] arguments) throws Exception {
    if (arguments[0].equals("version")) {
      System.out.println(System.getProperty("java.version"));
      return;
    }
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
    for (String line; (line = lines.readLine()) != null; ) {
      String[] part = line.split(" ");
      String letter = "A";
      String why = "";
      try {
        judge(Path.of(arguments[0], part[0]), part[1], part[2], Long.parseLong(part[3]), part[4].equals("1"));
      } catch (Throwable problem) {
        letter = "R";
        why = reason(problem);
      }
      System.out.println(part[0] + " " + letter + " " + why);
    }
  }

  /** As much of an engine in the middle of a handshake as the trust manager looks at. */
  private static final class Engine extends SSLEngine {
    private final Session session;
    private final SSLParameters parameters = new SSLParameters();

    /** With a host: of a client, who checks the server's name. */
    Engine(String host) {
      session = new Session(host == null ? "peer" : host);
      if (host != null) parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }

    @Override public SSLSession getHandshakeSession() { return session; }
    @Override public SSLSession getSession() { return session; }
    @Override public SSLParameters getSSLParameters() { return parameters; }
    @Override public SSLEngineResult wrap(ByteBuffer[] a, int b, int c, ByteBuffer d) { throw new IllegalStateException(); }
    @Override public SSLEngineResult unwrap(ByteBuffer a, ByteBuffer[] b, int c, int d) { throw new IllegalStateException(); }
    @Override public Runnable getDelegatedTask() { return null; }
    @Override public void closeInbound() {}
    @Override public boolean isInboundDone() { return false; }
    @Override public void closeOutbound() {}
    @Override public boolean isOutboundDone() { return false; }
    @Override public String[] getSupportedCipherSuites() { return new String[0]; }
    @Override public String[] getEnabledCipherSuites() { return new String[0]; }
    @Override public void setEnabledCipherSuites(String[] suites) {}
    @Override public String[] getSupportedProtocols() { return new String[0]; }
    @Override public String[] getEnabledProtocols() { return new String[0]; }
    @Override public void setEnabledProtocols(String[] protocols) {}
    @Override public void beginHandshake() {}
    @Override public SSLEngineResult.HandshakeStatus getHandshakeStatus() { return SSLEngineResult.HandshakeStatus.NEED_TASK; }
    @Override public void setUseClientMode(boolean mode) {}
    @Override public boolean getUseClientMode() { return parameters.getEndpointIdentificationAlgorithm() != null; }
    @Override public void setNeedClientAuth(boolean need) {}
    @Override public boolean getNeedClientAuth() { return true; }
    @Override public void setWantClientAuth(boolean want) {}
    @Override public boolean getWantClientAuth() { return false; }
    @Override public void setEnableSessionCreation(boolean flag) {}
    @Override public boolean getEnableSessionCreation() { return true; }
  }

  private static final class Session extends ExtendedSSLSession {
    private final String host;

    Session(String host) { this.host = host; }

    @Override public String[] getLocalSupportedSignatureAlgorithms() { return SIGNATURES; }
    @Override public String[] getPeerSupportedSignatureAlgorithms() { return SIGNATURES; }
    @Override public List<SNIServerName> getRequestedServerNames() { return List.of(); }
    @Override public List<byte[]> getStatusResponses() { return List.of(); }
    @Override public String getProtocol() { return "TLSv1.2"; }
    @Override public String getCipherSuite() { return "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"; }
    @Override public String getPeerHost() { return host; }
    @Override public int getPeerPort() { return 443; }
    @Override public byte[] getId() { return new byte[0]; }
    @Override public SSLSessionContext getSessionContext() { return null; }
    @Override public long getCreationTime() { return 0; }
    @Override public long getLastAccessedTime() { return 0; }
    @Override public void invalidate() {}
    @Override public boolean isValid() { return true; }
    @Override public void putValue(String name, Object value) {}
    @Override public Object getValue(String name) { return null; }
    @Override public void removeValue(String name) {}
    @Override public String[] getValueNames() { return new String[0]; }
    @Override public Certificate[] getPeerCertificates() { return new Certificate[0]; }
    @Override public Certificate[] getLocalCertificates() { return null; }
    @Override public Principal getPeerPrincipal() { return null; }
    @Override public Principal getLocalPrincipal() { return null; }
    @Override public int getPacketBufferSize() { return 16384; }
    @Override public int getApplicationBufferSize() { return 16384; }
  }
}
