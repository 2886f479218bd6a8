//! Chains as services issue them from within (kubeadm, minikube, Vault, AD CS, cert-manager,
//! step-ca), and as old tutorials have it. These are shapes: the extensions of what they make,
//! written with the openssl command. No error and no warning; and where an oddity is spoken of.

use serde_json::Value;

use crate::{
    lint::private_cas::good,
    support::{Forge, mtls, peer, run},
};

/// A product that issues from within a service: the extensions of what it makes.
struct Shape {
    name: &'static str,
    root: (&'static str, &'static str),
    intermediate: Option<(&'static str, &'static str)>,
    server: (&'static str, &'static str),
    client: (&'static str, &'static str),
}

const SHAPES: &[Shape] = &[
    Shape {
        name: "kubeadm",
        root: (
            "/CN=kubernetes",
            "keyUsage=critical,digitalSignature,keyEncipherment,keyCertSign\nbasicConstraints=critical,CA:TRUE\n\
             subjectKeyIdentifier=hash\nsubjectAltName=DNS:kubernetes\n",
        ),
        intermediate: None,
        server: (
            "/CN=kube-apiserver",
            "keyUsage=critical,digitalSignature,keyEncipherment\nextendedKeyUsage=serverAuth\n\
             basicConstraints=critical,CA:FALSE\nauthorityKeyIdentifier=keyid\n\
             subjectAltName=DNS:hook.example.com,DNS:kubernetes,DNS:kubernetes.default.svc.cluster.local,IP:10.96.0.1\n",
        ),
        client: (
            "/O=system:masters/CN=kube-apiserver-kubelet-client",
            "keyUsage=critical,digitalSignature,keyEncipherment\nextendedKeyUsage=clientAuth\n\
             basicConstraints=critical,CA:FALSE\nauthorityKeyIdentifier=keyid\n",
        ),
    },
    Shape {
        name: "minikube",
        root: (
            "/CN=minikubeCA",
            "keyUsage=critical,digitalSignature,keyEncipherment,keyCertSign\nextendedKeyUsage=clientAuth,serverAuth\n\
             basicConstraints=critical,CA:TRUE\nsubjectKeyIdentifier=hash\n",
        ),
        intermediate: None,
        server: (
            "/O=system:masters/CN=minikube",
            "keyUsage=critical,digitalSignature,keyEncipherment\nextendedKeyUsage=serverAuth,clientAuth\n\
             basicConstraints=critical,CA:FALSE\nauthorityKeyIdentifier=keyid\n\
             subjectAltName=DNS:hook.example.com,DNS:minikubeCA,DNS:localhost,IP:192.168.49.2\n",
        ),
        client: (
            "/O=system:masters/CN=minikube-user",
            "keyUsage=critical,digitalSignature,keyEncipherment\nextendedKeyUsage=serverAuth,clientAuth\n\
             basicConstraints=critical,CA:FALSE\nauthorityKeyIdentifier=keyid\n",
        ),
    },
    Shape {
        name: "Vault",
        root: (
            "/CN=acme.internal",
            "keyUsage=critical,keyCertSign,cRLSign\nbasicConstraints=critical,CA:TRUE\nsubjectKeyIdentifier=hash\n\
             authorityKeyIdentifier=keyid\nsubjectAltName=DNS:acme.internal\n",
        ),
        intermediate: Some((
            "/CN=acme.internal Intermediate Authority",
            "keyUsage=critical,keyCertSign,cRLSign\nbasicConstraints=critical,CA:TRUE\nsubjectKeyIdentifier=hash\n\
             authorityKeyIdentifier=keyid\nauthorityInfoAccess=caIssuers;URI:http://vault.internal:8200/v1/pki/ca\n\
             crlDistributionPoints=URI:http://vault.internal:8200/v1/pki/crl\n",
        )),
        server: (
            "/CN=hook.example.com",
            "keyUsage=critical,digitalSignature,keyEncipherment,keyAgreement\nextendedKeyUsage=serverAuth,clientAuth\n\
             subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\nsubjectAltName=DNS:hook.example.com\n",
        ),
        client: (
            "/CN=sender.acme.internal",
            "keyUsage=critical,digitalSignature,keyEncipherment,keyAgreement\nextendedKeyUsage=serverAuth,clientAuth\n\
             subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\nsubjectAltName=DNS:sender.acme.internal\n",
        ),
    },
    Shape {
        name: "AD CS",
        root: (
            "/DC=local/DC=acme/CN=acme-DC01-CA",
            "keyUsage=digitalSignature,keyCertSign,cRLSign\nbasicConstraints=critical,CA:TRUE\nsubjectKeyIdentifier=hash\n\
             1.3.6.1.4.1.311.21.1=ASN1:INTEGER:0\n",
        ),
        intermediate: None,
        server: (
            "/C=DE/O=Acme/CN=hook.example.com",
            "keyUsage=critical,digitalSignature,keyEncipherment\nextendedKeyUsage=serverAuth\nsubjectKeyIdentifier=hash\n\
             authorityKeyIdentifier=keyid\nsubjectAltName=DNS:hook.example.com\n\
             1.3.6.1.4.1.311.20.2=ASN1:BMPSTRING:WebServer\n\
             crlDistributionPoints=URI:ldap:///CN=acme-DC01-CA?certificateRevocationList\n\
             authorityInfoAccess=caIssuers;URI:ldap:///CN=acme-DC01-CA?cACertificate\n",
        ),
        client: (
            "/DC=local/DC=acme/CN=Users/CN=Alice",
            "keyUsage=critical,digitalSignature,keyEncipherment\n\
             extendedKeyUsage=clientAuth,emailProtection,1.3.6.1.4.1.311.10.3.4\nsubjectKeyIdentifier=hash\n\
             authorityKeyIdentifier=keyid\nsubjectAltName=otherName:1.3.6.1.4.1.311.20.2.3;UTF8:alice@acme.local\n\
             1.3.6.1.4.1.311.20.2=ASN1:BMPSTRING:User\n",
        ),
    },
    Shape {
        name: "cert-manager, an issuer of its own CA",
        root: (
            "/CN=acme-ca",
            "keyUsage=critical,digitalSignature,keyEncipherment,keyCertSign\nbasicConstraints=critical,CA:TRUE\n\
             subjectKeyIdentifier=hash\n",
        ),
        intermediate: None,
        server: (
            "/CN=hook.example.com",
            "keyUsage=critical,digitalSignature,keyEncipherment\nbasicConstraints=critical,CA:FALSE\n\
             authorityKeyIdentifier=keyid\nsubjectAltName=DNS:hook.example.com\n",
        ),
        client: (
            "/CN=sender",
            "keyUsage=critical,digitalSignature,keyEncipherment\nextendedKeyUsage=clientAuth\n\
             basicConstraints=critical,CA:FALSE\nauthorityKeyIdentifier=keyid\nsubjectAltName=DNS:sender.acme.svc\n",
        ),
    },
    Shape {
        name: "step-ca",
        root: (
            "/O=Acme/CN=Acme Root CA",
            "keyUsage=critical,keyCertSign,cRLSign\nbasicConstraints=critical,CA:TRUE,pathlen:1\nsubjectKeyIdentifier=hash\n",
        ),
        intermediate: Some((
            "/O=Acme/CN=Acme Intermediate CA",
            "keyUsage=critical,keyCertSign,cRLSign\nbasicConstraints=critical,CA:TRUE,pathlen:0\nsubjectKeyIdentifier=hash\n\
             authorityKeyIdentifier=keyid\n",
        )),
        server: (
            "/CN=hook.example.com",
            "keyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth,clientAuth\nsubjectKeyIdentifier=hash\n\
             authorityKeyIdentifier=keyid\nsubjectAltName=DNS:hook.example.com\n\
             1.3.6.1.4.1.37476.9000.64.1=DER:300f020101040561646d696e0403616263\n",
        ),
        client: (
            "/CN=sender",
            "keyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth,clientAuth\nsubjectKeyIdentifier=hash\n\
             authorityKeyIdentifier=keyid\nsubjectAltName=DNS:sender\n",
        ),
    },
    Shape {
        name: "openssl.cnf without `critical`, as tutorials have it",
        root: (
            "/CN=Acme CA",
            "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid:always,issuer\nbasicConstraints=CA:true\n",
        ),
        intermediate: Some(("/CN=Acme Issuing CA", "basicConstraints=CA:true\n")),
        server: (
            "/CN=hook.example.com",
            "subjectAltName=DNS:hook.example.com\n",
        ),
        client: ("/CN=sender", "extendedKeyUsage=clientAuth\n"),
    },
    Shape {
        name: "easy-rsa 2, as OpenVPN had it",
        root: (
            "/C=DE/O=Acme/CN=Acme CA/name=EasyRSA",
            "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid:always,issuer:always\nbasicConstraints=CA:true\n",
        ),
        intermediate: None,
        server: (
            "/C=DE/O=Acme/CN=hook.example.com",
            "basicConstraints=CA:FALSE\nnsCertType=server\nsubjectKeyIdentifier=hash\n\
             authorityKeyIdentifier=keyid,issuer:always\nextendedKeyUsage=serverAuth\n\
             keyUsage=digitalSignature,keyEncipherment\nsubjectAltName=DNS:hook.example.com\n",
        ),
        client: (
            "/C=DE/O=Acme/CN=sender",
            "basicConstraints=CA:FALSE\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid,issuer:always\n\
             extendedKeyUsage=clientAuth\nkeyUsage=digitalSignature\n",
        ),
    },
];

