//! Chains of private authorities as the tools make them when nobody tells them otherwise: accepted
//! by the servers and clients in use, so no error and no warning.
//!
//! easy-rsa, openssl, keytool, certtool, mkcert and cfssl are the real tools; what issues from
//! within a running service stands in `private_shapes`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{clean, mtls, peer, run};

const HOST: &str = "hook.example.com";

/// What a tool made.
struct Made {
    folder: TempDir,
    anchor: &'static str,
    server: &'static str,
    client: &'static str,
}

impl Made {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Judges both chains; `tool` is for messages.
    #[track_caller]
    fn check(&self, tool: &str) {
        let anchor = self.path(self.anchor);
        good(tool, &self.path(self.server), &anchor, true);
        good(tool, &self.path(self.client), &anchor, false);
    }
}

/// OpenSSL takes it, and `lint` has neither an error nor a warning.
#[track_caller]
pub(crate) fn good(tool: &str, chain: &Path, anchor: &Path, server: bool) {
    let (role, purpose) = match server {
        true => ("server", "sslserver"),
        false => ("client", "sslclient"),
    };
    run(
        clean("openssl")
            .args(["verify", "-purpose", purpose, "-CAfile"])
            .arg(anchor)
            .arg("-untrusted")
            .args([chain, chain]),
        60,
    )
    .ok();
    let mut command = mtls();
    command
        .args(["lint", "--format", "json", "--role", role, "--cert"])
        .arg(chain)
        .arg("--cacert")
        .arg(anchor);
    if server {
        command.args(["--host", HOST]);
    }
    let finished = run(&mut command, 60);
    let report: Value =
        serde_json::from_str(&finished.stdout).unwrap_or_else(|_| panic!("{}", finished.said()));
    let alarms: Vec<String> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["severity"] != "note")
        .map(|finding| format!("{} {}", finding["code"], finding["message"]))
        .collect();
    assert_eq!(alarms, Vec::<String>::new(), "{tool}, {role}");
    assert_eq!(finished.code, Some(0), "{tool}, {role}");
    let status = report["trust"][0]["status"].as_str().unwrap();
    assert_eq!(
        status, "trusted",
        "{tool}, {role}: {:#}",
        report["trust"][0]
    );
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

#[track_caller]
fn done(command: &mut Command, folder: &TempDir) -> String {
    run(command.current_dir(folder.path()), 120).ok().stdout
}

#[test]
fn easy_rsa() {
    // Debian leaves it beside the path.
    let script = "/usr/share/easy-rsa/easyrsa";
    if peer(script).is_none() || peer("openssl").is_none() {
        return;
    }
    let folder = folder();
    let san = format!("--subject-alt-name=DNS:{HOST}");
    for arguments in [
        vec!["init-pki"],
        vec!["--req-cn=Acme CA", "build-ca", "nopass"],
        vec![san.as_str(), "build-server-full", HOST, "nopass"],
        vec!["build-client-full", "sender", "nopass"],
    ] {
        let mut command = clean(script);
        command.arg("--batch").args(arguments);
        done(&mut command, &folder);
    }
    Made {
        folder,
        anchor: "pki/ca.crt",
        server: "pki/issued/hook.example.com.crt",
        client: "pki/issued/sender.crt",
    }
    .check("easy-rsa");
}

#[test]
fn openssl_by_its_default_configuration() {
    if peer("openssl").is_none() {
        return;
    }
    let folder = folder();
    let openssl = |arguments: &str| {
        let mut command = clean("openssl");
        command.args(arguments.split_whitespace());
        done(&mut command, &folder)
    };
    openssl(
        "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.crt -days 3650 -subj /O=Acme/CN=Acme-CA",
    );
    fs::create_dir_all(folder.path().join("demoCA/newcerts")).unwrap();
    fs::write(folder.path().join("demoCA/index.txt"), "").unwrap();
    fs::write(folder.path().join("demoCA/serial"), "01\n").unwrap();
    // The configuration as it was installed; only the names of the request are let through.
    let told = openssl("version -d");
    let place = told.split('"').nth(1).unwrap();
    let installed = fs::read_to_string(Path::new(place).join("openssl.cnf")).unwrap();
    let configuration = installed.replace("# copy_extensions = copy", "copy_extensions = copy");
    assert_ne!(
        installed, configuration,
        "copy_extensions is not in openssl.cnf"
    );
    fs::write(folder.path().join("ca.cnf"), configuration).unwrap();
    for (name, subject, more) in [
        (
            "server",
            "/O=Acme/CN=hook.example.com",
            "-addext subjectAltName=DNS:hook.example.com",
        ),
        ("client", "/O=Acme/CN=sender", ""),
        (
            "short",
            "/O=Acme/CN=hook.example.com",
            "-addext subjectAltName=DNS:hook.example.com",
        ),
    ] {
        openssl(&format!(
            "req -new -newkey rsa:2048 -nodes -keyout {name}.key -out {name}.csr -subj {subject} {more}"
        ));
    }
    for name in ["server", "client"] {
        openssl(&format!(
            "ca -batch -config ca.cnf -policy policy_anything -cert ca.crt -keyfile ca.key -notext -in {name}.csr -out {name}.crt"
        ));
    }
    openssl(
        "x509 -req -in short.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 90 -copy_extensions copy -out short.crt",
    );
    let made = Made {
        folder,
        anchor: "ca.crt",
        server: "server.crt",
        client: "client.crt",
    };
    made.check("openssl ca");
    good(
        "openssl x509",
        &made.path("short.crt"),
        &made.path("ca.crt"),
        true,
    );
}

