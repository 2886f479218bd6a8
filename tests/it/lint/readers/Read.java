import java.io.FileInputStream;
import java.io.InputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;

/** Prints for each file how many certificates the factory takes from it. */
class Read {
    public static void main(String[] arguments) throws Exception {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        for (int at = 2; at < arguments.length; at++) {
            int count = 0;
            try (InputStream in = new FileInputStream(arguments[at])) {
                count = factory.generateCertificates(in).size();
            } catch (CertificateException refused) {
                count = 0;
            }
            System.out.println(arguments[at] + " " + count);
        }
    }
}