#[test]
fn shapes_of_what_services_issue() {
    if peer("openssl").is_none() {
        return;
    }
    for shape in SHAPES {
        let pki = Forge::new();
        for name in ["root", "inter", "server", "client"] {
            pki.key(name, "RSA -pkeyopt rsa_keygen_bits:2048");
        }
        pki.make("root", shape.root.0, "root", shape.root.1, "-days 3650");
        let issuer = match shape.intermediate {
            Some((subject, extensions)) => {
                pki.make("inter", subject, "root", extensions, "-days 1800");
                "inter"
            }
            None => "root",
        };
        let anchor = pki.root().join("root.crt");
        for (name, (subject, extensions)) in [("server", shape.server), ("client", shape.client)] {
            pki.make(name, subject, issuer, extensions, "");
            let chain: &[&str] = match shape.intermediate {
                Some(_) => &[name, "inter"],
                None => &[name],
            };
            let file = pki.bundle("fullchain.pem", chain);
            good(shape.name, &file, &anchor, name == "server");
        }
    }
}

/// The findings about a certificate whose subject has this in it: severity and code.
fn about(subject: &str, pki: &Forge, arguments: &str) -> (Vec<String>, Option<i32>) {
    let finished = run(
        mtls()
            .current_dir(pki.root())
            .args(["lint", "--format", "json"])
            .args(arguments.split_whitespace()),
        60,
    );
    let report: Value =
        serde_json::from_str(&finished.stdout).unwrap_or_else(|_| panic!("{}", finished.said()));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut found: Vec<String> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| text(&finding["subject"]).contains(subject))
        .map(|finding| format!("{} {}", text(&finding["severity"]), text(&finding["code"])))
        .collect();
    found.sort();
    (found, finished.code)
}

