//! Apache: hosts, locations, conditions and variables.

use super::{Site, files, line, one, read, wanted};

pub(super) const APACHE: &str = r#"
ServerRoot "/etc/httpd"
<IfModule mod_ssl.c>
SSLProtocol all -SSLv3 \
  -TLSv1 -TLSv1.1
<VirtualHost *:443>
  ServerName hook.example
  SSLEngine on
  SSLCertificateFile "conf/cert.pem"
  SSLCertificateChainFile conf/chain.pem
  SSLCertificateKeyFile conf/key.pem
  SSLCACertificateFile conf/clients.pem
  <Location "/hook">
    SSLVerifyClient require
    SSLVerifyDepth 2
    Require expr "%{SSL_CLIENT_S_DN_CN} == 'one'"
    RequestHeader set X-Subject "%{SSL_CLIENT_S_DN}s"
  </Location>
</VirtualHost>
<VirtualHost *:444>
  SSLEngine on
  SSLVerifyClient optional
  RewriteEngine On
  SSLRequire %{SSL_CLIENT_S_DN_CN} in {"one", "two"}
  RewriteCond %{SSL:SSL_CLIENT_S_DN_CN} !^one\ two$
  RewriteRule .* - [F]
  RewriteCond %{SSL:SSL_CLIENT_VERIFY} !^SUCCESS$
  RewriteRule .* - [F]
</VirtualHost>
</IfModule>
"#;

#[test]
fn apache_reads_hosts_locations_and_conditions() {
    let sites = read("httpd.conf", APACHE);
    assert_eq!(sites.len(), 2, "{sites:#?}");
    let first = &sites[0];
    assert_eq!(
        files(&first.certificate),
        ["conf/cert.pem", "conf/chain.pem"]
    );
    // The handshake asks for nothing: one path does, after it.
    assert_eq!(first.mode(), wanted(&["off"]));
    let parts: Vec<(&str, usize)> = first
        .partly
        .iter()
        .map(|partial| (partial.value.part.as_str(), line(partial)))
        .collect();
    assert_eq!(parts, [("Location /hook", 14), ("Location /hook", 16)]);
    assert!(first.asks_later() && !first.asks_every_request());
    assert_eq!(first.versions.as_ref().unwrap().value, [0x0303, 0x0304]);
    assert!(first.pins.is_empty() && first.forwards[0].value.overwrites);
    let second = &sites[1];
    assert_eq!(second.pins[0].value.values, ["one", "two"]);
    assert_eq!(second.pins[1].value.values, [r"^one\ two$"]);
    assert!(second.verified_later(), "{:?}", second.pins);
}

#[test]
fn apache_knows_its_own_variables_and_its_engine() {
    let text = "Define certs /etc/ssl\n<VirtualHost *:443>\nSSLEngine on\nSSLProxyVerify require\nSSLCertificateFile ${certs}/a.pem\nSSLCACertificateFile ${OTHER}/b.pem\n</VirtualHost>\n<VirtualHost *:80>\nSSLCertificateFile c.pem\n</VirtualHost>\n";
    let site = one("httpd.conf", text);
    assert_eq!(files(&site.certificate), ["/etc/ssl/a.pem"]);
    assert!(site.client_ca.is_empty() && site.client_auth.is_none());
    assert_eq!(site.not_understood.len(), 1);
}

fn host(inner: &str) -> Site {
    one(
        "httpd.conf",
        &format!(
            "<VirtualHost *:443>\n SSLEngine on\n SSLCertificateFile a.pem\n SSLVerifyClient optional\n{inner}\n</VirtualHost>\n"
        ),
    )
}

#[test]
fn rules_behind_the_end_of_rewriting_and_engines_that_are_off_decide_nothing() {
    let guard = "RewriteCond %{SSL:SSL_CLIENT_VERIFY} !^SUCCESS$\nRewriteRule ^ - [F]\n";
    assert!(host(&format!("RewriteEngine on\n{guard}")).verified_later());
    for before in [
        "RewriteRule ^/hook - [L]",
        "RewriteRule ^/hook - [END]",
        "RewriteRule ^/x - [S=1]",
    ] {
        let site = host(&format!("RewriteEngine on\n{before}\n{guard}"));
        assert!(
            !site.verified_later() && site.undecided().is_some(),
            "{before}"
        );
    }
    for off in [
        "",
        "RewriteEngine off\n",
        "RewriteEngine on\nRewriteEngine off\n",
    ] {
        let site = host(&format!("{off}{guard}"));
        assert!(
            !site.verified_later() && site.undecided().is_none(),
            "{off}"
        );
    }
    let before = "RewriteEngine on\nRewriteRule ^/old /new\nRewriteRule ^/gone - [G,L]\n";
    assert!(host(&format!("{before}{guard}")).verified_later());
}

#[test]
fn satisfy_any_makes_a_condition_one_of_several() {
    let asked = "<Location />\nRequire ssl-verify-client\nSatisfy any\n</Location>";
    assert!(host(asked).undecided().is_some());
    assert!(host(&asked.replace("any", "all")).undecided().is_none());
}

#[test]
fn a_block_for_a_name_counts_where_the_name_is_defined() {
    let block = "<IfDefine STRICT>\nSSLVerifyClient require\n</IfDefine>";
    assert!(host(block).undecided().is_some());
    let defined = |text: &str| {
        one(
            "httpd.conf",
            &format!(
                "Define STRICT\n<VirtualHost *:443>\nSSLEngine on\nSSLCertificateFile a.pem\n{text}\n</VirtualHost>"
            ),
        )
    };
    let site = defined(block);
    assert!(site.undecided().is_none() && site.mode().requires);
    let site = defined(&block.replace("STRICT>\nSSL", "!STRICT>\nSSL"));
    assert!(site.undecided().is_none() && !site.mode().asks);
    let old = host("<IfVersion < 2.4>\nSSLVerifyClient none\n</IfVersion>");
    assert!(old.mode().asks);
}
