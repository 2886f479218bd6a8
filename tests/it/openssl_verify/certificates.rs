//! Every certificate of the cases, made anew for each run.

use crate::support::Forge;

const CA: &str = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n\
                  subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";
const ROOT: &str = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n";
const LEAF: &str = "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n\
                    subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";
/// A client's extensions without identifiers, which an issuer without them cannot give.
const UNBOUND: &str = "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth\n";
const CLIENT: &str = "extendedKeyUsage=clientAuth\n";

/// Makes all of them.
pub(crate) fn pki() -> Forge {
    let pki = Forge::new();
    let client = format!("{LEAF}{CLIENT}");
    pki.make("server", "/CN=server", "server", "", "");
    pki.make("root", "/C=US/O=Test, Inc./CN=Root R1", "root", ROOT, "");
    pki.make(
        "inter",
        "/C=US/O=Test, Inc./CN=Inter",
        "root",
        &format!("{CA}extendedKeyUsage=serverAuth,clientAuth\n"),
        "",
    );
    pki.make("inter2", "/CN=Inter Two", "inter", CA, "");
    for (name, extensions) in [
        ("good", client.clone()),
        (
            "both",
            format!("{LEAF}extendedKeyUsage=clientAuth,serverAuth\n"),
        ),
        (
            "server_only",
            format!("{LEAF}extendedKeyUsage=serverAuth\n"),
        ),
        (
            "any_eku",
            format!("{LEAF}extendedKeyUsage=anyExtendedKeyUsage\n"),
        ),
        ("no_eku", LEAF.to_owned()),
        (
            "no_digsig",
            format!(
                "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,keyEncipherment\n{CLIENT}"
            ),
        ),
        (
            "agreement",
            format!("keyUsage=critical,keyAgreement\n{CLIENT}"),
        ),
        ("critical", format!("{client}1.2.3.4=critical,ASN1:NULL\n")),
        (
            "critical_policies",
            format!("{client}certificatePolicies=critical,1.2.3.4\n"),
        ),
        ("ca_leaf", CA.to_owned()),
        ("ns_server", format!("{LEAF}nsCertType=server\n")),
        (
            "wrong_keyid",
            format!("{client}\n").replace(
                "authorityKeyIdentifier=keyid",
                "authorityKeyIdentifier=keyid,issuer:always",
            ),
        ),
        ("empty_usage", "keyUsage=critical,DER:03:01:00\n".to_owned()),
        (
            "broken_san",
            format!("{client}subjectAltName=DER:30:02:82:05\n"),
        ),
    ] {
        pki.make(name, &format!("/CN={name}"), "inter", &extensions, "");
    }
    pki.make(
        "odd_name",
        "/O=a+OU=b/CN= x;\"y\\\\ é",
        "inter",
        &client,
        "",
    );
    pki.make("deep", "/CN=deep", "inter2", &client, "");
    pki.make("by_root", "/CN=by-root", "root", &client, "");
    pki.make("v1", "/CN=v1", "inter", "", "");
    pki.make(
        "self",
        "/CN=self",
        "self",
        &format!("basicConstraints=critical,CA:FALSE\n{CLIENT}"),
        "",
    );
    pki.make("self_ca", "/CN=self-ca", "self_ca", ROOT, "");
    pki.make("self_v1", "/CN=self-v1", "self_v1", "", "");
    pki.make("sha1", "/CN=sha1", "inter", &client, "-sha1");
    pki.make("inter_sha1", "/CN=Inter SHA-1", "root", CA, "-sha1");
    pki.make("under_sha1", "/CN=under-sha1", "inter_sha1", &client, "");
    pki.make("root_sha1", "/CN=Root SHA-1", "root_sha1", ROOT, "-sha1");
    pki.make("under_root_sha1", "/CN=u", "root_sha1", &client, "");
    pki.make("root_v1", "/CN=Root v1", "root_v1", "", "");
    pki.make(
        "under_root_v1",
        "/CN=u",
        "root_v1",
        "basicConstraints=CA:FALSE\n",
        "",
    );

    // Keys.
    for (name, kind) in [
        ("rsa1024", "RSA -pkeyopt rsa_keygen_bits:1024"),
        ("rsa1962", "RSA -pkeyopt rsa_keygen_bits:1962"),
        ("rsa1963", "RSA -pkeyopt rsa_keygen_bits:1963"),
        ("rsa2048", "RSA -pkeyopt rsa_keygen_bits:2048"),
        ("p521", "EC -pkeyopt ec_paramgen_curve:P-521"),
        ("ed25519", "ED25519"),
        ("ed448", "ED448"),
        ("pss", "RSA-PSS -pkeyopt rsa_keygen_bits:2048"),
        ("k256", "EC -pkeyopt ec_paramgen_curve:secp256k1"),
        (
            "explicit",
            "EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit",
        ),
    ] {
        let ca = format!("ca_{name}");
        pki.key(&ca, kind);
        pki.key(name, kind);
        pki.make(&ca, &format!("/CN=CA {name}"), &ca, ROOT, "");
        pki.make(name, &format!("/CN={name}"), "inter", &client, "");
        pki.make(
            &format!("under_{name}"),
            &format!("/CN=under {name}"),
            &ca,
            &client,
            "",
        );
    }
    pki.key("rsa_leaf", "RSA -pkeyopt rsa_keygen_bits:2048");
    let pss = "-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest";
    pki.make("pss_signed", "/CN=pss-signed", "ca_rsa2048", &client, pss);
    pki.make(
        "pss_sha1",
        "/CN=pss-sha1",
        "ca_rsa2048",
        &client,
        &format!("-sha1 {pss}"),
    );

    // CAs that are none, or may not.
    for (name, extensions) in [
        ("not_ca", LEAF.to_owned()),
        ("ca_no_bc", "keyUsage=critical,keyCertSign\n".to_owned()),
        (
            "ca_no_sign",
            "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,cRLSign\n".to_owned(),
        ),
        (
            "ca_server_only",
            format!("{CA}extendedKeyUsage=serverAuth\n"),
        ),
        ("ca_path0", CA.replace("CA:TRUE", "CA:TRUE,pathlen:0")),
        ("ca_critical", format!("{CA}1.2.3.4=critical,ASN1:NULL\n")),
        ("ca_v1", String::new()),
        (
            "nc_dns",
            format!("{CA}nameConstraints=critical,permitted;DNS:example.test\n"),
        ),
        (
            "nc_dot",
            format!("{CA}nameConstraints=critical,permitted;DNS:.example.test\n"),
        ),
        (
            "nc_not_dns",
            format!("{CA}nameConstraints=critical,excluded;DNS:example.test\n"),
        ),
        (
            "nc_email",
            format!("{CA}nameConstraints=permitted;email:example.test\n"),
        ),
        (
            "nc_not_email",
            format!("{CA}nameConstraints=excluded;email:.example.test\n"),
        ),
        (
            "nc_ip",
            format!("{CA}nameConstraints=permitted;IP:10.0.0.0/255.0.0.0\n"),
        ),
        (
            "nc_uri",
            format!("{CA}nameConstraints=permitted;URI:.example.test\n"),
        ),
        (
            "nc_dir",
            format!("{CA}nameConstraints=permitted;dirName:d\n[d]\nC=US\n"),
        ),
        (
            "nc_not_dir",
            format!("{CA}nameConstraints=excluded;dirName:d\n[d]\nC=US\n"),
        ),
        (
            "nc_rid",
            format!("{CA}nameConstraints=permitted;RID:1.2.3\n"),
        ),
    ] {
        pki.make(name, &format!("/CN={name}"), "root", &extensions, "");
        let names = "subjectAltName=DNS:a.example.test,email:a@example.test,URI:https://a.example.test/,IP:10.1.2.3\n";
        let constrained = format!("{UNBOUND}{names}");
        pki.make(&format!("{name}_in"), "/C=us/CN=in", name, &constrained, "");
        let others =
            "subjectAltName=DNS:other.test,email:a@b.test,URI:https://b.test/,IP:192.0.2.1\n";
        pki.make(
            &format!("{name}_out"),
            "/C=DE/CN=out",
            name,
            &format!("{UNBOUND}{others}"),
            "",
        );
        pki.make(
            &format!("{name}_cn"),
            "/CN=www.other.test",
            name,
            UNBOUND,
            "",
        );
    }
    pki.make(
        "nc_email_bad",
        "/CN=bad",
        "nc_email",
        &format!("{client}subjectAltName=email:nobody\n"),
        "",
    );
    pki.make(
        "nc_uri_bad",
        "/CN=bad",
        "nc_uri",
        &format!("{client}subjectAltName=URI:urn.x\n"),
        "",
    );
    pki.make(
        "nc_rid_bad",
        "/CN=bad",
        "nc_rid",
        &format!("{client}subjectAltName=RID:1.2.3\n"),
        "",
    );
    pki.make(
        "nc_email_dn",
        "/CN=e/emailAddress=a@b.test",
        "nc_email",
        &client,
        "",
    );
    pki.make("path_below", "/CN=below", "ca_path0", CA, "");
    pki.make("path_leaf", "/CN=path-leaf", "path_below", &client, "");
    pki.make("path_self_issued", "/CN=ca_path0", "ca_path0", CA, "");
    pki.make(
        "path_self_issued_leaf",
        "/CN=leaf",
        "path_self_issued",
        &client,
        "",
    );

    // Dates.
    let (past, ended) = ("20200101000000Z", "20200401000000Z");
    let (future, far) = ("20400101000000Z", "20510101000000Z");
    pki.dated("expired", "/CN=expired", "inter", &client, past, ended);
    pki.dated("not_yet", "/CN=not-yet", "inter", &client, future, far);
    pki.dated(
        "inter_expired",
        "/CN=Inter Expired",
        "root",
        CA,
        past,
        ended,
    );
    pki.make("under_expired", "/CN=u", "inter_expired", &client, "");
    pki.dated(
        "root_expired",
        "/CN=Root Expired",
        "root_expired",
        ROOT,
        past,
        ended,
    );
    pki.make("under_root_expired", "/CN=u", "root_expired", &client, "");
    pki.dated(
        "backwards",
        "/CN=backwards",
        "inter",
        &client,
        future,
        ended,
    );

    // The same name, other keys. Without key identifiers only the signature tells.
    let none = "subjectKeyIdentifier=none\nauthorityKeyIdentifier=none\n";
    let plain = &format!("basicConstraints=critical,CA:TRUE\n{none}");
    pki.make("twin_a", "/CN=Twin", "twin_a", plain, "");
    pki.make("twin_b", "/CN=Twin", "twin_b", plain, "");
    pki.make(
        "under_twin",
        "/CN=u",
        "twin_a",
        &format!("{CLIENT}{none}"),
        "",
    );
    pki.make("twin_id_a", "/CN=Twin", "twin_id_a", ROOT, "");
    pki.make("twin_id_b", "/CN=Twin", "twin_id_b", ROOT, "");
    pki.make("under_twin_id", "/CN=u", "twin_id_a", &client, "");
    pki.key("twin_rsa", "RSA -pkeyopt rsa_keygen_bits:2048");
    pki.make("twin_rsa", "/CN=Twin", "twin_rsa", plain, "");

    // A leaf with another CA's signature over the same name: one octet of the signature is changed.
    std::fs::copy(pki.root().join("good.key"), pki.root().join("tampered.key")).unwrap();
    pki.run("x509 -in good.crt -outform DER -out good.der");
    let mut der = std::fs::read(pki.root().join("good.der")).unwrap();
    let last = der.len() - 1;
    der[last] ^= 1;
    std::fs::write(pki.root().join("tampered.der"), der).unwrap();
    pki.run("x509 -inform DER -in tampered.der -out tampered.crt");
    // The cross-signed root: same key and name, issued by another root.
    std::fs::copy(pki.root().join("root.key"), pki.root().join("cross.key")).unwrap();
    pki.make("old_root", "/CN=Old Root", "old_root", ROOT, "");
    pki.make("cross", "/C=US/O=Test, Inc./CN=Root R1", "old_root", CA, "");
    pki
}