#[test]
fn an_oddity_is_told_where_it_matters_and_weighs_the_same_everywhere() {
    if peer("openssl").is_none() {
        return;
    }
    let good_ca = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n\
                   authorityKeyIdentifier=keyid\n";
    let odd_ca = good_ca.replace("critical,CA", "CA");
    let leaf = "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\n\
                subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\nsubjectAltName=DNS:hook.example.com\n";
    let pki = Forge::new();
    pki.make("root", "/CN=Plain Root", "root", good_ca, "-days 3650");
    pki.make("odd", "/CN=Odd Root", "odd", &odd_ca, "-days 3650");
    pki.make(
        "inter",
        "/CN=Odd Intermediate",
        "root",
        &odd_ca,
        "-days 1800",
    );
    pki.make("by_root", "/CN=hook.example.com", "root", leaf, "");
    pki.make("by_odd", "/CN=hook.example.com", "odd", leaf, "");
    pki.make("by_inter", "/CN=hook.example.com", "inter", leaf, "");
    pki.bundle("both.pem", &["root", "odd"]);
    pki.bundle("chain.pem", &["by_inter", "inter"]);
    let told = vec!["note MT218".to_owned()];
    for (subject, arguments, wanted) in [
        // On no path: nobody asked about it.
        ("Odd", "--cert by_root.crt --cacert both.pem", &Vec::new()),
        ("Odd", "--cert by_odd.crt --cacert both.pem", &told),
        ("Odd", "--cert chain.pem --cacert root.crt", &told),
        (
            "Odd",
            "--cert by_inter.crt --untrusted inter.crt --cacert root.crt",
            &told,
        ),
        // What is itself linted is judged whole.
        ("Odd", "--client-ca both.pem", &told),
        ("Odd", "both.pem", &told),
    ] {
        let (found, code) = about(subject, &pki, arguments);
        assert_eq!(&found, wanted, "{arguments}");
        assert_eq!(code, Some(0), "{arguments}");
    }
}
