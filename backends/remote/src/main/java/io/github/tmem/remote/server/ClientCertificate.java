package io.github.tmem.remote.server;

import io.github.tmem.api.config.ConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What this program shows to a server that wants to know who it is.
 *
 * @param certificate a PEM file: its certificate, and after it those of who signed it
 * @param key a PEM file: the private key as PKCS 8, not encrypted
 */
public record ClientCertificate(Path certificate, Path key) {
    /** The setting that names the file of {@link #certificate}. */
    public static final String CERTIFICATE_FILE = "certificate-file";

    /** The setting that names the file of {@link #key}. */
    public static final String KEY_FILE = "key-file";

    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final byte[] PROBE = "tmem".getBytes(StandardCharsets.US_ASCII);

    /**
     * Reads both files and looks whether they belong together.
     *
     * @param whose how the line begins
     * @throws ConfigException in one line if they cannot be used; it repeats nothing of the key
     */
    public void check(String whose) {
        PublicKey shown = shown(whose);
        PrivateKey secret = secret(whose, shown.getAlgorithm());
        boolean matches = false;
        try {
            Signature signature = Signature.getInstance(
                    switch (shown.getAlgorithm()) {
                        case "RSA" -> "SHA256withRSA";
                        case "EC" -> "SHA256withECDSA";
                        default -> shown.getAlgorithm();
                    });
            signature.initSign(secret);
            signature.update(PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(shown);
            signature.update(PROBE);
            matches = signature.verify(signed);
        } catch (GeneralSecurityException e) {
            throw wrong(whose, KEY_FILE, key, "cannot be used with this certificate", e);
        }
        if (!matches) {
            throw wrong(whose, KEY_FILE, key, "is not the key of the certificate in " + certificate);
        }
    }

    private PublicKey shown(String whose) {
        try (InputStream in = Files.newInputStream(certificate)) {
            X509Certificate first =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
            return first.getPublicKey();
        } catch (IOException | GeneralSecurityException e) {
            throw wrong(whose, CERTIFICATE_FILE, certificate, "has no certificate", e);
        }
    }

    private PrivateKey secret(String whose, String algorithm) {
        try {
            Matcher found = KEY.matcher(Files.readString(key, StandardCharsets.ISO_8859_1));
            if (!found.find()) {
                throw wrong(whose, KEY_FILE, key, "has no private key");
            }
            byte[] encoded = Base64.getMimeDecoder().decode(found.group(1));
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (IOException | IllegalArgumentException e) {
            throw wrong(whose, KEY_FILE, key, "cannot be read", e);
        } catch (GeneralSecurityException e) {
            throw wrong(whose, KEY_FILE, key, "is not the key of the certificate in " + certificate, e);
        }
    }

    private static ConfigException wrong(String whose, String setting, Path file, String fault) {
        return new ConfigException(whose + setting + " \"" + file + "\" " + fault
                + "; allowed: PEM, a certificate in " + CERTIFICATE_FILE + " and its key in " + KEY_FILE
                + " as PKCS 8, not encrypted");
    }

    private static ConfigException wrong(String whose, String setting, Path file, String fault, Exception cause) {
        ConfigException wrong = wrong(whose, setting, file, fault);
        wrong.initCause(cause);
        return wrong;
    }
}
