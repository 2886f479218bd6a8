import java.io.FileInputStream;
import java.io.InputStream;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;

/** Prints for each file the common names of the certificates that the factory takes from it. */
class Read {
    public static void main(String[] paths) throws Exception {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        for (String path : paths) {
            StringBuilder names = new StringBuilder();
            try (InputStream in = new FileInputStream(path)) {
                for (Certificate one : factory.generateCertificates(in)) {
                    String subject = ((X509Certificate) one).getSubjectX500Principal().getName();
                    names.append(subject.substring(subject.indexOf('=') + 1));
                }
            } catch (CertificateException refused) {
                names.setLength(0);
            }
            System.out.println(path + " " + names);
        }
    }
}