#[test]
fn keytool() {
    if peer("keytool").is_none() || peer("openssl").is_none() {
        return;
    }
    let folder = folder();
    let keytool = |arguments: &str| {
        let mut command = clean("keytool");
        command.args(arguments.split_whitespace()).args([
            "-keystore",
            "keys.p12",
            "-storepass",
            "changeit",
        ]);
        done(&mut command, &folder);
    };
    keytool(
        "-genkeypair -alias ca -keyalg RSA -keysize 3072 -dname CN=Acme-CA,O=Acme -ext bc=ca:true -validity 3650",
    );
    keytool("-exportcert -alias ca -rfc -file ca.crt");
    for (name, cn, extensions) in [
        ("server", HOST, "-ext san=dns:hook.example.com"),
        ("client", "sender", ""),
    ] {
        keytool(&format!(
            "-genkeypair -alias {name} -keyalg EC -groupname secp256r1 -dname CN={cn},O=Acme"
        ));
        keytool(&format!("-certreq -alias {name} -file {name}.csr"));
        keytool(&format!(
            "-gencert -alias ca -infile {name}.csr -outfile {name}.crt -rfc -validity 90 {extensions}"
        ));
    }
    Made {
        folder,
        anchor: "ca.crt",
        server: "server.crt",
        client: "client.crt",
    }
    .check("keytool");
}

#[test]
fn certtool() {
    if peer("certtool").is_none() || peer("openssl").is_none() {
        return;
    }
    let folder = folder();
    let templates = [
        (
            "ca",
            "cn = \"Acme CA\"\nca\ncert_signing_key\ncrl_signing_key\nexpiration_days = 3650\n",
        ),
        (
            "server",
            "cn = \"hook.example.com\"\ndns_name = \"hook.example.com\"\ntls_www_server\nsigning_key\nencryption_key\nexpiration_days = 90\n",
        ),
        (
            "client",
            "cn = \"sender\"\ntls_www_client\nsigning_key\nexpiration_days = 90\n",
        ),
    ];
    for (name, template) in templates {
        fs::write(folder.path().join(format!("{name}.cfg")), template).unwrap();
        let certtool = |arguments: &str| {
            let mut command = clean("certtool");
            command.args(arguments.split_whitespace());
            done(&mut command, &folder);
        };
        certtool(&format!("--generate-privkey --outfile {name}.key"));
        let how = match name {
            "ca" => "--generate-self-signed",
            _ => "--generate-certificate --load-ca-certificate ca.crt --load-ca-privkey ca.key",
        };
        certtool(&format!(
            "{how} --load-privkey {name}.key --template {name}.cfg --outfile {name}.crt"
        ));
    }
    Made {
        folder,
        anchor: "ca.crt",
        server: "server.crt",
        client: "client.crt",
    }
    .check("certtool");
}

#[test]
fn mkcert() {
    if peer("mkcert").is_none() || peer("openssl").is_none() {
        return;
    }
    let folder = folder();
    // Without -install no trust store is touched.
    let mkcert = |arguments: &str| {
        let mut command = clean("mkcert");
        command
            .env("CAROOT", folder.path())
            .args(arguments.split_whitespace());
        done(&mut command, &folder);
    };
    mkcert("-cert-file server.crt -key-file server.key hook.example.com");
    mkcert("-client -cert-file client.crt -key-file client.key sender.example.com");
    Made {
        folder,
        anchor: "rootCA.pem",
        server: "server.crt",
        client: "client.crt",
    }
    .check("mkcert");
}

#[test]
fn cfssl() {
    if peer("cfssl").is_none() || peer("openssl").is_none() {
        return;
    }
    let folder = folder();
    let write = |name: &str, value: &Value| {
        fs::write(folder.path().join(name), value.to_string()).unwrap();
    };
    let key = json!({"algo": "ecdsa", "size": 256});
    let profile =
        |usage: &str| json!({"expiry": "2160h", "usages": ["signing", "key encipherment", usage]});
    write(
        "config.json",
        &json!({"signing": {"profiles": {"server": profile("server auth"), "client": profile("client auth")}}}),
    );
    write(
        "ca.json",
        &json!({"CN": "Acme CA", "key": key, "names": [{"O": "Acme"}]}),
    );
    write(
        "server.json",
        &json!({"CN": HOST, "hosts": [HOST], "key": key}),
    );
    // As its documentation has it for a client: no name, but a list of them.
    write(
        "client.json",
        &json!({"CN": "sender", "hosts": [""], "key": key}),
    );
    let cfssl = |arguments: &str, name: &str| {
        let mut command = clean("cfssl");
        command.args(arguments.split_whitespace());
        let made: Value = serde_json::from_str(&done(&mut command, &folder)).unwrap();
        for (field, end) in [("cert", "crt"), ("key", "key")] {
            let file = folder.path().join(format!("{name}.{end}"));
            fs::write(file, made[field].as_str().unwrap()).unwrap();
        }
    };
    cfssl("gencert -initca ca.json", "ca");
    for name in ["server", "client"] {
        let arguments = format!(
            "gencert -ca ca.crt -ca-key ca.key -config config.json -profile {name} {name}.json"
        );
        cfssl(&arguments, name);
    }
    Made {
        folder,
        anchor: "ca.crt",
        server: "server.crt",
        client: "client.crt",
    }
    .check("cfssl");
}
